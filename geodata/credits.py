"""Whom the ground of the map has to name: told from what is loaded, never assumed."""

from geodata.models import BaseMapFeature, LoadedSource

NATURAL_EARTH = "Natural Earth"
# The file of the shared data; a file of the operator's own brings its own terms.
SHARED_BASE_MAP = "basemap.gpkg"
SHARED_ROADS = "LegoCity"
_ROADS = ("road_primary", "road_secondary", "railway")
_APPROXIMATION = "approximation"


def ground_credits() -> list[str]:
    """The sources of the ground as the public reads it, in the order in which a map names them; empty without ground.

    The land of the world and the towns are always Natural Earth's, whatever file the rest comes from.
    """
    if not _origin():
        return []
    roads = BaseMapFeature.objects.using("open").filter(kind__in=_ROADS)
    named = SHARED_BASE_MAP in files_loaded() and roads.exists()
    return [NATURAL_EARTH, *([SHARED_ROADS] if named else [])]


def files_loaded() -> list[str]:
    """The names of the files behind boundaries and ground; empty where there were none."""
    return [name for name in _origin() if name != _APPROXIMATION]


def boundaries_are_approximate() -> bool:
    """Whether the built-in stand-in for the official boundaries is loaded."""
    return _origin()[:1] == [_APPROXIMATION]


def _origin() -> list[str]:
    found = LoadedSource.objects.using("open").filter(name="boundaries").values_list("origin", flat=True).first()
    return found.split(", ") if found else []
