"""How far a report has come, asked by its number; and the vote on it once it is handled."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from geodata.language import both
from layers.codes import Code
from layers.errors import BadParameter, FeatureError
from layers.filters import single_values
from layers.network_address import address_of
from layers.numbers import read_integer
from layers.registers.attempts import count_attempt
from layers.registers.ticket_number import read_number
from layers.registers.ticket_status import TicketStatus, demo_numbers, ticket_status
from layers.registers.tickets import SCORES, TICKET_STATES
from layers.registers.voting import vote_on_ticket
from mapapp.clean_address import clean_address
from mapapp.report.form import FORBIDDEN
from mapapp.report.sending import sent_form

LONGEST_COMMENT = 1000
GRADES = (
    (5, both("Rất hài lòng", "Very satisfied")),
    (4, both("Hài lòng", "Satisfied")),
    (3, both("Bình thường", "Neither")),
    (2, both("Không hài lòng", "Dissatisfied")),
    (1, both("Rất không hài lòng", "Very dissatisfied")),
)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@clean_address
def status_page(request: HttpRequest) -> HttpResponse:
    """The form for a number; sent, the state of that report. The number never stands in an address, so in no log."""
    if request.method != "POST":
        return _blank(request)
    typed = sent_form(request, ("number",)).get("number", "")
    try:
        return _result(request, _looked_up(request, typed))
    except FeatureError as error:
        return _refused(request, error, "report/status.html", {"typed": typed[:60]})


@csrf_exempt
@require_POST
@never_cache
def vote_page(request: HttpRequest) -> HttpResponse:
    """Takes the one vote about a handled report and shows its state again, with thanks or with what is wrong."""
    sent = sent_form(request, ("number", "score", "comment"))
    number = _counted_number(request, sent.get("number", ""))
    try:
        _vote(request, number, sent.get("score", ""), sent.get("comment", ""))
        return _result(request, ticket_status(number), thanks=True)
    except BadParameter as error:
        kept = {"status": ticket_status(number), "comment": sent.get("comment", "")}
        return _refused(request, error, "report/result.html", {**_shown(kept["status"]), **kept})


def _blank(request: HttpRequest) -> HttpResponse:
    single_values(request.GET, known={"lang"})
    examples = [{"state": _state(state), "number": number} for state, number in demo_numbers()]
    return render(request, "report/status.html", {"examples": examples})


def _looked_up(request: HttpRequest, typed: str) -> TicketStatus:
    return ticket_status(_counted_number(request, typed))


def _counted_number(request: HttpRequest, typed: str) -> str:
    """The number typed. Whatever is then answered tells whether it is one: each is counted, guessing is hopeless."""
    number = read_number(typed)
    count_attempt("lookup", address_of(request), most=settings.LOOKUPS_A_DAY)
    return number


def _vote(request: HttpRequest, number: str, score: str, comment: str) -> None:
    given = _score(score)
    said = _comment(comment)
    count_attempt("vote", address_of(request), most=settings.VOTES_A_DAY)
    vote_on_ticket(number, given, said)


def _score(text: str) -> int:
    try:
        return read_integer(text, "score", least=min(SCORES), most=max(SCORES))
    except BadParameter as error:
        raise BadParameter(error.code, "Chọn một mức.", "Choose one of the grades.", parameter="score") from error


def _comment(text: str) -> str:
    if len(text) > LONGEST_COMMENT or FORBIDDEN.search(text):
        raise BadParameter(
            "comment",
            f"Lời nhắn dài quá {LONGEST_COMMENT} ký tự, hoặc có ký tự không dùng được.",
            f"The comment is longer than {LONGEST_COMMENT} characters, or has some that cannot be used.",
            parameter="comment",
        )
    return text.strip()


def _result(request: HttpRequest, status: TicketStatus, *, thanks: bool = False) -> HttpResponse:
    return render(request, "report/result.html", {**_shown(status), "thanks": thanks})


def _shown(status: TicketStatus) -> dict[str, object]:
    return {"status": status, "state": _state(status.state), "grades": GRADES}


def _state(code: str) -> Code:
    return next(one for one in TICKET_STATES.items if one.code == code)


def _refused(request: HttpRequest, error: FeatureError, template: str, shown: dict) -> HttpResponse:
    """The same page with what is wrong on it, what was typed kept."""
    request.refused_as = error.code  # type: ignore[attr-defined]
    status = 422 if isinstance(error, BadParameter) else error.status
    response = render(request, template, {**shown, "error": error}, status=status)
    if error.retry_after_s:
        response["Retry-After"] = str(error.retry_after_s)
    return response
