"""How WFS refuses: an exception report (OWS Common 1.1, clause 8) in both languages, nothing of what lies beneath."""

from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from gisserver.exceptions import OWSException

from geodata.language import Both, both
from layers.errors import Busy, FeatureError, NotFound, TooCostly
from services.wfs.names import OWS, VERSION, XSI, attributes

_XML = "text/xml; charset=utf-8"
_SCHEMA = "http://schemas.opengis.net/ows/1.1.0/owsExceptionReport.xsd"
# What the library refuses is told in our words: its own may hold what lies beneath.
_LIBRARY: dict[str, Both] = {
    "InvalidParameterValue": both("Giá trị của {} không dùng được.", "The value of {} cannot be used."),
    "MissingParameterValue": both("Thiếu {}.", "{} is missing."),
    "OperationNotSupported": both(
        "Không có thao tác này. Có: GetCapabilities, DescribeFeatureType, GetFeature, GetPropertyValue,"
        " ListStoredQueries, DescribeStoredQueries.",
        "There is no such operation. There are: GetCapabilities, DescribeFeatureType, GetFeature, GetPropertyValue,"
        " ListStoredQueries, DescribeStoredQueries.",
    ),
    "OperationParsingFailed": both("Không đọc được {}.", "{} cannot be read."),
    "VersionNegotiationFailed": both("Chỉ có phiên bản 2.0.0.", "There is version 2.0.0 only."),
}
_REQUEST = both("yêu cầu", "the request")


class Refusal(FeatureError):
    """A request that WFS refuses with a code of its own; `parameter` is the locator."""

    def __init__(self, exception_code: str, locator: str, vi: str, en: str, *, status: int = 400) -> None:
        super().__init__(f"wfs.{exception_code}", vi, en, parameter=locator)
        self.exception_code, self.status = exception_code, status


def invalid(locator: str, vi: str, en: str) -> Refusal:
    return Refusal("InvalidParameterValue", locator, vi, en)


def missing(locator: str) -> Refusal:
    return Refusal("MissingParameterValue", locator, f"Thiếu {locator}.", f"{locator} is missing.")


def unparsed(locator: str, vi: str, en: str) -> Refusal:
    return Refusal("OperationParsingFailed", locator, vi, en)


def not_offered(locator: str, vi: str, en: str) -> Refusal:
    return Refusal("OptionNotSupported", locator, vi, en)


def of_library(error: OWSException) -> Refusal:
    """The same refusal in words of ours."""
    code = error.code if error.code in _LIBRARY else "InvalidParameterValue"
    locator = str(error.locator or "")[:40]
    said = _LIBRARY[code]
    return Refusal(code, locator, said.vi.format(locator or _REQUEST.vi), said.en.format(locator or _REQUEST.en))


def report(request: HttpRequest, error: FeatureError) -> HttpResponse:
    """The exception report of a refusal: first in the language asked for, then in the other one."""
    said = error.message
    language = (get_language() or "vi")[:2]
    first, second = (said.en, said.vi) if language == "en" else (said.vi, said.en)
    head = attributes({"version": VERSION, "xml:lang": language, "xsi:schemaLocation": f"{OWS} {_SCHEMA}"})
    told = attributes({"exceptionCode": _code(error), "locator": error.parameter or None})
    texts = "".join(f"<ows:ExceptionText>{escape(text)}</ows:ExceptionText>" for text in (first, second))
    return HttpResponse(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<ows:ExceptionReport xmlns:ows="{OWS}" xmlns:xsi="{XSI}"{head}>'
        f"<ows:Exception{told}>{texts}</ows:Exception></ows:ExceptionReport>\n",
        content_type=_XML,
        status=error.status,
    )


def _code(error: FeatureError) -> str:
    if isinstance(error, Refusal):
        return error.exception_code
    if isinstance(error, NotFound):
        return "NotFound"
    if isinstance(error, TooCostly):
        return "OperationProcessingFailed"
    if isinstance(error, Busy) or error.status >= 500:
        return "NoApplicableCode"
    return "InvalidParameterValue"
