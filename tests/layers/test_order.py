"""Rows in the order of a field: what can order, and that an index finds any place in it, through the public's views."""

from datetime import date

import pytest
from django.db import connections, transaction

from layers.errors import BadParameter
from layers.layer import Field, Layer
from layers.order import BY_ID, Order, Place, parts_behind, read_order, sortable
from layers.query import FeatureQuery
from layers.registry import all_layers, get

LARGE = [
    pytest.param(layer, item, id=f"{layer.name}-{item.name}")
    for layer in all_layers()
    for item in layer.fields
    if item.sort and layer.name in ("measuring_devices", "inspection_sites")
]
VALUES = {"date": "2026-05-01", "text": "M", "integer": 5}


@pytest.mark.parametrize(("layer", "item"), LARGE)
@pytest.mark.parametrize("descending", [False, True])
def test_an_index_gives_each_part_of_an_order_as_it_stands(
    layer: Layer, item: Field, descending: bool, world: date
) -> None:
    """P8: no part is sorted, and the place where it begins is looked up. Forbidden is only what small tables invite."""
    order = Order(("-" if descending else "") + item.name, item, descending)
    for place in (None, Place(7, VALUES[item.kind]), Place(7, None)):
        for part in parts_behind(place, order, layer=layer, query=FeatureQuery(day=world), user=None, most=11):
            said = plan(part.values_list("pk"))
            assert "Sort" not in said and "Index" in said, said
            assert place is None or "Index Cond" in said, said


def plan(rows) -> str:  # type: ignore[no-untyped-def]
    sql, values = rows.query.get_compiler(using="open").as_sql()
    with transaction.atomic("open"), connections["open"].cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {sql}", values)
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.parametrize("layer", all_layers(), ids=lambda layer: layer.name)
def test_only_declared_fields_order(layer: Layer, world: date) -> None:
    fields = sortable(layer)
    assert fields and all(item.sort and not item.roles for item in fields)
    for item in fields:
        assert read_order(item.name, layer) == read_order(f"+{item.name}", layer) == read_order(f" {item.name}", layer)
        assert read_order(f"-{item.name}", layer).descending
    others = {item.name for item in layer.fields} - {item.name for item in fields}
    for name in (*others, "", "-", "--name", "name,name", "pk", "id"):
        with pytest.raises(BadParameter, match=r"sortby\.unknown"):
            read_order(name, layer)


def test_by_id_alone_is_one_part(world: date) -> None:
    layer = get("inspection_sites")
    query = FeatureQuery(day=world)
    (part,) = parts_behind(None, BY_ID, layer=layer, query=query, user=None, most=5)
    first = list(part.values_list("pk", flat=True))
    (rest,) = parts_behind(Place(first[2]), BY_ID, layer=layer, query=query, user=None, most=2)
    assert list(rest.values_list("pk", flat=True)) == first[3:]
