"""Random conditions in CQL2 find the rows that they find when they are worked out by hand, in Python, over all rows."""

import json
import random
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict

from layers.access import User
from layers.cql2.properties import known_properties
from layers.cql2.reading import read_json, read_text
from layers.filters import parse
from layers.layer import Layer
from layers.query import FeatureQuery, matching
from layers.registry import all_layers, all_tables, get
from tests.layers.oracle import COLUMNS, LINE_COLUMNS, _source, _with_result
from tests.layers.questions import questions

LAYERS = [pytest.param(layer, id=layer.name) for layer in all_layers()]
BODIES = ("laboratories", "certification_bodies")
SEEDED, MANY_ROWS = 40, 3000
"""So many conditions a layer, and a quarter of them where Python takes long over its rows."""
_PROVINCE = "(SELECT code FROM geodata_administrativeunit u WHERE u.id = r.province_id)"

# What stands behind each property, by SQL written apart from the application's: of rows, then of scope lines.
_BODY = {
    "id": "r.id",
    "name": "r.name",
    "address": "r.address",
    "legacy_address": "r.legacy_address",
    "name_en": "r.name_en",
    "on_site_service": "r.on_site_service",
    "province": _PROVINCE,
}
_UNIT = {
    "name": "r.full_name_vi",
    "name_en": "r.name_en",
    "kind": "r.kind",
    "area_km2": "r.area_km2::float8",
    "population": "r.population",
    "valid_from": "r.valid_from",
}
OF_ROWS: dict[str, dict[str, str]] = {
    "laboratories": _BODY,
    "certification_bodies": _BODY,
    "measuring_devices": {
        **COLUMNS["measuring_devices"],
        "id": "r.id",
        "valid_until": "r.v_until",
        "verified_on": "r.v_on",
        "manufacturer": "r.manufacturer",
        "manufacture_year": "r.manufacture_year",
        "accuracy_class": "r.accuracy_class",
        "province": _PROVINCE,
    },
    "device_counts": {**COLUMNS["device_counts"], "devices": "r.devices", "province": _PROVINCE},
    "inspection_sites": {
        **COLUMNS["inspection_sites"],
        "last_checked": "{last_checked}",
        "name": "r.name",
        "operator": "r.operator",
        "province": _PROVINCE,
    },
    "provinces": _UNIT,
    "communes": _UNIT,
}
OF_LINES = {**LINE_COLUMNS, "valid_until": "l.valid_until", "ilac_mra": "q.ilac_mra"}


@dataclass(frozen=True)
class Row:
    values: dict[str, Any]
    lines: tuple[dict[str, Any], ...] = ()


def rows_of(layer: str, day: date) -> dict[int, Row]:
    """Every published row with its values and those of its lines; an empty text is none."""
    values: dict[str, object] = {"day": day}
    source = _source(layer, False, values).replace("{lines}", "")
    found = _read(f"SELECT r.id, {', '.join(OF_ROWS[layer].values())} FROM {source}", values)
    rows = {pk: Row(_named(OF_ROWS[layer], said)) for pk, *said in found}
    if layer not in BODIES:
        return rows
    _, _, inner = source.partition("EXISTS (")
    of = inner[: inner.rindex(")")].replace("SELECT 1", f"SELECT l.place_id, {', '.join(OF_LINES.values())}", 1)
    lines: dict[int, list[dict]] = {pk: [] for pk in rows}
    for place, *said in _read(of.replace("l.place_id = r.id", "true"), values):
        if place in lines:
            lines[place].append(_named(OF_LINES, said))
    return {pk: Row(row.values, tuple(lines[pk])) for pk, row in rows.items()}


def _read(sql: str, values: dict[str, object]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(_with_result(sql, False), values)
        return cursor.fetchall()


def _named(names: Iterable[str], said: Iterable[Any]) -> dict[str, Any]:
    return {name: None if value == "" else value for name, value in zip(names, said, strict=True)}


# A condition as nested tuples: what it is, then its parts; written as text and JSON, and worked out, below.
Tree = tuple


def made(layer: str, rows: dict[int, Row], chance: random.Random, depth: int = 3) -> Tree:
    if depth and chance.random() < 0.75:
        kind = chance.choice(("and", "and", "or", "not"))
        count = 1 if kind == "not" else chance.choice((2, 2, 3))
        return (kind, *(made(layer, rows, chance, depth - 1) for _ in range(count)))
    of_lines = layer in BODIES and chance.random() < 0.7
    name = chance.choice([one for one in sorted(OF_LINES if of_lines else OF_ROWS[layer]) if one in known_here(layer)])
    samples = chance.sample(list(rows.values()), min(40, len(rows)))
    found = [line[name] for row in samples for line in row.lines] if of_lines else [row.values[name] for row in samples]
    known = sorted({value for value in found if value is not None}, key=str)
    return _leaf(name, of_lines, known, chance)


def known_here(layer: str) -> set[str]:
    return {"id", *(item.name for item in get(layer).fields)}


def _leaf(name: str, of_lines: bool, known: list, chance: random.Random) -> Tree:
    if not known or chance.random() < 0.15:
        return (chance.choice(("null", "given")), name, of_lines)
    value = chance.choice(known)
    if isinstance(value, bool):
        return ("compare", name, of_lines, chance.choice(("=", "<>")), value)
    if isinstance(value, str):
        return _of_text(name, of_lines, known, value, chance)
    if isinstance(value, date):
        value = value + timedelta(days=chance.randrange(-3, 4))
        if chance.random() < 0.4:
            first, last = value, value + timedelta(days=chance.randrange(200))
            return ("time", name, of_lines, chance.choice(sorted(TIMES)), first, chance.choice((last, None)))
    if chance.random() < 0.3:
        return ("between", name, of_lines, *sorted((value, chance.choice(known))))
    return ("compare", name, of_lines, chance.choice(("=", "<>", "<", "<=", ">", ">=")), value)


def _of_text(name: str, of_lines: bool, known: list, value: str, chance: random.Random) -> Tree:
    kind = chance.choice(("=", "=", "<>", "in", "like", "fold"))
    if kind == "in":
        return ("in", name, of_lines, tuple(chance.sample(known, min(len(known), 3))))
    if kind == "like":
        cut = chance.randrange(len(value))
        return ("like", name, of_lines, "%" + value[cut : cut + 3].replace("%", "").replace("_", "\\_") + "%")
    if kind == "fold":
        return ("fold", name, of_lines, unicodedata.normalize("NFD", value.upper()))
    return ("compare", name, of_lines, kind, value)


TIMES: dict[str, Callable[[date, date, date], bool]] = {
    "T_AFTER": lambda day, first, last: day > last,
    "T_BEFORE": lambda day, first, last: day < first,
    "T_DURING": lambda day, first, last: first < day < last,
    "T_DISJOINT": lambda day, first, last: day < first or day > last,
    "T_INTERSECTS": lambda day, first, last: first <= day <= last,
}


def _lit(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, date):
        return f"DATE('{value}')"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)


def as_text(tree: Tree) -> str:
    kind, *parts = tree
    if kind in ("and", "or"):
        return "(" + f" {kind.upper()} ".join(map(as_text, parts)) + ")"
    if kind == "not":
        return f"NOT ({as_text(parts[0])})"
    name, _, *said = parts
    if kind == "time":
        function, first, last = said
        return f"{function}({name}, INTERVAL('{first}', '{last or '..'}'))"
    return {
        "null": lambda: f"{name} IS NULL",
        "given": lambda: f"{name} IS NOT NULL",
        "compare": lambda: f"{name} {said[0]} {_lit(said[1])}",
        "between": lambda: f"{name} BETWEEN {_lit(said[0])} AND {_lit(said[1])}",
        "in": lambda: f"{name} IN ({', '.join(map(_lit, said[0]))})",
        "like": lambda: f"{name} LIKE {_lit(said[0])}",
        "fold": lambda: f"ACCENTI(CASEI({name})) = CASEI(ACCENTI({_lit(said[0])}))",
    }[kind]()


def as_json(tree: Tree) -> dict:
    kind, *parts = tree
    if kind in ("and", "or", "not"):
        return {"op": kind, "args": list(map(as_json, parts))}
    name, _, *said = parts
    named, values = {"property": name}, [{"date": str(v)} if isinstance(v, date) else v for v in said]
    if kind == "time":
        return {"op": said[0].lower(), "args": [named, {"interval": [str(said[1]), str(said[2] or "..")]}]}
    if kind == "given":
        return {"op": "not", "args": [{"op": "isNull", "args": [named]}]}
    if kind == "compare":
        return {"op": said[0], "args": [named, values[1]]}
    if kind == "fold":
        fold = lambda value: {"op": "casei", "args": [{"op": "accenti", "args": [value]}]}  # noqa: E731
        return {"op": "=", "args": [fold(named), fold(said[0])]}
    return {"op": {"null": "isNull"}.get(kind, kind), "args": [named, *map(_listed, values)]}


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def simple(tree: Tree) -> Tree:
    """What is denied twice is said; that nothing is said, denied, is that something is."""
    kind, *parts = tree
    if kind in ("and", "or"):
        return (kind, *map(simple, parts))
    if kind != "not":
        return tree
    inner = simple(parts[0])
    if inner[0] in ("null", "given"):
        return ("given" if inner[0] == "null" else "null", *inner[1:])
    return inner[1] if inner[0] == "not" else ("not", inner)


def holds(tree: Tree, row: Row) -> bool | None:
    """True, false or unknown (None), as SQL has it; what is said of lines is true of some line, or false."""
    kind, *parts = tree
    if kind == "not":
        inner = holds(parts[0], row)
        return None if inner is None else not inner
    if of_one_line(tree):
        return any(on(tree, line) for line in row.lines)
    if kind == "and":
        flat = [inner for part in parts for inner in conjuncts(part)]
        alike = [part for part in flat if of_one_line(part)]
        found = [holds(part, row) for part in flat if part not in alike]
        return _all([*found, any(all(on(part, line) for part in alike) for line in row.lines)] if alike else found)
    if kind == "or":
        return _any([holds(part, row) for part in parts])
    if kind == "null":
        name, of_lines = parts
        return all(line[name] is None for line in row.lines) if of_lines else row.values[name] is None
    return on(tree, None, row.values)


def conjuncts(tree: Tree) -> list[Tree]:
    return [inner for part in tree[1:] for inner in conjuncts(part)] if tree[0] == "and" else [tree]


def of_one_line(tree: Tree) -> bool:
    """All of it is about lines, and nothing in it is denied; that a line says nothing is a denial."""
    kind, *parts = tree
    if kind in ("and", "or"):
        return all(map(of_one_line, parts))
    return kind not in ("not", "null") and parts[1]


def on(tree: Tree, line: dict | None, values: dict | None = None) -> bool | None:
    kind, *parts = tree
    if kind in ("and", "or"):
        return (_all if kind == "and" else _any)([on(part, line) for part in parts])
    name, _, *said = parts
    value = (line if line is not None else values)[name]
    if kind == "given":
        return value is not None
    return None if value is None else _met(kind, value, said)


def _met(kind: str, value: Any, said: list) -> bool:
    if kind == "compare":
        sign, other = said
        signs = {"=": value == other, "<>": value != other}
        return (
            signs[sign]
            if sign in signs
            else {"<": value < other, ">": value > other}.get(sign, value <= other if sign == "<=" else value >= other)
        )
    if kind == "time":
        function, first, last = said
        return TIMES[function](value, first, last or date.max)
    if kind == "between":
        return said[0] <= value <= said[1]
    if kind == "in":
        return value in said[0]
    if kind == "like":
        pattern = re.escape(said[0][1:-1].replace("\\_", "_"))
        return re.search(pattern, value, re.DOTALL) is not None
    return _plain(value) == _plain(said[0])


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).lower()


def _all(found: list[bool | None]) -> bool | None:
    return False if False in found else None if None in found else True


def _any(found: list[bool | None]) -> bool | None:
    return True if True in found else None if None in found else False


def ids(layer: Layer, query: FeatureQuery, user: User = None) -> list[int]:
    return sorted(matching(layer, query, user).values_list("pk", flat=True))


def compare(layer: Layer, day: date, count: int) -> int:
    """How many of the conditions find something and not everything; all are compared."""
    rows, chance, telling = rows_of(layer.name, day), random.Random(f"conditions of {layer.name}"), 0
    many = sum(1 + len(row.lines) for row in rows.values()) > MANY_ROWS
    for _ in range(count // 4 if many else count):
        tree = made(layer.name, rows, chance)
        said = as_text(tree)
        condition = read_text(said, layer)
        assert condition == read_json(json.dumps(as_json(tree)), layer), said
        found = ids(layer, FeatureQuery(day=day, condition=condition))
        assert found == sorted(pk for pk, row in rows.items() if holds(simple(tree), row)), said
        telling += 0 < len(found) < len(rows)
    return telling


@pytest.mark.parametrize("layer", LAYERS)
def test_random_conditions_find_what_they_say(layer: Layer, world: date) -> None:
    assert compare(layer, world, SEEDED) > SEEDED / 20


@pytest.mark.soak
@pytest.mark.parametrize("layer", LAYERS)
def test_two_thousand_random_conditions_find_what_they_say(layer: Layer, world: date) -> None:
    assert compare(layer, world, 2000) > 200


def twin(layer: Layer, name: str, text: str) -> str:
    """The same in CQL2 as the bare filter."""
    item = layer.field(name)
    if name == "bbox":
        return f"S_INTERSECTS(geom, BBOX({text}))"
    if item is not None and item.filter == "dates":
        first, _, last = text.partition("/")
        return f"T_INTERSECTS({name}, INTERVAL('{first}', '{last or first}'))"
    if item is not None and item.filter == "flag":
        return f"{name} = {text.upper()}"
    return f"{name} IN ({', '.join(map(_lit, text.split(',')))})"


@pytest.mark.parametrize("layer", LAYERS)
def test_bare_filters_equal_their_twin_in_cql2(layer: Layer, world: date) -> None:
    asked = [*questions(layer, world), {"commune": "00004"}, {"province": "01"}]
    compared = 0
    for one in asked:
        bare = {name: text for name, text in one.items() if name not in ("q", "within", "on", "competence", "filter")}
        if bare:
            said = " AND ".join(twin(layer, name, text) for name, text in bare.items())
            mixed = {**dict(list(bare.items())[:1]), "filter": said}
            expected = ids(layer, _parsed(layer, bare))
            assert ids(layer, _parsed(layer, {"filter": said})) == ids(layer, _parsed(layer, mixed)) == expected, said
            compared += 1
    assert compared >= 10


def _parsed(layer: Layer, values: dict[str, str]) -> FeatureQuery:
    parameters = QueryDict(mutable=True)
    parameters.update(values)
    return parse(layer, parameters)


def test_what_bare_filters_and_a_condition_ask_of_lines_is_asked_of_one_line(world: date) -> None:
    layer = get("laboratories")
    rows = rows_of("laboratories", world)

    def asked(said: str, **bare: str) -> set[int]:
        return set(ids(layer, _parsed(layer, {**bare, "filter": said})))

    def some(test: Callable[[dict], bool]) -> set[int]:
        return {pk for pk, row in rows.items() if any(map(test, row.lines))}

    vilas, active = some(lambda line: line["scheme"] == "VILAS"), some(lambda line: line["status"] == "active")
    both = some(lambda line: line["scheme"] == "VILAS" and line["status"] == "active")
    assert both < vilas & active
    for said in ("status = 'active'", "(status = 'active' OR status = 'nothing')", "status IN ('active')"):
        assert asked(said, scheme="VILAS") == asked(f"scheme = 'VILAS' AND {said}") == both
    assert asked("NOT status = 'active'", scheme="VILAS") == vilas - active
    assert asked("NOT (scheme = 'VILAS' AND status = 'active')") == set(rows) - both
    assert asked("scheme NOT IN ('VILAS')") == asked("NOT scheme = 'VILAS'") == set(rows) - vilas
    assert asked("scheme <> 'VILAS'") == some(lambda line: line["scheme"] not in (None, "VILAS"))
    none = set(rows) - some(lambda line: line["scheme"] is not None)
    assert asked("scheme IS NULL") == none and asked("scheme IS NOT NULL") == set(rows) - none


def test_a_row_without_a_value_is_neither_alike_nor_unlike(world: date) -> None:
    layer, rows = get("measuring_devices"), rows_of("measuring_devices", world)
    day, without = "DATE('2026-11-22')", sorted(pk for pk, row in rows.items() if row.values["valid_until"] is None)
    assert without
    for one in (f"valid_until < {day}", f"T_BEFORE(valid_until, {day})", f"NOT (valid_until = {day})"):
        both = [ids(layer, _parsed(layer, {"filter": said})) for said in (one, f"NOT ({one})")]
        assert sorted([*both[0], *both[1], *without]) == sorted(rows), one
    ever = ids(layer, _parsed(layer, {"filter": "NOT T_DURING(valid_until, INTERVAL('..', '..'))"}))
    assert ever == []


def test_texts_are_found_in_any_composition_and_case(world: date) -> None:
    layer = get("provinces")
    (name,) = [row.values["name"] for row in rows_of("provinces", world).values() if "Đà Nẵng" in row.values["name"]]
    decomposed = unicodedata.normalize("NFD", name)
    expected = ids(layer, _parsed(layer, {"filter": f"name = '{name}'"}))
    assert len(expected) == 1 and decomposed != name
    for said in (
        f"name = '{decomposed}'",
        f"name LIKE '%{unicodedata.normalize('NFD', 'Đà Nẵng')}'",
        f"CASEI(name) = CASEI('{decomposed.upper()}')",
        "ACCENTI(name) LIKE '%Da Nang'",
        "ACCENTI(CASEI(name)) LIKE '%da nang'",
        "ACCENTI(CASEI(name)) LIKE ACCENTI(CASEI('%ĐÀ NẴNG'))",
    ):
        assert ids(layer, _parsed(layer, {"filter": said})) == expected, said
    for said in (f"name = '{name.upper()}'", "name LIKE '%da nang'", "CASEI(name) LIKE '%DA NANG'"):
        assert ids(layer, _parsed(layer, {"filter": said})) == [], said


@pytest.mark.parametrize("layer", (*all_layers(), *all_tables()), ids=lambda layer: layer.name)
def test_every_property_that_is_known_is_asked_of_every_layer_and_table(layer: Layer, world: date) -> None:
    """What is known is there to be asked: a row has a value of it, or has none."""
    rows = matching(layer, FeatureQuery(day=world)).count()
    for name in known_properties(layer):
        with_value = FeatureQuery(day=world, condition=read_text(f"{name} IS NOT NULL", layer))
        without = FeatureQuery(day=world, condition=read_text(f"{name} IS NULL", layer))
        assert matching(layer, with_value).count() + matching(layer, without).count() == rows, name


def test_a_condition_never_widens_what_a_caller_may_see(world: date) -> None:
    for layer in (*all_layers(), *all_tables()):
        everything = ids(layer, FeatureQuery(day=world))
        for said in ("TRUE", "TRUE OR id = 1", "1 = 1", "NOT FALSE", "id IS NOT NULL"):
            assert ids(layer, _parsed(layer, {"filter": said})) == everything


GEOMETRIES = (
    "POINT(105.8 21)",
    "LINESTRING(105 20, 106 21)",
    "POLYGON((105 20, 106 20, 106 21, 105 20))",
    "MULTIPOINT(105 20, 106 21)",
    "MULTILINESTRING((105 20, 106 21))",
    "MULTIPOLYGON(((105 20, 106 20, 106 21, 105 20)))",
    "GEOMETRYCOLLECTION(POINT(105.8 21), LINESTRING(105 20, 106 21))",
)


@pytest.mark.parametrize("name", ["provinces", "inspection_sites"])
def test_relations_of_space_are_those_of_postgis(name: str, world: date) -> None:
    layer, values = get(name), {"day": world}
    source = _source(name, False, values)
    for function in ("Intersects", "Disjoint", "Contains", "Within", "Touches", "Crosses", "Overlaps", "Equals"):
        for geometry in GEOMETRIES[: 7 if function in ("Intersects", "Disjoint") else 6]:
            for sides in (("r.geom", "{0}"), ("{0}", "r.geom")):
                called = ", ".join(sides).format(f"ST_GeomFromText('{geometry}', 4326)")
                test = f"NOT ST_Intersects({called})" if function == "Disjoint" else f"ST_{function}({called})"
                said = f"S_{function.upper()}({', '.join(sides).replace('r.geom', 'geom').format(geometry)})"
                expected = sorted(pk for (pk,) in _read(f"SELECT r.id FROM {source} AND {test}", values))
                assert ids(layer, _parsed(layer, {"filter": said})) == expected, said
