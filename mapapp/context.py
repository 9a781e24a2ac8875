"""What every page's template knows."""

from django.http import HttpRequest

from layers.registers.map_day import DataOrigin


def page(request: HttpRequest) -> dict[str, object]:
    """`language`, the other language's address, and `demo`: whether the map holds demo data (read when shown)."""
    other = "vi" if request.LANGUAGE_CODE == "en" else "en"
    query = request.GET.copy()
    query["lang"] = other
    return {
        "language": request.LANGUAGE_CODE,
        "other_language": f"{request.path}?{query.urlencode()}",
        "demo": lambda: DataOrigin.objects.using("open").filter(name="demo").exists(),
    }
