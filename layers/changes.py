"""What each commit changed in what the public sees of a layer, block by block: what versions of tiles are counted from.

A block is a cell of the grid at level BLOCKS; cell 0 stands for the whole layer. Triggers append a row for each block
that a statement touched to `tile_changes`; `fold` moves the rows into `tile_versions`, one for the block and one for
each of its ancestors. Nothing here is ever updated by a writer, so writers never wait for one another, and the number
of rows that a reader sees only grows, in whatever order transactions commit.

What belongs to a layer's rows by a path that the layer declares (`Layer.related`) touches their blocks. A row of the
layer written by another transaction at the same time is not seen then; so such a change is noted in `tile_rechecks`
too, and the next fold, which sees both, adds the blocks that were missed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from django.apps import apps
from django.db import connections, transaction
from django.db.models import Model
from django.db.models.expressions import RawSQL

from layers import locks
from layers.derived import Cursor, Part, declares
from layers.grid import key_of, x_of, y_of
from layers.layer import Layer
from layers.open_reads import Column, columns_read, public_questions
from layers.registers.base import PUBLIC
from layers.registry import all_layers

BLOCKS = 12
WHOLE_LAYER = 0
# Beyond so many related rows in one statement the whole layer is touched.
MANY_RELATED = 10_000
# Likewise beyond so many blocks, of own rows or of those that related rows belong to: a load must not leave rows by
# the hundred thousand, which every look would count.
MANY_BLOCKS = 200
_EVENTS = {"INSERT": "NEW TABLE AS after", "DELETE": "OLD TABLE AS before", "TRUNCATE": ""}
_EVENTS["UPDATE"] = "OLD TABLE AS before NEW TABLE AS after"

_TABLES = (
    "CREATE TABLE tile_changes (id bigserial NOT NULL, layer text NOT NULL, cell bigint NOT NULL)",
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

_OWN_RIGHTS = "SECURITY DEFINER SET search_path = public, pg_temp"

_TOUCH_RELATED = f"""
CREATE FUNCTION tile_touch_related(changed_layer text, changed_path text, changed_keys bigint[]) RETURNS void
LANGUAGE plpgsql {_OWN_RIGHTS} AS $$
DECLARE seen bigint[];
BEGIN
    IF cardinality(changed_keys) > {MANY_RELATED} THEN
        INSERT INTO tile_changes (layer, cell) VALUES (changed_layer, {WHOLE_LAYER});
    ELSIF cardinality(changed_keys) > 0 THEN
        seen := ARRAY(SELECT tile_related_blocks(changed_layer, changed_path, changed_keys));
        IF cardinality(seen) > {MANY_BLOCKS} THEN
            INSERT INTO tile_changes (layer, cell) VALUES (changed_layer, {WHOLE_LAYER});
        ELSE
            INSERT INTO tile_changes (layer, cell) SELECT changed_layer, unnest(seen);
            INSERT INTO tile_rechecks VALUES (changed_layer, changed_path, changed_keys, seen);
        END IF;
    END IF;
END $$
"""

_RECHECK = f"""
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

# Ids go on from the microsecond of the making: no two sets of tables ever give the same version.
_BEGIN = (
    "SELECT setval(pg_get_serial_sequence('tile_changes', 'id'),"
    " (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)",
    f"INSERT INTO tile_versions SELECT layer, {WHOLE_LAYER}, 0, nextval(pg_get_serial_sequence('tile_changes', 'id'))"
    " FROM unnest(%s) AS layer",
)


@dataclass(frozen=True)
class Effect:
    """That rows of a table change tiles of a layer: which columns, and by which path (own rows: "").

    Without a path the rows touch the whole layer. `key` is the column that leads to the layer's rows, `through` the
    path from there to the column's value: both of related rows only.
    """

    layer: Layer
    model: type[Model]
    columns: tuple[str, ...]
    path: str | None = None
    key: str = ""
    through: str = ""

    @property
    def wanted(self) -> str:
        """The column that says what was touched."""
        return self.key or ("geom" if self.path == "" else self.model._meta.pk.column)


def fold() -> int:
    """Moves the changes that are visible into the versions, which stay the same; gives how many versions it wrote.

    0 where there is nothing to move, or another fold is at it. Waits for nobody, and nobody for it.
    """
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [locks.CHANGES_FOLD])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_RECHECK)
        cursor.execute(_FOLD)
        return cursor.rowcount


@declares
def parts() -> tuple[Part, ...]:
    """What the database derives to know which tiles a commit changed."""
    return (part(),)


def part() -> Part:
    """The tables of changes and versions with the triggers on every table that tiles of a layer are made from."""
    effects = [effect for layer in all_layers() for effect in effects_on(layer)]
    tables = sorted({effect.model._meta.db_table for effect in effects})
    triggers = {
        f"tile_changes_{table}_{event.lower()}": _trigger(table, event, _of_table(effects, table))
        for table in tables
        for event in _EVENTS
    }
    privileged = ("tile_touch_related", "tile_related_blocks", *triggers)
    return Part(
        name="changes",
        tables=("tile_changes", "tile_versions", "tile_rechecks"),
        functions=("tile_version", *privileged),
        make=(
            *_TABLES,
            _VERSION,
            _related_blocks(effects),
            _TOUCH_RELATED,
            *(statement for pair in triggers.values() for statement in pair),
            # What writes under the owner's rights is for the triggers of these tables alone.
            f"REVOKE EXECUTE ON FUNCTION {', '.join(privileged)} FROM PUBLIC",
        ),
        shown=("tile_changes", "tile_versions"),
        needs=frozenset({("layers_mapday", "day"), *_needed(effects)}),
        fill=partial(_begin, [layer.name for layer in all_layers()]),
    )


def effects_on(layer: Layer) -> Iterator[Effect]:
    """Every way in which a row of some table changes what tiles of the layer show or are filtered by."""
    paths = {path: _target(layer.model, path) for path in layer.related}
    for model, columns in _read_by_tiles(layer).items():
        if model is layer.model and layer.geometry == "point":
            yield Effect(layer, model, columns, path="")
        elif model in (target for target, _, _ in paths.values()):
            for path, (target, key, through) in paths.items():
                if target is model:
                    yield Effect(layer, model, columns, path, key, through)
        else:
            yield Effect(layer, model, columns)


def _read_by_tiles(layer: Layer) -> dict[type[Model], tuple[str, ...]]:
    """The columns that tiles of the layer are made from and filtered by, of each table's model."""
    models = {model._meta.db_table: model for model in apps.get_models()}
    found: dict[type[Model], set[str]] = {}
    for table, name in _columns_of_tiles(layer):
        found.setdefault(models[table], set()).add(name)
    return {model: tuple(sorted({*names, *_publishing(model)})) for model, names in sorted(found.items(), key=_table)}


def _table(item: tuple[type[Model], set[str]]) -> str:
    return item[0]._meta.db_table


def _columns_of_tiles(layer: Layer) -> set[Column]:
    found = {column for _, make in questions_of_tiles(layer) for column in columns_read(make().query)}
    if layer.outlines:
        table = layer.outlines._meta.db_table
        found |= {(table, field.column) for field in layer.outlines._meta.concrete_fields}
    return found


def questions_of_tiles(layer: Layer) -> list:
    """Of the public's questions those that tiles answer: positions, the fields they carry, every filter."""
    drawn = {item.name for item in layer.fields if item.tile} | {"geom_accuracy", layer.style.classes, layer.weight}
    parts = {"rows", "search", "units", *(f"field {name}" for name in drawn)}
    parts |= {f"filter {item.name}" for item in layer.filters}
    return [(name, make) for name, make in public_questions(layer) if name in parts]


def _publishing(model: type[Model]) -> set[str]:
    """The public's view of such a table leaves out what is not published, also where a query does not ask for it."""
    return {"publish_state"} & {field.column for field in model._meta.concrete_fields}


def _target(model: type[Model], path: str) -> tuple[type[Model], str, str]:
    """Where a path leads, the column there that leads back, and the path to that column's value.

    Rows that point to the layer's (scope lines to their place) lead back by their own column: the row that was deleted,
    or pointed elsewhere before, is not found by asking. Rows that are pointed to are found by their id.
    """
    for name in path.split("__"):
        field = model._meta.get_field(name)
        model = field.related_model
    if field.one_to_many:
        return model, field.field.column, path.rpartition("__")[0] or "pk"
    return model, model._meta.pk.column, path


def _of_table(effects: list[Effect], table: str) -> list[Effect]:
    return [effect for effect in effects if effect.model._meta.db_table == table]


def _trigger(table: str, event: str, effects: list[Effect]) -> tuple[str, str]:
    """The function of one event on one table and its trigger: per statement, for rows from wherever they come."""
    name = f"tile_changes_{table}_{event.lower()}"
    body = "\n".join(_touch(effect, event) for effect in effects)
    seen = f" REFERENCING {_EVENTS[event]}" if _EVENTS[event] else ""
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql {_OWN_RIGHTS} AS"
        f" $$\nBEGIN\n{body}\nRETURN NULL;\nEND $$",
        f'CREATE TRIGGER tile_changes_{event.lower()} AFTER {event} ON "{table}"{seen}'
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    )


def _touch(effect: Effect, event: str) -> str:
    layer = f"'{effect.layer.name}'"
    if event == "TRUNCATE":
        return f"INSERT INTO tile_changes (layer, cell) VALUES ({layer}, {WHOLE_LAYER});"
    rows = _changed(effect, event)
    if effect.path is None:
        return (
            f"INSERT INTO tile_changes (layer, cell) SELECT {layer}, {WHOLE_LAYER}"
            f" WHERE EXISTS (SELECT FROM ({rows}) AS changed);"
        )
    if effect.path == "":
        return (
            f"WITH touched(block) AS MATERIALIZED ({_blocks(rows)}), total AS (SELECT count(*) AS blocks FROM touched)"
            f" INSERT INTO tile_changes (layer, cell) SELECT {layer}, block FROM touched, total"
            f" WHERE blocks <= {MANY_BLOCKS} UNION ALL SELECT {layer}, {WHOLE_LAYER} FROM total"
            f" WHERE blocks > {MANY_BLOCKS};"
        )
    keys = f'SELECT DISTINCT "{effect.key}"::bigint FROM ({rows}) AS changed WHERE "{effect.key}" IS NOT NULL'
    return f"PERFORM tile_touch_related({layer}, '{effect.path}', ARRAY({keys}));"


def _changed(effect: Effect, event: str) -> str:
    """SQL of the rows, as they were and as they are, that the public saw or sees and that look different now."""
    if event != "UPDATE":
        side = "after" if event == "INSERT" else "before"
        return f'SELECT "{effect.wanted}" FROM {side} WHERE {_public(effect, side)}'
    key = effect.model._meta.pk.column
    sides = ", ".join(f'(CASE WHEN {_public(effect, side)} THEN {side}."{effect.wanted}" END)' for side in _SIDES)
    before, after = (", ".join(f'{side}."{name}"' for name in effect.columns) for side in _SIDES)
    return (
        f'SELECT side."{effect.wanted}" FROM before FULL JOIN after ON after."{key}" = before."{key}"'
        f' CROSS JOIN LATERAL (VALUES {sides}) AS side("{effect.wanted}")'
        f" WHERE ({_public(effect, 'before')} OR {_public(effect, 'after')})"
        f" AND ROW({before}) IS DISTINCT FROM ROW({after})"
    )


_SIDES = ("before", "after")


def _public(effect: Effect, side: str) -> str:
    return f"{side}.publish_state = '{PUBLIC}'" if _publishing(effect.model) else "true"


def _blocks(positions: str) -> str:
    """SQL of the blocks, each once, of the column `geom` (points, EPSG:4326) of a query."""
    return (
        f"WITH placed AS MATERIALIZED (SELECT {x_of('ST_X(geom)')} AS x, {y_of('ST_Y(geom)')} AS y"
        f" FROM ({positions}) AS position WHERE geom IS NOT NULL)"
        f" SELECT DISTINCT {key_of('x', 'y', BLOCKS)} FROM placed"
    )


def _related_blocks(effects: list[Effect]) -> str:
    """The function that gives the blocks of a layer's published rows to which related rows of these keys belong.

    Whether the related rows are published is not asked: they may have ceased to be by this very change.
    """
    cases = "\n".join(
        f"WHEN '{effect.layer.name} {effect.path}' THEN RETURN QUERY {_blocks(_positions(effect))};"
        for effect in effects
        if effect.path
    )
    return (
        "CREATE FUNCTION tile_related_blocks(changed_layer text, changed_path text, changed_keys bigint[])"
        f" RETURNS SETOF bigint LANGUAGE plpgsql STABLE {_OWN_RIGHTS} AS $$\nBEGIN\n"
        f"CASE changed_layer || ' ' || changed_path\n{cases}\nELSE NULL;\nEND CASE;\nEND $$"
    )


def _positions(effect: Effect) -> str:
    keys: RawSQL = RawSQL("SELECT unnest(changed_keys)", [])
    model = effect.layer.model
    published = {"publish_state": PUBLIC} if _publishing(model) else {}
    rows = model._default_manager.filter(**published, **{f"{effect.through}__in": keys})
    sql, values = rows.order_by().values("pk").query.sql_with_params()
    with connections["default"].cursor() as cursor:
        ids = cursor.mogrify(sql, values).decode()
    return f'SELECT geom FROM "{model._meta.db_table}" WHERE "{model._meta.pk.column}" IN ({ids})'


def _needed(effects: list[Effect]) -> Iterator[Column]:
    for effect in effects:
        for name in (effect.model._meta.pk.column, *effect.columns):
            yield effect.model._meta.db_table, name


def _begin(layers: list[str], cursor: Cursor) -> None:
    set_ids, first_versions = _BEGIN
    cursor.execute(set_ids)
    cursor.execute(first_versions, [layers])
