"""The one place that reads the view `checkable`, and only by exact keys of numbers; and the device types of an item."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connections

from geodata.language import Both, both
from layers import checkable
from layers.competence.reading import read
from layers.registers.devices import DeviceType
from layers.registers.number_key import number_key
from layers.registers.verifying import NOT_DESIGNATED
from services.verify.evidence import Device, Evidence, Item, Line, Pass
from services.verify.itemwords import words_of
from services.verify.scopewords import says

# A short serial number may stand on thousands of devices: nobody chooses among more.
MOST = 40
# Of what was meant all is read, so that the likeliest can be told.
MOST_MEANT = 1_000

_REFS = f"SELECT kind, ref FROM {checkable.NAME} WHERE key = ANY(%s) ORDER BY kind, ref LIMIT %s"
_SHOWN = ", ".join(name for name in checkable.COLUMNS if name != checkable.KEY)
_BY_KEY = f"SELECT {_SHOWN} FROM {checkable.NAME} WHERE key = ANY(%s) AND ref = ANY(%s)"
_PUBLISHED = f"""SELECT key, number, kind FROM {checkable.NAME} WHERE key = ANY(%s) AND published
    ORDER BY key, number, kind LIMIT %s"""
_NUMBERED = f"SELECT ref FROM {checkable.NAME} WHERE key = ANY(%s) AND kind = 'device' AND ref = ANY(%s)"


_OF_LINE = ("type_names", "unit", "range_min", "range_max", "lod", "loq", "cmc")


@dataclass(frozen=True)
class Found:
    """What stands under a number, in an order that stays; `cut`: there is more."""

    evidence: list[Evidence]
    cut: bool = False


def evidence_of(key: str) -> Found:
    """Everything under this exact number, published or not, at most MOST rows of it.

    Which rows those are is asked first, and is nearly nothing: of others, and for no row, no events are gathered.
    """
    first = [(row["kind"], row["ref"]) for row in _rows(_REFS, [[key], MOST + 1])]
    chosen = set(first[:MOST])
    rows = _rows(_BY_KEY, [[key], [ref for _, ref in chosen]]) if chosen else []
    found = [_evidence(row) for row in rows if (row["kind"], row["ref"]) in chosen]
    return Found(sorted(found, key=lambda one: (one.kind, one.ref, one.number)), cut=len(first) > MOST)


def published_among(keys: Sequence[str]) -> list[tuple[str, str, str]]:
    """Of these keys those that published evidence has: key, number as it is written, kind."""
    return [(row["key"], row["number"], row["kind"]) for row in _rows(_PUBLISHED, [list(keys), MOST_MEANT])]


def item_of(text: str, *, among: Collection[int]) -> Item:
    """What the text may mean: the code of a device type, words of its name, the number of a device `among` these."""
    rows = list(DeviceType.objects.using("open").values_list("code", "name_vi", "name_en"))
    item, code, key = Item(text, words_of(text), read(text)), text.strip().lower(), number_key(text)
    if any(one == code for one, _, _ in rows):
        return replace(item, types=frozenset([code]), is_code=True)
    needed = item.asked.needed
    named = (one for one, vi, en in rows if needed and says(f"{vi} {en}", needed))
    devices = [row["ref"] for row in _rows(_NUMBERED, [[key], list(among)])] if among and key and text.isascii() else []
    return replace(item, types=frozenset(named), devices=frozenset(devices))


def _rows(sql: str, values: Sequence[object]) -> list[dict[str, Any]]:
    with connections["open"].cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _evidence(row: Mapping[str, Any]) -> Evidence:
    events: dict[str, Any] = json.loads(row["events"] or "{}")
    days: dict[str, Any] = {name: _day(events.get(name)) for name in ("voided_on", "suspended_on", "cancelled_on")}
    texts: dict[str, Any] = {name: row[name] or "" for name in ("maker", "scheme", "type_code")}
    return Evidence(
        kind=row["kind"],
        ref=row["ref"],
        number=row["number"],
        **{name: row[name] for name in ("issued_on", "valid_from", "valid_until")},
        **texts,
        type=_named(row, "type"),
        body_id=row["body"],
        body=_named(row, "body"),
        authority_id=row["authority"],
        authority=_named(row, "authority"),
        published=row["published"],
        household=row["household"],
        lines=tuple(_line(one) for one in events.get("lines") or events.get("scope") or ()),
        device=_device(events) if events.get("device") else None,
        void_reason=events.get("void_reason") or "",
        not_designated=events.get("flag") == NOT_DESIGNATED,
        **days,
    )


def _line(one: Mapping[str, Any]) -> Line:
    days: dict[str, Any] = {name: _day(one[name]) for name in ("suspended_from", "suspended_until", "withdrawn_on")}
    return Line(
        one["activity"],
        one["type"],
        one["text"],
        date.fromisoformat(one["from"]),
        _day(one["until"]),
        **days,
        **{name: one[name] for name in _OF_LINE},
    )


def _device(events: Mapping[str, Any]) -> Device:
    return Device(
        events["device"],
        events["numbered"],
        events["no_periodic"],
        tuple(_pass(one) for one in events["passes"] or ()),
        _day(events["repaired_on"]),
        _day(events["taken_out_on"]),
        tuple(date.fromisoformat(day) for day in events["fails"] or ()),
    )


def _pass(one: Mapping[str, Any]) -> Pass:
    return Pass(
        date.fromisoformat(one["on"]),
        _day(one["until"]),
        one["body"],
        both(one["body_vi"], one["body_en"] or one["body_vi"]),
        _day(one["voided_on"]),
        one["void_reason"],
        _day(one["repaired_on"]),
        one["flag"] == NOT_DESIGNATED,
        one["after_repair"],
    )


def _named(row: Mapping[str, Any], name: str) -> Both | None:
    vi = row[f"{name}_vi"]
    return both(vi, row[f"{name}_en"] or vi) if vi else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
