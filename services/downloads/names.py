"""What a download is called and what it says of itself."""

import re
from datetime import date

from django.http import QueryDict

from geodata.crs import CRS84, Crs, name
from geodata.language import both
from geodata.text import search_key
from layers.credits import all_credits
from layers.layer import Layer
from layers.query import FeatureQuery
from layers.registers.map_day import is_demo

OWN = ("lang", "scope", "bom", "crs")
_MOST_SIGNS = 80
_OTHER = re.compile(r"[^a-z0-9.]+")

PUBLISHER = both(
    "Bản đồ số quốc gia về tiêu chuẩn, đo lường, chất lượng", "National map of standards, metrology and quality"
)
LICENCE = both(
    "Dữ liệu mở của cơ quan nhà nước: được dùng lại tự do khi nêu nguồn; các nguồn kèm theo giữ giấy phép riêng.",
    "Open data of state agencies: free to reuse when the source is named; the sources named keep their own licences.",
)
DEMO = both("Dữ liệu minh họa, không phải của tổ chức nào.", "Demo data; they belong to nobody.")
_DAY = both("Ngày của dữ liệu", "Day of the data")
_FILTERS, _NONE = both("Bộ lọc", "Filters"), both("không", "none")
_SYSTEM = both("Hệ tọa độ", "Coordinate system")
_SOURCE, _LICENCE, _CREDITS = both("Nguồn", "Source"), both("Giấy phép", "Licence"), both("Ghi công", "Credits")


def file_name(layer: Layer, day: date, parameters: QueryDict, ending: str, crs: Crs = CRS84) -> str:
    """`<layer>_<day>_<system>_<filters>.<ending>` in ASCII: letters, digits, `-`, `_` and points alone."""
    asked = "_".join(f"{each}-{_plain(parameters[each])}" for each in filters_asked(parameters))
    system = "" if crs == CRS84 else f"epsg-{crs.code}"
    named = "_".join(filter(None, (layer.name, day.isoformat(), system, asked[:_MOST_SIGNS].rstrip("-_"))))
    return f"{named}.{ending}"


def filters_asked(parameters: QueryDict) -> list[str]:
    """The names of the parameters that choose rows, sorted."""
    return sorted(each for each in parameters if each not in OWN)


def about(layer: Layer, query: FeatureQuery, parameters: QueryDict, crs: Crs) -> list[tuple[str, str]]:
    """What a file says of itself, term by term, in the active language."""
    asked = "&".join(f"{each}={parameters[each]}" for each in filters_asked(parameters))
    credits = all_credits()
    lines = [
        (str(layer.title), str(layer.description)),
        (str(_DAY), query.day.isoformat()),
        (str(_FILTERS), asked or str(_NONE)),
        *([(str(_SYSTEM), f"EPSG:{crs.code}, {name(crs.code)}")] if layer.geometry else []),
        (str(_SOURCE), str(PUBLISHER)),
        (str(_LICENCE), str(LICENCE)),
        *([(str(_CREDITS), "; ".join(credits))] if credits else []),
    ]
    return [*lines, ("demo", str(DEMO))] if is_demo() else lines


def members(layer: Layer, query: FeatureQuery, parameters: QueryDict) -> dict[str, object]:
    """The same as members of a GeoJSON collection."""
    told: dict[str, object] = {
        "name": layer.name,
        "title": str(layer.title),
        "day": query.day.isoformat(),
        "source": str(PUBLISHER),
        "licence": str(LICENCE),
        "credits": all_credits(),
    }
    return {**told, "demo": True} if is_demo() else told


def _plain(text: str) -> str:
    return _OTHER.sub("-", search_key(text)).strip("-")
