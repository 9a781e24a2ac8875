"""The page on which a report is written and sent."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from layers.errors import BadParameter, FeatureError
from layers.filters import single_values
from layers.network_address import address_of
from layers.registers.attempts import count_attempt
from layers.registers.photo_files import require_room
from layers.registers.telling import tell, told_before
from layers.registers.tickets import TICKET_KINDS, TICKET_TOPICS, Ticket
from mapapp.clean_address import clean_address
from mapapp.report import place
from mapapp.report.form import LONGEST_NUMBER, ReportForm, clean_photos, digest_of, photo_faults, photos_sent
from mapapp.report.sending import form_key, is_ours, new_form, sent_form

FIELDS = tuple(ReportForm.base_fields)
HIDDEN = ("layer", "record", "commune_code")
ABOUT = {"layer", "record", "number", "at"}


# Forms are guarded by where they come from and by what they are signed with (sending.refuse_foreign, form_key):
# a visitor needs no cookie.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@clean_address
def report_page(request: HttpRequest) -> HttpResponse:
    """The form of a report; sent, the page with its number. What is wrong stands on the form, what was typed stays."""
    return _sent(request) if request.method == "POST" else _blank(request)


def _blank(request: HttpRequest) -> HttpResponse:
    asked = single_values(request.GET, known=ABOUT | {"lang"})
    form = ReportForm(initial=_prefilled(asked))
    if "layer" in asked:
        form.about = place.record_named(asked["layer"], asked["record"])
    return _page(request, form, status=200)


def _prefilled(asked: dict[str, str]) -> dict[str, str]:
    """The first values of the fields by what the address says. Raises BadParameter."""
    if ("layer" in asked) != ("record" in asked):
        missing = "record" if "layer" in asked else "layer"
        raise BadParameter(
            "param.missing",
            f"layer và record đi cùng nhau: thiếu {missing}.",
            f"layer and record go together: {missing} is missing.",
            parameter=missing,
        )
    if len(asked.get("number", "")) > LONGEST_NUMBER:
        raise BadParameter(
            "number.length",
            f"number dài nhất {LONGEST_NUMBER} ký tự.",
            f"number has at most {LONGEST_NUMBER} characters.",
            parameter="number",
        )
    lat, lon = place.read_at(asked["at"]) if "at" in asked else ("", "")
    kind = "wrong_record" if "layer" in asked else "suspicious_number" if "number" in asked else ""
    given = {name: asked.get(name, "") for name in ("layer", "record", "number")}
    return {**given, "lat": lat, "lon": lon, "kind": kind}


def _sent(request: HttpRequest) -> HttpResponse:
    sent = sent_form(request, (*FIELDS, "find"))
    form = ReportForm(sent)
    if "find" in sent:
        return _found_communes(request, form)
    try:
        ticket = _told(request, form)
    except FeatureError as error:
        form.add_error(None, ValidationError(error.message, code=error.code))
        request.refused_as = error.code  # type: ignore[attr-defined]
        return _page(request, form, status=error.status, error=error)
    if ticket is None:
        request.refused_as = "report.fields"  # type: ignore[attr-defined]
        return _page(request, form, status=422)
    return render(request, "report/sent.html", {"ticket": ticket}, status=201)


def _told(request: HttpRequest, form: ReportForm) -> Ticket | None:
    """The report as it is stored now; None where a field is wrong: the form then says which.

    A form that is sent again costs nothing and counts for nothing: it is looked up before anything else is done.
    """
    key = form_key(form.data.get("form", ""))
    photos = photos_sent(request)
    for fault in photo_faults(request, photos):
        form.add_error(None, ValidationError(fault, code="photos"))
    if not form.is_valid():
        return None
    digest = digest_of(form, photos)
    before = told_before(key, digest)
    if before:
        return before
    if photos:
        require_room()
    count_attempt("report", address_of(request), most=settings.REPORTS_A_DAY)
    try:
        cleaned = clean_photos(photos)
    except ValidationError as error:
        form.add_error(None, ValidationError(error.message, code="photos"))
        return None
    return tell(form.report(key, digest), cleaned)


def _found_communes(request: HttpRequest, form: ReportForm) -> HttpResponse:
    """The form as it was typed, with the communes of that name to choose from; nothing else of it is judged yet."""
    form.is_valid()
    wrong = form.errors.get("commune")
    form.errors.clear()
    if wrong and not form.communes:
        form.errors["commune"] = wrong
    return _page(request, form, status=200, offered=True)


def _page(
    request: HttpRequest,
    form: ReportForm,
    *,
    status: int,
    error: FeatureError | None = None,
    offered: bool = False,
) -> HttpResponse:
    signed = form.data.get("form", "") if form.is_bound else ""
    kept = is_ours(signed) and not (error and error.code == "report.sent")
    shown = {
        "form": form,
        "about": form.about,
        "signed": signed if kept else new_form(),
        "kinds": TICKET_KINDS.items,
        "topics": TICKET_TOPICS.items,
        "provinces": place.provinces(),
        "problems": _problems(form),
        "offered": offered,
        "keep_days": settings.REPORT_KEEP_DAYS,
    }
    response = render(request, "report/report.html", shown, status=status)
    if error and error.retry_after_s:
        response["Retry-After"] = str(error.retry_after_s)
    return response


def _problems(form: ReportForm) -> list[dict[str, str]]:
    """What is wrong, in the order of the fields: the field's id to go to, and the words."""
    if not form.is_bound:
        return []
    told = form.errors.as_data()
    order = [*(name for name in told if name == "__all__"), *(name for name in form.fields if name in told)]
    return [{"field": _anchor(name, error), "text": str(error.message)} for name in order for error in told[name]]


def _anchor(name: str, error: ValidationError) -> str:
    """The id of the element that an error leads to; "" for what no field is to blame for."""
    if name == "__all__":
        return "f-photos" if error.code == "photos" else ""
    return "f-province" if name in HIDDEN else f"f-kind-{TICKET_KINDS.items[0].code}" if name == "kind" else f"f-{name}"
