"""The layers by name. A layer is registered once, at start, by its catalogue file."""

from geodata.language import Both, both
from layers.errors import NotFound
from layers.layer import Layer

_LAYERS: dict[str, Layer] = {}

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
    """Adds a layer. Raises ValueError for a name that is taken or that an address of ours already has."""
    if layer.name in _LAYERS or layer.name in RESERVED:
        raise ValueError(f"the layer name {layer.name!r} is taken")
    _LAYERS[layer.name] = layer


def all_layers() -> tuple[Layer, ...]:
    """Every layer in the order of registration."""
    return tuple(_LAYERS.values())


def get(name: str) -> Layer:
    """The layer of that name. Raises NotFound; a name is looked up, never built into SQL or a path."""
    if name not in _LAYERS:
        told = no_such_layer(name)
        raise NotFound("not_found", told.vi, told.en)
    return _LAYERS[name]


def no_such_layer(name: str) -> Both:
    """That there is no layer of that name, and which there are."""
    known = ", ".join(_LAYERS)
    return both(
        f"Không có lớp “{name[:60]}”. Các lớp: {known}.", f"There is no layer “{name[:60]}”. The layers: {known}."
    )
