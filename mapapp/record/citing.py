"""How a record is cited: its permanent address, the day of the data, one line to be copied."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils.translation import get_language

from geodata.language import both
from layers.layer import Layer
from layers.public_address import absolute
from layers.query import FeatureQuery
from layers.registers.map_day import is_demo
from mapapp.words import in_day

MAP = both("Bản đồ số tiêu chuẩn, đo lường, chất lượng", "National map of standards, metrology and quality")


@dataclass(frozen=True)
class Citation:
    """`permalink` is the record's address, with the day asked for where one was; `dated` always names the day that
    the facts are of; `canonical` is the address in this language without anything else, `others` it in both languages.
    The line to be copied is `title`, a full stop, `source`.
    """

    permalink: str
    dated: str
    canonical: str
    others: dict[str, str]
    day: date
    title: str
    source: str


def cited(request: HttpRequest, layer: Layer, number: int, title: str, query: FeatureQuery) -> Citation:
    """The citation of a record as the public reads it."""
    page = f"/{layer.name}/{number}"
    english = get_language() == "en"
    dated = _address(page, query.day if layer.dated else None, english=english)
    return Citation(
        permalink=absolute(request, _address(page, query.on, english=english)),
        dated=absolute(request, dated),
        canonical=absolute(request, _address(page, None, english=english)),
        others={code: absolute(request, _address(page, None, english=code == "en")) for code in ("vi", "en")},
        day=query.day,
        title=title,
        source=_source(layer, query.day, absolute(request, dated)),
    )


def _address(page: str, on: date | None, *, english: bool) -> str:
    asked = [f"on={on.isoformat()}" if on else "", "lang=en" if english else ""]
    said = "&".join(filter(None, asked))
    return f"{page}?{said}" if said else page


def _source(layer: Layer, day: date, address: str) -> str:
    """Layer, map, day, address; demo data say so wherever they are carried."""
    said = both(f"Dữ liệu đến {in_day(day)}", f"Data up to {in_day(day)}")
    demo = [str(both("Dữ liệu minh họa", "Demo data"))] if is_demo() else []
    return f"{'. '.join([str(layer.title), str(MAP), str(said), *demo])}. {address}"
