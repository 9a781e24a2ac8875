"""Numbers of papers as searches compare them: “QĐ-MH 12”, “qđ mh 12” and “QDMH12” are one number."""

import re
from typing import Any

from django.db import models
from django.db.models import Func, Q, TextField


def number_key(text: str) -> str:
    """The letters and digits of a number, lower case, đ as d; what is neither is left out.

    So are letters with accents and those of other scripts: who says that two numbers are one compares these as well
    (`services.verify.numbers.letters_of`).
    """
    return re.sub("[^a-z0-9]", "", text.translate(str.maketrans("Đđ", "dd")).lower())


class PlainNumber(Func):
    """The number in lower case, đ as d, its signs kept."""

    template = "lower(translate(%(expressions)s, 'Đđ', 'dd'))"
    arity = 1
    output_field = TextField()


class NumberKey(Func):
    """`number_key` of a column: the same in the database, where an index holds it."""

    template = "regexp_replace(%(expressions)s, '[^a-z0-9]', '', 'g')"
    arity = 1
    output_field = TextField()

    def __init__(self, number: Any, **extra: Any) -> None:
        super().__init__(PlainNumber(number), **extra)


def key_index(column: str, name: str, *, may_be_empty: bool = False) -> models.Index:
    """Finds rows by the exact key of a number; rows without one take no room in it."""
    return models.Index(NumberKey(column), condition=~Q(**{column: ""}) if may_be_empty else None, name=name)
