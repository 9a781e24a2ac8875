"""The words beside codes as SQL: for each list of codes one object of code and label, looked up row by row."""

import json
from dataclasses import dataclass

from django.utils.translation import get_language

from layers.codes import FixedCodes
from layers.layer import Codes


@dataclass(frozen=True)
class LabelMap:
    """An expression that gives a `jsonb` object of labels by code, and its values."""

    sql: str
    values: tuple


def label_map(codes: Codes, using: str) -> LabelMap:
    """The labels of a list in the active language. One that is a table is read by the statement itself."""
    if isinstance(codes, FixedCodes):
        return LabelMap("%s::jsonb", (json.dumps({one.code: str(one.label) for one in codes.items}),))
    rows, values = codes.rows(using).query.get_compiler(using=using).as_sql()
    label = "coalesce(nullif(en, ''), vi)" if (get_language() or "vi").startswith("en") else "vi"
    made = f"SELECT coalesce(jsonb_object_agg(code, {label}), '{{}}') FROM ({rows}) AS list(code, vi, en)"
    return LabelMap(f"({made})", tuple(values))
