"""Moves what commits noted into the versions, which stay the same: a look then counts few rows."""

from django.db import connections, transaction

from layers import locks
from layers.changes.blocks import BLOCKS, MANY_BLOCKS, WHOLE_LAYER

RECHECK = f"""
WITH due AS (
    DELETE FROM tile_rechecks RETURNING *
), missed AS MATERIALIZED (
    SELECT DISTINCT due.layer, block
    FROM due, LATERAL tile_related_blocks(due.layer, due.path, due.keys) AS block WHERE block <> ALL (due.seen)
), total AS (
    SELECT layer, count(*) AS blocks FROM missed GROUP BY layer
)
INSERT INTO tile_changes (layer, cell)
SELECT layer, block FROM missed JOIN total USING (layer) WHERE blocks <= {MANY_BLOCKS}
UNION ALL SELECT layer, {WHOLE_LAYER} FROM total WHERE blocks > {MANY_BLOCKS}
"""

_FOLD = f"""
WITH moved AS (
    DELETE FROM tile_changes RETURNING id, layer, cell
), blocks AS (
    SELECT layer, cell, count(*) AS n, max(id) AS last FROM moved GROUP BY layer, cell
)
INSERT INTO tile_versions
SELECT layer, cell >> 2 * above, sum(n), max(last) FROM blocks, generate_series(0, {BLOCKS}) AS above
WHERE above = 0 OR cell <> {WHOLE_LAYER} GROUP BY 1, 2
ON CONFLICT (layer, cell)
DO UPDATE SET n = tile_versions.n + excluded.n, last = greatest(tile_versions.last, excluded.last)
"""


def fold() -> int:
    """Moves the changes that are visible into the versions, which stay the same; gives how many versions it wrote.

    0 where there is nothing to move, or another fold is at it. Waits for nobody, and nobody for it.
    """
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [locks.CHANGES_FOLD])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(RECHECK)
        cursor.execute(_FOLD)
        return cursor.rowcount
