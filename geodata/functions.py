"""PostGIS functions for the ORM."""

from collections.abc import Iterable
from typing import Any, Literal

from django.contrib.gis.db.models import GeometryField
from django.db.models import BooleanField, F, FloatField, Func, TextField

from geodata import crs


class WithValues(Func):
    """A function whose template has places (`%%s`) for `values` behind its expressions."""

    values: tuple

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list]:
        sql, params = super().as_sql(compiler, connection, **extra)
        return sql, [*params, *self.values]


class ToCrs(Func):
    """A geometry of EPSG:4326 in another known system (`geodata.crs`), with that SRID; VN-2000 by EPSG:6960.

    PostGIS by a bare SRID of VN-2000 would choose a transformation by area, and by a PROJ text it builds that anew for
    each geometry, 100 times slower. So EPSG:6960 is done in its steps, of which PostGIS keeps those that it knows:
    geocentric coordinates, shifted and turned, degrees again (both datums have one ellipsoid), and UTM, moved to the
    zone's meridian and brought to its scale.
    """

    arity = 1

    def __init__(self, geometry: Any, code: int) -> None:
        crs.proj_text(code)  # refuses what is not known
        super().__init__(geometry, srid=int(code), steps=_steps(code), output_field=GeometryField(srid=code))

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list]:
        inner, params = compiler.compile(self.source_expressions[0])
        steps = self.extra["steps"].replace("{}", inner)
        return f"ST_SetSRID({steps}, {self.extra['srid']})", list(params)


def _steps(code: int) -> str:
    """SQL of the geometry `{}` with its coordinates in the system; all numbers are our own."""
    if code in (crs.WGS84, crs.WEB_MERCATOR):
        return f"ST_Transform({{}}, {code})"
    turned = f"ST_Affine(ST_Transform(ST_Force3D({{}}), {crs.GEOCENTRIC}), {_listed(crs.to_vn2000())})"
    degrees = f"ST_Force2D(ST_Transform({turned}, {crs.WGS84}))"
    if code == crs.VN2000_GEOGRAPHIC:
        return degrees
    meridian, scale = crs.meridian_and_scale(code)
    ratio = scale / crs.UTM_SCALE
    moved = f"ST_Translate({degrees}, {_listed([crs.UTM_MERIDIAN - meridian, 0.0])})"
    to_scale = _listed([ratio, 0.0, 0.0, ratio, crs.FALSE_EASTING * (1 - ratio), 0.0])
    return f"ST_Affine(ST_Transform({moved}, {crs.UTM}), {to_scale})"


def _listed(numbers: Iterable[float]) -> str:
    return ", ".join(map(repr, numbers))


class FlipCoordinates(Func):
    """The geometry with its two coordinates exchanged."""

    function = "ST_FlipCoordinates"
    output_field = GeometryField()


class GeoJsonText(Func):
    """The text of GeoJSON with so many decimals, without a member that names its system."""

    template = "ST_AsGeoJSON(%(expressions)s, %(decimals)s, 0)"
    output_field = TextField()

    def __init__(self, geometry: Any, decimals: int) -> None:
        super().__init__(geometry, decimals=int(decimals))


class IntersectsBox(WithValues):
    """Whether a geometry in a system of coordinates meets a box of that system: least and largest easting, northing."""

    template = "ST_Intersects(%(expressions)s, ST_MakeEnvelope(%%s, %%s, %%s, %%s, %%s))"
    output_field = BooleanField()

    def __init__(self, geometry: Any, code: int, box: tuple[float, float, float, float]) -> None:
        super().__init__(geometry)
        self.values = (*box, code)


class OverlapsBox(WithValues):
    """Whether the bounds of a stored geometry meet a box in degrees; the index serves."""

    template = "(%(expressions)s && ST_MakeEnvelope(%%s, %%s, %%s, %%s, 4326))"
    output_field = BooleanField()

    def __init__(self, geometry: Any, box: tuple[float, float, float, float]) -> None:
        super().__init__(geometry)
        self.values = box


class GmlText(Func):
    """The text of a row's geometry in GML 3.2: a point, or the surfaces of an area. Every part has an id of its own.

    `name` and `srs_name` are the program's own words. PostGIS writes the surfaces; it would give them all one id.
    """

    template = "(SELECT %(made)s FROM (SELECT %(expressions)s OFFSET 0) AS one(shape, id)%(parts)s)"
    output_field = TextField()
    arity = 2

    def __init__(self, geometry: Any, name: str, srs_name: str, decimals: int, *, point: bool) -> None:
        made, parts = _gml_point(name, srs_name, decimals) if point else _gml_surfaces(name, srs_name, decimals)
        super().__init__(geometry, F("pk"), made=made, parts=parts)


def _gml_point(name: str, srs_name: str, decimals: int) -> tuple[str, str]:
    x, y = (f"round(ST_{axis}(shape) * 1e{decimals}) / 1e{decimals}" for axis in "XY")
    head = f"'<gml:Point gml:id=\"{name}.' || id || '.geom\" srsName=\"{srs_name}\"><gml:pos>'"
    return f"{head} || {x} || ' ' || {y} || '</gml:pos></gml:Point>'", ""


def _gml_surfaces(name: str, srs_name: str, decimals: int) -> tuple[str, str]:
    number = "coalesce(part.path[1], 1)"
    one = f"ST_AsGML(3, ST_SetSRID(part.geom, 0), {decimals}, 2, 'gml', '{name}.' || id || '.geom.' || {number})"
    head = f"'<gml:MultiSurface gml:id=\"{name}.' || id || '.geom\" srsName=\"{srs_name}\">'"
    member = f"'<gml:surfaceMember>' || {one} || '</gml:surfaceMember>'"
    made = f"{head} || string_agg({member}, '' ORDER BY {number}) || '</gml:MultiSurface>'"
    return made, ", ST_Dump(shape) AS part GROUP BY id"


class WithinMetres(WithValues):
    """Whether a geometry lies within `metres` of a position (lon, lat in EPSG:4326), on the ellipsoid.

    As a CASE: of the bare function PostgreSQL expects one row, whatever the circle, and reads other tables row by row.
    """

    template = (
        "CASE WHEN ST_DWithin((%(expressions)s)::geography, ST_MakePoint(%%s, %%s)::geography, %%s)"
        " THEN true ELSE false END"
    )
    output_field = BooleanField()

    def __init__(self, geometry: Any, lon: float, lat: float, metres: float) -> None:
        super().__init__(geometry)
        self.values = (lon, lat, metres)


class Behind(WithValues):
    """Whether two values stand behind a pair of others (before it when `descending`), the first one deciding: compared
    as a row, so that an index on both serves.
    """

    template = "(%(expressions)s) %(sign)s (%%s, %%s)"
    output_field = BooleanField()

    def __init__(self, first: Any, second: Any, *, values: tuple, descending: bool = False) -> None:
        super().__init__(first, second, sign="<" if descending else ">")
        self.values = values


class Longitude(Func):
    """The longitude of a point in EPSG:4326, in degrees."""

    function = "ST_X"
    output_field = FloatField()


class Latitude(Func):
    """The latitude of a point in EPSG:4326, in degrees."""

    function = "ST_Y"
    output_field = FloatField()


class Similar(WithValues):
    """Whether a text shares enough pieces of three letters with another to be a slip of it, by the trigram index."""

    template = "%(expressions)s %%%% %%s"
    output_field = BooleanField()

    def __init__(self, text: Any, other: str) -> None:
        super().__init__(text)
        self.values = (other,)


class Holds(WithValues):
    """Whether a text-search vector meets a query that is written as PostgreSQL prints one (`'a':A & ('b' | 'c')`)."""

    template = "%(expressions)s @@ %%s::tsquery"
    output_field = BooleanField()

    def __init__(self, vector: Any, query: str) -> None:
        super().__init__(vector)
        self.values = (query,)


class Rank(Holds):
    """How well a text-search vector meets a query: what stands close together and in few words is more."""

    template = "ts_rank_cd(%(expressions)s, %%s::tsquery, 1)"
    output_field = FloatField()


class MetresFrom(WithValues):
    """The distance of a geometry from a position (lon, lat in EPSG:4326) in metres, on the ellipsoid."""

    template = "ST_Distance((%(expressions)s)::geography, ST_SetSRID(ST_MakePoint(%%s, %%s), 4326)::geography)"
    output_field = FloatField()

    def __init__(self, geometry: Any, lon: float, lat: float) -> None:
        super().__init__(geometry)
        self.values = (lon, lat)


class SquareDegreesFrom(WithValues):
    """The square of a point's distance from a position (EPSG:4326) in degrees of latitude, as on a plane: right near
    the position, about right far away, and a hundredth of the price of `MetresFrom`.
    """

    _EAST = "(ST_X(%(expressions)s) - %%s)"
    template = (
        f"power(({_EAST} - 360 * round({_EAST} / 360)) * cosd((ST_Y(%(expressions)s) + %%s) / 2), 2)"
        " + power(ST_Y(%(expressions)s) - %%s, 2)"
    )
    output_field = FloatField()

    def __init__(self, point: Any, lon: float, lat: float) -> None:
        super().__init__(point)
        self.values = (lon, lon, lat, lat)


class PlanarDistance(WithValues):
    """The distance of a geometry from a position (lon, lat in EPSG:4326) in degrees, as an index orders."""

    template = "%(expressions)s <-> ST_SetSRID(ST_MakePoint(%%s, %%s), 4326)"
    output_field = FloatField()

    def __init__(self, geometry: Any, lon: float, lat: float) -> None:
        super().__init__(geometry)
        self.values = (lon, lat)


Sign = Literal["=", "<>", "<", "<=", ">", ">=", "LIKE"]


class Operation(Func):
    """What SQL says of two values: true, false, or unknown where one of them is null."""

    template = "(%(expressions)s)"
    output_field = BooleanField()

    def __init__(self, sign: Sign, left: Any, right: Any) -> None:
        super().__init__(left, right, arg_joiner=f" {sign} ")


class InArray(Func):
    """Whether a value is one of an array's."""

    template = "(%(value)s = ANY (%(array)s))"
    output_field = BooleanField()
    arity = 2

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list]:
        (value, given), (array, more) = map(compiler.compile, self.source_expressions)
        return self.template % {"value": value, "array": array}, [*given, *more]


class Given(Func):
    """Whether there is a value."""

    template = "(%(expressions)s IS NOT NULL)"
    output_field = BooleanField()


class WithoutCase(Func):
    """The text in small letters, those of every alphabet."""

    template = 'lower(%(expressions)s COLLATE "und-x-icu")'
    output_field = TextField()


class WithoutAccents(Func):
    """The text in plain letters, case kept, as `geodata.text.without_accents` makes it."""

    template = r"translate(regexp_replace(normalize(%(expressions)s, NFD), '[\u0300-\u036f]', '', 'g'), 'đĐ', 'dD')"
    output_field = TextField()


SPATIAL_RELATIONS = {
    name: f"ST_{name.capitalize()}"
    for name in ("intersects", "equals", "touches", "within", "overlaps", "crosses", "contains")
}


class SpatialRelation(Func):
    """Whether the first geometry stands to the second in a relation of OGC Simple Features; the index serves."""

    output_field = BooleanField()

    def __init__(self, name: str, left: Any, right: Any) -> None:
        super().__init__(left, right, function=SPATIAL_RELATIONS[name])
