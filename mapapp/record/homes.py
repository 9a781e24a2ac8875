"""Whose address is a home: nothing that leads there is repeated for search engines and social networks."""

from layers.access import User, access
from layers.layer import Layer


def is_home(layer: Layer, place: int, user: User = None) -> bool:
    """Whether the place is one of a household business; False in layers without places of activity."""
    if layer.lines is None:
        return False
    rows = layer.model._default_manager.using(access(layer, user).using)
    return rows.filter(pk=place, organisation__org_type="household_business").exists()
