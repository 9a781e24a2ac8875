"""CQL2 is read as the standard writes it, in text and JSON alike, within limits, and refused with its position."""

import json
import random
import re
import sys
import tracemalloc
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from pygeofilter import ast, values

from geodata.crs import CRS84, official, transformer
from layers.cql2 import limits
from layers.cql2.conditions import Condition
from layers.cql2.properties import GEOMETRY, UNITS
from layers.cql2.reading import checked, read_json, read_text
from layers.errors import BadParameter
from layers.layer import Layer
from layers.registry import all_layers, all_tables, dataset, get

DEVICES, PROVINCES, LABORATORIES = "measuring_devices", "provinces", "laboratories"


def text(said: str, layer: str = DEVICES) -> Condition:
    return read_text(said, dataset(layer))


def from_json(said: object, layer: str = DEVICES) -> Condition:
    return read_json(said if isinstance(said, str) else json.dumps(said), get(layer))


def refusal(said: str, layer: str = DEVICES) -> BadParameter:
    with pytest.raises(BadParameter) as raised:
        text(said, layer)
    return raised.value


def prop(name: str) -> dict:
    return {"property": name}


# Each pair is one condition, written as the examples of OGC 21-065r2 (clauses 6 to 8, annexes B and C) are, with our
# properties: text, JSON.
DAY = {"date": "2026-05-01"}
SPAN = {"interval": ["2026-01-01", "2026-03-31"]}
RING = [[105, 20], [106, 20], [106, 21], [105, 20]]
PAIRS = [
    ("device_type = 'cân'", {"op": "=", "args": [prop("device_type"), "cân"]}),
    ("'cân' = device_type", {"op": "=", "args": ["cân", prop("device_type")]}),
    ("model <> 'O''Brien'", {"op": "<>", "args": [prop("model"), "O'Brien"]}),
    ("model = 'a\\'\\'b'", {"op": "=", "args": [prop("model"), "a''b"]}),
    ("model = 'a\\'''b'", {"op": "=", "args": [prop("model"), "a''b"]}),
    ("model = 'O\\'Brien'", {"op": "=", "args": [prop("model"), "O'Brien"]}),
    ("manufacture_year >= 2.01e3", {"op": ">=", "args": [prop("manufacture_year"), 2010.0]}),
    ("id < +5", {"op": "<", "args": [prop("id"), 5]}),
    ("id > -5", {"op": ">", "args": [prop("id"), -5]}),
    ("model IS NULL", {"op": "isNull", "args": [prop("model")]}),
    ("model is not null", {"op": "not", "args": [{"op": "isNull", "args": [prop("model")]}]}),
    ("TRUE", True),
    ("NOT FALSE", {"op": "not", "args": [False]}),
    (
        "id=1 AND id=2 OR NOT (id=3)",
        {
            "op": "or",
            "args": [
                {"op": "and", "args": [{"op": "=", "args": [prop("id"), n]} for n in (1, 2)]},
                {"op": "not", "args": [{"op": "=", "args": [prop("id"), 3]}]},
            ],
        },
    ),
    ("model LIKE 'mu\\%_h%'", {"op": "like", "args": [prop("model"), "mu\\%_h%"]}),
    ("model NOT LIKE 'a%'", {"op": "not", "args": [{"op": "like", "args": [prop("model"), "a%"]}]}),
    ("manufacture_year BETWEEN 1990 AND 2000", {"op": "between", "args": [prop("manufacture_year"), 1990, 2000]}),
    (
        "manufacture_year NOT BETWEEN 1990 AND 2000",
        {"op": "not", "args": [{"op": "between", "args": [prop("manufacture_year"), 1990, 2000]}]},
    ),
    ("status IN ('valid', 'void')", {"op": "in", "args": [prop("status"), ["valid", "void"]]}),
    ("status NOT IN ('valid')", {"op": "not", "args": [{"op": "in", "args": [prop("status"), ["valid"]]}]}),
    (
        "CASEI(model) = casei('A')",
        {"op": "=", "args": [{"op": "casei", "args": [prop("model")]}, {"op": "casei", "args": ["A"]}]},
    ),
    (
        "ACCENTI(CASEI(model)) LIKE ACCENTI('hà%')",
        {
            "op": "like",
            "args": [
                {"op": "accenti", "args": [{"op": "casei", "args": [prop("model")]}]},
                {"op": "accenti", "args": ["hà%"]},
            ],
        },
    ),
    ("valid_until > DATE('2026-05-01')", {"op": ">", "args": [prop("valid_until"), DAY]}),
    (
        "valid_until = TIMESTAMP('2026-04-30T17:00:00Z')",
        {"op": "=", "args": [prop("valid_until"), {"timestamp": "2026-04-30T17:00:00.00Z"}]},
    ),
    ("T_AFTER(valid_until,DATE('2026-05-01'))", {"op": "t_after", "args": [prop("valid_until"), DAY]}),
    (
        "T_DURING(valid_until, INTERVAL('2026-01-01','2026-03-31'))",
        {"op": "t_during", "args": [prop("valid_until"), SPAN]},
    ),
    (
        "T_INTERSECTS(INTERVAL(verified_on, valid_until), INTERVAL('..','2026-03-31'))",
        {
            "op": "t_intersects",
            "args": [
                {"interval": [prop("verified_on"), prop("valid_until")]},
                {"interval": ["..", "2026-03-31"]},
            ],
        },
    ),
    (
        "S_INTERSECTS(geom, POINT(105.8 21))",
        {"op": "s_intersects", "args": [prop("geom"), {"type": "Point", "coordinates": [105.8, 21]}]},
    ),
    (
        "S_INTERSECTS(geometry, BBOX(105, 20, 106, 21))",
        {"op": "s_intersects", "args": [prop("geometry"), {"bbox": [105, 20, 106, 21]}]},
    ),
    (
        "S_WITHIN(geom, POLYGON((105 20, 106 20, 106 21, 105 20)))",
        {"op": "s_within", "args": [prop("geom"), {"type": "Polygon", "coordinates": [RING]}]},
    ),
    (
        "S_CROSSES(geom, LINESTRING(105 20, 106 20, 106 21, 105 20))",
        {"op": "s_crosses", "args": [prop("geom"), {"type": "LineString", "coordinates": RING}]},
    ),
    (
        "S_EQUALS(MULTIPOINT((105 20), (106 21)), geom)",
        {"op": "s_equals", "args": [{"type": "MultiPoint", "coordinates": [[105, 20], [106, 21]]}, prop("geom")]},
    ),
    (
        "S_TOUCHES(geom, MULTILINESTRING((105 20, 106 21)))",
        {
            "op": "s_touches",
            "args": [prop("geom"), {"type": "MultiLineString", "coordinates": [[[105, 20], [106, 21]]]}],
        },
    ),
    (
        "S_DISJOINT(geom, MULTIPOLYGON(((105 20, 106 20, 106 21, 105 20))))",
        {"op": "s_disjoint", "args": [prop("geom"), {"type": "MultiPolygon", "coordinates": [[RING]]}]},
    ),
    (
        "S_INTERSECTS(geom, GEOMETRYCOLLECTION(POINT(105 20), POLYGON((105 20, 106 20, 106 21, 105 20))))",
        {
            "op": "s_intersects",
            "args": [
                prop("geom"),
                {
                    "type": "GeometryCollection",
                    "geometries": [
                        {"type": "Point", "coordinates": [105, 20]},
                        {"type": "Polygon", "coordinates": [RING]},
                    ],
                },
            ],
        },
    ),
    ("site <> address", {"op": "<>", "args": [prop("site"), prop("address")]}),
    ("\"status\" = 'valid'", {"op": "=", "args": [prop("status"), "valid"]}),
]


@pytest.mark.parametrize(("said", "same"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_text_and_json_ask_the_same(said: str, same: object) -> None:
    found = text(said)
    assert found == from_json(same) and hash(found) == hash(from_json(same)) and repr(found) == repr(from_json(same))


SPATIAL = ("intersects", "disjoint", "contains", "within", "touches", "crosses", "overlaps", "equals")
TEMPORAL = (
    *("after", "before", "contains", "disjoint", "during", "equals", "finishedby", "finishes", "intersects"),
    *("meets", "metby", "overlappedby", "overlaps", "startedby", "starts"),
)


def test_every_function_of_the_standard_for_space_and_time_is_read() -> None:
    for name in SPATIAL:
        assert text(f"S_{name}(geom, POINT(1 2))") == text(f"s_{name.upper()}(geom,POINT(1 2))")
    for name in TEMPORAL:
        text(f"T_{name.upper()}(INTERVAL(verified_on, valid_until), INTERVAL('2026-01-01', '..'))")


def test_a_condition_is_of_its_meaning_not_of_its_letters() -> None:
    assert text("status='valid'  and id=1") == text("\"status\" = 'valid' AND (id = 1)") != text("status='valid'")
    assert repr(text("id=1")) == repr(text("(id = 1)")) and text("id=1").text == "id=1"


@pytest.mark.parametrize(
    ("said", "position"),
    [
        ("", 1),
        ("status", 7),
        ("status =", 9),
        ("status = 'a", 10),
        ("status == 'a'", 9),
        ("(status = 'a'", 14),
        ("status = 'a')", 13),
        ("status = 'a' AND", 17),
        ("status = 'a' ; DROP TABLE x", 14),
        ("id IN ()", 8),
        ("id + 1 = 2", 4),
        ("1 / 0 = 1", 3),
        ("S_INTERSECTS(geom, POINT(1 2 3))", 30),
        ("S_INTERSECTS(geom, POINT EMPTY)", 26),
        ("S_INTERSECTS(geom, POINT(NaN 1))", 26),
        ("S_INTERSECTS(geom, POLYGON((1 2, 3 4))", 39),
        ("count(//*) = 1", 7),
    ],
)
def test_a_mistake_is_told_with_its_position(said: str, position: int) -> None:
    told = refusal(said)
    assert told.code == "filter.syntax" and told.parameter == "filter"
    assert f"character {position} " in told.message.en and f"thứ {position}" in told.message.vi


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("nothing = 1", "filter.property"),
        ("scheme = 'VILAS'", "filter.property"),
        ("serial_no = 'A'", "filter.property"),
        ("owner__password = 'a'", "filter.property"),
        ("a.b.c = 'a'", "filter.property"),
        ("_connector = 'OR'", "filter.property"),
        ("__class__ = 'a'", "filter.property"),
        ('"sta""tus" = 1', "filter.syntax"),
        ('"sta\'tus" = 1', "filter.property"),
        ("status = 5", "filter.type"),
        ("id = 'a'", "filter.type"),
        ("valid_until = '2026-01-01'", "filter.type"),
        ("valid_until > 5", "filter.type"),
        ("geom = 'POINT(1 2)'", "filter.type"),
        ("status = TRUE", "filter.type"),
        ("status IN ('a', 1)", "filter.type"),
        ("id BETWEEN 1 AND 'b'", "filter.type"),
        ("id LIKE '1%'", "filter.type"),
        ("status LIKE 5", "filter.type"),
        ("S_INTERSECTS(status, POINT(1 2))", "filter.type"),
        ("S_INTERSECTS(geom, 'POINT(1 2)')", "filter.type"),
        ("T_AFTER(status, DATE('2026-01-01'))", "filter.type"),
        ("T_AFTER(valid_until, 5)", "filter.type"),
        ("CASEI(id) = 'a'", "filter.type"),
        ("CASEI(5) = 'a'", "filter.type"),
        ("status = 'a' AND 'b' = NULL", "filter.property"),
        ("CASEI(status)", "filter.type"),
        ("id = 1e309", "filter.number"),
        (f"id = {'9' * 31}", "filter.number"),
        ("valid_until = DATE('2026-02-30')", "filter.date"),
        ("valid_until = DATE('20260201')", "filter.date"),
        ("valid_until = DATE('2026-W05-1')", "filter.date"),
        ("valid_until = TIMESTAMP('2026-02-01')", "filter.date"),
        ("valid_until > TIMESTAMP('9999-12-31T23:00:00Z')", "filter.date"),
        ("T_AFTER(valid_until, TIMESTAMP('9999-12-31T23:00:00Z'))", "filter.date"),
        ("T_DURING(valid_until, INTERVAL('2026-01-01', '9999-12-31T17:00:00Z'))", "filter.date"),
        ("T_DURING(valid_until, INTERVAL('2026-03-01','2026-02-01'))", "filter.date"),
        ("T_DURING(valid_until, INTERVAL('2026-03-01'))", "filter.arguments"),
        ("CASEI(model, site) = 'a'", "filter.arguments"),
        ("S_INTERSECTS(geom)", "filter.arguments"),
        ("S_INTERSECTS(geom, BBOX(1,2,3))", "filter.arguments"),
        ("S_INTERSECTS(geom, BBOX(1,2,0,3,4,5))", "filter.arguments"),
        ("S_INTERSECTS(geom, BBOX(1,4,2,3))", "filter.geometry"),
        ("S_INTERSECTS(geom, POINT(21 105))", "filter.geometry"),
        ("S_INTERSECTS(geom, LINESTRING(1 2))", "filter.geometry"),
        ("S_INTERSECTS(geom, POLYGON((1 2, 3 4, 1 2)))", "filter.geometry"),
        ("S_INTERSECTS(geom, POLYGON((1 2, 3 4, 5 6, 7 8)))", "filter.geometry"),
        ("S_INTERSECTS(geom, POLYGON((0 0, 2 2, 2 0, 0 2, 0 0)))", "filter.geometry"),
        ("S_WITHIN(geom, GEOMETRYCOLLECTION(POINT(1 2)))", "filter.geometry"),
        ("S_INTERSECTS(geom, CIRCULARSTRING(1 2))", "filter.syntax"),
        ("pg_sleep(10) = 1", "filter.function"),
        ("version() = 'a'", "filter.syntax"),
        ("ST_AsText(geom) = 'a'", "filter.function"),
        ("exec('a') = 1", "filter.function"),
        ("A_CONTAINS(status, 'a')", "filter.function"),
        ("S_DWITHIN(geom, POINT(1 2), 5)", "filter.function"),
        ("status LIKE 'a\\'", "filter.like"),
        ("status = '\x00'", "filter.characters"),
        ("status = '\ud800'", "filter.characters"),
    ],
)
def test_what_means_nothing_is_refused_by_its_own_code(said: str, code: str) -> None:
    told = refusal(said)
    assert told.code == code, told
    assert told.message.vi != told.message.en


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("status='valid'", "filter.syntax"),
        ('{"op": "=", "args": [{"property": "id"}, 1], "op": "<>"}', "filter.syntax"),
        ('{"op": "=", "args": [{"property": "id"}, 1]} // all', "filter.syntax"),
        ('{"op": "=", "args": [{"property": "id"}, NaN]}', "filter.number"),
        ('{"op": "=", "args": [{"property": "id"}, -Infinity]}', "filter.number"),
        ('{"op": "=", "args": [{"property": "id"}, 1e999]}', "filter.number"),
        ('{"op": "=", "args": [{"property": "id"}]}', "filter.arguments"),
        ('{"op": "=", "args": [{"property": "id"}, null]}', "filter.syntax"),
        ('{"op": "=", "args": [{"property": 5}, 1]}', "filter.syntax"),
        ('{"op": "eq", "args": [{"property": "id"}, 1]}', "filter.function"),
        ('{"op": "and", "args": [true]}', "filter.arguments"),
        ('{"op": "in", "args": [{"property": "id"}, []]}', "filter.arguments"),
        ('{"op": "in", "args": [{"property": "id"}, 1]}', "filter.arguments"),
        ('{"op": "+", "args": [1, 1]}', "filter.function"),
        ('{"op": "A_contains", "args": [{"property": "status"}, ["a"]]}', "filter.syntax"),
        ('{"op": "=", "args": [{"property": "id", "x": 1}, 1]}', "filter.syntax"),
        (
            '{"op": "s_within", "args": [{"property": "geom"}, {"type": "Point", "coordinates": [1, 2, 3]}]}',
            "filter.geometry",
        ),
        (
            '{"op": "s_within", "args": [{"property": "geom"}, {"type": "Point", "coordinates": [true, 2]}]}',
            "filter.geometry",
        ),
        (
            '{"op": "s_within", "args": [{"property": "geom"}, {"type": "Polygon", "coordinates": []}]}',
            "filter.geometry",
        ),
        (
            '{"op": "s_within", "args": [{"property": "geom"}, {"type": "Circle", "coordinates": [1, 2]}]}',
            "filter.syntax",
        ),
        (
            '{"op": "s_within", "args": [{"property": "geom"}, {"type": "Point", "coordinates": [1, 2], "crs": "x"}]}',
            "filter.syntax",
        ),
        ("[]", "filter.syntax"),
        ('"a"', "filter.type"),
        ("{}", "filter.syntax"),
        ("", "filter.syntax"),
    ],
)
def test_json_that_is_no_cql2_is_refused(said: str, code: str) -> None:
    with pytest.raises(BadParameter) as raised:
        from_json(said)
    assert raised.value.code == code, raised.value


PLACE = [105, 20]
NESTED = {
    "Point": PLACE,
    "LineString": [PLACE, [106, 21]],
    "MultiPoint": [PLACE, [106, 21]],
    "Polygon": [RING],
    "MultiLineString": [[PLACE, [106, 21]]],
    "MultiPolygon": [[RING]],
}


@pytest.mark.parametrize("kind", NESTED)
def test_a_geometry_of_other_depth_is_refused(kind: str) -> None:
    """F14: its coordinates one list deeper, or less deep, or with something else than a position at their bottom."""
    numbers = [1, 2, 3, 4]

    def asked(coordinates: object) -> Condition:
        return from_json({"op": "s_intersects", "args": [prop("geom"), {"type": kind, "coordinates": coordinates}]})

    asked(NESTED[kind])
    shallower = (
        NESTED[kind][0],
        numbers,
        [numbers],
        [[numbers]],
        [[[numbers]]],
        [[], []],
        [[[]] * 4],
        ["a"],
        "a",
        5,
        {},
    )
    for coordinates in ([NESTED[kind]], *shallower, [[PLACE, PLACE, PLACE, 5]], [[5, PLACE, PLACE, 5]]):
        with pytest.raises(BadParameter) as raised:
            asked(coordinates)
        assert raised.value.code == "filter.geometry", coordinates


def conjunction(count: int) -> str:
    """AND of `count` tests of three members each: 4 × count − 1 members."""
    return " AND ".join(["id=1"] * count)


def vertices(count: int) -> str:
    return "S_INTERSECTS(geom,MULTIPOINT(" + ",".join(["1 1"] * count) + "))"


MEASURED = [
    pytest.param(limits.MAX_LENGTH, lambda n: "id=1".ljust(n), id="length"),
    pytest.param(limits.MAX_DEPTH, lambda n: "(" * n + "id=1" + ")" * n, id="brackets"),
    # The innermost comparison and its value are one each.
    pytest.param(limits.MAX_DEPTH, lambda n: "NOT (" * (n - 2) + "id=1" + ")" * (n - 2), id="depth"),
    pytest.param(
        limits.MAX_MEMBERS,
        lambda n: f"{conjunction((n - 3) // 4)} AND id IN ({','.join(['1'] * (n - 4 * ((n - 3) // 4) - 2))})",
        id="members",
    ),
    pytest.param(limits.MAX_VALUES, lambda n: f"id IN ({','.join(['1'] * n)})", id="values"),
    pytest.param(limits.MAX_WILDCARDS, lambda n: f"model LIKE '{'%a' * n}'", id="wildcards"),
    pytest.param(limits.MAX_VERTICES, vertices, id="vertices"),
]


@pytest.mark.parametrize(("limit", "made"), MEASURED)
def test_each_limit_holds_to_the_one(limit: int, made) -> None:  # type: ignore[no-untyped-def]
    text(made(limit - 1))
    text(made(limit))
    assert refusal(made(limit + 1)).code == "filter.too_complex"


def nested_json(depth: int) -> str:
    return '{"op":"and","args":[true,' * depth + "true" + "]}" * depth


def test_brackets_of_json_are_counted_to_the_one() -> None:
    for depth, code in ((-1, "filter.syntax"), (0, "filter.syntax"), (1, "filter.too_complex")):
        with pytest.raises(BadParameter) as raised:
            from_json("[" * (limits.MAX_JSON_DEPTH + depth))
        assert raised.value.code == code


HUGE = [
    pytest.param(read_text, "(" * 5000 + "id=1" + ")" * 5000, id="5000 brackets"),
    pytest.param(read_text, "NOT " * 5000 + "id=1", id="5000 NOT"),
    pytest.param(read_text, " OR ".join(["id=1"] * 50_000), id="50000 OR"),
    pytest.param(read_text, "CASEI(" * 1000 + "model" + ")" * 1000 + "='a'", id="1000 CASEI"),
    pytest.param(read_text, "'" * 1_000_001, id="a million quotes"),
    pytest.param(read_json, nested_json(1600), id="1600 and"),
    pytest.param(read_json, nested_json(200), id="200 and"),
    pytest.param(read_json, "[" * 100_000, id="100000 lists"),
    pytest.param(read_json, '{"a":' * 3000, id="3000 objects"),
]


@pytest.mark.parametrize(("read", "said"), HUGE)
def test_what_is_huge_is_refused_before_it_is_read(read, said: str) -> None:  # type: ignore[no-untyped-def]
    tracemalloc.start()
    try:
        with pytest.raises(BadParameter) as raised:
            read(said, get(DEVICES))
        assert raised.value.code == "filter.too_complex"
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_a_tree_of_another_reader_meets_the_same_limits_without_a_stack() -> None:
    tree: ast.Node = ast.Equal(ast.Attribute("id"), 1)
    for _ in range(10 * sys.getrecursionlimit()):
        tree = ast.Or(tree, ast.Equal(ast.Attribute("id"), 1))
    for made in (tree, ast.Not(tree)):
        with pytest.raises(BadParameter, match="too_complex"):
            checked(made, get(DEVICES))
    wide = ast.And.from_items(*[ast.Equal(ast.Attribute("id"), 1)] * 120)
    assert checked(wide, get(DEVICES)) == text(conjunction(120))


def test_another_reader_s_tree_is_checked_and_its_texts_are_read_as_what_they_stand_beside() -> None:
    device = get(DEVICES)
    until = ast.Attribute("valid_until")
    assert checked(ast.GreaterThan(until, date(2026, 1, 31)), device) == text("valid_until > DATE('2026-01-31')")
    assert checked(ast.GreaterThan(until, "2026-01-31"), device, untyped=True) == text(
        "valid_until > DATE('2026-01-31')"
    )
    for written, day in (
        ("2024-01-01T00:00:00+07:00", "2024-01-01"),
        ("2024-01-01T23:30:00.5-05:00", "2024-01-02"),
        ("2023-12-31T17:00:00Z", "2024-01-01"),
    ):
        assert checked(ast.TimeAfter(until, written), device, untyped=True) == text(
            f"T_AFTER(valid_until, DATE('{day}'))"
        )
    for written in ("2024-01-01T00:00:00", "9999-12-31T23:00:00Z", "0001-01-01T00:00:00+14:00", "2024-01-01T0+07:00"):
        with pytest.raises(BadParameter, match="date"):
            checked(ast.TimeAfter(until, written), device, untyped=True)
    assert checked(ast.Equal(ast.Attribute("id"), "12"), device, untyped=True) == text("id = 12")
    assert checked(ast.TimeDuring(until, values.Interval("2026-01-01", "2026-02-01")), device, untyped=True) == text(
        "T_DURING(valid_until, INTERVAL('2026-01-01', '2026-02-01'))"
    )
    assert checked(ast.BBox(ast.Attribute("geom"), 105, 20, 106, 21), device) == text(
        "S_INTERSECTS(geom, BBOX(105, 20, 106, 21))"
    )
    like = ast.Like(ast.Attribute("model"), "a*b.c!*%", True, "*", ".", "!", False)
    assert checked(like, device) == text("CASEI(model) LIKE CASEI('a%b_c*\\%')")
    for bad in (
        ast.Like(ast.Attribute("model"), "a", False, "*", "*", "!", False),
        ast.Like(ast.Attribute("model"), "a", False, "**", ".", "!", False),
        ast.Equal(ast.Attribute("nothing"), 1),
        ast.Add(1, 1),
        ast.Equal(ast.Attribute("id"), "twelve"),
    ):
        with pytest.raises(BadParameter) as raised:
            checked(bad, device, parameter="FILTER", untyped=True)
        assert raised.value.parameter == "FILTER"


def test_geometries_are_read_in_their_own_system_and_order() -> None:
    device = get(DEVICES)
    said = "S_INTERSECTS(geom, POINT({} {}))"
    lon, lat = 105.85, 21.03
    assert read_text(said.format(lat, lon), device, crs=official(4326)) == read_text(
        said.format(lon, lat), device, crs=CRS84
    )
    assert read_text(f"S_INTERSECTS(geom, BBOX({lat}, {lon}, 22, 106))", device, crs=official(4326)) == read_text(
        f"S_INTERSECTS(geom, BBOX({lon}, {lat}, 106, 22))", device
    )
    east, north = transformer(4326, 9210).transform(lon, lat)
    found = read_text(said.format(east, north), device, crs=official(9210)).test.right.wkt  # type: ignore[union-attr]
    x, y = map(float, found.removeprefix("POINT (").removesuffix(")").split())
    assert abs(x - lon) < 1e-8 and abs(y - lat) < 1e-8


def test_a_box_over_the_antimeridian_is_two() -> None:
    assert "180.0" in repr(text("S_INTERSECTS(geom, BBOX(170, 20, -170, 21))"))
    with pytest.raises(BadParameter):
        read_text("S_INTERSECTS(geom, BBOX(600000, 2300000, 500000, 2400000))", get(DEVICES), crs=official(9210))


def test_fields_of_a_line_are_not_compared_with_those_of_a_place() -> None:
    assert refusal("name = scheme", LABORATORIES).code == "filter.type"
    assert refusal("competence = 'a'", LABORATORIES).code == "filter.property"
    text("scheme = standard", LABORATORIES)


@pytest.mark.parametrize("layer", (*all_layers(), *all_tables()), ids=lambda layer: layer.name)
def test_a_hidden_property_is_answered_like_one_that_does_not_exist(layer: Layer) -> None:
    for item in layer.fields:
        if item.roles:
            hidden, unknown = refusal(f"{item.name} = 'a'", layer.name), refusal("nothing = 'a'", layer.name)
            assert hidden.message.en == unknown.message.en.replace("nothing", item.name)
        elif item.shown:
            text(f"{item.name} IS NULL", layer.name)
    text("id IS NOT NULL", layer.name)
    for names, there in ((GEOMETRY, layer.geometry), (UNITS, layer.units)):
        for name in names:
            said = f"{name} IS NOT NULL"
            assert text(said, layer.name) if there else refusal(said, layer.name).code == "filter.property"


def test_the_limits_stand_in_the_documentation() -> None:
    told = (Path(__file__).parents[2] / "docs/settings.md").read_text(encoding="utf-8")
    known = {name: value for name, value in vars(limits).items() if name.startswith("MAX_")}
    assert len(known) == 7
    assert [name for name, value in known.items() if f"| {value} | `{name}` |" not in told] == []


def test_the_examples_of_the_documentation_are_read() -> None:
    told = (Path(__file__).parents[2] / "docs/api.md").read_text(encoding="utf-8")
    examples = re.findall(r"^    filter=(.*)$", told, re.MULTILINE)
    layers = ("measuring_devices", "inspection_sites", "inspection_sites", "laboratories")
    for said, layer in zip(examples, layers, strict=True):
        text(said, layer)


PIECES = [*"()[]{}',\"\\%_.;:+-*/ <>=!0123456789abEeé\u0301١", "NOT ", "AND", "NULL", "TRUE", "POINT(", "1e400", ".."]
PIECES += ['{"op":', '"args":[', "geom", "INTERVAL('..','..')", "T_MEETS(", "null"]


def mutilated(said: str, pool: list[str], chance: random.Random) -> str:
    """The text with pieces put in, taken out, or brought from another."""
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(said) + 1)
        other = chance.choice(pool)
        cut = chance.randrange(len(other))
        inserted = chance.choice(("", chance.choice(PIECES), other[cut : cut + chance.randrange(1, 30)]))
        said = said[:at] + inserted + said[at + (0 if inserted else chance.randrange(1, 6)) :]
    return said


@pytest.mark.parametrize("read", [read_text, read_json])
def test_whatever_is_written_is_a_condition_or_a_refusal(read) -> None:  # type: ignore[no-untyped-def]
    pool = [said if read is read_text else json.dumps(same) for said, same in PAIRS]
    chance, read_well = random.Random(f"mutilated {read.__name__}"), 0
    for _ in range(4000):
        with suppress(BadParameter):
            read(mutilated(chance.choice(pool), pool, chance), get(DEVICES))
            read_well += 1
    assert 0 < read_well < 2000
    assert refusal("S_WITHIN(geom, INTERVAL(id, POINT(1 2)))").code == "filter.date"
