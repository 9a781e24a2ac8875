"""How many rows answer a question: from the pyramid where it knows, else counted."""

from layers.access import User
from layers.errors import TooCostly
from layers.layer import Layer
from layers.plain import plainly
from layers.pyramid import reading as pyramid
from layers.query import FeatureQuery, matching, reading


def count(layer: Layer, query: FeatureQuery, user: User = None) -> int:
    """How many rows answer `query`: exact."""
    if is_summed(layer, query, user):
        return pyramid.count(layer, plainly(layer, query))
    return matching(layer, query, user).count()


def is_summed(layer: Layer, query: FeatureQuery, user: User = None) -> bool:
    """Whether the pyramid knows the number, at once."""
    return pyramid.serves(layer, plainly(layer, query), user)


def count_within_limit(layer: Layer, query: FeatureQuery, user: User = None) -> int | None:
    """How many rows answer `query`: exact, or None where that takes longer than a count may.

    None is only for filters beyond units and codes (contracts, section 4: those are counted at any size).
    Inside `reading` it is the number of that snapshot. Raises TooCostly for the others.
    """
    plain = plainly(layer, query)
    try:
        with reading(user, "page" if plain.asks_codes_only else "count"):
            return count(layer, query, user)
    except TooCostly:
        if plain.asks_codes_only:
            raise
        return None
