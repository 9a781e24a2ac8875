"""`/wfs`: requests in KVP and XML are dispatched by django-gisserver; what it is given and what it says is ours."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, QueryDict
from gisserver.exceptions import ExternalParsingError, OWSException
from gisserver.parsers.ows import resolve_xml_parser_class
from gisserver.parsers.xml import NSElement
from gisserver.views import WFSView

from geodata.xml import MAX_BYTES, Unreadable
from layers.access import User
from layers.errors import FeatureError
from layers.filters import SHARED
from layers.registry import all_layers
from services.wfs import operations
from services.wfs.elements import read_element
from services.wfs.names import FEATURES, NAMESPACES, PREFIX, VERSION, WFS, local
from services.wfs.refusals import Refusal, invalid, of_library, unparsed
from services.wfs.types import FeatureType, feature_types

_OWN = ("service", "request", "version", "acceptversions", "typenames", "typename", "filter", "storedquery_id")
_XML_TYPES = ("text/xml", "application/xml", "application/gml+xml", "application/soap+xml", "")


class Service(WFSView):
    """WFS 2.0.0 over all layers, as everybody may see them."""

    xml_namespace = FEATURES
    xml_namespace_aliases = {PREFIX: FEATURES}
    use_html_templates = False
    accept_operations = {
        "WFS": {
            one.__name__: one
            for one in (
                operations.GetCapabilities,
                operations.DescribeFeatureType,
                operations.GetFeature,
                operations.GetPropertyValue,
                operations.ListStoredQueries,
                operations.DescribeStoredQueries,
            )
        }
    }

    user: User = None
    """The public: no key opens more here yet."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        _check_names(request.GET)
        return _open(super().get(request, *args, **kwargs))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if any(name.lower() in _OWN for name in request.GET):
            raise unparsed(
                "request",
                "Yêu cầu nằm ở địa chỉ hoặc trong thân, không cả hai.",
                "A request stands in the address or in the body, not in both.",
            )
        root = read_body(request)
        service = root.attrib.get("service", self.default_service)
        self.set_version(service, root.attrib.get("version"))
        operation = self.get_operation_class(service, local(root.tag, WFS))
        try:
            asked = operation.parser_class or resolve_xml_parser_class(root)
            self.ows_request = asked.from_xml(root)
            return _open(self.call_operation(operation))
        except FeatureError as error:  # 09-025r2, 7.5: the locator is the request's handle, where it has one
            handle = root.attrib.get("handle")
            if handle and isinstance(error, Refusal) and error.exception_code.startswith("OperationP"):
                error.parameter = handle[:60]
            raise

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = _open(super().options(request, *args, **kwargs))
        response["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
        response["Access-Control-Allow-Headers"] = "Content-Type"
        return response

    def set_version(self, service: str, version: str | None) -> None:
        """Raises for any other version: what it is never reaches the library, which takes names for folders."""
        if version and version != VERSION:
            raise invalid("version", f"Chỉ có phiên bản {VERSION}.", f"There is version {VERSION} only.")
        super().set_version(service, version)

    def handle_exception(self, exc: Exception) -> None:
        """The library's refusals become ours, which have one way out; everything else goes on as it is."""
        if isinstance(exc, OWSException):
            raise of_library(exc) from exc
        if isinstance(exc, ExternalParsingError):
            raise unparsed(
                "request", "Yêu cầu có phần không đọc được.", "A part of the request cannot be read."
            ) from exc

    def get_bound_feature_types(self) -> list[FeatureType]:
        return self._types

    @cached_property
    def _types(self) -> list[FeatureType]:
        return feature_types(self.user)


wfs: Callable[..., HttpResponseBase] = Service.as_view()


def read_body(request: HttpRequest) -> NSElement:
    """The root of the XML that was sent. Raises Refusal."""
    kind = (request.content_type or "").lower()
    if kind not in _XML_TYPES:
        raise Refusal(
            "OperationParsingFailed",
            "Content-Type",
            "Gửi XML với Content-Type text/xml.",
            "Send XML with the Content-Type text/xml.",
            status=415,
        )
    if int(request.META.get("CONTENT_LENGTH") or 0) > min(MAX_BYTES, settings.DATA_UPLOAD_MAX_MEMORY_SIZE):
        raise _too_large()
    try:
        root = read_element(request.body, {**NAMESPACES})
    except Unreadable as error:
        if error.why == "size":
            raise _too_large() from error
        raise unparsed(
            "request",
            f"Không đọc được XML ({error.why}): cần UTF-8, không DOCTYPE, trong giới hạn.",
            f"The XML cannot be read ({error.why}): it has to be UTF-8, without DOCTYPE, within the limits.",
        ) from error
    if not local(root.tag, WFS):
        raise unparsed(
            "request",
            "Cần một yêu cầu WFS 2.0; không nhận SOAP hay phiên bản cũ.",
            "A request of WFS 2.0 is wanted; SOAP and older versions are not taken.",
        )
    return root


def _too_large() -> Refusal:
    return Refusal(
        "OperationParsingFailed",
        "request",
        f"Nhiều nhất {MAX_BYTES} byte.",
        f"{MAX_BYTES} bytes at most.",
        status=413,
    )


def _check_names(parameters: QueryDict) -> None:
    """Raises Refusal for a name given twice, in whatever letters, and for filters of our own grammar.

    Other names are passed over: programs send some of their own (09-025r2, 6.2.5.2).
    """
    seen: set[str] = set()
    own = {*SHARED, *(item.name for layer in all_layers() for item in layer.filters)} - {"bbox"}
    for name in parameters:
        lower = name.lower()
        if lower in seen or len(parameters.getlist(name)) > 1:
            raise invalid(name[:40], f"{name[:40]} có mặt hai lần.", f"{name[:40]} is given twice.")
        seen.add(lower)
        if lower in own:
            raise invalid(
                lower,
                f"WFS không nhận {lower}: lọc bằng FILTER (FES 2.0) hoặc CQL_FILTER.",
                f"WFS does not take {lower}: filter by FILTER (FES 2.0) or CQL_FILTER.",
            )


def _open(response: HttpResponseBase) -> HttpResponseBase:
    """Public: readable from any origin, checked with us each time."""
    response["Access-Control-Allow-Origin"] = "*"
    response.headers.setdefault("Cache-Control", "no-cache")
    return response
