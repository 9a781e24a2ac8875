"""Looks at versions, gathered: while one is under way in this process, those who ask meanwhile share the next.

A look begins after everyone it is for has asked, so each gets a version that is no older than his question.
"""

from threading import Lock

from django.db import connections

from layers.layer import Layer
from tiles.mvt.statements import Statement, execute_prepared
from tiles.tile import Tile
from tiles.versions import block_of, generation

Block = tuple[str, int, int]

_LOOK = Statement(
    """
SELECT ARRAY(
    SELECT tile_version(layer, cell, below)
    FROM unnest(%(layers)s::text[], %(cells)s::bigint[], %(below)s::integer[]) WITH ORDINALITY
         AS block(layer, cell, below, place) ORDER BY place
)
""",
    {},
)

_gathering, _looking = Lock(), Lock()
_gathered: dict[Block, list[str]] = {}


def current_version(layer: Layer, tile: Tile) -> str:
    """The version of a tile as the public sees it now, from the next look that begins."""
    block = (layer.name, *block_of(tile))
    with _gathering:
        found = _gathered.setdefault(block, [])
    with _looking:
        if not found:
            found.append(_look(block))
    return f"{generation(layer)}-{found[0]}"


def _look(mine: Block) -> str:
    """Asks for all that are gathered by now, and for mine. Where that fails each of the others tries for himself."""
    global _gathered
    with _gathering:
        asked, _gathered = _gathered, {}
    asked.setdefault(mine, [])
    for found, version in zip(asked.values(), _ask(list(asked)), strict=True):
        found.append(version)
    return asked[mine][0]


def _ask(blocks: list[Block]) -> list[str]:
    """The count behind the version of each block. By the driver itself: Django's cursor costs as much as the look."""
    open_role = connections["open"]
    open_role.ensure_connection()
    with open_role.wrap_database_errors, open_role.connection.cursor() as cursor:
        layers, cells, below = (list(column) for column in zip(*blocks, strict=True))
        return execute_prepared(cursor, _LOOK, {"layers": layers, "cells": cells, "below": below})[0]
