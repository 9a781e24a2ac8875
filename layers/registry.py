"""The layers by name. A layer is registered once, at start, by its catalogue file."""

from layers.errors import not_found
from layers.layer import Layer

_LAYERS: dict[str, Layer] = {}

RESERVED = frozenset(
    [
        "about",
        "admin",
        "api",
        "coverage",
        "data",
        "embed",
        "favicon.ico",
        "field",
        "layers.json",
        "list",
        "live",
        "media",
        "metrics",
        "ogc",
        "office",
        "qgis",
        "ready",
        "robots.txt",
        "static",
        "style.json",
        "tiles",
        "verify",
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
        raise not_found()
    return _LAYERS[name]
