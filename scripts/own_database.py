"""A database of the operator's own: what it must have, as SQL for whoever may make roles there."""

import os
import sys

from scripts import environment
from scripts.console import say

EXTENSIONS = ("postgis", "pg_trgm", "unaccent", "btree_gin", "btree_gist")
CREATE_EXTENSIONS = "\n".join(f"CREATE EXTENSION IF NOT EXISTS {name};" for name in EXTENSIONS)
SQL = f"""\
-- As the server's administrator, with passwords of your own:
CREATE ROLE map LOGIN PASSWORD '…';        -- owns the tables; CREATEDB too where `make test` shall run
CREATE ROLE map_open LOGIN PASSWORD '…';   -- owns nothing; anonymous visitors read under it
CREATE DATABASE map OWNER map;
\\connect map
{CREATE_EXTENSIONS}
GRANT INSERT, UPDATE, DELETE ON spatial_ref_sys TO map;   -- for the VN-2000 codes that PostGIS lacks
-- Then set DATABASE_URL=postgresql://map:…@host:5432/map
--  and DATABASE_OPEN_URL=postgresql://map_open:…@host:5432/map
"""


def require_both_addresses() -> None:
    """End the program with the SQL above unless both addresses of the operator's database are set."""
    if not os.environ.get("DATABASE_OPEN_URL"):
        sys.exit(f"DATABASE_URL is set, DATABASE_OPEN_URL is not. The database needs two roles:\n\n{SQL}")
    environment.write_own()


if __name__ == "__main__":
    say(SQL)
