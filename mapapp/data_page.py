"""The open-data page: every layer and table with its files and columns; one layer under filters, if asked for."""

from collections.abc import Iterator

from django.http import HttpRequest, QueryDict

from geodata.crs import CRS84, Crs
from geodata.language import Both, both
from layers.access import User
from layers.codes import FixedCodes
from layers.counting import count_within_limit
from layers.credits import all_credits
from layers.errors import BadParameter
from layers.filters import parse, single_values
from layers.layer import Field, Layer
from layers.query import FeatureQuery, columns, map_day, reading
from layers.registry import all_layers, all_tables, get, no_such_layer
from layers.scope import caller
from mapapp.addresses import changed, replaced, with_query
from mapapp.coordinate_systems import choices
from mapapp.list_filters import chosen, filters
from services.downloads.forms import forms_of
from services.downloads.full.manifest import manifest_of
from services.downloads.names import LICENCE, PUBLISHER
from services.downloads.systems import read_system
from services.streaming.source import BETWEEN_CODES
from tiles.archive.stored import archive_of

OWN = ("layer", "lang", "scope", "crs")
KINDS = {
    "text": both("chữ", "text"),
    "code": both("mã", "code"),
    "codes": both(f"các mã, giữa chúng là “{BETWEEN_CODES}”", f"codes with “{BETWEEN_CODES}” between"),
    "date": both("ngày, YYYY-MM-DD", "day, YYYY-MM-DD"),
    "integer": both("số nguyên", "whole number"),
    "number": both("số", "number"),
    "flag": both("true hoặc false", "true or false"),
}
_ID = both("Số của bản ghi, không đổi: trang của nó là", "Number of the record, permanent: its page is")
_NUMBER = both("Số của dòng, không đổi", "Number of the row, permanent")
_POSITION = both(
    "Kinh độ, vĩ độ, độ (EPSG:4326); chỉ có trong CSV, Excel", "Degrees in EPSG:4326; in CSV and Excel only"
)
_SYSTEM = both("Hệ tọa độ của x, y", "System of x, y")
_INSIDE = both("một điểm nằm trong ranh giới", "a point inside the boundary")


def data_context(request: HttpRequest) -> dict:
    """What the page shows. Raises BadParameter for a layer or system that there is not, and what filters raise."""
    user = caller(request)
    if "layer" not in request.GET:
        single_values(request.GET, known=set(OWN))
    crs = read_system(request.GET["crs"]) if "crs" in request.GET else CRS84
    asked = _asked(request, user, crs=crs) if "layer" in request.GET else None
    with reading(user, "page"):
        offered = [_offered(request, layer, user, crs=crs) for layer in all_layers()]
        tables = [_offered(request, table, user, crs=crs) for table in all_tables()]
        told = {"day": map_day("open"), "credits": all_credits(), "licence": LICENCE, "publisher": PUBLISHER}
    kept = list(replaced(request, crs=None).items())
    system = {"crs": crs, "in_degrees": crs == CRS84, "systems": choices(), "kept": kept}
    return {"asked": asked, "offered": offered, "tables": tables, **system, **told}


def _asked(request: HttpRequest, user: User, *, crs: Crs) -> dict:
    """The layer of the address under its filters: how many rows, which filters, a link to each of its files."""
    layer = _layer(request)
    query = parse(layer, request.GET, user, also=OWN)
    with reading(user, "page"):
        total = count_within_limit(layer, query, user)
    there = replaced(request, layer=None, cursor=None, crs=None)
    in_use = chosen(request, layer, query, filters(request, layer, query, user), user)
    on_map = there.copy()
    on_map["layers"] = layer.name
    return {
        "layer": layer,
        "total": total,
        "day": query.day,
        "on": query.on,
        "chosen": in_use,
        "forms": _forms(layer, there, crs),
        "clear": changed(request, **{name: None for name in request.GET if name not in OWN}),
        "list": with_query(f"/list/{layer.name}", there),
        "map": with_query("/", on_map),
    }


def _layer(request: HttpRequest) -> Layer:
    name = request.GET["layer"]
    if name not in {layer.name for layer in all_layers()}:
        told = no_such_layer(name)
        raise BadParameter("layer.unknown", told.vi, told.en, parameter="layer")
    return get(name)


def _offered(request: HttpRequest, layer: Layer, user: User, *, crs: Crs) -> dict:
    """A layer or table as a whole."""
    query = FeatureQuery(day=map_day("open"))
    kept = QueryDict(mutable=True)
    kept.update({name: request.GET[name] for name in ("lang", "scope") if name in request.GET})
    return {
        "layer": layer,
        "total": count_within_limit(layer, query, user) if layer.geometry else _stored(layer, query, user),
        "forms": _forms(layer, kept, crs),
        "columns": list(_columns(layer, user, crs=crs)),
        "archive": f"/data/{layer.name}.pmtiles" if layer.geometry and user is None and _has_archive(layer) else "",
    }


def _stored(table: Layer, query: FeatureQuery, user: User) -> int | None:
    """How many rows of a table its whole files of the day have; None without these, for to count takes seconds."""
    made = manifest_of(table) if user is None else None
    return made.rows if made and made.day == query.day else None


def _has_archive(layer: Layer) -> bool:
    try:
        return archive_of(layer) is not None
    except FileNotFoundError:  # removed at this moment
        return False


def _forms(layer: Layer, parameters: QueryDict, crs: Crs) -> list[dict]:
    """The forms with their addresses, in that system where the form has others than WGS 84."""
    moved = parameters.copy()
    if crs != CRS84 and layer.geometry:
        moved["crs"] = f"EPSG:{crs.code}"
    return [
        {
            "form": form,
            "href": with_query(f"/data/{layer.name}.{form.name}", moved if form.systems else parameters),
        }
        for form in forms_of(layer)
    ]


def _columns(layer: Layer, user: User, *, crs: Crs) -> Iterator[dict]:
    """The columns of the layer's files, in their order."""
    yield {"name": "id", "title": f"{_ID} /{layer.name}/id" if layer.geometry else _NUMBER, "kind": KINDS["integer"]}
    for item in columns(layer, user):
        label = f"{item.name}_label" if item.labelled else ""
        yield {"name": item.name, "label": label, "title": item.title, "kind": KINDS[item.kind], "codes": _codes(item)}
    if not layer.geometry:
        return
    inside = "" if layer.geometry == "point" else f" ({_INSIDE})"
    if crs == CRS84:
        yield {"name": "lon, lat", "title": f"{_POSITION}{inside}", "kind": KINDS["number"]}
        return
    yield {"name": "x, y", "title": f"{_moved(crs)}{inside}", "kind": KINDS["number"]}
    yield {"name": "crs", "title": _SYSTEM, "kind": KINDS["text"]}


def _moved(crs: Crs) -> Both:
    return both(f"Tọa độ EPSG:{crs.code}; chỉ có trong CSV, Excel", f"In EPSG:{crs.code}; in CSV and Excel only")


def _codes(item: Field) -> list[dict]:
    """The codes of a closed list with their labels; lists that are data stand in the API."""
    if not isinstance(item.codes, FixedCodes):
        return []
    return [{"code": one.code, "label": one.label} for one in item.codes.items]
