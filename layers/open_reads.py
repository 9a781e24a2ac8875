"""Which columns the public's questions to a layer read: each must stand in the open schema, or the answer is 500.

The questions are put through the same functions as a visitor's, and never sent: only the SQL's parts are looked at.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial

from django.db.models import F, QuerySet
from django.db.models.expressions import Col
from django.db.models.sql import Query

from layers.access import access
from layers.codes import TableCodes
from layers.competence.quantities import take_quantities
from layers.competence.reading import Competence, Phrase, Term
from layers.layer import Field, Layer, Moment, Table
from layers.query import Competences, DateRange, FeatureQuery, Value, select

Question = tuple[str, Callable[[], QuerySet]]
Column = tuple[str, str]

# Any day and any value will do: what is read does not depend on them.
DAY = date(2026, 1, 1)
_QUANTITIES = tuple(take_quantities(f"{kind}1 kg")[1][0] for kind in ("", "LOD ", "LOQ ", "CMC "))
ANYTHING = Competence(terms=(Term((Phrase(("a",)),)),), quantities=_QUANTITIES)
VALUES: dict[str, Value] = {
    "code": ("1",),
    "dates": DateRange(DAY, DAY),
    "flag": True,
    "competence": Competences("a", (ANYTHING,)),
}


def public_questions(layer: Layer) -> Iterator[Question]:
    """What a visitor may ask of a layer, part by part: the name of the part, and what makes its query.

    Making it raises FieldError where a path of the declaration leads nowhere.
    """
    asked = FeatureQuery(day=DAY)
    for question in (asked, replace(asked, on=DAY)) if layer.dated else (asked,):
        yield "rows", partial(select, layer, question, fields=(), geometry=bool(layer.geometry))
        for item in access(layer, None).fields:
            yield f"field {item.name}", partial(select, layer, question, fields=(item.name,))
        for item in layer.filters:
            narrowed = replace(question, values={item.name: VALUES[item.filter]})
            yield f"filter {item.name}", partial(select, layer, narrowed, fields=())
        for table in layer.tables:
            yield f"table {table.title}", partial(_rows_of_table, table, replayed=question.on is not None)
    if layer.search:
        yield "search", partial(select, layer, replace(asked, words=("a",)), fields=())
    if layer.units:
        yield "units", partial(_rows_by_unit, layer, replace(asked, provinces=("01",), communes=("00004",)))
    for item in (*layer.fields, *(column for table in layer.tables for column in table.columns)):
        yield from _questions_of_codes(item)


def columns_read(query: Query) -> set[Column]:
    """The columns that a query reads anywhere in it, joins and subqueries included, each with its table."""
    parts = (*query.select, *query.annotation_select.values(), query.where)
    return {*_joined(query), *(column for part in parts for column in _columns_of(part))}


def _joined(query: Query) -> Iterator[Column]:
    for alias, join in query.alias_map.items():
        if join.parent_alias and query.alias_refcount[alias]:
            for left, right in join.join_cols:
                yield query.alias_map[join.parent_alias].table_name, left
                yield join.table_name, right


def _columns_of(part) -> Iterator[Column]:  # type: ignore[no-untyped-def]
    if isinstance(part, Query):
        yield from columns_read(part)
    elif isinstance(part, Col):
        if part.target.model._meta.managed:  # what is derived from the registers has views of its own
            yield part.target.model._meta.db_table, part.target.column
    else:
        for inner in part.get_source_expressions():
            yield from _columns_of(inner) if inner is not None else ()


def _rows_of_table(table: Table, *, replayed: bool) -> QuerySet:
    rows = table.model._default_manager.using("open").filter(table.rows(DAY), table.public, **{table.parent: 1})
    replayed = replayed and table.replay is not None
    rows = table.replay(rows, DAY) if table.replay and replayed else rows
    moment = Moment(DAY, replayed=replayed)
    paths = [item.path for item in table.columns] + [name.removeprefix("-") for name in table.order]
    named = {f"c_{n}": path(moment) if callable(path) else F(path) for n, path in enumerate(paths)}
    return rows.annotate(**named).values_list("pk", *named)


def _rows_by_unit(layer: Layer, question: FeatureQuery) -> QuerySet:
    codes = {f"code_of_{level}": F(layer.units.code_path(level)) for level in ("province", "commune")}
    return select(layer, question, fields=()).annotate(**codes).values_list("pk", *codes)


def _questions_of_codes(item: Field) -> Iterator[Question]:
    for codes in {item.codes, item.filter_codes}:
        if isinstance(codes, TableCodes):
            yield f"codes of {item.name}", partial(codes.rows, "open")
