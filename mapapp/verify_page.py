"""The page of the check, the page that verifies a signed copy without a network, and the worker that keeps it."""

import io
from typing import Any
from urllib.parse import urlencode

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from geodata.text import words
from layers.errors import BadParameter, TooCostly
from layers.filters import read_words, single_values
from layers.public_address import absolute
from layers.query import map_day, reading
from layers.registers.deliveries import EVIDENCE_KINDS
from layers.registers.device_status import DEVICE_STATUSES
from layers.registers.qualification_status import QUALIFICATION_STATUSES
from layers.scope import read_only
from mapapp.addresses import replaced, with_query
from mapapp.clean_address import clean_address
from mapapp.static_edition import own_files
from services.search.asking import Asked
from services.search.named import named
from services.verify.views import ASKED, answer_to
from services.verify.words import STATES

Json = dict[str, Any]

# Colour token and mark of an answer that no state of the registers stands for.
SIGNS = {
    "valid": ("valid", "✓"),
    "not_for_item": ("reduced", "◑"),
    "not_in_register": ("unknown", "○"),
    "kept_elsewhere": ("elsewhere", "→"),
    "which": ("elsewhere", "?"),
    "no_statutory_validity": ("elsewhere", "i"),
}
_WORKER = "js/verifyworker.js"
MOST_NAMED = 5


@read_only
@clean_address
def verify_page(request: HttpRequest) -> HttpResponse:
    """One field, and the answer under it. Fields that a form sends empty leave the address by one redirect."""
    values = single_values(request.GET, known={*ASKED, "lang"})
    blank = [name for name in ASKED if name in values and not values[name].strip()]
    if blank:
        return redirect(with_query(request.path, replaced(request, **dict.fromkeys(blank))))
    asked = {name: value for name, value in values.items() if name in ASKED}
    context: Json = {"asked": asked, "day": map_day("open"), "lang": values.get("lang", "")}
    if asked:
        context |= _answered(request, asked)
    response = render(request, "verify.html", context, status=400 if context.get("error") else 200)
    response["Cache-Control"] = "no-cache"
    return response


@read_only
@clean_address
def signed_page(request: HttpRequest) -> HttpResponse:
    """The page that verifies what stands behind the # of its address; the server never sees that."""
    single_values(request.GET, known={"lang"})
    return render(request, "signed.html", {"kinds": EVIDENCE_KINDS.items, "states": STATES})


@read_only
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: from here, so that its reach is /verify/ alone; it is told where the files of now lie."""
    single_values(request.GET, known=set())
    here = static(_WORKER).removesuffix(_WORKER)
    text = own_files()[_WORKER].read_text(encoding="utf-8").replace('"/static/"', f'"{here}"')
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def _answered(request: HttpRequest, asked: dict[str, str]) -> Json:
    """The answer for the template, or the error of the field at fault."""
    try:
        answer = answer_to(request, asked)
    except BadParameter as error:
        if error.parameter not in ASKED:
            raise
        text = asked.get("number", "") if error.parameter == "number" else ""
        return {"error": {"parameter": error.parameter, "text": str(error.message)}, "named": _named(request, text)}
    tone, symbol = _sign(answer)
    signed, language = answer["signed"], request.GET.get("lang", "")
    return {
        "answer": answer,
        "tone": tone,
        "symbol": symbol,
        "here": absolute(request, with_query(request.path, replaced(request))),
        "report": _address("/report", number=answer["number"], lang=language),
        "meant": [{**one, "href": _again(request, number=one["number"], body=None)} for one in answer["did_you_mean"]],
        "which": [{**one, "href": _again(request, body=one["body"])} for one in answer["which"]],
        "named": _named(request, asked["number"]) if answer["answer"] == "not_in_register" else [],
        "today": _again(request, on=None) if "on" in asked else "",
        "qr": _qr(signed["address"]) if signed else "",
        "signed_here": f"{_address('/verify/signed', lang=language)}#{signed['token']}" if signed else "",
    }


def _named(request: HttpRequest, text: str) -> list[Json]:
    """Bodies and sites whose names hold the words, with their pages, where a name was typed for a number; else none."""
    if not _may_be_name(text):
        return []
    try:
        keys = read_words(text)
        with reading(None, "search"):
            found = named(Asked(text, keys, map_day("open"), MOST_NAMED))
    except (BadParameter, TooCostly):  # this comes beside an answer, which stands without it
        return []
    language = request.GET.get("lang", "")
    close = [one for one in found if not one["similar"] and one["bbox"] is None]
    close.sort(key=lambda one: one["closeness"])
    return [{**one, "href": _address(f"/{one['layer']}/{one['id']}", lang=language)} for one in close[:MOST_NAMED]]


def _may_be_name(text: str) -> bool:
    """Whether it has several words, or one and no digit: “Quatest 3” is none, “Trung tâm Kỹ thuật 3” is."""
    said = words(text)
    letters = [word for word in said if word.isalpha() and len(word) > 1]
    return len(letters) > 1 or (bool(letters) and letters == said)


def _sign(answer: Json) -> tuple[str, str]:
    """Colour token and mark: of the state where the answer is one that ended."""
    if answer["answer"] != "ended":
        return SIGNS[answer["answer"]]
    paper = answer["evidence"]["kind"].startswith(("verification", "device"))
    state = "overdue" if paper and answer["state"] == "expired" else answer["state"]
    if answer["newer_valid_until"]:
        state = "expired"
    codes = {code.code: code for code in (*DEVICE_STATUSES.items, *QUALIFICATION_STATUSES.items)}
    return codes[state].colour, codes[state].symbol


def _again(request: HttpRequest, **changed: str | None) -> str:
    return with_query(request.path, replaced(request, **changed))


def _address(path: str, **parameters: str) -> str:
    kept = {name: value for name, value in parameters.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path


def _qr(address: str) -> SafeString:
    """The address as a QR code in SVG, dark on white whatever the theme, for scanners want it so."""
    out = io.BytesIO()
    code = segno.make(address, micro=False, error="l", boost_error=False)
    plain = {"xmldecl": False, "svgns": False, "omitsize": True, "svgclass": "qr", "lineclass": None}
    code.save(out, kind="svg", border=4, light="#fff", **plain)
    return mark_safe(out.getvalue().decode())  # noqa: S308 - made of squares, by segno
