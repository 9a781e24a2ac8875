"""From a tile of the file to the tile that is served: a pure function of its bytes, its place and the land below it.

Tiles are taken apart by protobuf and put together again: geometries are carried over as they are, of attributes only
our own `kind` and, where names are shown, `name` are written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

import shapely
from google.protobuf.message import DecodeError
from mapbox_vector_tile.Mapbox.vector_tile_pb2 import tile as Message

from geodata.archipelagos import ENVELOPES
from geodata.streets_file import BrokenPart
from tiles.streets.land import Land
from tiles.streets.names import showable
from tiles.streets.schemas import NAMES, POINT, Rule
from tiles.streets.vertices import Vertex, vertices
from tiles.tile import Tile

# Of a tile's width: lines and areas of a neighbour's land may reach so far beyond its edge.
_BUFFER = 0.25
_MOST_FEATURES = 50_000

shapely.prepare(ENVELOPES)


def filtered(body: bytes, rules: Sequence[Rule], tile: Tile, land: Land) -> bytes:
    """What may be shown of the tile `body`, as a vector tile; empty where that is nothing.

    Nothing is kept inside the archipelagos' envelopes, nor what crosses their edge, and no name outside Viet Nam's
    land. Raises ValueError or LookupError for what is no vector tile.
    """
    read, kept = _read(body), Message()
    frame = _Frame(tile, land)
    if frame.is_hidden:
        return b""
    layers = {layer.name: layer for layer in read.layers}
    for rule in rules:
        if rule.source in layers and tile.z >= rule.from_zoom:
            _keep(kept, layers[rule.source], rule, frame)
    return bytes(kept.SerializeToString())


def _read(body: bytes):  # type: ignore[no-untyped-def]
    read = Message()
    try:
        read.ParseFromString(body)
    except DecodeError as error:
        raise BrokenPart("no vector tile") from error
    if sum(len(layer.features) for layer in read.layers) > _MOST_FEATURES:
        raise BrokenPart(f"more than {_MOST_FEATURES} features")
    if any(not layer.extent for layer in read.layers) or len({layer.name for layer in read.layers}) < len(read.layers):
        raise BrokenPart("layers without an extent, or of one name")
    return read


class _Frame:
    """Where the tile lies: what of it the archipelagos' envelopes hide, and the land below it."""

    def __init__(self, tile: Tile, land: Land) -> None:
        self.tile, self.land = tile, land
        around = shapely.box(*tile.bounds(margin=_BUFFER))
        self.is_hidden = bool(ENVELOPES.covers(around))
        self.is_near = bool(ENVELOPES.intersects(around))

    def hides(self, feature, extent: int) -> bool:  # type: ignore[no-untyped-def]
        """Whether the feature reaches into an envelope."""
        return self.is_near and bool(ENVELOPES.intersects(_box_of(self._positions(vertices(feature.geometry), extent))))

    def inside(self, feature, extent: int) -> list[tuple[float, float]]:  # type: ignore[no-untyped-def]
        """The vertices that lie in the tile itself, as lon, lat."""
        within = [(x, y) for x, y in vertices(feature.geometry) if 0 <= x < extent and 0 <= y < extent]
        return self._positions(within, extent)

    def _positions(self, found: Sequence[Vertex], extent: int) -> list[tuple[float, float]]:
        return [self.tile.position(x / extent, y / extent) for x, y in found]


def _box_of(positions: Sequence[tuple[float, float]]) -> shapely.Geometry:
    if not positions:
        return shapely.Point()
    lons, lats = zip(*positions, strict=True)
    return shapely.box(min(lons), min(lats), max(lons), max(lats))


@dataclass
class _Found:
    """A feature that a rule keeps, by its kind; its name "" where the rule shows none."""

    feature: object
    kind: str
    name: str = ""
    positions: list[tuple[float, float]] = field(default_factory=list)


def _keep(kept, layer, rule: Rule, frame: _Frame) -> None:  # type: ignore[no-untyped-def]
    """Adds to `kept` our layer with what the rule keeps of the file's, if that is anything."""
    found = _of_kind(layer, rule, frame)
    _write(kept, layer.extent, rule, list(_on_land(_named(found, layer, frame), rule, frame) if rule.named else found))


def _of_kind(layer, rule: Rule, frame: _Frame) -> Iterator[_Found]:  # type: ignore[no-untyped-def]
    coarse, finer = _Attribute(layer, rule.classified_by), _Attribute(layer, rule.refined_by)
    for feature in layer.features:
        if feature.type != rule.geometry:
            continue
        kind = rule.kinds.get(coarse.of(feature))
        if kind and not frame.hides(feature, layer.extent):
            yield _Found(feature, rule.finer.get(finer.of(feature), kind))


def _named(found: Iterator[_Found], layer, frame: _Frame) -> Iterator[_Found]:  # type: ignore[no-untyped-def]
    """Those with a name that may be shown and a part within the tile."""
    names = [_Attribute(layer, name) for name in NAMES]
    for each in found:
        each.name = next(filter(None, (showable(name.of(each.feature)) for name in names)), "")
        each.positions = frame.inside(each.feature, layer.extent) if each.name else []
        if each.positions:
            yield each


def _on_land(found: Iterator[_Found], rule: Rule, frame: _Frame) -> Iterator[_Found]:
    """Those that lie on Vietnamese land with all that is seen of them, but for the names of communes, which we have."""
    gathered = list(found)
    communes = iter(frame.land.communes(list(chain.from_iterable(each.positions for each in gathered))))
    for each in gathered:
        own = [next(communes) for _ in each.positions]
        doubled = rule.geometry == POINT and each.name in own
        if all(own) and not doubled:
            yield each


class _Attribute:
    """The texts that the features of a layer have under one key; "" without it."""

    def __init__(self, layer, key: str) -> None:  # type: ignore[no-untyped-def]
        self._key = next((index for index, name in enumerate(layer.keys) if key and name == key), None)
        self._values = layer.values

    def of(self, feature) -> str:  # type: ignore[no-untyped-def]
        """The feature's text. Raises LookupError where it points to none."""
        if self._key is None:
            return ""
        tags = list(feature.tags)
        at = next((tags[index + 1] for index in range(0, len(tags), 2) if tags[index] == self._key), None)
        text = "" if at is None else self._values[at].string_value
        # What is no UTF-8 comes as bytes.
        return text if isinstance(text, str) else ""


def _write(kept, extent: int, rule: Rule, found: Sequence[_Found]) -> None:  # type: ignore[no-untyped-def]
    if not found:
        return
    layer = kept.layers.add(name=rule.target, version=2, extent=extent, keys=["kind", "name"][: 1 + rule.named])
    values: dict[str, int] = {}
    for each in found:
        texts = (each.kind, each.name)[: 1 + rule.named]
        tags = [(key, values.setdefault(text, len(values))) for key, text in enumerate(texts)]
        feature = layer.features.add(type=rule.geometry, tags=chain.from_iterable(tags))
        feature.geometry.MergeFrom(each.feature.geometry)  # type: ignore[attr-defined]
    for text in values:
        layer.values.add(string_value=text)
