"""What is kept of a file of streets, for each of the two schemas: layers and classes by name, everything else goes.

OpenMapTiles 3 (https://openmaptiles.org/schema/) and Protomaps 4 (https://docs.protomaps.com/basemaps/layers). Never
named here, so never served: boundaries, oceans and names of waters, islands, states and provinces, ferries, points of
interest, land use. What is kept is served under names of our own, the same for both.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from geodata.streets_file import OPENMAPTILES, PROTOMAPS

POINT, LINE, POLYGON = 1, 2, 3
STREET_NAMES_FROM_ZOOM = 14


@dataclass(frozen=True)
class Rule:
    """What becomes of one layer of the file: `source` is its name, `target` ours; of it, one kind of geometry is kept.

    `kinds` are the classes kept, by the values of the attribute `classified_by`, as ours; `finer` are values of
    `refined_by` that tell more. Without `classified_by` all is kept, as the one kind in `kinds`. Of `named` layers only
    features with a name that may be shown are kept, of others no name is.
    """

    source: str
    target: str
    geometry: int
    kinds: Mapping[str, str]
    classified_by: str = ""
    finer: Mapping[str, str] = field(default_factory=dict)
    refined_by: str = ""
    named: bool = False
    from_zoom: int = 0


_WATERWAYS = {"river": "river", "canal": "canal", "stream": "stream", "ditch": "stream", "drain": "stream"}
_PLACES = {"city": "town", "town": "town", "village": "village", "hamlet": "hamlet"}
_QUARTERS = dict.fromkeys(("borough", "suburb", "quarter", "neighbourhood"), "quarter")

_ROADS_OF_OPENMAPTILES = {
    **dict.fromkeys(("motorway", "trunk"), "highway"),
    **dict.fromkeys(("primary", "secondary"), "major"),
    "tertiary": "medium",
    **dict.fromkeys(("minor", "service", "busway"), "minor"),
    **dict.fromkeys(("path", "track"), "path"),
}
_OPENMAPTILES = (
    Rule("water", "water", POLYGON, dict.fromkeys(("lake", "river", "pond", "dock"), "water"), "class"),
    Rule("waterway", "waterways", LINE, _WATERWAYS, "class"),
    Rule("building", "buildings", POLYGON, {"": "building"}),
    Rule("transportation", "roads", LINE, _ROADS_OF_OPENMAPTILES, "class"),
    Rule("transportation", "railways", LINE, {"rail": "rail"}, "class"),
    Rule(
        "transportation_name",
        "street_names",
        LINE,
        _ROADS_OF_OPENMAPTILES,
        "class",
        named=True,
        from_zoom=STREET_NAMES_FROM_ZOOM,
    ),
    Rule("place", "places", POINT, {**_PLACES, **_QUARTERS}, "class", named=True),
)

_ROADS_OF_PROTOMAPS = {"highway": "highway", "major_road": "major", "minor_road": "minor", "path": "path"}
_FINER_ROADS = {
    **dict.fromkeys(("trunk", "trunk_link"), "highway"),
    **dict.fromkeys(("tertiary", "tertiary_link"), "medium"),
}
_WATERS_OF_PROTOMAPS = ("water", "lake", "river", "riverbank", "canal", "basin", "reservoir", "pond", "dock")
_NO_STREETS = {"rail": "rail"}
_PROTOMAPS = (
    Rule("water", "water", POLYGON, dict.fromkeys(_WATERS_OF_PROTOMAPS, "water"), "kind"),
    Rule("water", "waterways", LINE, _WATERWAYS, "kind"),
    # Parts of buildings lie within their buildings; addresses are points.
    Rule("buildings", "buildings", POLYGON, {"building": "building"}, "kind"),
    Rule("roads", "roads", LINE, _ROADS_OF_PROTOMAPS, "kind", _FINER_ROADS, "kind_detail"),
    Rule("roads", "railways", LINE, _NO_STREETS, "kind"),
    Rule(
        "roads",
        "street_names",
        LINE,
        _ROADS_OF_PROTOMAPS,
        "kind",
        _FINER_ROADS,
        "kind_detail",
        named=True,
        from_zoom=STREET_NAMES_FROM_ZOOM,
    ),
    Rule(
        "places",
        "places",
        POINT,
        {"locality": "village", "neighbourhood": "quarter", "macrohood": "quarter"},
        "kind",
        {"city": "town", "town": "town", "hamlet": "hamlet"},
        "kind_detail",
        named=True,
    ),
)

RULES: Mapping[str, tuple[Rule, ...]] = {OPENMAPTILES: _OPENMAPTILES, PROTOMAPS: _PROTOMAPS}
"""By schema what is kept, each under a target of its own."""
# The attributes that a name is read from, the better first, in both schemas.
NAMES = ("name:vi", "name")
