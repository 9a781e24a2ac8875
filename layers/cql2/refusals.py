"""How a filter is refused: the parameter that held it is named at the edge, where it is known."""

from collections.abc import Iterator
from contextlib import contextmanager

from layers.errors import BadParameter


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
