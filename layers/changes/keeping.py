"""The tables of changes and versions, and the function that counts a version from them."""

from collections.abc import Iterator
from functools import partial

from layers.changes.blocks import WHOLE_LAYER
from layers.changes.effects import Effect, effects_on
from layers.changes.triggers import RELATED_FUNCTIONS, touching_related, triggers
from layers.derived import EMPTIED_OFTEN, Cursor, Part, declares
from layers.open_reads import Column
from layers.registry import all_layers

_TABLES = (
    "CREATE TABLE tile_changes (id bigserial NOT NULL, layer text NOT NULL, cell bigint NOT NULL)"
    f" WITH ({EMPTIED_OFTEN})",
    "CREATE INDEX tile_changes_cell ON tile_changes (layer, cell) INCLUDE (id)",
    "CREATE TABLE tile_versions (layer text, cell bigint, n bigint NOT NULL, last bigint NOT NULL,"
    " PRIMARY KEY (layer, cell))",
    "CREATE TABLE tile_rechecks (layer text NOT NULL, path text NOT NULL, keys bigint[] NOT NULL, seen bigint[])",
)

# Reads by whatever names the caller's role sees: the public its views, others the tables.
_VERSION = f"""
CREATE FUNCTION tile_version(of_layer text, block bigint, below integer) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT to_char((SELECT day FROM layers_mapday), 'YYYYMMDD')
               || '-' || coalesce(sum(n), 0) || '-' || coalesce(max(last), 0)
        FROM (
            SELECT n, last FROM tile_versions WHERE layer = of_layer AND cell IN (block, {WHOLE_LAYER})
            UNION ALL
            SELECT count(*), max(id) FROM tile_changes
            WHERE layer = of_layer AND cell >= block << 2 * below AND cell < (block + 1) << 2 * below
            UNION ALL
            SELECT count(*), max(id) FROM tile_changes WHERE layer = of_layer AND cell = {WHOLE_LAYER}
        ) AS visible
    );
END $$
"""

# They grow by far less than one in a microsecond.
_GO_ON_FROM_NOW = (
    "SELECT setval(pg_get_serial_sequence('tile_changes', 'id'),"
    " (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)"
)
_FIRST_VERSIONS = (
    f"INSERT INTO tile_versions SELECT layer, {WHOLE_LAYER}, 0, nextval(pg_get_serial_sequence('tile_changes', 'id'))"
    " FROM unnest(%s) AS layer"
)


@declares
def parts() -> tuple[Part, ...]:
    """What the database derives to know which tiles a commit changed."""
    return (part(),)


def part() -> Part:
    """The tables of changes and versions with the triggers on every table that tiles of a layer are made from."""
    effects = [effect for layer in all_layers() for effect in effects_on(layer)]
    made = triggers(effects)
    privileged = (*RELATED_FUNCTIONS, *made)
    return Part(
        name="changes",
        tables=("tile_changes", "tile_versions", "tile_rechecks"),
        functions=("tile_version", *privileged),
        make=(
            *_TABLES,
            _VERSION,
            *touching_related(effects),
            *(statement for pair in made.values() for statement in pair),
            # What writes under the owner's rights is for the triggers of these tables alone.
            f"REVOKE EXECUTE ON FUNCTION {', '.join(privileged)} FROM PUBLIC",
        ),
        shown=("tile_changes", "tile_versions"),
        needs=frozenset({("layers_mapday", "day"), *_needed(effects)}),
        fill=partial(_begin, [layer.name for layer in all_layers()]),
    )


def _needed(effects: list[Effect]) -> Iterator[Column]:
    for effect in effects:
        for name in (effect.model._meta.pk.column, *effect.columns):
            yield effect.model._meta.db_table, name


def go_on_from_now(cursor: Cursor) -> int:
    """The ids of changes go on from this microsecond, given back: no two sets of tables ever give the same version."""
    cursor.execute(_GO_ON_FROM_NOW)
    return int(cursor.fetchone()[0])


def _begin(layers: list[str], cursor: Cursor) -> None:
    go_on_from_now(cursor)
    cursor.execute(_FIRST_VERSIONS, [layers])
