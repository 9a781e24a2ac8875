"""From a number to one answer: the format first, then what stands under it, then the day and the item."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from layers.errors import BadParameter
from layers.registers.number_key import number_key
from services.verify import rules
from services.verify.evidence import QUALIFICATIONS, WITHOUT_VALIDITY, Evidence, Item, Line, Standing
from services.verify.numbers import near
from services.verify.reading import MOST, evidence_of, item_of, published_among
from services.verify.registers import Delivered, EvidenceRegister, delivered, delivered_by_issuer, formats

MOST_MEANT = 5
ANSWERS = ("valid", "not_for_item", "ended", "not_in_register", "kept_elsewhere", "which", "no_statutory_validity")


@dataclass(frozen=True)
class Question:
    """A number, the day it is asked for, and what it is asked for; `body` chooses among several that use it."""

    number: str
    on: date
    item: str = ""
    body: str = ""


@dataclass(frozen=True)
class Choice:
    """One of several things under a number, with the token that chooses it."""

    token: str
    evidence: Evidence


@dataclass(frozen=True)
class Answer:
    """What is answered; `code` is one of ANSWERS. What an answer has not is None or empty.

    `fits` says whether it is of the item asked for, None where that is not known; `item_standing` is the state of the
    scope lines about the item, `item_lines` what they say.
    """

    code: str
    question: Question
    evidence: Evidence | None = None
    standing: Standing | None = None
    fits: bool | None = None
    item_standing: Standing | None = None
    reason: str = ""
    newer_end: date | None = None
    in_scope: bool | None = None
    item_lines: tuple[str, ...] = ()
    issuer_delivered: date | None = None
    kept_by: EvidenceRegister | None = None
    registers: tuple[Delivered, ...] = ()
    choices: tuple[Choice, ...] = ()
    meant: tuple[tuple[str, str], ...] = ()

    @property
    def delivered_up_to(self) -> date | None:
        """The day up to which everyone who may have issued the number has delivered; None where that is not known."""
        days = [one.up_to for one in self.registers]
        if not days:
            return self.issuer_delivered
        return None if None in days else min(filter(None, days))

    @property
    def never_issued(self) -> bool:
        """Whether none was issued up to `delivered_up_to`: only where every register it may be in is complete."""
        return self.evidence is None and bool(self.registers) and all(one.complete for one in self.registers)


def check(question: Question) -> Answer:
    """The answer to a question. Raises BadParameter for an item or a body that means nothing here."""
    key, known = number_key(question.number), formats()
    elsewhere = known.elsewhere(key)
    if elsewhere is not None:
        return Answer("kept_elsewhere", question, kept_by=elsewhere)
    found = _distinct(evidence_of(key), question.on)
    if not found:
        meant = _meant(key, known.prefixes())
        return Answer("not_in_register", question, registers=tuple(delivered(known.possible(key))), meant=meant)
    devices = [one.device.id for one in found if one.device]
    item = item_of(question.item, among=devices) if question.item else None
    chosen = _chosen(found, question, item)
    if len(chosen) > 1:
        return Answer("which", question, choices=tuple(Choice(token(one), one) for one in chosen))
    answer = judge(chosen[0], question, item)
    return replace(answer, issuer_delivered=delivered_by_issuer(answer.evidence or chosen[0]))


def judge(evidence: Evidence, question: Question, item: Item | None) -> Answer:
    """The answer about one piece of evidence; reads nothing."""
    on = question.on
    evidence = _with_body_of_day(evidence, on)
    standing = rules.standing(evidence, on)
    whole = Answer("", question, evidence, standing)
    if standing.state in ("not_yet", "no_evidence", "no_end"):
        return replace(whole, code="not_in_register", reason=standing.state)
    if evidence.kind in WITHOUT_VALIDITY:
        return Answer("no_statutory_validity", question, evidence, in_scope=rules.in_scope(evidence, item))
    if not standing.in_force:
        return replace(whole, code="ended", newer_end=rules.newer_end(evidence, on))
    if item is not None and evidence.kind in QUALIFICATIONS:
        return _for_lines(whole, evidence, item)
    if evidence.not_designated:
        return replace(whole, code="not_for_item", reason="not_designated", fits=False)
    if item is None:
        return replace(whole, code="valid")
    return _for_device(whole, evidence, item)


def token(evidence: Evidence) -> str:
    """What chooses this evidence among others under its number: the same each time, and no id of a record."""
    about = "|".join(map(str, evidence.identity))
    return hashlib.sha256(about.encode()).hexdigest()[:10]


def _for_lines(whole: Answer, evidence: Evidence, item: Item) -> Answer:
    if not evidence.lines:  # nobody has delivered its scope: nothing can be said of an item
        return replace(whole, code="valid")
    lines = rules.lines_for(evidence.lines, item)
    if not lines:
        return replace(whole, code="not_for_item", reason="no_line", fits=False)
    standing = rules.standing_of_lines(lines, whole.question.on)
    whole = replace(whole, item_lines=_told_lines(lines, whole.question.on))
    code, reason = ("valid", "") if standing.in_force else ("not_for_item", "line_not_in_force")
    return replace(whole, code=code, reason=reason, fits=standing.in_force, item_standing=standing)


def _told_lines(lines: list[Line], on: date) -> tuple[str, ...]:
    """What the lines about the item say, those in force first: the reader sees what was taken for it."""
    in_force = {line.text for line in lines if line.valid_from <= on and rules.line_state(line, on) == "active"}
    texts = dict.fromkeys(line.text for line in lines)
    return tuple(sorted(texts, key=lambda text: text not in in_force))[:MOST_MEANT]


def _for_device(whole: Answer, evidence: Evidence, item: Item) -> Answer:
    fits = rules.fits(evidence, item)
    if fits is None and not any(letter.isdigit() for letter in item.text):
        raise BadParameter(
            "item.unknown",
            f"Không có loại phương tiện đo nào mang các từ “{item.text[:60]}”. Gõ tên loại, mã loại hoặc số sản xuất.",
            f"No type of measuring device has the words “{item.text[:60]}”. Give its name, code or serial number.",
            parameter="item",
        )
    code, reason = ("not_for_item", "other_device") if fits is False else ("valid", "")
    return replace(whole, code=code, reason=reason, fits=fits)


def _chosen(found: list[Evidence], question: Question, item: Item | None) -> list[Evidence]:
    """The one that `body` names, else those that the item leaves."""
    if question.body:
        named = [one for one in found if token(one) == question.body]
        if not named:
            raise BadParameter(
                "body.unknown",
                "body không phải là một lựa chọn của số này. Hỏi lại không có body để thấy các lựa chọn.",
                "body is no choice of this number. Ask without body to see the choices.",
                parameter="body",
            )
        return named
    if item is None or len(found) >= MOST:  # among those not read there may be another of this item
        return found
    of_item = [one for one in found if _is_of(one, item)]
    return of_item if len(of_item) == 1 else found


def _is_of(evidence: Evidence, item: Item) -> bool:
    if evidence.kind in QUALIFICATIONS:
        return bool(rules.lines_for(evidence.lines, item))
    return rules.fits(evidence, item) is True


def _distinct(found: Iterable[Evidence], on: date) -> list[Evidence]:
    """Each thing once: of the periods of one qualification the one that is told on the day."""
    order = sorted(found, key=lambda one: (str(one.identity), one.kind))
    groups = [list(group) for _, group in groupby(order, key=lambda one: one.identity)]
    return [rules.best(group, on) if group[0].kind in QUALIFICATIONS else group[0] for group in groups]


def _with_body_of_day(evidence: Evidence, on: date) -> Evidence:
    """A device is told with who verified it last by that day, and until when."""
    if evidence.kind != "device" or evidence.device is None:
        return evidence
    last = rules.last_pass(evidence.device, on)
    if last is None:
        return replace(evidence, valid_until=None)
    told = replace(evidence, issued_on=last.verified_on, valid_until=last.valid_until)
    return replace(told, body=last.body, body_id=last.body_id, not_designated=last.not_designated)


def _meant(key: str, prefixes: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Numbers of published evidence, with their kinds, that the typed one may have been meant for."""
    keys = near(key, prefixes)
    rank = {one: number for number, one in enumerate(keys)}
    rows = sorted(published_among(keys), key=lambda row: rank[row[0]])
    return tuple(dict.fromkeys((number, kind) for _, number, kind in rows))[:MOST_MEANT]
