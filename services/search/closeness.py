"""How well a record's names, or a number, answer what was typed into the search.

Which records hold the words at all is found before; here they are put in order: all of them by what is cheap to ask,
the best CANDIDATES of those by closeness.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from django.db.models import Case, Expression, IntegerField, OrderBy, Q, QuerySet, Value, When
from django.db.models.functions import Length

from geodata.functions import Latitude, Longitude, MetresFrom, SquareDegreesFrom

Order: TypeAlias = str | Expression | OrderBy
SIMILAR = 4
"""From here on the words only occur inside other words (“do luong” in “dong luong”)."""
CANDIDATES = 200
_EDGE = r"[\W_]"


class Candidate(NamedTuple):
    """A row that holds the words: its id and how close it is (0 to SIMILAR); where its point was asked for, that and
    its metres from a position.
    """

    pk: int
    closeness: int
    lon: float = 0
    lat: float = 0
    metres: float | None = None


def best_first(
    rows: QuerySet,
    key: str,
    words: tuple[str, ...],
    *,
    point: str = "",
    then: Sequence[Order] = (),
    position: tuple[float, float] | None = None,
) -> list[Candidate]:
    """At most CANDIDATES of the rows: those that answer the words best first, then the nearest to the position.

    Equals stand as the database met them: names that are these words or begin with them before others, then by
    `then`, then the shorter ones, then by id. `key` and `point` are the paths of a search key (names parted by ` | `)
    and of a point.
    """
    near = (SquareDegreesFrom(point, *position),) if position else ()
    rows = rows.alias(likeness=_likeness(key, " ".join(words))).order_by("likeness", *near, *then, Length(key), "pk")
    where = (Longitude(point), Latitude(point)) if point else ()
    away = (MetresFrom(point, *position),) if position else ()
    close = closeness(words)
    found = rows.values_list("pk", key, *where, *away)[:CANDIDATES]
    candidates = [Candidate(pk, close(text), *rest) for pk, text, *rest in found]
    return sorted(candidates, key=lambda one: (one.closeness, one.metres or 0))


def _likeness(key: str, together: str) -> Case:
    """Closeness as far as the database sees it quickly: where words end is not looked at inside a name."""
    return _first_that_holds(
        Q(**{key: together}) | Q(**{f"{key}__startswith": f"{together} |"}),
        Q(**{f"{key}__startswith": together}) | Q(**{f"{key}__contains": f"| {together}"}),
        Q(**{f"{key}__contains": f" {together}"}),
    )


def likeness(key: str, together: str) -> int:
    """The same of a search key that is at hand."""
    if key == together or key.startswith(f"{together} |"):
        return 0
    if key.startswith(together) or f"| {together}" in key:
        return 1
    return 2 if f" {together}" in key else SIMILAR


def closeness(words: tuple[str, ...]) -> Callable[[str], int]:
    """What tells of a search key: 0 for a name that is these words, 1 for one that begins with them, 2 where they stand
    together, 3 where each is a word of its own, SIMILAR otherwise. The last may be the beginning of a word: one is
    still typing.
    """
    together = re.escape(" ".join(words))
    beginnings = [_beginning(f"{re.escape(word)}(?:$|{_EDGE})") for word in dict.fromkeys(words[:-1])]
    steps = [
        [re.compile(rf"(?:^|\| ){together}(?:$| \|)")],
        [re.compile(rf"(?:^|\| ){together}")],
        [_beginning(together)],
        *([[*beginnings, _beginning(re.escape(words[-1]))]] if len(words) > 1 else []),
    ]

    def told(key: str) -> int:
        holding = (step for step, patterns in enumerate(steps) if all(one.search(key) for one in patterns))
        return next(holding, SIMILAR)

    return told


def _beginning(pattern: str) -> re.Pattern[str]:
    return re.compile(f"(?:^|{_EDGE}){pattern}")


def how_close(closeness: int) -> dict[str, object]:
    """What a result says of its closeness."""
    return {"similar": closeness >= SIMILAR, "closeness": closeness}


def number_closeness(path: str, number: str) -> Case:
    """0 for the whole number, 1 where it is a part of its own (5012 in VILAS 5012), SIMILAR inside longer digits.

    `path` leads to the number in lower case without accents; `number` is its letters and digits alone.
    """
    spelling = "[^a-z0-9]*".join(number)
    before = "(^|[^0-9])" if number[0].isdigit() else ""
    after = "($|[^0-9])" if number[-1].isdigit() else ""
    return _first_that_holds(
        Q(**{f"{path}__regex": f"^{spelling}$"}), Q(**{f"{path}__regex": f"{before}{spelling}{after}"})
    )


def _first_that_holds(*conditions: Q) -> Case:
    steps = [When(condition, then=Value(step)) for step, condition in enumerate(conditions)]
    return Case(*steps, default=Value(SIMILAR), output_field=IntegerField())
