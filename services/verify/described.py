"""An answer as JSON says it: the same members each time, null where there is nothing to say."""

from datetime import date
from typing import Any

from geodata.language import Both
from services.verify.checking import Answer, Choice
from services.verify.evidence import Evidence
from services.verify.registers import Delivered
from services.verify.words import headline, kind_label, sentences, state_label

Json = dict[str, Any]
# What a household's device answers, and no more.
OF_HOUSEHOLDS = ("kind", "kind_label", "type", "type_label", "body", "valid_until")


def describe(answer: Answer, *, day: date) -> Json:
    """All that the answer tells, in the language of the request; `day` is the day of the map."""
    standing, question = answer.standing, answer.question
    return {
        "number": answer.number,
        "on": question.on.isoformat(),
        "day": day.isoformat(),
        "answer": answer.code,
        "title": str(headline(answer, day)),
        "text": [str(said) for said in sentences(answer, day)],
        "state": standing.state if standing else None,
        "state_label": _state(answer),
        "since": _iso(standing.since) if standing and answer.code in ("ended", "not_in_register") else None,
        "reason": answer.reason or (standing.reason if standing else "") or None,
        "evidence": describe_evidence(answer.evidence) if answer.evidence else None,
        "newer_valid_until": _iso(answer.newer_end),
        "item": _item(answer),
        "delivered_up_to": _iso(answer.delivered_up_to),
        "never_issued": answer.never_issued,
        "registers": [_register(one) for one in answer.registers],
        "ask": _ask(answer),
        "which": [_choice(choice) for choice in answer.choices],
        "no_statutory_validity": _no_validity(answer),
        "did_you_mean": [_meant(number, kind) for number, kind in answer.meant],
    }


def describe_evidence(evidence: Evidence) -> Json:
    """The evidence without owner and place; a household's by OF_HOUSEHOLDS alone."""
    told = {
        "kind": evidence.kind,
        "kind_label": str(kind_label(evidence.kind)),
        "number": evidence.number,
        "type": evidence.type_code or None,
        "type_label": _text(evidence.type),
        "maker": evidence.maker or None,
        "scheme": evidence.scheme or None,
        "body": _text(evidence.body),
        "issuer": _text(evidence.authority),
        "issued_on": _iso(evidence.issued_on),
        "valid_from": _iso(evidence.valid_from),
        "valid_until": _iso(evidence.valid_until),
    }
    return {name: told[name] for name in OF_HOUSEHOLDS} if evidence.household else told


def _state(answer: Answer) -> str | None:
    kind = answer.evidence.kind if answer.evidence else ""
    return str(state_label(answer.standing.state, kind)) if answer.standing else None


def _item(answer: Answer) -> Json | None:
    if not answer.question.item:
        return None
    line = answer.item_standing
    return {
        "text": answer.question.item,
        "fits": answer.fits,
        "state": line.state if line else None,
        "since": _iso(line.since) if line and not line.in_force else None,
        "lines": list(answer.item_lines),
    }


def _register(one: Delivered) -> Json:
    register = one.register
    return {
        "code": register.code,
        "name": _of(register, "name"),
        "keeper": _of(register, "keeper"),
        "delivered_up_to": _iso(one.up_to),
        "latest_delivery": _iso(one.latest),
        "issuers": one.issuers,
        "complete": one.complete,
    }


def _ask(answer: Answer) -> Json | None:
    register = answer.kept_by
    if register is None:
        return None
    return {
        "name": _of(register, "keeper"),
        "register": _of(register, "name"),
        "address": register.ask or None,
        "certainty": register.certainty,
    }


def _choice(choice: Choice) -> Json:
    told = describe_evidence(choice.evidence)
    names = ("kind", "kind_label", "type", "type_label", "maker", "issuer", "issued_on")
    name = told["body"] or told.get("maker") or told["type_label"] or told["kind_label"]
    return {"body": choice.token, "name": name, **{one: told.get(one) for one in names}}


def _meant(number: str, kind: str) -> Json:
    return {"number": number, "kind": kind, "kind_label": str(kind_label(kind))}


def _no_validity(answer: Answer) -> Json | None:
    if answer.code != "no_statutory_validity" or answer.evidence is None:
        return None
    evidence = answer.evidence
    return {"issuer": _text(evidence.body), "issued_on": _iso(evidence.issued_on), "in_scope": answer.in_scope}


def _of(register: object, name: str) -> str:
    return str(Both(getattr(register, f"{name}_vi"), getattr(register, f"{name}_en")))


def _text(text: Both | None) -> str | None:
    return str(text) if text else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
