"""The systems of coordinates that files come in, as a choice: what a reader knows of a zone is the province."""

from collections.abc import Sequence
from dataclasses import dataclass

from geodata.crs import CENTRAL_MERIDIANS, UTM_MERIDIANS, VN2000_GEOGRAPHIC, WEB_MERCATOR, WGS84, zones
from geodata.language import Both, both, language_of


@dataclass(frozen=True)
class Choice:
    """A system, as the parameter `crs` takes it."""

    code: int
    title: Both

    @property
    def value(self) -> str:
        return f"EPSG:{self.code}"

    @property
    def lang(self) -> str | None:
        """The language to mark the title with: names of provinces stay Vietnamese on an English page."""
        return language_of(str(self.title))


def choices() -> list[tuple[Both, Sequence[Choice]]]:
    """Every system that is offered, in groups with their titles; zones from west to east."""
    world = [
        Choice(WGS84, both("WGS 84: kinh độ, vĩ độ", "WGS 84: longitude, latitude")),
        Choice(WEB_MERCATOR, both("Web Mercator", "Web Mercator")),
    ]
    country = [
        Choice(VN2000_GEOGRAPHIC, both("VN-2000: kinh độ, vĩ độ", "VN-2000: longitude, latitude")),
        *(
            Choice(code, both(f"VN-2000 múi 6°, {_degrees(meridian)}", f"VN-2000 6° zone, {_degrees(meridian)}"))
            for code, meridian in UTM_MERIDIANS.items()
        ),
    ]
    provinces = [_zone(code) for code in sorted(CENTRAL_MERIDIANS, key=CENTRAL_MERIDIANS.__getitem__)]
    return [
        (both("Thế giới", "The world"), world),
        (both("Cả nước", "The whole country"), country),
        (
            both("Múi 3° theo tỉnh (tên trước 1/7/2025)", "3° zones by province (names before 1 July 2025)"),
            provinces,
        ),
    ]


def _zone(code: int) -> Choice:
    names = ", ".join(zone.legacy_province_name for zone in zones() if zone.epsg == code)
    there = f": {names}" if names else ""
    return Choice(code, both(*(f"VN-2000 {_degrees(CENTRAL_MERIDIANS[code])}{there}",) * 2))


def _degrees(meridian: float) -> str:
    return f"{int(meridian)}°{round(meridian % 1 * 60):02}′"
