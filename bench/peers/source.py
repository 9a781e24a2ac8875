"""What all peers serve: a view of the published devices with the columns of our tiles, readable by the open role."""

from urllib.parse import quote

from bench import database
from bench.bare import application
from bench.places import LAYER

SCHEMA, VIEW = "peers", "devices"
COLUMNS = ("status", "device_type", "valid_until", "geom_accuracy")
TYPES = {"status": "text", "device_type": "text", "valid_until": "date", "geom_accuracy": "text"}

_AS_INSTALLED = "-c jit=on"
_TUNED = "-c jit=off -c max_parallel_workers_per_gather=0"


def make() -> None:
    """Make the view anew, from the rows and the status that our own layer declares, on the map's day."""
    text = _select()
    with database.cursor() as rows:
        rows.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}")
        rows.execute(f"CREATE VIEW {SCHEMA}.{VIEW}(id, {', '.join(COLUMNS)}, geom) AS {text}")
        rows.execute(f'GRANT USAGE ON SCHEMA {SCHEMA} TO "{_role()}"; GRANT SELECT ON {SCHEMA}.{VIEW} TO "{_role()}"')


def url(*, tuned: bool) -> str:
    """The database's URL for a peer: the open role, with the session settings of the variant."""
    return f"{database.address(open_role=True)}?options={quote(options(tuned=tuned))}"


def options(*, tuned: bool) -> str:
    """Session settings as PostgreSQL's `options`."""
    return _TUNED if tuned else _AS_INSTALLED


def _role() -> str:
    return database.address(open_role=True).split("://")[1].split(":")[0]


def _select() -> str:
    application()
    from layers.query import FeatureQuery, columns, map_day, select
    from layers.registry import get

    layer = get(LAYER)
    query = FeatureQuery(day=map_day())
    rows = select(layer, query, fields=COLUMNS, geometry=True)
    sql, values = rows.query.get_compiler(using="default").as_sql()
    with database.cursor() as cursor:
        text = cursor.mogrify(sql, values).decode().replace("::bytea", "")  # Which Django adds to a geometry.
    shown = [item.name for item in columns(layer, fields=COLUMNS)]
    inner = ", ".join(["id", *(f'"{name}"' for name in shown), "geom"])
    return f"SELECT id, {', '.join(COLUMNS)}, geom FROM ({text}) AS shown({inner})"
