"""How well a record's names, or a number, answer what was typed into the search.

Which records hold the words at all is asked of trigram indexes before; here they are put in order: all of them by
what is cheap to ask, the best CANDIDATES of those by closeness, whose regular expressions are dear.
"""

import re
from collections.abc import Sequence
from functools import reduce
from operator import and_
from typing import TypeAlias

from django.db.models import Case, Expression, IntegerField, OrderBy, Q, QuerySet, Value, When
from django.db.models.functions import Length

Order: TypeAlias = str | Expression | OrderBy
SIMILAR = 4
"""From here on the words only occur inside other words (“do luong” in “dong luong”)."""
CANDIDATES = 300
_EDGE = "[^[:alnum:]]"


def best_first(rows: QuerySet, key: str, words: tuple[str, ...], *, then: Sequence[Order] = ()) -> QuerySet:
    """At most CANDIDATES of the rows, with `closeness`: those that answer the words best first, then by `then`, then
    the shorter ones.

    Ids decide the rest, so the order is stable. Names that are these words or begin with them are met before others.
    """
    near = rows.alias(likeness=_likeness(key, " ".join(words))).order_by("likeness", *then, Length(key), "pk")[
        :CANDIDATES
    ]
    few = rows.model._default_manager.using(rows.db).filter(pk__in=near.values("pk"))
    return few.annotate(closeness=closeness(key, words)).order_by("closeness", *then, Length(key), "pk")


def _likeness(key: str, together: str) -> Case:
    """Closeness as far as it is seen without regular expressions: where words end is not looked at inside a name."""
    return _first_that_holds(
        Q(**{key: together}) | Q(**{f"{key}__startswith": f"{together} |"}),
        Q(**{f"{key}__startswith": together}) | Q(**{f"{key}__contains": f"| {together}"}),
        Q(**{f"{key}__contains": f" {together}"}),
    )


def closeness(key: str, words: tuple[str, ...]) -> Case:
    """0 for a name that is these words, 1 for one that begins with them, 2 where they stand together, 3 where
    each is a word of its own, SIMILAR otherwise. The last may be the beginning of a word: one is still typing.

    `key` is the path of a search key: names parted by ` | `.
    """
    together = re.escape(" ".join(words))
    whole = dict.fromkeys(words[:-1])
    apart = [*(f"{_beginning(word)}($|{_EDGE})" for word in whole), _beginning(words[-1])]
    steps = [
        Q(**{f"{key}__regex": rf"(^|\| ){together}($| \|)"}),
        Q(**{f"{key}__regex": rf"(^|\| ){together}"}),
        Q(**{f"{key}__regex": _beginning(" ".join(words))}),
    ]
    if len(words) > 1:
        steps.append(reduce(and_, (Q(**{f"{key}__regex": pattern}) for pattern in apart)))
    return _first_that_holds(*steps)


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


def _beginning(text: str) -> str:
    return f"(^|{_EDGE}){re.escape(text)}"


def _first_that_holds(*conditions: Q) -> Case:
    steps = [When(condition, then=Value(step)) for step, condition in enumerate(conditions)]
    return Case(*steps, default=Value(SIMILAR), output_field=IntegerField())
