"""Public tiles kept in memory for as long as nothing at all has changed in the database.

A tile is kept with the snapshot that it was made under (`pg_current_snapshot`): the list of transactions that a
query sees. A later request with the very same snapshot would see the very same rows, so it gets the kept bytes;
any commit anywhere gives another snapshot, and the tile is made anew. Crude, but never stale by a row.
"""

from collections import OrderedDict
from threading import Lock

from django.db import connections

from layers.layer import Layer
from layers.query import FeatureQuery
from tiles.mvt import make_tile
from tiles.tile import Tile

MAX_BYTES = 64 * 2**20

Key = tuple[str, Tile, FeatureQuery]

_kept: OrderedDict[Key, tuple[str, bytes]] = OrderedDict()
_lock = Lock()
_size = 0


def public_tile(layer: Layer, tile: Tile, query: FeatureQuery) -> bytes:
    """The tile's bytes as the public sees it at this moment."""
    key, snapshot = (layer.name, tile, query), _snapshot()
    kept = _kept.get(key)
    if kept is not None and kept[0] == snapshot:
        return kept[1]
    body = make_tile(layer, tile, query)
    _keep(key, snapshot, body)
    return body


def _snapshot() -> str:
    """Read before the tile is made: if a commit comes between, the tile is newer than its snapshot, never older."""
    with connections["open"].cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])


def _keep(key: Key, snapshot: str, body: bytes) -> None:
    global _size
    with _lock:
        _size += len(body) - len(_kept.pop(key, ("", b""))[1])
        _kept[key] = (snapshot, body)
        while _size > MAX_BYTES:
            _, (_, dropped) = _kept.popitem(last=False)
            _size -= len(dropped)
