"""Every part of the suite, in the order of the report."""

from collections.abc import Mapping
from typing import Protocol

from bench.figures import Figure
from bench.parts import (
    as_typed,
    at_once,
    cached,
    counting,
    downloads,
    edits,
    features,
    filtered,
    first_visit,
    loading,
    memory,
    national,
    pages,
    paging,
    pan_and_zoom,
    qgis,
    sizes,
    tiles,
)


class Part(Protocol):
    """What each file of this folder is."""

    TITLE: str

    def measure(self, *, small: bool) -> list[Figure]:
        """The figures, measured now."""


PARTS: Mapping[str, Part] = {
    "tiles": tiles,
    "national": national,
    "filtered": filtered,
    "cached": cached,
    "at_once": at_once,
    "features": features,
    "paging": paging,
    "counting": counting,
    "downloads": downloads,
    "as_typed": as_typed,
    "loading": loading,
    "edits": edits,
    "sizes": sizes,
    "memory": memory,
    "pan_and_zoom": pan_and_zoom,
    "first_visit": first_visit,
    "pages": pages,
    "qgis": qgis,
}
