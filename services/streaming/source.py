"""The rows of a download as SQL: `select` compiled, labels beside the codes; what was asked is in parameters."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

from django.contrib.gis.db.models.functions import AsWKB, PointOnSurface
from django.db.models import Expression, F, IntegerField, QuerySet

from geodata.crs import CRS84, LATITUDE_FIRST, VN2000_GEOGRAPHIC, WGS84, Crs
from geodata.functions import FlipCoordinates, GeoJsonText, GmlText, Latitude, Longitude, ToCrs
from geodata.writers.columns import Column, Kind, quoted
from geodata.writers.geojson import DECIMALS, METRE_DECIMALS, SURVEYED_DECIMALS
from layers.access import User
from layers.in_force import in_force_values
from layers.layer import Field, Layer
from layers.query import FeatureQuery, columns, matching, select
from layers.values import NO, NOT_IN_FORCE, YES
from services.streaming.labels import LabelMap, label_map

_KINDS: dict[str, Kind] = {"code": "text", "codes": "list"}
_ROUNDED = "round({0} * 1e{1}) / 1e{1}"


@dataclass(frozen=True)
class Source:
    """Where the rows of a file come from.

    `sql` with its `values` is a table expression `v` with `id`, `lon`, `lat`, `geojson`, `wkb`, `gml` (as far as they
    were asked for) and the `columns`. `count` gives the statement that counts its rows, and its values.
    """

    columns: tuple[Column, ...]
    sql: str
    values: tuple
    count: Callable[[], tuple[str, tuple]]

    def statement(self, made: str) -> str:
        """The statement that gives of each row what the expression `made` says."""
        return f"SELECT {made} FROM {self.sql}"


ID = Column("id", "integer", 'v."id"')
POSITION = (Column("lon", "number", 'v."lon"'), Column("lat", "number", 'v."lat"'))
GEOJSON, WKB, GML = 'v."geojson"', 'v."wkb"', 'v."gml"'


def source(
    layer: Layer,
    query: FeatureQuery,
    user: User,
    *,
    geometry: str,
    crs: Crs = CRS84,
    rows: QuerySet | None = None,
    fields: tuple[str, ...] | None = None,
) -> Source:
    """The rows that answer `query` in the active language; `geometry` is "position", "geojson", "wkb",
    "gml" or "" for none.

    They are unordered, unless `rows` says otherwise: what `matching` gave, narrowed, ordered or cut by the caller.
    Coordinates are of `crs` in its order (WKB and position always longitude first). `fields` names the columns to
    give, by default all that the caller may see; their labels stand beside them.
    `OFFSET 0` keeps the planner from putting an expression in each place where its value is used.
    """
    given = columns(layer, user, fields=fields)
    in_force = in_force_values(layer, query, user)
    alive = {item.name: in_force[item.name] for item in given if item.name in in_force}
    every = matching(layer, query, user) if rows is None else rows
    cut = every.query.is_sliced
    rows = select(layer, query, user, fields=fields, rows=every).annotate(
        **{f"alive_{name}": found for name, found in alive.items()}, **_geometry(layer, geometry, crs)
    )
    # A condition that no row can meet is SQL like any other: Django would give none.
    inner, values = rows.query.get_compiler(using=rows.db, elide_empty=False).as_sql()
    names = ["id", *(f"f_{item.name}" for item in given), *(f"alive_{name}" for name in alive), *_GEOMETRIES[geometry]]
    labels = {item.name: label_map(item.codes, rows.db) for item in given if item.codes}
    shown = [one for item in given for one in _shown(item, _kind(item, rows), labelled_by_lines=item.name in alive)]
    there = f"({inner}{'' if cut else ' OFFSET 0'}) AS rows({_listed(names)})"
    text = f"({_selected(names, shown, geometry, decimals_of(crs))} FROM {there}{_joined(labels)} OFFSET 0) AS v"
    told = (*(value for found in labels.values() for value in found.values), f" ({NOT_IN_FORCE})", str(YES), str(NO))
    return Source(
        columns=tuple(Column(name, kind, f"v.{quoted(name)}", joint) for name, kind, _, joint in shown),
        sql=text,
        values=(*values, *told),
        count=partial(_count, every),
    )


def _count(rows: QuerySet) -> tuple[str, tuple]:
    keys, values = rows.values("pk").query.get_compiler(using=rows.db, elide_empty=False).as_sql()
    return f"SELECT count(*) FROM ({keys}) AS counted", tuple(values)


_GEOMETRIES: dict[str, tuple[str, ...]] = {
    "position": ("lon", "lat"),
    "geojson": ("geojson",),
    "wkb": ("wkb",),
    "gml": ("gml",),
    "": (),
}


def _geometry(layer: Layer, geometry: str, crs: Crs) -> dict:
    """The annotations that carry the geometry."""
    if not geometry:
        return {}
    if geometry == "geojson":
        return {"geojson": GeoJsonText(in_crs(F("geom"), crs), decimals_of(crs))}
    if geometry == "wkb":
        return {"wkb": AsWKB(in_crs(F("geom"), Crs(crs.code)))}
    if geometry == "gml":
        placed = in_crs(F("geom"), crs)
        return {"gml": GmlText(placed, layer.name, crs.urn, decimals_of(crs), point=layer.geometry == "point")}
    point = F("geom") if layer.geometry == "point" else PointOnSurface("geom")
    point = in_crs(point, Crs(crs.code))
    return {"lon": Longitude(point), "lat": Latitude(point)}


def in_crs(geometry: Expression, crs: Crs) -> Expression:
    """A stored geometry (EPSG:4326, longitude first) in `crs`, in the order of its coordinates."""
    made = geometry if crs.code == WGS84 else ToCrs(geometry, crs.code)
    return FlipCoordinates(made) if crs.latitude_first else made


def decimals_of(crs: Crs) -> int:
    """So many decimals as keep a millimetre of metres and of surveyed degrees, a centimetre of those of WGS 84."""
    if crs.code == VN2000_GEOGRAPHIC:
        return SURVEYED_DECIMALS
    return DECIMALS if crs.code in LATITUDE_FIRST else METRE_DECIMALS


def _kind(item: Field, rows: QuerySet) -> Kind:
    """A text that the database holds as a number stays one (a year)."""
    if item.kind == "text" and isinstance(rows.query.annotations[f"f_{item.name}"].output_field, IntegerField):
        return "integer"
    return _KINDS.get(item.kind, cast(Kind, item.kind))


Shown = tuple[str, Kind, str, str]
# Labels hold semicolons themselves.
BETWEEN_CODES, BETWEEN_LABELS = ";", " | "


def _shown(item: Field, kind: Kind, *, labelled_by_lines: bool) -> Iterator[Shown]:
    """The columns of a field: name, kind, SQL over the rows and the labels, what stands between several values."""
    value = f"rows.{quoted(f'f_{item.name}')}"
    yield item.name, kind, f"nullif({value}::text, '')" if kind == "text" else value, BETWEEN_CODES
    if item.labelled:
        alive = f"rows.{quoted(f'alive_{item.name}')}" if labelled_by_lines else ""
        label = _label(item, kind, value, alive)
        yield f"{item.name}_label", "list" if kind == "list" else "text", label, BETWEEN_LABELS


def _label(item: Field, kind: Kind, value: str, alive: str) -> str:
    labels = f"told.{quoted(item.name)}"
    if kind == "list":
        return f"ARRAY(SELECT {_of_line(_named(labels, 'code'), 'code', alive)} FROM unnest({value}) AS code)"
    if kind == "flag":
        return f"CASE WHEN {value} THEN {_of_line('told.yes', 'true', alive)} ELSE told.no END"
    return _named(labels, f"nullif({value}::text, '')")


def _named(labels: str, code: str) -> str:
    return f"coalesce({labels} ->> {code}, {code})"


def _of_line(label: str, value: str, alive: str) -> str:
    return f"{label} || CASE WHEN {value} = ANY ({alive}) THEN '' ELSE told.lapsed END" if alive else label


def _selected(names: Sequence[str], shown: Sequence[Shown], geometry: str, decimals: int) -> str:
    given = {name: f"rows.{quoted(name)}" for name in ("id", *_GEOMETRIES[geometry])}
    if geometry == "position":
        given |= {name: _ROUNDED.format(given[name], decimals) for name in ("lon", "lat")}
    made = given | {name: sql for name, _, sql, _ in shown}
    return "SELECT " + ", ".join(f"{sql} AS {quoted(name)}" for name, sql in made.items())


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(quoted, names))


def _joined(labels: dict[str, LabelMap]) -> str:
    """The labels beside every row: to the planner they are constants."""
    maps = [f"{found.sql} AS {quoted(name)}" for name, found in labels.items()]
    texts = [f"%s::text AS {name}" for name in ("lapsed", "yes", "no")]
    return f", (SELECT {', '.join([*maps, *texts])}) AS told"
