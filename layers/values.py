"""Rows made readable: each row as a mapping of field names to values, with the labels of codes beside them."""

from collections.abc import Iterable, Sequence

from django.utils.text import format_lazy

from geodata.language import both
from layers.access import User, connection_for
from layers.in_force import InForce
from layers.layer import Field

NOT_IN_FORCE = both("không có hiệu lực", "not in force")
YES, NO = both("Có", "Yes"), both("Không", "No")


def as_properties(
    fields: Sequence[Field],
    rows: Iterable[Sequence],
    user: User = None,
    *,
    in_force: Sequence[InForce | None] | None = None,
) -> list[dict]:
    """Each row (values in the order of `fields`) as `{name: value}`; a labelled one has `<name>_label` behind it.

    The label of a list of codes is a list. Labels are lazy texts in both languages. `in_force` has for each row
    what `layers.in_force` says of it, or None: labels of values that no line in force has then say so.
    """
    kept = [tuple(row) for row in rows]
    labels = {item.name: _labels(item, number, kept, user) for number, item in enumerate(fields) if item.codes}
    forces = in_force or [None] * len(kept)
    return [_properties(fields, row, labels, force) for row, force in zip(kept, forces, strict=True)]


def _labels(item: Field, number: int, rows: list[tuple], user: User) -> dict[str, object]:
    found = {code for row in rows for code in _codes(row[number])}
    return item.codes.labels(connection_for(user), found) if found else {}


def _codes(value: object) -> list[str]:
    return list(value) if isinstance(value, list) else [str(value)] if value not in (None, "") else []


def _properties(
    fields: Sequence[Field], row: tuple, labels: dict[str, dict[str, object]], force: InForce | None
) -> dict:
    properties: dict[str, object] = {}
    for item, value in zip(fields, row, strict=True):
        properties[item.name] = value if value != "" else None
        alive = force[item.name] if force is not None and item.of_many_lines else None
        if item.codes:
            named = [_of_line(labels[item.name].get(code, code), code, alive) for code in _codes(value)]
            properties[f"{item.name}_label"] = named if isinstance(value, list) else (named[0] if named else None)
        elif item.of_many_lines:
            properties[f"{item.name}_label"] = _of_line(YES, True, alive) if value else NO
    return properties


def _of_line(label: object, value: object, alive: set | None) -> object:
    """The label; it says so where only lines that are not in force have this value."""
    return label if alive is None or value in alive else format_lazy("{} ({})", label, NOT_IN_FORCE)
