"""The triggers that note which blocks a statement changed, and the functions that they call."""

from django.db import connections
from django.db.models.expressions import RawSQL

from layers.changes.blocks import MANY_BLOCKS, MANY_RELATED, WHOLE_LAYER, blocks_of
from layers.changes.effects import Effect, publishing
from layers.registers.base import PUBLIC

RELATED_FUNCTIONS = ("tile_touch_related", "tile_related_blocks")
_EVENTS = {"INSERT": "NEW TABLE AS after", "DELETE": "OLD TABLE AS before", "TRUNCATE": ""}
_EVENTS["UPDATE"] = "OLD TABLE AS before NEW TABLE AS after"

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


def triggers(effects: list[Effect]) -> dict[str, tuple[str, str]]:
    """The statements that make the function of each event on each table, and its trigger, by the function's name."""
    tables = sorted({effect.model._meta.db_table for effect in effects})
    return {
        f"tile_changes_{table}_{event.lower()}": _trigger(table, event, _of_table(effects, table))
        for table in tables
        for event in _EVENTS
    }


def touching_related(effects: list[Effect]) -> tuple[str, str]:
    """The statements that make RELATED_FUNCTIONS: which blocks related rows belong to, and the noting of them."""
    return _related_blocks(effects), _TOUCH_RELATED


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
            f"WITH touched(block) AS MATERIALIZED ({blocks_of(rows)}),"
            " total AS (SELECT count(*) AS blocks FROM touched)"
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
    return f"{side}.publish_state = '{PUBLIC}'" if publishing(effect.model) else "true"


def _related_blocks(effects: list[Effect]) -> str:
    """The function that gives the blocks of a layer's published rows to which related rows of these keys belong.

    Whether the related rows are published is not asked: they may have ceased to be by this very change.
    """
    cases = "\n".join(
        f"WHEN '{effect.layer.name} {effect.path}' THEN RETURN QUERY {blocks_of(_positions(effect))};"
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
    published = {"publish_state": PUBLIC} if publishing(model) else {}
    rows = model._default_manager.filter(**published, **{f"{effect.through}__in": keys})
    sql, values = rows.order_by().values("pk").query.sql_with_params()
    with connections["default"].cursor() as cursor:
        ids = cursor.mogrify(sql, values).decode()
    return f'SELECT geom FROM "{model._meta.db_table}" WHERE "{model._meta.pk.column}" IN ({ids})'
