"""Filtered tiles of streets, kept in memory under a version: of the file, of the land and of the program."""

import hashlib
import logging
from dataclasses import dataclass
from functools import lru_cache

from geodata.streets_file import StreetsFile
from geodata.streets_in_use import streets
from tiles.basemap import edition
from tiles.coding import by_gzip, unpacked
from tiles.streets.filtering import filtered
from tiles.streets.land import land_of
from tiles.streets.schemas import RULES
from tiles.streets.style import StreetsShown
from tiles.tile import Tile
from tiles.tilejson import joined
from tiles.versions import SOURCES

_MOST_KEPT = 256

logger = logging.getLogger("map.tiles")


@dataclass(frozen=True)
class StreetTile:
    """A filtered tile; `gzipped` is empty where nothing is shown there."""

    version: str
    gzipped: bytes

    @property
    def plain(self) -> bytes:
        """The tile itself."""
        return unpacked(self.gzipped) if self.gzipped else b""

    def by_brotli(self) -> None:
        """Never: tiles of streets are answered once to each browser, which keeps them."""


def streets_version(file: StreetsFile) -> str:
    """Of all that a tile depends on: the file, the boundaries that names are judged by, the program."""
    depends_on = repr((file.identity, edition(), SOURCES))
    return hashlib.blake2b(depends_on.encode(), digest_size=10).hexdigest()


def shown_streets(base_url: str) -> StreetsShown | None:
    """What the style says of the streets; None without any. `base_url` is the origin, without a final slash."""
    found = streets()
    if found is None:
        return None
    address = f"{base_url}/streets/{streets_version(found)}/{{z}}/{{x}}/{{y}}.mvt"
    return StreetsShown(address, found.zooms, found.bounds, joined([found.credit]))


def street_tile(file: StreetsFile, tile: Tile, version: str) -> StreetTile | None:
    """The tile under the file's current version; None, and a line of log, where the file is broken there."""
    try:
        return _made(file, tile, version)
    except (ValueError, LookupError) as error:
        facts = {"tile": f"{tile.z}/{tile.x}/{tile.y}", "reason": str(error)}
        logger.warning("a tile of MAP_STREETS is broken", extra={"facts": facts})
        return None


@lru_cache(maxsize=_MOST_KEPT)
def _made(file: StreetsFile, tile: Tile, version: str) -> StreetTile:
    body = file.tile(tile.z, tile.x, tile.y)
    shown = filtered(body, RULES[file.schema], tile, land_of(tile)) if body else b""
    return StreetTile(version, by_gzip(shown) if shown else b"")
