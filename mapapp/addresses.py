"""Addresses of pages made from the one that was asked for."""

from django.http import HttpRequest, QueryDict


def changed(request: HttpRequest, **parameters: str | None) -> str:
    """This page's address with some parameters changed, or taken away (None); paging begins anew unless named."""
    return with_query(request.path, replaced(request, **{"cursor": None, **parameters}))


def replaced(request: HttpRequest, **parameters: str | None) -> QueryDict:
    """A copy of the request's parameters with some changed, or taken away (None)."""
    asked = request.GET.copy()
    for name, value in parameters.items():
        asked.pop(name, None)
        if value:
            asked[name] = value
    return asked


def with_query(path: str, query: QueryDict) -> str:
    """The path with its query behind it; signs that our grammar uses stay readable."""
    written = query.urlencode(safe=",/:")
    return f"{path}?{written}" if written else path


def in_language(path: str, language: str) -> str:
    """The path as a reader of that language asks for it: Vietnamese needs no word."""
    return f"{path}?lang=en" if language == "en" else path
