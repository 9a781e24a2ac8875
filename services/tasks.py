"""Jobs of the services, run by the worker."""

import logging
from datetime import datetime
from zoneinfo import ZoneInfo

from layers.layer import Layer
from layers.query import map_day
from layers.registry import all_layers, all_tables
from layers.tasks import repeated
from services.downloads.full.making import export
from services.downloads.full.manifest import manifest_of

LOOK_EVERY_S = 1800
# After the roll-over, before people are at work.
NIGHT = range(1, 5)
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
logger = logging.getLogger("map.jobs")


@repeated(every_s=LOOK_EVERY_S)
def export_nightly() -> int:
    """Makes the whole files that are not of the map's day, at night; gives how many layers and tables that were.

    One that fails is told to the log, and tried again at the next look; the others are made.
    """
    if datetime.now(_ZONE).hour not in NIGHT:
        return 0
    day = map_day()
    late = [each for each in (*all_layers(), *all_tables()) if (made := manifest_of(each)) is None or made.day < day]
    return sum(_exported(each) for each in late)


def _exported(layer: Layer) -> bool:
    try:
        export(layer, logger.info)
    except Exception:
        logger.exception("the whole files of %s were not made", layer.name)
        return False
    return True
