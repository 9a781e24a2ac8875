"""The points of a view from the tiles of its layers: the same clusters that the map draws, decoded."""

from dataclasses import dataclass, field
from typing import Any

from mapbox_vector_tile import decode

from layers.layer import Layer
from layers.query import FeatureQuery
from tiles.cache import public_tile
from tiles.picture.view import View
from tiles.tile import EXTENT, Tile
from tiles.versions import versions_of

# Rings near the edge depend on their neighbours beyond it.
MARGIN_PX = 96
CLASS_PREFIX = "n_"
NO_CLASS = ""

Properties = dict[str, Any]


@dataclass
class Item:
    """A feature or cluster of a tile: its place in the world (0…1), and how many it counts (rows, or their weight)."""

    id: int
    x: float
    y: float
    count: int
    properties: Properties
    classes: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Points:
    """The items of a layer in the view and its margin; `at_least` where tiles say that they hold more than is drawn."""

    items: list[Item]
    at_least: bool


def points_of(layer: Layer, query: FeatureQuery, view: View) -> Points:
    """What the public's tiles show of the layer under these filters. Raises TooCostly and Busy as tiles do."""
    tiles = view.tiles(view.tile_zoom(layer.zooms), margin_px=MARGIN_PX)
    versions = versions_of(layer, tiles)
    bodies = ((tile, public_tile(layer, tile, query, version=versions[tile]).plain) for tile in tiles)
    decoded = [(tile, decode(body, default_options={"y_coord_down": True})) for tile, body in bodies if body]
    items = [item for tile, layers in decoded for item in _items(layer, tile, layers)]
    return Points(items, at_least=any("meta" in layers for _, layers in decoded))


def _items(layer: Layer, tile: Tile, layers: dict[str, Any]) -> list[Item]:
    return [_item(layer, tile, feature) for feature in layers.get(layer.name, {}).get("features", ())]


def _item(layer: Layer, tile: Tile, feature: dict[str, Any]) -> Item:
    x, y = feature["geometry"]["coordinates"]
    properties = feature["properties"]
    rows = int(properties.get("count") or 1)
    counted = properties.get(layer.weight) if layer.weight else None
    return Item(
        id=int(feature.get("id", 0)),
        x=(tile.x + (x + 0.5) / EXTENT) / tile.across,
        y=(tile.y + (y + 0.5) / EXTENT) / tile.across,
        count=int(counted if counted is not None else rows),
        properties=properties,
        classes=_classes(layer, properties, rows),
    )


def _classes(layer: Layer, properties: Properties, rows: int) -> dict[str, int]:
    """How many rows of each class, those without one under NO_CLASS."""
    named = {key.removeprefix(CLASS_PREFIX): int(n) for key, n in properties.items() if key.startswith(CLASS_PREFIX)}
    if not named and properties.get(layer.style.classes):
        named = {properties[layer.style.classes]: 1}
    rest = rows - sum(named.values())
    return {**named, NO_CLASS: rest} if rest > 0 else named
