"""Rows made readable: each row as a mapping of field names to values, with the labels of codes beside them."""

from collections.abc import Iterable, Sequence

from layers.access import User, connection_for
from layers.layer import Field


def as_properties(fields: Sequence[Field], rows: Iterable[Sequence], user: User = None) -> list[dict]:
    """Each row (values in the order of `fields`) as `{name: value}`; a code field has `<name>_label` behind it.

    The label of a list of codes is a list. Labels are lazy texts in both languages.
    """
    kept = [tuple(row) for row in rows]
    labels = {item.name: _labels(item, number, kept, user) for number, item in enumerate(fields) if item.codes}
    return [_properties(fields, row, labels) for row in kept]


def _labels(item: Field, number: int, rows: list[tuple], user: User) -> dict[str, object]:
    found = {code for row in rows for code in _codes(row[number])}
    return item.codes.labels(connection_for(user), found) if found else {}


def _codes(value: object) -> list[str]:
    return list(value) if isinstance(value, list) else [str(value)] if value not in (None, "") else []


def _properties(fields: Sequence[Field], row: tuple, labels: dict[str, dict[str, object]]) -> dict:
    properties: dict[str, object] = {}
    for item, value in zip(fields, row, strict=True):
        properties[item.name] = value if value != "" else None
        if item.codes:
            named = [labels[item.name].get(code, code) for code in _codes(value)]
            properties[f"{item.name}_label"] = named if isinstance(value, list) else (named[0] if named else None)
    return properties
