"""`/api/v1/verify/`: one answer about one number, and the public keys behind signed ones."""

from datetime import date
from functools import partial

from django.conf import settings
from django.http import HttpRequest, JsonResponse

from layers.errors import BadParameter
from layers.filters import read_day, single_values
from layers.public_address import absolute
from layers.query import map_day, reading
from layers.registers.map_day import is_demo
from layers.scope import read_only
from services.verify import signing
from services.verify.checking import Question, check
from services.verify.described import Json, describe
from services.verify.numbers import read_number
from services.verify.sparing import spare

ASKED = frozenset({"number", "on", "item", "body"})
MOST_ITEM = 120
SIGNED_AT = "/verify/signed"


@read_only
def verify(request: HttpRequest) -> JsonResponse:
    """The answer as JSON; with `signed=1` a signed copy of it, null where this installation has no key."""
    values = single_values(request.GET, known={*ASKED, "signed", "lang"})
    if values.get("signed", "0") not in ("0", "1"):
        raise BadParameter("signed.flag", "signed là 0 hoặc 1.", "signed is 0 or 1.", parameter="signed")
    answer = answer_to(request, {name: value for name, value in values.items() if name in ASKED})
    if values.get("signed") != "1":
        answer.pop("signed")
    return _json(answer)


@read_only
def keys(request: HttpRequest) -> JsonResponse:
    """The public keys (JWK), and whose they are."""
    single_values(request.GET, known={"lang"})
    body = {"issuer": issuer(request), "node": settings.MAP_NODE, "keys": signing.published(signing.keys())}
    return _json(body)


def answer_to(request: HttpRequest, values: dict[str, str]) -> Json:
    """The answer to these parameters, with its signed copy as `signed`.

    Raises BadParameter with the one at fault, TooManyAttempts for too many unpublished numbers in a day.
    """
    with reading(None, "record"):
        day = map_day("open")
        found = check(_question(values, day), telling=partial(spare, request))
        answer, demo = describe(found, day=day), is_demo()
    return {**answer, "demo": demo, "signed": _signed(request, answer, demo=demo)}


def issuer(request: HttpRequest) -> str:
    """The address of this node, as answers and keys name it: scheme and host."""
    return absolute(request, "/").removesuffix("/")


def _question(values: dict[str, str], day: date) -> Question:
    if "number" not in values:
        raise BadParameter(
            "number.missing",
            "Cần number: số ghi trên giấy, tem hoặc phương tiện đo.",
            "number is needed: the number on the paper, sticker or device.",
            parameter="number",
        )
    item = " ".join(values.get("item", "").split())
    if "item" in values and not 2 <= len(item) <= MOST_ITEM:
        raise BadParameter(
            "item.length",
            f"item cần từ 2 đến {MOST_ITEM} ký tự.",
            f"item needs 2 to {MOST_ITEM} characters.",
            parameter="item",
        )
    if not item.isprintable():  # marks that turn the direction of a text, or cannot be seen, name nothing
        raise BadParameter(
            "item.sign", "item có ký tự không hiện được.", "item has signs that cannot be seen.", parameter="item"
        )
    on = read_day(values["on"], "on") if "on" in values else day
    return Question(read_number(values["number"]), on, day, item, values.get("body", ""))


def _signed(request: HttpRequest, answer: Json, *, demo: bool) -> Json | None:
    """The token with the address that verifies it; None where nothing can be signed, and for a mere choice."""
    using = signing.keys()
    if using is None or answer["answer"] == "which":
        return None
    token = signing.sign(signing.payload_of(answer, issuer=issuer(request), node=settings.MAP_NODE, demo=demo), using)
    return {"token": token, "kid": using.id, "address": absolute(request, f"{SIGNED_AT}#{token}")}


def _json(body: Json) -> JsonResponse:
    response = JsonResponse(body, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"], response["Access-Control-Allow-Origin"] = "no-cache", "*"
    return response
