"""In which of its forms a resource is answered: by `f`, else by the header Accept."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from geodata.language import Both, both
from layers.errors import BadParameter, FeatureError


@dataclass(frozen=True)
class Form:
    """A form by its name in `f`, its media type, and other types that callers ask for it by."""

    name: str
    media_type: str
    title: Both
    asked_as: tuple[str, ...] = ()


JSON = Form("json", "application/json", both("Dạng JSON", "As JSON"))
HTML = Form("html", "text/html", both("Trang để đọc", "As a page to read"), ("application/xhtml+xml",))


class NotAcceptable(FeatureError):
    """The caller takes none of the forms that there are."""

    status = 406

    def __init__(self, forms: Sequence[Form]) -> None:
        known = ", ".join(form.media_type for form in forms)
        super().__init__("accept", f"Chỉ có các dạng: {known}.", f"There is only: {known}.")


def chosen(request: HttpRequest, forms: Sequence[Form]) -> Form:
    """The form asked for; the first of `forms` where the caller takes any.

    Raises BadParameter for an unknown `f`, NotAcceptable where Accept leaves none.
    """
    if "f" in request.GET:
        return _named(request.GET["f"], forms)
    types = {media_type: form for form in forms for media_type in (form.media_type, *form.asked_as)}
    best = request.get_preferred_type(list(types))
    if best is None:
        raise NotAcceptable(forms)
    return types[best]


def _named(name: str, forms: Sequence[Form]) -> Form:
    found = next((form for form in forms if form.name == name), None)
    if found is None:
        known = ", ".join(form.name for form in forms)
        raise BadParameter(
            "f.unknown",
            f"f không có giá trị “{name[:40]}”. Giá trị có thể dùng: {known}.",
            f"f has no value “{name[:40]}”. Known values: {known}.",
            parameter="f",
        )
    return found
