"""Whether the page of a record was useful: one question with two buttons on the page itself, counted apart."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from layers.errors import BadParameter
from layers.network_address import address_of
from layers.registers.attempts import count_attempt, count_once, was_counted
from layers.registers.voting import vote_on_record
from mapapp.report.place import record_named
from mapapp.report.sending import sent_form

ANSWERS = {"yes": True, "no": False}


@csrf_exempt
@require_POST
@never_cache
def useful_page(request: HttpRequest) -> HttpResponse:
    """Counts a visitor's yes or no about a public record, from one network once a day, and leads back to it."""
    sent = sent_form(request, ("layer", "record", "useful"))
    about = record_named(sent.get("layer", ""), sent.get("record", ""))
    useful = _answer(sent.get("useful", ""))
    is_first = _is_first(f"useful {about.layer}/{about.record}", address_of(request))
    if is_first:
        province = about.where.province
        vote_on_record(about.layer, about.record, useful=useful, province=province.pk if province else None)
    return render(request, "report/useful.html", {"about": about, "useful": useful, "counted": is_first})


def _is_first(action: str, address: str) -> bool:
    """Whether the vote is the day's first about this record from there. One that is told again uses up no limit."""
    if was_counted(action, address):
        return False
    count_attempt("useful", address, most=settings.VOTES_A_DAY)
    return count_once(action, address)


def _answer(text: str) -> bool:
    if text not in ANSWERS:
        raise BadParameter("useful.unknown", "useful là yes hoặc no.", "useful is yes or no.", parameter="useful")
    return ANSWERS[text]
