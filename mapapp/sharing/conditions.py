"""The filters in force as a person reads them, for a picture that stands without the page."""

from collections.abc import Iterator

from geodata.language import both
from layers.filters import CQL2_CONDITION
from layers.layer import Field, Layer
from layers.query import Competences, DateRange, FeatureQuery, Value
from layers.units import COMMUNES, PROVINCES
from layers.values import NO, YES
from mapapp.words import in_day, in_numbers

_SEARCHED = both("Tìm", "Search")
_BOXED = both("Chỉ trong khung đã chọn", "Only within the chosen box")
_MOST_LISTED = 4


def conditions(asked: tuple[tuple[Layer, FeatureQuery], ...], words: str) -> tuple[str, ...]:
    """One line for each condition, those that all layers share first and once; empty without filters."""
    lines = [line for _, query in asked[:1] for line in _shared(query, words)]
    for layer, query in asked:
        of = f" ({layer.title})" if len(asked) > 1 else ""
        lines += [f"{title}{of}: {text}" for title, text in _own(layer, query)]
    return tuple(lines)


def _shared(query: FeatureQuery, words: str) -> Iterator[str]:
    for codes, asked in ((PROVINCES, query.provinces), (COMMUNES, query.communes)):
        if asked:
            yield _listed([str(label) for label in codes.labels("open", asked).values()])
    if query.bboxes:
        yield str(_BOXED)
    if query.within:
        km = in_numbers(round(query.within.metres / 1000, 1))
        yield str(both(f"Trong {km} km quanh điểm đã chọn", f"Within {km} km of the chosen point"))
    if query.words:
        yield f"{_SEARCHED}: “{words.strip()}”"


def _own(layer: Layer, query: FeatureQuery) -> Iterator[tuple[object, str]]:
    for item in layer.filters:
        if item.name in query.values:
            yield item.title_asked, _told(item, query.values[item.name])
    if query.condition:
        yield CQL2_CONDITION, query.condition.text


def _told(item: Field, value: Value) -> str:
    if isinstance(value, bool):
        return str(YES if value else NO)
    if isinstance(value, DateRange):
        return " – ".join(in_day(day) if day else "…" for day in dict.fromkeys((value.first, value.last)))
    if isinstance(value, Competences):
        return f"“{value.text}”"
    labels = item.choices.labels("open", value) if item.choices else {}
    return _listed([str(labels.get(code, code)) for code in value])


def _listed(labels: list[str]) -> str:
    """The first few, and how many more there are."""
    more = len(labels) - _MOST_LISTED
    rest = [str(both(f"và {more} mục khác", f"and {more} more"))] if more > 0 else []
    return ", ".join([*labels[:_MOST_LISTED], *rest])
