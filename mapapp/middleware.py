"""What every request passes: its id, its language, its limits, and the one translation of refusals."""

import logging
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from layers.errors import FeatureError, TooCostly
from layers.filters import CQL2
from mapapp.errors import refusal
from mapapp.request_log import log_request

logger = logging.getLogger("map.requests")

Answer = Callable[[HttpRequest], HttpResponse]
MAX_QUERY_LENGTH = 8000
MAX_PARAMETERS = 60


class RequestMiddleware:
    """Gives each request an id (`X-Request-ID`) and a line of log, and turns refusals into answers for all."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id, began = secrets.token_hex(8), time.monotonic()  # type: ignore[attr-defined]
        response = self._plain(request, self.get_response(request))
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        log_request(request, response, seconds=time.monotonic() - began)
        return response

    def _plain(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """The same refusal as everywhere where a library answered 405 or 406 in words of its own."""
        if response.status_code not in OTHERS_REFUSALS or "problem+json" in response.get("Content-Type", ""):
            return response
        answer = refusal(request, OTHERS_REFUSALS[response.status_code]())
        if "Allow" in response:
            answer["Allow"] = response["Allow"]
        return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OperationalError):
            facts = {"request_id": request.request_id}  # type: ignore[attr-defined]
            logger.exception("the database does not answer", extra={"facts": facts})
            error = Unavailable()
        if isinstance(error, TooCostly) and CQL2 in request.GET:
            error = _costly_filter()
        return refusal(request, error) if isinstance(error, FeatureError) else None


def _costly_filter() -> TooCostly:
    """The refusal of a filter that passed the limits and ran too long (bad inputs, F23)."""
    return TooCostly(
        "filter.too_costly",
        "Bộ lọc này cần quá nhiều thời gian. Thêm tỉnh, loại hay khung để thu hẹp.",
        "This filter takes too long. Add a province, a type or a box to narrow it.",
        parameter=CQL2,
    )


class LanguageMiddleware:
    """Vietnamese, unless the address says `lang=en`; any other language is refused by name."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = request.GET.get("lang", settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = settings.LANGUAGE_CODE
        if language not in dict(settings.LANGUAGES):
            return refusal(request, UnknownLanguage())
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class LimitMiddleware:
    """Refuses what is too long before anything parses it: the query is taken away, then the view is."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.excess = _excess(request.META.get("QUERY_STRING", ""))  # type: ignore[attr-defined]
        if request.excess:  # type: ignore[attr-defined]
            request.META["QUERY_STRING"] = ""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        return refusal(request, request.excess) if request.excess else None  # type: ignore[attr-defined]


def _excess(query: str) -> FeatureError | None:
    if len(query) > MAX_QUERY_LENGTH:
        return TooLong()
    return TooMany() if query.count("&") >= MAX_PARAMETERS else None


class TooLong(FeatureError):
    """The query string is longer than any real question."""

    status = 414

    def __init__(self) -> None:
        super().__init__("query.too_long", "Địa chỉ quá dài.", "The address is too long.")


class TooMany(FeatureError):
    """More parameters than there are names."""

    def __init__(self) -> None:
        super().__init__("query.too_many", "Quá nhiều tham số.", "There are too many parameters.")


class Unavailable(FeatureError):
    """The database does not answer, or not in time."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            "unavailable",
            "Cơ sở dữ liệu chưa trả lời. Thử lại sau ít giây.",
            "The database does not answer. Try again in a few seconds.",
        )


class UnknownLanguage(FeatureError):
    """A language that the map does not speak."""

    def __init__(self) -> None:
        super().__init__("lang.unknown", "lang là vi hoặc en.", "lang is vi or en.", parameter="lang")


class WrongMethod(FeatureError):
    """An address that only answers other methods."""

    status = 405

    def __init__(self) -> None:
        super().__init__("method", "Địa chỉ này không nhận phương thức đó.", "This address does not take that method.")


class WrongForm(FeatureError):
    """An answer was asked for in a form that there is not."""

    status = 406

    def __init__(self) -> None:
        super().__init__("accept", "Không có dạng dữ liệu được yêu cầu.", "There is no answer in the form asked for.")


OTHERS_REFUSALS = {405: WrongMethod, 406: WrongForm}
