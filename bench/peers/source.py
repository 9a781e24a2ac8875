"""What all peers serve, readable by the open role: the published devices as a view with the columns of our tiles, and
as one with all that is public of them, for servers of features.
"""

from urllib.parse import quote

from bench import database
from bench.bare import application
from bench.places import LAYER

SCHEMA, VIEW = "peers", "devices"
COLUMNS = ("status", "device_type", "valid_until", "geom_accuracy")
TYPES = {"status": "text", "device_type": "text", "valid_until": "date", "geom_accuracy": "text"}
RECORDS = "records"

_AS_INSTALLED = "-c jit=on"
_TUNED = "-c jit=off -c max_parallel_workers_per_gather=0 -c synchronize_seqscans=off"


def make() -> None:
    """Make the views anew, from the rows and the status that our own layer declares, on the map's day."""
    application()
    with database.cursor() as rows:
        rows.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}")
        rows.execute(f'GRANT USAGE ON SCHEMA {SCHEMA} TO "{_role()}"')
        for view, names in ((VIEW, COLUMNS), (RECORDS, record_columns())):
            rows.execute(f"CREATE VIEW {SCHEMA}.{view}(id, {', '.join(names)}, geom) AS {_select(names)}")
            rows.execute(f'GRANT SELECT ON {SCHEMA}.{view} TO "{_role()}"')


def record_columns() -> tuple[str, ...]:
    """The names of all public fields of the layer, in its order."""
    application()
    from layers.query import columns
    from layers.registry import get

    return tuple(item.name for item in columns(get(LAYER)))


def url(*, tuned: bool) -> str:
    """The database's URL for a peer: the open role, with the session settings of the variant."""
    return f"{database.address(open_role=True)}?options={quote(options(tuned=tuned))}"


def options(*, tuned: bool) -> str:
    """Session settings as PostgreSQL's `options`."""
    return _TUNED if tuned else _AS_INSTALLED


def _role() -> str:
    return database.address(open_role=True).split("://")[1].split(":")[0]


def _select(names: tuple[str, ...]) -> str:
    from layers.query import FeatureQuery, columns, map_day, select
    from layers.registry import get

    layer = get(LAYER)
    query = FeatureQuery(day=map_day())
    rows = select(layer, query, fields=names, geometry=True)
    sql, values = rows.query.get_compiler(using="default").as_sql()
    with database.cursor() as cursor:
        text = cursor.mogrify(sql, values).decode().replace("::bytea", "")  # Which Django adds to a geometry.
    shown = [item.name for item in columns(layer, fields=names)]
    inner = ", ".join(["id", *(f'"{name}"' for name in shown), "geom"])
    return f"SELECT id, {', '.join(names)}, geom FROM ({text}) AS shown({inner})"
