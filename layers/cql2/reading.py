"""The ways in: a filter as text, as JSON, or as another reader's tree, and a condition out."""

from typing import Any

from geodata.crs import CRS84, Crs
from layers.access import User
from layers.cql2 import json, text
from layers.cql2.checking import check
from layers.cql2.conditions import Condition
from layers.cql2.limits import MAX_DEPTH, MAX_JSON_DEPTH, scan
from layers.cql2.properties import known_properties
from layers.cql2.refusals import named
from layers.layer import Layer


def read_text(said: str, layer: Layer, user: User = None, *, parameter: str = "filter", crs: Crs = CRS84) -> Condition:
    """The condition that CQL2 text asks of `layer`; its geometries are in `crs`. Raises BadParameter, which names
    `parameter`, for what is too complex, no CQL2, or means nothing for this layer and caller.
    """
    with named(parameter):
        scan(said, language="text", depth=MAX_DEPTH)
        return Condition(check(text.parse(said), known_properties(layer, user), crs), said)


def read_json(said: str, layer: Layer, user: User = None, *, parameter: str = "filter", crs: Crs = CRS84) -> Condition:
    """The same of CQL2 JSON."""
    with named(parameter):
        scan(said, language="json", depth=MAX_JSON_DEPTH)
        return Condition(check(json.parse(said), known_properties(layer, user), crs))


def checked(
    tree: Any, layer: Layer, user: User = None, *, parameter: str = "filter", untyped: bool = False
) -> Condition:
    """The same of a tree of pygeofilter that another reader made; its geometries are in EPSG:4326, longitude first.

    With `untyped` its texts are read as what they are compared with.
    """
    with named(parameter):
        return Condition(check(tree, known_properties(layer, user), CRS84, untyped=untyped))
