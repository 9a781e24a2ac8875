"""The forms that features come in: GML 3.2, GeoJSON, CSV. A further one is one more line of FORMS."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from geodata.crs import CRS84, WGS84, Crs, official
from geodata.writers import csv, geojson, gml
from geodata.writers.columns import Column
from services.streaming.source import GEOJSON, GML, ID, POSITION
from services.wfs.names import GML_TYPE, PREFIX, attributes, declared
from services.wfs.refusals import Refusal, invalid
from services.wfs.types import GEOMETRY

Chunks = Iterable[Sequence[str]]


@dataclass(frozen=True)
class Told:
    """What a collection says of itself. `matched` None is unknown; `next` and `previous` are addresses."""

    made_at: str
    matched: int | None
    returned: int
    next: str | None
    previous: str | None
    schema_at: str
    srs: Crs

    @property
    def matched_text(self) -> str:
        return "unknown" if self.matched is None else str(self.matched)


@dataclass(frozen=True)
class Form:
    """A format: how it is asked for, which geometry it wants, how a row and the whole are made.

    `row` gets the type's name, the columns, and whether the geometry is wanted. `alone` makes the document of one row.
    `places` are the columns that hold the geometry, where columns do.
    """

    media_type: str
    names: tuple[str, ...]
    geometry: str
    system: Callable[[Crs | None], Crs]
    row: Callable[[str, Sequence[Column], bool], str]
    write: Callable[[Told, Sequence[Column], Chunks], Iterator[bytes]]
    alone: Callable[[Sequence[Column], str], bytes]
    places: tuple[Column, ...] = ()


def find_form(asked: str, *, only: str = "") -> Form:
    """The form of that name; `only` names the one that there is. Raises Refusal."""
    name = asked.replace(" ", "" if ";" in asked else "+").replace("gml xml", "gml+xml").lower()
    for form in FORMS:
        if name in form.names and (not only or only in form.names):
            return form
    listed = ", ".join(form.names[0] for form in FORMS if not only or only in form.names)
    raise invalid("outputFormat", f"Các dạng: {listed}.", f"The forms are {listed}.")


def collection_head(told: Told, element: str) -> str:
    """The start of a collection of WFS (`wfs:FeatureCollection`, `wfs:ValueCollection`)."""
    said = attributes(
        {
            "xsi:schemaLocation": told.schema_at,
            "timeStamp": told.made_at,
            "numberMatched": told.matched_text,
            "numberReturned": told.returned,
            "next": told.next,
            "previous": told.previous,
        }
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{element} {declared("wfs", "gml", "xsi", PREFIX)}{said}>\n'


def value_collection(told: Told, chunks: Chunks) -> Iterator[bytes]:
    """The values of one property (clause 10.3)."""
    return gml.write(collection_head(told, "wfs:ValueCollection"), "</wfs:ValueCollection>\n", chunks)


def value_row(column: Column) -> str:
    """The SQL of one value; the geometry is a column too."""
    return gml.value_sql(column, prefix=PREFIX)


def gml_id(name: str) -> str:
    """The SQL of a feature's `gml:id`."""
    return f"'{name}.' || {ID.sql}"


GEOMETRY_VALUE = f"coalesce('<{PREFIX}:{GEOMETRY}>' || {GML} || '</{PREFIX}:{GEOMETRY}>', '')"


def _gml_row(name: str, columns: Sequence[Column], with_geometry: bool) -> str:
    shape = GML if with_geometry else None
    return gml.feature_sql(columns, element=f"{PREFIX}:{name}", id_sql=ID.sql, geometry_sql=shape)


def _gml(told: Told, columns: Sequence[Column], chunks: Chunks) -> Iterator[bytes]:
    return gml.write(collection_head(told, "wfs:FeatureCollection"), "</wfs:FeatureCollection>\n", chunks)


def _gml_alone(columns: Sequence[Column], text: str) -> bytes:
    head, space, rest = text.partition(" ")
    return gml.alone(f'<?xml version="1.0" encoding="UTF-8"?>\n{head} {declared("gml", "xsi", PREFIX)}{space}{rest}')


def _geojson_row(name: str, columns: Sequence[Column], with_geometry: bool) -> str:
    properties = [column for column in columns if column is not ID]
    return geojson.row_sql(properties, id_sql=ID.sql, geometry_sql=GEOJSON if with_geometry else "NULL")


def _geojson(told: Told, columns: Sequence[Column], chunks: Chunks) -> Iterator[bytes]:
    ways = (("next", told.next), ("prev", told.previous))
    members: dict[str, object] = {
        "timeStamp": told.made_at,
        "numberMatched": "unknown" if told.matched is None else told.matched,
        "numberReturned": told.returned,
        "links": [{"rel": rel, "href": href, "type": "application/json"} for rel, href in ways if href],
    }
    if told.srs.code != WGS84:  # RFC 7946 knows one system; GDAL and QGIS read others from this older member
        members["crs"] = {"type": "name", "properties": {"name": told.srs.urn}}
    return geojson.write(members, chunks)


def _csv_row(name: str, columns: Sequence[Column], with_geometry: bool) -> str:
    return csv.row_sql(columns)


def _csv(told: Told, columns: Sequence[Column], chunks: Chunks) -> Iterator[bytes]:
    return csv.write(columns, chunks, bom=False)


def _csv_alone(columns: Sequence[Column], text: str) -> bytes:
    return b"".join(csv.write(columns, [[text]], bom=False))


def _longitude_first(srs: Crs | None) -> Crs:
    """JSON has one order of coordinates, whatever the system's own."""
    return Crs(srs.code) if srs else CRS84


def _degrees_alone(srs: Crs | None) -> Crs:
    if srs and srs.code != WGS84:
        raise _no_other_system()
    return CRS84


def _no_other_system() -> Refusal:
    return invalid("srsName", "CSV chỉ có lon, lat (EPSG:4326).", "CSV has lon and lat (EPSG:4326) only.")


FORMS = (
    Form(
        GML_TYPE,
        (
            "application/gml+xml;version=3.2",
            "application/gml+xml",
            "text/xml;subtype=gml/3.2.1",
            "text/xml;subtype=gml/3.2",
            "gml32",
        ),
        "gml",
        lambda srs: srs or official(WGS84),
        _gml_row,
        _gml,
        _gml_alone,
    ),
    Form(
        "application/json; charset=utf-8",
        ("application/json", "geojson", "application/geo+json", "application/json;subtype=geojson", "json"),
        "geojson",
        _longitude_first,
        _geojson_row,
        _geojson,
        lambda columns, text: text.encode(),
    ),
    Form(
        csv.MEDIA_TYPE,
        ("text/csv", "csv"),
        "position",
        _degrees_alone,
        _csv_row,
        _csv,
        _csv_alone,
        POSITION,
    ),
)
