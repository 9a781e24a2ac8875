"""What the search keeps, read before somebody asks."""

import logging

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, connections

from layers.errors import FeatureError
from layers.query import map_day, reading
from services.search.asking import Asked
from services.search.counted import shown_by
from services.search.former import former_units
from services.search.kept_names import kept_records

logger = logging.getLogger("map.requests")


def warm() -> None:
    """Reads it for this worker, in a thread of its own; where the database cannot answer yet, a question will later."""
    try:
        with reading(None, "search"):
            asked = Asked("an", ("an",), map_day("open"), 1)
            for layer in asked.versions:
                if layer.few:
                    kept_records(layer, asked)
            shown_by(asked, [(layer, {"competence": "an"}) for layer in asked.versions if layer.lines])
            former_units(asked)
    except (DatabaseError, FeatureError, ObjectDoesNotExist):
        logger.info("the search was not warmed")
    finally:
        connections.close_all()
