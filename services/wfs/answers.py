"""The features that a question asks for, as an answer: a short page in one piece, a long one while it is read."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from typing import TypeVar
from urllib.parse import urlencode

from django.db import connections
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from geodata.crs import Crs
from geodata.writers.columns import Column
from layers.access import User, connection_for
from layers.counting import count_within_limit, is_summed
from layers.cql2.reading import checked, read_text
from layers.layer import Layer
from layers.order import ordering, sortable
from layers.public_address import absolute
from layers.query import FeatureQuery, map_day, matching, reading
from layers.walks import by_id
from services.streaming.body import stream
from services.streaming.coding import accepts_gzip
from services.streaming.reading import Reader
from services.streaming.source import ID, Source, source
from services.wfs.forms import GEOMETRY_VALUE, Form, Told, gml_id, value_collection, value_row
from services.wfs.labels import by_codes
from services.wfs.names import FEATURES, GML_ID, PREFIX, SCHEMAS, VERSION, WFS
from services.wfs.questions import MAX_START, Question
from services.wfs.refusals import Refusal, invalid
from services.wfs.types import GEOMETRY, FeatureType

Write = Callable[[Told, Iterable[Sequence[str]]], Iterator[bytes]]
ONE_PIECE = 1_000
"""Up to so many features are read on the request's own connection, and sent once they are all there."""
_PAGING = ("startindex", "count", "maxfeatures", "resulttype")
Answer = TypeVar("Answer", HttpResponse, StreamingHttpResponse)
_RESOURCE = re.compile(r"(?:[\w.-]{1,40}:)?(?P<type>[a-z_]{1,60})\.(?P<id>[0-9]{1,15})", re.ASCII)


@dataclass(frozen=True)
class Rows:
    """All rows that answer, unordered, and the question behind them; `named` says that resource ids narrow them.

    `counted` counts them as far as that is cheap.
    """

    layer: Layer
    query: FeatureQuery
    user: User
    all: QuerySet
    counted: Callable[[], int | None]
    named: bool = False


def type_of_resource(text: str) -> tuple[str, int] | None:
    """The type's name and the record's id that a resource id is made of; None for no id of ours."""
    found = _RESOURCE.fullmatch(text)
    return (found["type"], int(found["id"])) if found else None


def features(request: HttpRequest, one: FeatureType, *, question: Question, form: Form) -> HttpResponseBase:
    """The answer of GetFeature. Refusals come before its first byte."""
    shown, with_geometry = _shown(one, question)
    nils = question.asked.nils - {ID.name}
    shown = [replace(column, nil=True) if column.name in nils else column for column in shown]
    shown += form.places if with_geometry else ()

    def write(told: Told, chunks: Iterable[Sequence[str]]) -> Iterator[bytes]:
        return form.write(told, shown, chunks)

    made = form.row(one.name, shown, with_geometry)
    geometry = form.geometry if with_geometry else ""
    return _answer(
        request,
        one,
        question=question,
        wanted=_Wanted(made, shown, geometry, form.system(question.srs), write, form.media_type),
    )


def values(request: HttpRequest, one: FeatureType, *, question: Question, form: Form) -> HttpResponseBase:
    """The answer of GetPropertyValue: a value for each feature, empty where it has none."""
    if question.value not in (*one.names, GML_ID):
        raise _unknown("valueReference", question.value, one)
    column = next((column for column in one.columns if column.name == question.value), None)
    made = value_row(column) if column else GEOMETRY_VALUE if question.value == GEOMETRY else gml_id(one.name)
    shown, geometry = [column] if column else [], "gml" if question.value == GEOMETRY else ""
    system = form.system(question.srs)
    return _answer(
        request,
        one,
        question=question,
        wanted=_Wanted(made, shown, geometry, system, value_collection, form.media_type),
    )


def feature(one: FeatureType, number: int, *, form: Form, srs: Crs | None) -> HttpResponse | None:
    """The answer of GetFeatureById: the feature itself; None where there is none."""
    shown = (*one.columns, *form.places)
    made = form.row(one.name, shown, True)
    wanted = _Wanted(made, shown, form.geometry, form.system(srs), value_collection, form.media_type)
    with reading(one.user, "record"):
        query = FeatureQuery(day=map_day(connection_for(one.user)))
        rows = matching(one.layer, query, one.user).filter(pk=number)
        texts = _texts(_source(one, query, wanted=wanted, rows=rows), wanted, one.user)
    return _described(HttpResponse(form.alone(shown, texts[0]), content_type=form.media_type)) if texts else None


@dataclass(frozen=True)
class _Wanted:
    """What is made: the SQL of a row's text, over these columns and this geometry in that system, and the whole."""

    made: str
    columns: Sequence[Column]
    geometry: str
    srs: Crs
    write: Write
    media_type: str


def _answer(request: HttpRequest, one: FeatureType, *, question: Question, wanted: _Wanted) -> HttpResponseBase:
    with reading(one.user, "page"):
        rows = _rows(one, question)
        order = _order(rows, question)
        if request.method == "HEAD":  # How long the answer is shows when it is made.
            return _described(StreamingHttpResponse(content_type=wanted.media_type))

        def told(matched: int | None, returned: int) -> Told:
            return _told(request, one, question=question, srs=wanted.srs, matched=matched, returned=returned)

        if question.hits or not question.count:
            return _in_one_piece(wanted, told(rows.counted(), 0), [])
        page = _page(rows, order, start=question.start, count=question.count)
        where = _source(one, rows.query, wanted=wanted, rows=page)
        matched, texts = _first_look(rows, where, wanted=wanted, question=question)
        if texts is not None:
            return _in_one_piece(wanted, told(matched, len(texts)), texts)
        returned = _returned(matched, question)
        if returned is not None and returned <= ONE_PIECE:
            return _in_one_piece(wanted, told(matched, returned), _texts(where, wanted, one.user))

        def told_by(reader: Reader) -> Told:
            """A count that takes its time is made where the place is held."""
            counted = reader.value(*where.count()) if returned is None else returned
            return told(matched, counted)

        return _streamed(request, one.user, wanted=wanted, told_by=told_by, where=where)


def _first_look(
    rows: Rows, where: Source, *, wanted: _Wanted, question: Question
) -> tuple[int | None, list[str] | None]:
    """How many rows match, and the texts of a short page: where that is not full, it says how many there are."""
    summed = not rows.named and is_summed(rows.layer, rows.query, rows.user)
    matched = rows.counted() if summed or question.count > ONE_PIECE else None
    if matched == 0:  # To find that there is none takes the longest.
        return 0, []
    if question.count > ONE_PIECE:
        return matched, None
    texts = _texts(where, wanted, rows.user)
    if matched is None and len(texts) < question.count and (texts or not question.start):
        return question.start + len(texts), texts
    return rows.counted() if matched is None else matched, texts


def _returned(matched: int | None, question: Question) -> int | None:
    """How many features the page has; None where that is not known at once."""
    return None if matched is None else max(0, min(question.count, matched - question.start))


def _in_one_piece(wanted: _Wanted, told: Told, texts: Sequence[str]) -> HttpResponse:
    body = b"".join(wanted.write(told, [texts] if texts else []))
    return _described(HttpResponse(body, content_type=wanted.media_type))


def _streamed(
    request: HttpRequest, user: User, *, wanted: _Wanted, told_by: Callable[[Reader], Told], where: Source
) -> StreamingHttpResponse:
    packed = accepts_gzip(request.headers.get("Accept-Encoding", ""))
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # The coding is chosen: nothing on the way out may choose again.

    def pieces(reader: Reader) -> Iterator[bytes]:
        told = told_by(reader)
        chunks = ([row[0] for row in some] for some in reader.pieces(where.statement(wanted.made), where.values))
        first = next(chunks, [])
        return wanted.write(told, chain([first] if first else [], chunks))

    body = stream(request, user, pieces, packed=packed, page=True)
    response = StreamingHttpResponse(body, content_type=wanted.media_type)
    if packed:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    return _described(response)


def _described(response: Answer) -> Answer:
    response["Cache-Control"] = "no-cache"
    return response


def _rows(one: FeatureType, question: Question) -> Rows:
    """The rows that the filters choose. Raises BadParameter and Refusal."""
    layer, user = one.layer, one.user
    query = FeatureQuery(day=map_day(connection_for(user)), within=question.asked.circle)
    if question.cql:
        query = replace(query, condition=read_text(question.cql, layer, user, parameter="cql_filter"))
    if question.asked.tree is not None:
        tree = by_codes(question.asked.tree, one)
        read = checked(tree, layer, user, parameter=question.asked.parameter, untyped=True)
        query = replace(query, condition=read)
    rows = matching(layer, query, user)
    if question.asked.resources is None:
        return Rows(layer, query, user, rows, lambda: count_within_limit(layer, query, user))
    named = rows.filter(pk__in=_numbers(one, question.asked.resources))
    return Rows(layer, query, user, named, named.count, named=True)


def _numbers(one: FeatureType, resources: Sequence[str]) -> list[int]:
    """The records that resource ids name. Those of another type are refused, unknown ones are of no record."""
    named = [found for found in map(type_of_resource, resources) if found]
    if any(name != one.name for name, _ in named):
        raise invalid(
            "resourceId",
            f"resourceId phải thuộc loại {one.name}.",
            f"The resource ids have to be of the type {one.name}.",
        )
    return sorted({number for _, number in named})


def _order(rows: Rows, question: Question) -> list:
    """The expressions that the rows are ordered by, the id the last; without a value they stand last, as elsewhere.

    Raises Refusal for what rows cannot be ordered by.
    """
    known = {item.name: item for item in sortable(rows.layer, rows.user)}
    order: list = []
    descends = False
    for name, descends in question.sort:
        if name == "id":
            break
        if name not in known:
            listed = ", ".join(["id", *known])
            raise invalid("sortBy", f"Chỉ sắp xếp được theo: {listed}.", f"Rows can be sorted by {listed}.")
        found = ordering(known[name], rows.layer, rows.query, rows.user)
        order.append(found.desc(nulls_last=True) if descends else found.asc())
    return [*order, "-pk" if descends else "pk"]


def _page(rows: Rows, order: list, *, start: int, count: int) -> QuerySet:
    """The rows from `start` on, in that order. What is passed over is read as ids alone."""
    if order == ["pk"] and not rows.named:
        return by_id(rows.layer, rows.query, rows.user, start=start, most=count)
    if not start:
        return rows.all.order_by(*order)[:count]
    there = rows.all.order_by(*order).values("pk")[start : start + count]
    return rows.all.filter(pk__in=there).order_by(*order)[:count]


def _source(one: FeatureType, query: FeatureQuery, *, wanted: _Wanted, rows: QuerySet) -> Source:
    fields = one.fields_of([column.name for column in wanted.columns])
    return source(one.layer, query, one.user, geometry=wanted.geometry, crs=wanted.srs, rows=rows, fields=fields)


def _texts(where: Source, wanted: _Wanted, user: User) -> list[str]:
    with connections[connection_for(user)].cursor() as cursor:
        cursor.execute(where.statement(wanted.made), where.values)
        return [row[0] for row in cursor.fetchall()]


def _shown(one: FeatureType, question: Question) -> tuple[list[Column], bool]:
    """The columns to write, and whether the geometry is one. Raises Refusal for a name that is no element's."""
    if question.properties is None:
        return list(one.columns), True
    for name in question.properties:
        if name not in one.names:
            raise _unknown("propertyName", name, one)
    return [column for column in one.columns if column.name in question.properties], GEOMETRY in question.properties


def _unknown(locator: str, name: str, one: FeatureType) -> Refusal:
    listed = ", ".join(one.names)
    return invalid(
        locator,
        f"{one.name} không có “{name[:40]}”. Có: {listed}.",
        f"{one.name} has no “{name[:40]}”. It has {listed}.",
    )


def _told(
    request: HttpRequest, one: FeatureType, *, question: Question, srs: Crs, matched: int | None, returned: int
) -> Told:
    end = question.start + returned
    more = question.hits or returned == question.count if matched is None else end < matched
    further = more and question.count and (returned or question.hits) and end <= MAX_START
    back = question.start and question.count and not question.hits
    return Told(
        made_at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        matched=matched,
        returned=returned,
        next=_link(request, question, start=end) if further else None,
        previous=_link(request, question, start=max(0, question.start - question.count)) if back else None,
        schema_at=_schema_at(request, one),
        srs=srs,
    )


def _schema_at(request: HttpRequest, one: FeatureType) -> str:
    """The pairs of namespace and address by which a reader finds the schemas of an answer."""
    asked = {"service": "WFS", "version": VERSION, "request": "DescribeFeatureType"}
    described = f"{request.path}?{urlencode({**asked, 'typenames': f'{PREFIX}:{one.name}'})}"
    return f"{FEATURES} {absolute(request, described)} {WFS} {SCHEMAS[WFS]}"


def _link(request: HttpRequest, question: Question, *, start: int) -> str | None:
    """The address of another page of the same; None where a filter came in the body of the request."""
    if question.repeated is None:
        return None
    kept = {name: value for name, value in question.repeated.items() if name not in _PAGING}
    kept |= {"startindex": str(start), "count": str(question.count)}
    return absolute(request, f"{request.path}?{urlencode(kept)}")
