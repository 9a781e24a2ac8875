"""Hoàng Sa and Trường Sa: where they lie and what a map must say there.

A map of the whole country shows both with their labels (Circular 17/2018/TT-BTNMT), and no unit, name or colour of
another state lies inside their envelopes.
"""

from dataclasses import dataclass

from shapely import MultiPolygon, Polygon, box

from geodata.language import Both, both

COUNTRY_VIEW = (102.0, 4.5, 118.0, 23.5)
"""West, south, east, north of what every view of the whole country contains, in degrees."""


@dataclass(frozen=True)
class Archipelago:
    """An archipelago administered as one special zone; `anchor` (lon, lat) is where its label stands."""

    commune_code: str
    province_code: str
    label: Both
    anchor: tuple[float, float]
    envelope: Polygon


HOANG_SA = Archipelago(
    commune_code="20333",
    province_code="48",
    label=both(
        "Quần đảo Hoàng Sa (TP. Đà Nẵng, Việt Nam)",
        "Hoang Sa Archipelago (Da Nang City, Viet Nam)",
    ),
    anchor=(112.08, 16.37),
    envelope=box(111.19, 15.69, 112.74, 17.12),
)

TRUONG_SA = Archipelago(
    commune_code="22736",
    province_code="56",
    label=both(
        "Quần đảo Trường Sa (tỉnh Khánh Hòa, Việt Nam)",
        "Truong Sa Archipelago (Khanh Hoa Province, Viet Nam)",
    ),
    anchor=(113.98, 9.29),
    # Without the corner of Palawan, Balabac and Banggi, where no Vietnamese island lies.
    envelope=box(109.47, 7.18, 117.83, 11.53).difference(box(116.7, 7.0, 118.0, 9.3)),
)

ARCHIPELAGOS = (HOANG_SA, TRUONG_SA)
ENVELOPES = MultiPolygon([archipelago.envelope for archipelago in ARCHIPELAGOS])
