"""How a filter is refused: the parameter that held it is named at the edge, where it is known."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from layers.cql2.conditions import Property
from layers.cql2.properties import Kind, Known
from layers.errors import BadParameter

_WRITTEN = {
    "text": "'Hà Nội'",
    "number": "12.5",
    "date": "DATE('2026-01-31')",
    "boolean": "TRUE",
    "geometry": "POINT(105.85 21.03)",
}
"""How a value of each kind is written."""


def refused(code: str, vi: str, en: str) -> BadParameter:
    """A refusal that `named` gives its parameter."""
    return BadParameter(code, vi, en)


@contextmanager
def named(parameter: str) -> Iterator[None]:
    """Refusals inside name this parameter."""
    try:
        yield
    except BadParameter as error:
        error.parameter = parameter
        raise


def unreadable(position: int, piece: str) -> BadParameter:
    """The refusal of what is no CQL2; `position` counts characters from 1, `piece` is what stands there."""
    there = f"“{piece[:20]}”" if piece else ""
    return refused(
        "filter.syntax",
        f"Bộ lọc sai cú pháp CQL2 ở ký tự thứ {position}{f', tại {there}' if there else ' (hết câu)'}.",
        f"The filter is no CQL2 from character {position} on{f', at {there}' if there else ' (its end)'}.",
    )


def ill_typed(vi: str, en: str) -> BadParameter:
    """The refusal of values that cannot be compared."""
    return refused("filter.type", vi, en)


def unlike(found: Iterable[Any], kind: Kind | None) -> BadParameter:
    """The refusal of operands that are not all of this kind; None where that of the first is not known."""
    names = ", ".join(one.name for one in found if isinstance(one, Property))
    if not names or kind in (None, "geometry"):
        return ill_typed("Bộ lọc so hai giá trị khác kiểu.", "The filter compares values of different types.")
    written = _WRITTEN[kind or "text"]
    return ill_typed(
        f"{names} chỉ so được với giá trị cùng kiểu, viết như {written}.",
        f"{names} is compared with values of its own type, written like {written}.",
    )


def unknown(name: str, known: Mapping[str, Known]) -> BadParameter:
    """The refusal of a name that none of the known properties has."""
    listed = ", ".join(sorted(known))
    return refused(
        "filter.property",
        f"Không có thuộc tính “{name[:40]}”. Có: {listed}.",
        f"There is no property “{name[:40]}”. There are: {listed}.",
    )
