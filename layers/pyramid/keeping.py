"""The tables of a pyramid and the triggers that keep them, made from the layer's declaration.

A statement that changes rows writes what it changed, summed, into append-only tables of differences, in its own
transaction: writers meet on no row of the pyramid, so they neither wait for each other nor deadlock. Readers add the
standing sums and the differences; `folding` moves the ones into the others behind their backs.
"""

from collections.abc import Iterable, Iterator

from layers import locks
from layers.derived import EMPTIED_OFTEN, Cursor, Part, declares
from layers.layer import Layer
from layers.open_reads import columns_read
from layers.pyramid.rows import columns_needed, contributions, noting, summing
from layers.pyramid.shape import Grouping, changes, difference_tables, groupings
from layers.registry import all_layers

# Under the owner's rights: who may write to the register need not be allowed to write sums.
_OWN_RIGHTS = "SECURITY DEFINER SET search_path = public, pg_temp"

# `stands` is read after the lock was had, by a statement of its own. A transaction that keeps to one snapshot may see a
# day that is gone: a lock on the row itself then refuses it (serialization failure), and it can be tried again.
_FUNCTION = """
CREATE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql
{own_rights} SET jit = off SET work_mem = '256MB' AS $pyramid$
DECLARE stands date;
BEGIN
    IF NOT EXISTS (SELECT FROM {sample}) THEN RETURN NULL; END IF;
    PERFORM pg_advisory_xact_lock_shared({lock});
    IF current_setting('transaction_isolation') = 'read committed' THEN
        SELECT day INTO stands FROM layers_mapday;
    ELSE
        SELECT day INTO stands FROM layers_mapday FOR SHARE;
    END IF;
    IF stands IS NOT NULL THEN {statement}; END IF;
    RETURN NULL;
END $pyramid$
"""
_TRIGGER = """
CREATE TRIGGER "{name}" AFTER {event} ON "{table}" {transition} FOR EACH STATEMENT EXECUTE FUNCTION "{name}"()
"""
_EMPTYING = """
CREATE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql {own_rights} AS $pyramid$
BEGIN
    TRUNCATE {tables};
    RETURN NULL;
END $pyramid$
"""
# The transition tables of each event, with the sign of what is in them.
_EVENTS = {
    "INSERT": {"added": ("NEW", 1)},
    "UPDATE": {"removed": ("OLD", -1), "added": ("NEW", 1)},
    "DELETE": {"removed": ("OLD", -1)},
}


@declares
def parts() -> Iterator[Part]:
    """The pyramid of every layer that declares one."""
    return (pyramid_part(layer) for layer in all_layers() if layer.pyramid)


def pyramid_part(layer: Layer) -> Part:
    """The pyramid of a layer as a part of what the database derives."""
    names = _all_tables(layer)
    functions = tuple(_name(layer, event) for event in (*_EVENTS, "TRUNCATE"))
    return Part(
        name=f"pyramid of {layer.name}",
        tables=names,
        functions=functions,
        make=(
            *_tables(layer),
            *(statement for event in _EVENTS for statement in _keeper(layer, event)),
            *_emptier(layer, names),
            # Nobody else hangs them on a table of his own, whose rows would then be summed.
            f"REVOKE EXECUTE ON FUNCTION {', '.join(functions)} FROM PUBLIC",
        ),
        shown=names,
        needs=frozenset({*columns_read(columns_needed(layer).query), ("layers_mapday", "day")}),
        fill=lambda cursor: fill(cursor, layer),
    )


def fill(cursor: Cursor, layer: Layer) -> None:
    """Sums all rows into the empty tables of a layer's pyramid; nothing while the map stands on no day."""
    cursor.execute("SELECT day FROM layers_mapday")
    standing = cursor.fetchone()
    if standing is None:
        return
    rows = contributions(layer, table=f'"{layer.model._meta.db_table}"', day=f"DATE '{standing[0]}'")
    cursor.execute("SET LOCAL work_mem = '512MB'; SET LOCAL idle_in_transaction_session_timeout = 0")
    cursor.execute(summing(layer, rows))
    for item in groupings(layer):
        cursor.execute(f'ANALYZE "{item.table}"')


def empty(cursor: Cursor, layer: Layer) -> None:
    """Takes everything out of a layer's pyramid."""
    cursor.execute(f"TRUNCATE {', '.join(_all_tables(layer))}")


def _all_tables(layer: Layer) -> tuple[str, ...]:
    return (*(item.table for item in groupings(layer)), *difference_tables(layer))


def _tables(layer: Layer) -> Iterator[str]:
    """Statements that make the tables of sums and, beside them, those of differences."""
    for item in groupings(layer):
        # Room on each page lets most folds change a row where it stands.
        key = f"PRIMARY KEY ({_listed(item.key)})"
        yield f'CREATE TABLE "{item.table}" ({_columns(item)}, {key}) WITH (fillfactor = 90)'
        if item.coarse_levels:
            yield from _differences(item.coarse, item, ("cell",))
    yield from _differences(changes(layer), groupings(layer)[-1], ("cell",), ("commune", "cell"))


def _differences(table: str, grouping: Grouping, *found_by: tuple[str, ...]) -> Iterator[str]:
    yield f'CREATE TABLE "{table}" ({_columns(grouping)}) WITH ({EMPTIED_OFTEN})'
    for names in found_by:
        yield f'CREATE INDEX ON "{table}" ({_listed(names)})'


def _columns(grouping: Grouping) -> str:
    """Wide columns first: no room is lost between them."""
    numbers = ", ".join(f'"{item.name}" {item.column_type} NOT NULL' for item in grouping.dimensions)
    return (
        "cell bigint NOT NULL, x bigint NOT NULL, y bigint NOT NULL, h bigint NOT NULL, ids bigint NOT NULL,"
        f" n integer NOT NULL, {numbers}"
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _keeper(layer: Layer, event: str) -> tuple[str, str]:
    sources = _EVENTS[event]
    moved = " UNION ALL ".join(
        contributions(layer, table=name, day="stands", sign=sign) for name, (_, sign) in sources.items()
    )
    name, table = _name(layer, event), layer.model._meta.db_table
    transition = "REFERENCING " + " ".join(f"{kind} TABLE AS {alias}" for alias, (kind, _) in sources.items())
    statement = noting(layer, moved)
    return (
        _FUNCTION.format(
            name=name, own_rights=_OWN_RIGHTS, sample=next(iter(sources)), lock=locks.DAY, statement=statement
        ),
        _TRIGGER.format(name=name, event=event, table=table, transition=transition),
    )


def _emptier(layer: Layer, tables: tuple[str, ...]) -> tuple[str, str]:
    name = _name(layer, "TRUNCATE")
    return (
        _EMPTYING.format(name=name, own_rights=_OWN_RIGHTS, tables=_listed(tables)),
        _TRIGGER.format(name=name, event="TRUNCATE", table=layer.model._meta.db_table, transition=""),
    )


def _name(layer: Layer, event: str) -> str:
    return f"pyramid_{layer.name}_{event.lower()}"
