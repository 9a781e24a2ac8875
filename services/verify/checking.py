"""From a number to one answer: the format first, then what stands under it, then the day and the item."""

import hmac
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from django.conf import settings

from layers.errors import BadParameter
from layers.registers.number_key import number_key
from services.verify import rules
from services.verify.evidence import QUALIFICATIONS, WITHOUT_VALIDITY, Evidence, Item, Line, Standing
from services.verify.households import as_told
from services.verify.numbers import letters_of, near
from services.verify.reading import MOST, Found, evidence_of, item_of, published_among
from services.verify.registers import Delivered, EvidenceRegister, Formats, delivered, delivered_by_issuer, formats
from services.verify.scopewords import line_fits, says_item

MOST_MEANT = 5
ANSWERS = ("valid", "not_for_item", "ended", "not_in_register", "kept_elsewhere", "which", "no_statutory_validity")


@dataclass(frozen=True)
class Question:
    """A number, the day it is asked for, and what it is asked for; `body` chooses among several that use it.

    `today` is the day of the map.
    """

    number: str
    on: date
    today: date
    item: str = ""
    body: str = ""

    @property
    def letters(self) -> str:
        """The number as it was understood, in capitals: nothing else of what was typed is ever repeated."""
        return letters_of(self.number).upper()


@dataclass(frozen=True)
class Choice:
    """One of several things under a number, with the token that chooses it."""

    token: str
    evidence: Evidence


@dataclass(frozen=True)
class Answer:
    """What is answered; `code` is one of ANSWERS. What an answer has not is None or empty.

    `fits` says whether it is of the item asked for, None where that is not known; `item_standing` is the state of the
    scope lines about the item, `item_lines` what they say. `cut`: there is more under the number than was read.
    `has_format`: a register kept here has numbers of this form.
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
    cut: bool = False
    meant: tuple[tuple[str, str], ...] = ()
    has_format: bool = False

    @property
    def number(self) -> str:
        """The number on record; where there is none, or it is a household's, the letters and digits asked for."""
        evidence = self.evidence
        return self.question.letters if evidence is None or evidence.household else evidence.number

    @property
    def delivered_up_to(self) -> date | None:
        """The day up to which all have delivered who deliver a register that it may be in; None where nobody does."""
        days = [one.up_to for one in self.registers]
        if not days:
            return self.issuer_delivered
        return None if None in days else min(filter(None, days))

    @property
    def never_issued(self) -> bool:
        """Whether none was issued up to `delivered_up_to`: only where every register it may be in is complete.

        A number of no known form may be in any register, whatever forms are known of it: nothing is said of that.
        """
        return self.code == "not_in_register" and self.has_format and all(one.complete for one in self.registers)


def check(question: Question, *, telling: Callable[[Sequence[Evidence]], None]) -> Answer:
    """The answer to a question. Raises BadParameter for an item or a body that means nothing here.

    `telling` is called with what will be told of, nothing where nothing is there, before anything tells it: a refusal
    of the item would tell it as well. What it raises is raised.
    """
    key, known = letters_of(question.number), formats()
    elsewhere = known.elsewhere(key)
    if elsewhere is not None:
        return Answer("kept_elsewhere", question, kept_by=elsewhere)
    read = _of_letters(evidence_of(number_key(question.number)), key)
    found = _distinct(read.evidence, question.on)
    named = [one for one in found if question.body in ("", token(one, key))]
    telling(named or found)
    if not found:
        return _nowhere(question, key, known)
    if not named:
        raise _no_choice()
    devices = [one.device.id for one in named if one.device and not one.household]
    item = item_of(question.item, among=devices) if question.item else None
    chosen = named if item is None or read.cut else _of_item(named, item)
    if len(chosen) > 1 or (read.cut and not question.body):
        choices = tuple(Choice(token(one, key), one) for one in chosen[:MOST])
        return Answer("which", question, choices=choices, cut=read.cut)
    answer = judge(chosen[0], question, item)
    return replace(answer, issuer_delivered=delivered_by_issuer(answer.evidence or chosen[0]))


def _of_letters(read: Found, letters: str) -> Found:
    """Without what only shares the key: letters with accents are no part of a key, and a part of a number."""
    return replace(read, evidence=[one for one in read.evidence if letters_of(one.number) == letters])


def _nowhere(question: Question, key: str, known: Formats) -> Answer:
    registers = tuple(delivered(known.possible(key)))
    meant, has_format = _meant(key, known.prefixes()), known.has_format(key)
    return Answer("not_in_register", question, registers=registers, meant=meant, has_format=has_format)


def judge(evidence: Evidence, question: Question, item: Item | None) -> Answer:
    """The answer about one piece of evidence; reads nothing. Of a household's no more than may be told."""
    if not evidence.household:
        return _judge(evidence, question, item)
    # Asked day by day, the answers would tell when it was verified and what befell it.
    question = replace(question, on=max(question.on, question.today))
    return as_told(_judge(evidence, question, item))


def _judge(evidence: Evidence, question: Question, item: Item | None) -> Answer:
    on = question.on
    evidence = _with_body_of_day(evidence, on)
    standing = rules.standing(evidence, on)
    whole = Answer("", question, evidence, standing)
    if standing.state == "no_periodic":
        fits = rules.fits(evidence, item) if item else None
        return replace(whole, code="no_statutory_validity", reason=standing.state, fits=fits)
    if standing.state in ("not_yet", "no_evidence", "no_end"):
        return replace(whole, code="not_in_register", reason=standing.state)
    if evidence.kind in WITHOUT_VALIDITY:
        return Answer("no_statutory_validity", question, evidence, in_scope=rules.in_scope(evidence, item))
    if not standing.in_force:
        return replace(whole, code="ended", newer_end=rules.newer_end(evidence, on))
    if item is not None and evidence.kind in QUALIFICATIONS:
        return _for_lines(whole, evidence, item)
    if evidence.not_designated:
        return replace(whole, code="not_for_item", reason="not_designated")
    if item is None:
        return replace(whole, code="valid")
    return _for_device(whole, evidence, item)


def token(evidence: Evidence, key: str) -> str:
    """What chooses this evidence among others under the number with this key: the same each time.

    Without the key of the installation it tells no id, nor that one thing stands under two numbers.
    """
    about = "|".join(map(str, (key, *evidence.identity)))
    secret = hmac.digest(settings.SECRET_KEY.encode(), b"choices of the check", "sha256")
    return hmac.new(secret, about.encode(), "sha256").hexdigest()[:16]


def _for_lines(whole: Answer, evidence: Evidence, item: Item) -> Answer:
    """By the lines that are of the item; else by those that may be; "not for" it only where no line can be."""
    if not evidence.lines:  # nobody has delivered its scope: nothing can be said of an item
        return replace(whole, code="valid")
    answers = [(line, line_fits(line, item)) for line in evidence.lines]
    possible = [line for line, fits in answers if fits is not False]
    if not possible:
        return _of_no_line(whole, evidence, item)
    if not rules.standing_of_lines(possible, whole.question.on).in_force:
        return _by_lines(whole, possible)
    fitting = [line for line, fits in answers if fits]
    if fitting and rules.standing_of_lines(fitting, whole.question.on).in_force:
        return _by_lines(whole, fitting)
    named = [line for line in possible if line.activity and item.asked.needed and says_item(line, item)]
    return replace(whole, code="valid", item_lines=_told_lines(named, whole.question.on))


def _by_lines(whole: Answer, lines: list[Line]) -> Answer:
    standing = rules.standing_of_lines(lines, whole.question.on)
    whole = replace(whole, item_lines=_told_lines(lines, whole.question.on))
    code, reason = ("valid", "") if standing.in_force else ("not_for_item", "line_not_in_force")
    return replace(whole, code=code, reason=reason, fits=standing.in_force, item_standing=standing)


def _of_no_line(whole: Answer, evidence: Evidence, item: Item) -> Answer:
    """No line is of the item: none names it, or those that do have numbers that do not reach what was asked."""
    named = replace(item, asked=replace(item.asked, quantities=()))
    short = [line for line in evidence.lines if item.asked.quantities and line_fits(line, named)]
    reason = "out_of_range" if short else "no_line"
    lines = _told_lines(short, whole.question.on)
    return replace(whole, code="not_for_item", reason=reason, fits=False, item_lines=lines)


def _told_lines(lines: list[Line], on: date) -> tuple[str, ...]:
    """What the lines about the item say, those in force first: the reader sees what was taken for it."""
    in_force = {line.text for line in lines if line.valid_from <= on and rules.line_state(line, on) == "active"}
    texts = dict.fromkeys(line.text for line in lines if line.text)
    return tuple(sorted(texts, key=lambda text: text not in in_force))[:MOST_MEANT]


def _for_device(whole: Answer, evidence: Evidence, item: Item) -> Answer:
    fits = rules.fits(evidence, item)
    known = item.types or item.asked.activities or any(letter.isdigit() for letter in item.text)
    if fits is None and not known:
        raise BadParameter(
            "item.unknown",
            f"Không có loại phương tiện đo nào mang các từ “{item.text[:60]}”. Gõ tên loại, mã loại hoặc số sản xuất.",
            f"No type of measuring device has the words “{item.text[:60]}”. Give its name, code or serial number.",
            parameter="item",
        )
    code, reason = ("not_for_item", "other_device") if fits is False else ("valid", "")
    return replace(whole, code=code, reason=reason, fits=fits)


def _no_choice() -> BadParameter:
    return BadParameter(
        "body.unknown",
        "body không phải là một lựa chọn của số này. Hỏi lại không có body để thấy các lựa chọn.",
        "body is no choice of this number. Ask without body to see the choices.",
        parameter="body",
    )


def _of_item(found: list[Evidence], item: Item) -> list[Evidence]:
    """The one that is of the item, else all."""
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
    return [rules.told_on(group, on) if group[0].kind in QUALIFICATIONS else group[0] for group in groups]


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
