"""What a vector tile holds, counted: so that times are compared of like with like."""

from collections import Counter
from dataclasses import dataclass

import mapbox_vector_tile


@dataclass(frozen=True)
class Content:
    """`features` as encoded, the `devices` they stand for, and those by status."""

    features: int
    devices: int
    by_status: Counter[str]


def content(body: bytes) -> Content:
    """Of every MVT layer but `meta`; nothing of an empty body."""
    features = [
        feature["properties"]
        for name, layer in (mapbox_vector_tile.decode(body).items() if body else ())
        if name != "meta"
        for feature in layer["features"]
    ]
    by_status: Counter[str] = Counter()
    for properties in features:
        by_status.update(_statuses(properties))
    return Content(len(features), sum(item.get("count", 1) for item in features), by_status)


def _statuses(properties: dict[str, object]) -> dict[str, int]:
    if "count" not in properties:
        return {str(properties.get("status")): 1}
    counts = {name.removeprefix("n_"): value for name, value in properties.items() if name.startswith("n_")}
    return {status: int(str(number)) for status, number in counts.items()}
