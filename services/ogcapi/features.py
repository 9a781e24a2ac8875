"""Features as GeoJSON: pages of any number in flat memory, one by its id; the text of each is made by PostGIS."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import translation
from django.utils.translation import get_language

from geodata.crs import Crs
from geodata.language import both
from geodata.writers import geojson
from geodata.writers.columns import Column
from layers.access import User
from layers.counting import count_within_limit
from layers.cursors import write_cursor
from layers.layer import Layer
from layers.lookup import find
from layers.order import Place, parts_behind
from layers.query import FeatureQuery, matching, reading
from layers.registers.map_day import is_demo
from services.negotiation import HTML, JSON
from services.ogcapi.asking import Asked
from services.ogcapi.links import GEOJSON, Link, here, link, representations, there
from services.streaming.body import stream
from services.streaming.coding import accepts_gzip
from services.streaming.reading import Here, Reader, begun
from services.streaming.source import GEOJSON as GEOMETRY
from services.streaming.source import ID, Source, source

Answer = TypeVar("Answer", bound=HttpResponseBase)
FORMS = (GEOJSON, HTML)
# So many are read on the request's own connection and sent in one piece; more pass through one of their own. A place
# with hundreds of scope lines, which are gathered for it, weighs more.
AT_ONCE, AT_ONCE_WITH_LINES = 1000, 100
NEXT = both("Trang sau", "The next page")


def page_of_features(request: HttpRequest, asked: Asked) -> HttpResponseBase:
    """A page of features. What is wrong with the question is refused before the first byte."""
    if asked.limit > (AT_ONCE_WITH_LINES if asked.layer.lines else AT_ONCE):
        return _streamed(request, asked)
    with reading(asked.user, "page"):
        body = b"".join(_Written(request, asked, Here(asked.user)))
    return _described(HttpResponse(body), asked.crs)


def _streamed(request: HttpRequest, asked: Asked) -> StreamingHttpResponse:
    packed = accepts_gzip(request.headers.get("Accept-Encoding", ""))
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # The coding is chosen: nothing on the way out may choose again.
    response = StreamingHttpResponse(() if request.method == "HEAD" else _body(request, asked, packed=packed))
    if packed:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    return _described(response, asked.crs)


def _body(request: HttpRequest, asked: Asked, *, packed: bool) -> Iterator[bytes]:
    """The bytes of a large page, the first of them made. Raises Busy where too many such are under way."""

    def write(reader: Reader) -> Iterator[bytes]:
        return iter(_Written(request, asked, reader))

    with reading(asked.user, "page"):
        return stream(request, asked.user, write, packed=packed, page=True)


class _Written:
    """The collection piece by piece. What is known only when the features are read stands behind them."""

    def __init__(self, request: HttpRequest, asked: Asked, reader: Reader | Here) -> None:
        self._request, self._asked, self._reader = request, asked, reader
        self._number, self._last, self._more = 0, Place(0), False
        # What is sent later is written when the request's language is no longer the active one.
        self._language = get_language() or ""

    def __iter__(self) -> Iterator[bytes]:
        """The pieces, the first features read already."""
        matched = count_within_limit(self._asked.layer, self._asked.query, self._asked.user)
        # Finding that there is none would take the longest.
        chunks = begun(self._chunks([] if matched == 0 else self._statements()))
        members: dict[str, object] = {"timeStamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"}
        if matched is not None:
            members["numberMatched"] = matched
        if is_demo():
            members["demo"] = True
        return geojson.write(members, chunks, then=self._then)

    def _statements(self) -> list[tuple[str, tuple]]:
        """What is to be read, one after the other. Each gives a row more than asked for, as a sign of a next page."""
        asked = self._asked
        parts = parts_behind(
            asked.after, asked.order, layer=asked.layer, query=asked.query, user=asked.user, most=asked.limit + 1
        )
        return [self._statement(part, valued=part is not parts[-1]) for part in parts]

    def _statement(self, rows: QuerySet, *, valued: bool) -> tuple[str, tuple]:
        """The statement, with its values, that gives id, value in the order, and text of each feature."""
        asked = self._asked
        made = source(
            asked.layer, asked.query, asked.user, geometry="geojson", crs=asked.crs, rows=rows, fields=asked.read
        )
        given = (ID.sql, _order_sql(made, asked, valued=valued), _feature_sql(made, asked.fields))
        return made.statement(", ".join(given)), made.values

    def _chunks(self, statements: list[tuple[str, tuple]]) -> Iterator[list[str]]:
        """The texts of the features, no more than asked for."""
        for read in (rows for statement in statements for rows in self._reader.pieces(*statement)):
            kept = read[: self._asked.limit - self._number]
            self._more = len(kept) < len(read)
            if kept:
                self._number, self._last = self._number + len(kept), Place(*kept[-1][:2])
                yield [row[2] for row in kept]
            if self._more:
                return

    def _then(self) -> dict[str, object]:
        with translation.override(self._language):
            return {"numberReturned": self._number, "links": self._links()}

    def _links(self) -> list[Link]:
        asked = self._asked
        links = [*representations(self._request, GEOJSON, FORMS), _to_collection(self._request, asked.layer)]
        if self._more:
            cursor = write_cursor(self._last, asked.layer, asked.query, asked.user, asked.order)
            links.append(link("next", here(self._request, cursor=cursor), GEOJSON.media_type, NEXT))
        return links


def _order_sql(made: Source, asked: Asked, *, valued: bool) -> str:
    """SQL of the value that orders, as text; an empty text is one, which the columns of a source do not show."""
    if asked.order.field is None or not valued:
        return "NULL"
    (column,) = (one for one in made.columns if one.name == asked.order.field.name)
    return f"coalesce({column.sql}::text, '')"


def _feature_sql(made: Source, fields: tuple[str, ...] | None) -> str:
    given = made.columns if fields is None else [one for one in made.columns if _is_of(one, fields)]
    return geojson.row_sql(given, id_sql=ID.sql, geometry_sql=GEOMETRY)


def _is_of(column: Column, fields: tuple[str, ...]) -> bool:
    return column.name.removesuffix("_label") in fields


def _to_collection(request: HttpRequest, layer: Layer) -> Link:
    return link("collection", there(request, f"/collections/{layer.name}"), JSON.media_type, layer.title)


def one_feature(
    request: HttpRequest, layer: Layer, number: str, *, query: FeatureQuery, crs: Crs, user: User
) -> HttpResponse:
    """The feature of that id. Raises what `find` raises: never there, withdrawn, merged."""
    with reading(user, "record"):
        (key, *_) = find(layer, query, number, user)
        rows = matching(layer, query, user).filter(pk=key)
        made = source(layer, query, user, geometry="geojson", crs=crs, rows=rows)
        ((text,),) = next(Here(user).pieces(made.statement(_feature_sql(made, None)), made.values))
        demo = {"demo": True} if is_demo() else {}
    links = [*representations(request, GEOJSON, FORMS), _to_collection(request, layer)]
    more = json.dumps({"links": links, **demo}, ensure_ascii=False)
    return _described(HttpResponse(f"{text[:-1]},{more[1:]}"), crs)


def _described(response: Answer, crs: Crs) -> Answer:
    response["Content-Type"] = GEOJSON.media_type
    response["Content-Crs"] = f"<{crs.uri}>"
    return response
