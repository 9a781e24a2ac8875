"""Which tables were read how often, as PostgreSQL itself counts: an honest number of data queries."""

import time
from collections import Counter
from collections.abc import Callable

from bench import database

# A connection that falls silent reports what it did after ten seconds at the latest.
SILENCE_S = 11

_COUNTERS = """
SELECT relname, coalesce(seq_scan, 0) + coalesce(idx_scan, 0) FROM pg_stat_user_tables
"""


def during(action: Callable[[], object]) -> Counter[str]:
    """Scans of each table (whole or by an index) that the action caused; nobody else may work meanwhile."""
    before = _settled()
    action()
    after = _settled()
    return after - before


def _settled() -> Counter[str]:
    time.sleep(SILENCE_S)
    with database.cursor() as rows:
        rows.execute(_COUNTERS)
        return Counter(dict(rows.fetchall()))
