"""The layers and the tables without geometry by name. Each is registered once, at start, by its catalogue file."""

from geodata.language import Both, both
from layers.errors import NotFound
from layers.layer import Layer

_LAYERS: dict[str, Layer] = {}
_TABLES: dict[str, Layer] = {}

RESERVED = frozenset(
    [
        "about",
        "admin",
        "api",
        "area.json",
        "coverage",
        "data",
        "embed",
        "favicon.ico",
        "field",
        "find",
        "layers.json",
        "list",
        "live",
        "media",
        "metrics",
        "ogc",
        "office",
        "picture.png",
        "picture.svg",
        "print",
        "qgis",
        "ready",
        "report",
        "robots.txt",
        "satisfaction",
        "static",
        "streets",
        "style.json",
        "tiles",
        "verify",
        "vote",
        "wfs",
        "basemap",
        "meta",
    ]
)


def register(layer: Layer) -> None:
    """Adds a layer or table. Raises ValueError for a name that is taken or that an address of ours already has."""
    if layer.name in _LAYERS or layer.name in _TABLES or layer.name in RESERVED:
        raise ValueError(f"the layer name {layer.name!r} is taken")
    (_LAYERS if layer.geometry else _TABLES)[layer.name] = layer


def all_layers() -> tuple[Layer, ...]:
    """Every layer in the order of registration."""
    return tuple(_LAYERS.values())


def all_tables() -> tuple[Layer, ...]:
    """Every table without geometry in the order of registration."""
    return tuple(_TABLES.values())


def get(name: str) -> Layer:
    """The layer of that name. Raises NotFound; a name is looked up, never built into SQL or a path."""
    if name not in _LAYERS:
        told = no_such_layer(name)
        raise NotFound("not_found", told.vi, told.en)
    return _LAYERS[name]


def dataset(name: str) -> Layer:
    """The layer or the table of that name. Raises NotFound."""
    if name in _TABLES:
        return _TABLES[name]
    if name not in _LAYERS:
        known = ", ".join((*_LAYERS, *_TABLES))
        raise NotFound(
            "not_found",
            f"Không có lớp hay bảng “{name[:60]}”. Có: {known}.",
            f"There is no layer or table “{name[:60]}”. There are: {known}.",
        )
    return _LAYERS[name]


def no_such_layer(name: str) -> Both:
    """That there is no layer of that name, and which there are."""
    known = ", ".join(_LAYERS)
    return both(
        f"Không có lớp “{name[:60]}”. Các lớp: {known}.", f"There is no layer “{name[:60]}”. The layers: {known}."
    )
