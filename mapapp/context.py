"""What every page's template knows."""

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest

from layers.registers.map_day import is_demo
from mapapp.addresses import replaced, with_query


def page(request: HttpRequest) -> dict[str, object]:
    """`language`, the address in the other one, and `demo`: whether the map holds demo data (read when shown)."""
    language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)  # a refusal may come before it is known
    other = "vi" if language == "en" else "en"
    return {
        "language": language,
        "other_language": with_query(request.path, replaced(request, lang=other)),
        "demo": _is_demo,
    }


def _is_demo() -> bool:
    """What the data say, or the setting: a page that reports a failure of the database must not fail itself."""
    try:
        return is_demo()
    except DatabaseError:
        return settings.MAP_DEMO
