"""Pages drop what social media append to addresses, by one redirect; nothing else is ever dropped."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

APPENDED = frozenset({"fbclid", "gclid", "zarsrc", "typeInapp"})


def clean_address(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view, after a redirect to the same address without the appended names."""

    @wraps(view)
    def cleaned(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        foreign = [name for name in request.GET if name in APPENDED or name.startswith("utm_")]
        if not foreign:
            return view(request, *args, **kwargs)
        kept = request.GET.copy()
        for name in foreign:
            del kept[name]
        query = kept.urlencode(safe="/,:;")
        return redirect(f"{request.path}?{query}" if query else request.path)

    return cleaned
