"""Refusals and failures as answers: problem+json for programs, a page for people (bad inputs, C2)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation

from geodata.language import both
from layers.errors import FeatureError, not_found
from layers.lookup import Merged
from layers.registry import all_layers
from mapapp.addresses import changed
from services.wfs.refusals import report

TITLES = {
    301: both("Đã nhập vào bản ghi khác", "Merged into another record"),
    400: both("Yêu cầu không hợp lệ", "The request is not valid"),
    401: both("Cần đăng nhập", "Sign in first"),
    403: both("Không có quyền", "Not allowed"),
    404: both("Không tìm thấy", "Not found"),
    405: both("Phương thức không dùng được", "Method not allowed"),
    409: both("Đã làm rồi, hoặc chưa làm được", "Done already, or not yet possible"),
    410: both("Đã rút", "Withdrawn"),
    413: both("Nội dung gửi quá lớn", "Too much was sent"),
    414: both("Địa chỉ quá dài", "The address is too long"),
    422: both("Chưa trả lời được", "Cannot be answered"),
    429: both("Đã gửi quá nhiều lần", "Sent too often"),
    500: both("Lỗi máy chủ", "Server error"),
    503: both("Tạm thời chưa phục vụ được", "Out of service for a moment"),
}

PROGRAM_PATHS = ("/api/", "/tiles/", "/ogc/", "/layers.json", "/area.json", "/style.json", "/live", "/ready", "/data/")
OGC_PATH = "/ogc/"
PAGES_AMONG_THEM = ("/data/",)
WFS_PATH = "/wfs"
"""Which has a form of its own for refusals."""


def refusal(request: HttpRequest, error: FeatureError) -> HttpResponse:
    """The answer to a request that was refused, in the form and language of its caller. Its code is for the log."""
    request.refused_as = error.code  # type: ignore[attr-defined]
    with translation.override(getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)):
        return _refusal(request, error)


def _refusal(request: HttpRequest, error: FeatureError) -> HttpResponse:
    problem = {
        "type": f"/about/errors#{error.code}",
        "title": str(_title(error.status)),
        "status": error.status,
        "detail": str(error.message),
        "detail_vi": error.message.vi,
        "detail_en": error.message.en,
        "code": error.code,
        "parameter": error.parameter or None,
        "request_id": _id(request),
    }
    if request.path == WFS_PATH:
        response: HttpResponse = report(request, error)
    elif _for_programs(request):
        response = JsonResponse(
            problem,
            status=error.status,
            content_type="application/problem+json; charset=utf-8",
            json_dumps_params={"ensure_ascii": False},
        )
    else:
        ways = {"problem": problem, "without": _without(request, error), "layers": all_layers()}
        response = render(request, "error.html", ways, status=error.status)
    if _open_to_all(request):
        response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "no-store"
    wait_s = error.retry_after_s or (5 if error.status == 503 else 0)
    if wait_s:
        response["Retry-After"] = str(wait_s)
    if isinstance(error, Merged):
        response["Location"] = _moved(request, error.into)
    return response


def _without(request: HttpRequest, error: FeatureError) -> str:
    """The same page without the parameter at fault; empty where no parameter is to blame."""
    return changed(request, **{error.parameter: None}) if error.parameter in request.GET else ""


def _for_programs(request: HttpRequest) -> bool:
    if request.path in PAGES_AMONG_THEM:
        return False
    if request.path.startswith(OGC_PATH) and "/tiles" not in request.path:
        return not _read_by_people(request)
    return request.path.startswith(PROGRAM_PATHS) or request.path.endswith((".json", ".mvt"))


def _read_by_people(request: HttpRequest) -> bool:
    """Whether a page is wanted of an address that gives documents too: by `f`, else by what the caller likes best."""
    if "f" in request.GET:
        return request.GET["f"] == "html"
    return request.get_preferred_type(["application/json", "text/html"]) == "text/html"


def _open_to_all(request: HttpRequest) -> bool:
    """Whether what a program asked is public: then it may be read from any origin."""
    if request.path == WFS_PATH:
        return True
    return _for_programs(request) and request.method in ("GET", "HEAD") and "scope" not in request.GET


def _id(request: HttpRequest) -> str:
    return getattr(request, "request_id", "")


def _title(status: int) -> object:
    return TITLES.get(status, TITLES[400])


class Failure(FeatureError):
    """Something broke here; nothing of it is told outside the log."""

    status = 500


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler for addresses that no route knows."""
    return refusal(request, not_found())


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler for requests that it cannot read."""
    return refusal(request, FeatureError("request", "Yêu cầu không đọc được.", "The request cannot be read."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler for what nobody foresaw: says so, says what stays safe, and names the request."""
    return refusal(
        request,
        Failure(
            "server",
            "Máy chủ gặp lỗi. Dữ liệu không thay đổi; thử lại sau ít phút.",
            "Something broke on our side. No data changed; try again in a few minutes.",
        ),
    )


def _moved(request: HttpRequest, into: int) -> str:
    """The address of the same kind for the record that the asked one was merged into, its parameters kept."""
    kept = request.resolver_match.kwargs if request.resolver_match else {}
    path = request.path.replace(f"/{kept.get('number')}", f"/{into}")
    query = request.META.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path
