"""The first rows by id, however many values a filter has: the right ones, in their order, each by its own index."""

import random
from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.db import connections, transaction
from django.db.models import QuerySet
from django.http import QueryDict

from layers import walks
from layers.cql2.reading import read_text
from layers.filters import parse
from layers.layer import Layer
from layers.query import FeatureQuery, matching
from layers.registers.device_status import DEVICE_STATUSES
from layers.registry import all_layers, get
from layers.walks import by_id

LAYER = get("measuring_devices")
WALKED = [layer for layer in all_layers() if layer.walks]


def codes(sql: str) -> list[str]:
    with connections["default"].cursor() as cursor:
        cursor.execute(f"SELECT code FROM ({sql}) AS listed ORDER BY code")
        return [code for (code,) in cursor.fetchall()]


def known() -> dict[str, list[str]]:
    unit = (
        "SELECT DISTINCT u.code FROM layers_measuringdevice d JOIN geodata_administrativeunit u ON u.id = d.{level}_id"
    )
    return {
        "province": codes(unit.format(level="province")),
        "commune": codes(unit.format(level="commune")),
        "device_type": codes("SELECT code FROM layers_devicetype"),
        "status": list(DEVICE_STATUSES.codes()),
        "device_group": ["1", "2"],
    }


def questions(number: int) -> list[str]:
    chance, values = random.Random("walks"), known()
    found = []
    for _ in range(number):
        names = chance.sample(sorted(values), chance.choice((1, 1, 2, 3)))
        asked = {name: chance.sample(values[name], min(len(values[name]), chance.choice((1, 2, 7)))) for name in names}
        found.append("&".join(f"{name}={','.join(listed)}" for name, listed in asked.items()))
    return found


def sql_of(rows: QuerySet) -> tuple[str, tuple]:
    return rows.values_list("pk").query.get_compiler(using="open").as_sql()


@pytest.mark.parametrize("staff", [False, True])
def test_they_are_those_that_sorting_all_gives(staff: bool, world: date) -> None:
    user = get_user_model()(is_superuser=True) if staff else None
    chance, some = random.Random(1), 0
    for text in questions(60):
        query = parse(LAYER, QueryDict(text), user)
        every = list(matching(LAYER, query, user).order_by("pk").values_list("pk", flat=True))
        behind = chance.choice([None, *every])
        rest = [key for key in every if behind is None or key > behind]
        start, most = chance.choice((0, 0, 3)), chance.choice((1, 10, 500))
        found = by_id(LAYER, query, user, behind=behind, start=start, most=most)
        assert list(found.values_list("pk", flat=True)) == rest[start : start + most], text
        some += len(every) > 10
    assert some > 20


@pytest.mark.parametrize(
    ("asked", "walks"),
    [
        ("province=01,79", 2),
        ("province=01", 0),
        ("province=01,79&device_type=taximeter", 0),
        ("province=01,79&device_type=taximeter,fuel_dispenser,lpg_dispenser", 3),
        ("commune=00004,00025&province=01,79&device_type=taximeter,fuel_dispenser,lpg_dispenser", 2),
        ("status=valid,overdue", 0),
        ("", 0),
    ],
)
def test_each_value_of_the_filter_that_leaves_the_fewest_rows_is_walked(asked: str, walks: int, world: date) -> None:
    text, _ = sql_of(by_id(LAYER, parse(LAYER, QueryDict(asked)), None, most=10))
    assert text.count("UNION ALL") == max(0, walks - 1) and text.count("LIMIT 10") == walks + 1


def test_a_condition_of_codes_is_walked_alike(world: date) -> None:
    condition = read_text("device_type IN ('taximeter', 'fuel_dispenser') AND status <> 'valid'", LAYER)
    query = FeatureQuery(day=world, condition=condition)
    found = by_id(LAYER, query, None, most=10)
    assert sql_of(found)[0].count("UNION ALL") == 1
    first = list(matching(LAYER, query).order_by("pk").values_list("pk", flat=True)[:10])
    assert len(first) == 10 and list(found.values_list("pk", flat=True)) == first


def test_of_what_is_too_much_to_plan_another_filter_is_walked_or_none(
    world: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walks, "MOST_LETTERS", 5000)
    communes = f"commune={','.join(known()['commune'][:50])}"
    for asked, number in ((communes, 0), (f"{communes}&device_type=taximeter,fuel_dispenser", 2)):
        text, _ = sql_of(by_id(LAYER, parse(LAYER, QueryDict(asked)), None, most=10))
        assert text.count("UNION ALL") == max(0, number - 1)


@pytest.mark.parametrize("layer", WALKED, ids=lambda layer: layer.name)
def test_each_filter_that_is_walked_has_an_index_with_the_id_behind(layer: Layer, world: date) -> None:
    """No walk sorts; forbidden is only what small tables invite."""
    values = known()
    for name in layer.walks:
        query = parse(layer, QueryDict(f"{name}={','.join(values[name][:2])}"))
        sql, given = sql_of(by_id(layer, query, None, most=10))
        with transaction.atomic("open"), connections["open"].cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off"
            )
            cursor.execute(f"EXPLAIN {sql}", given)
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert plan.count("device_by_") == 2 and "Merge Append" in plan, plan
