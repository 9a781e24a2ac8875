"""Who else, near by: for a place those that can do most of the same, for a device those designated for its type."""

from urllib.parse import urlencode

from django.http import QueryDict

from geodata.language import both
from layers.access import User
from layers.alternatives import Alternative, alternatives
from layers.layer import Layer
from layers.query import FeatureQuery, columns, matching, select
from layers.values import as_properties
from mapapp.words import in_words
from services.find import TASKS, find

MOST_BODIES = 5
_SHOWN = ("name", "name_en", "address", "commune")
_VERIFICATION = {TASKS: "kiểm định", "activity": "device_verification", "qualification": "designation"}
_SHARED_WORDS = {
    "activity": (both("hoạt động", "activity"), both("hoạt động", "activities")),
    "device_type": (both("loại phương tiện đo", "device type"), both("loại phương tiện đo", "device types")),
    "field": (both("lĩnh vực", "field"), both("lĩnh vực", "fields")),
}


def near_place(layer: Layer, query: FeatureQuery, row: tuple, user: User = None) -> list[dict]:
    """Other organisations' places in force that share most with the place of this row, with what they share."""
    if layer.lines is None:
        return []
    lon, lat = row[-1].coords
    found = {one.id: one for one in alternatives(layer, query, row[0], lon=lon, lat=lat, user=user)}
    asked = FeatureQuery(day=query.day, on=query.on)
    rows = matching(layer, asked, user).filter(pk__in=found)
    picked = list(select(layer, asked, user, fields=_SHOWN, rows=rows))
    shown = as_properties(columns(layer, user, fields=_SHOWN), (one[1:] for one in picked), user)
    described = {one[0]: _described(layer, found[one[0]], values) for one, values in zip(picked, shown, strict=True)}
    return [described[pk] for pk in found if pk in described]


def _described(layer: Layer, one: Alternative, values: dict) -> dict:
    return {
        "href": f"/{layer.name}/{one.id}",
        "name": values["name"],
        "name_en": values["name_en"],
        "address": values["address"] or in_words(layer.field("commune"), values),
        "metres": one.metres,
        "shared": len(one.shared),
        "of": one.of,
        "parts": _parts(one),
    }


def _parts(one: Alternative) -> str:
    """`1 activity, 6 device types`: how many of each kind are shared."""
    counts = {name: sum(kind == name for kind, _ in one.shared) for name in _SHARED_WORDS}
    return ", ".join(f"{n} {_SHARED_WORDS[name][n > 1]}" for name, n in counts.items() if n)


def near_device(layer: Layer, query: FeatureQuery, row: tuple, device_type: str | None) -> dict | None:
    """The bodies designated for the device's type, those who come to it first, then the nearer (`services.find`).

    None in layers without devices of one type.
    """
    if layer.name != "measuring_devices" or not device_type:
        return None
    lon, lat = row[-1].coords
    asked = {**_VERIFICATION, "device_type": device_type, "lon": f"{lon:.6f}", "lat": f"{lat:.6f}"}
    asked["limit"] = str(MOST_BODIES)
    if query.on:
        asked["on"] = query.on.isoformat()
    found = find(QueryDict(urlencode(asked)))
    return {"places": found.places, "total": found.total, "all": f"/find?{urlencode(asked | {'limit': '100'})}"}
