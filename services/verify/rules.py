"""The legal state of evidence on a day, from its dates alone (domain, sections 1.3, 2.3 and 2.4).

States beside those of lines and devices: `not_yet` (it begins later), `no_evidence` (a device without a verification
on record by that day), `no_end` (a verification whose end is not on record). None of these three is "ended", nor is
`no_periodic` (a device that is not verified again).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from geodata.language import both
from services.verify.evidence import PAPERS, QUALIFICATIONS, Device, Evidence, Item, Line, Pass, Standing
from services.verify.itemwords import has_words
from services.verify.scopewords import line_fits

VERIFICATION = "device_verification"
_HOLDING = ("active", "reduced", "suspended")
_ONE_DAY = timedelta(days=1)
_NOBODY = both("", "")
# The paper itself is not void by this: a verification after the repair has taken its place (section 2.4, 6).
REPAIRED = "repaired"
# Of several periods of one qualification the first of these is told, of two alike the later one.
_ORDER = {"active": 0, "reduced": 0, "suspended": 1, "expired": 2, "withdrawn": 2, "not_yet": 3}


def standing(evidence: Evidence, on: date) -> Standing:
    """The state of the evidence on that day; of papers without statutory validity only whether they existed."""
    if evidence.kind in QUALIFICATIONS:
        return standing_of_lines(evidence.lines or (_as_line(evidence),), on)
    if evidence.kind == "type_approval":
        return _of_type_approval(evidence, on)
    if evidence.kind == "device" and evidence.device:
        return _of_device(evidence.device, on)
    if evidence.kind in PAPERS and evidence.device:
        return _of_paper(evidence, evidence.device, on)
    issued = evidence.issued_on or on
    return Standing("active", since=issued) if issued <= on else Standing("not_yet", since=issued)


def standing_of_lines(lines: Sequence[Line], on: date) -> Standing:
    """Of a header: `active` if every line not ended is active, `reduced` if only some are, `suspended` if none is and
    one is suspended, else as the line that ended last."""
    begun = [line for line in lines if line.valid_from <= on]
    if not begun:
        return Standing("not_yet", since=min(line.valid_from for line in lines))
    states = [(line, line_state(line, on)) for line in begun]
    active = [line for line, state in states if state == "active"]
    suspended = [line for line, state in states if state == "suspended"]
    if active:
        state, last, first = "reduced" if suspended else "active", _last_day(active), _first_end(active)
        return Standing(state, since=_first_day(active), until=last, first_end=None if first == last else first)
    if suspended:
        return Standing("suspended", since=max(filter(None, (line.suspended_from for line in suspended))))
    return _ended_last(states)


def line_state(line: Line, on: date) -> str:
    """The state of a begun line: the same rule, and the same order, as the map's (`qualification_status`)."""
    if line.withdrawn_on and line.withdrawn_on <= on:
        return "withdrawn"
    if line.valid_until and line.valid_until < on:
        return "expired"
    if line.suspended_from and line.suspended_from <= on and (line.suspended_until or on) >= on:
        return "suspended"
    return "active"


def best(periods: Iterable[Evidence], on: date) -> Evidence:
    """The one of several periods of one qualification that is told on a day: in force, else the one that ended last."""
    return min(periods, key=lambda one: _rank(standing(one, on)))


def told_on(periods: Sequence[Evidence], on: date) -> Evidence:
    """What is told of one qualification on a day: the lines of all its rows that hold then, else the best row."""
    told = best(periods, on)
    holding = [one for one in periods if standing(one, on).state in _HOLDING]
    if len(holding) < 2:
        return told
    lines = (line for one in holding for line in one.lines or (_as_line(one),))
    return replace(told, lines=tuple(lines))


def fits(evidence: Evidence, item: Item) -> bool | None:
    """Whether a verification, a device or a type approval is of this item; None where the data cannot tell."""
    if item.is_code:
        return evidence.type_code in item.types
    if item.devices and evidence.device:
        return evidence.device.id in item.devices
    if evidence.kind == "type_approval" and has_words(evidence.maker, item.words):
        return True
    if item.types:
        return False if evidence.type_code not in item.types else _fits_beyond_type(item)
    return False if _is_numbered(evidence) and item.is_number else None


def lines_for(lines: Iterable[Line], item: Item) -> list[Line]:
    """The lines of a scope that are about the item."""
    return [line for line in lines if line_fits(line, item)]


def in_scope(evidence: Evidence, item: Item | None) -> bool | None:
    """Whether a calibration or test was in its issuer's scope on the day of issue; None where that cannot be told.

    A line that names neither the type of device nor the item may cover it all the same: then nothing is said.
    """
    day = _issued(evidence)
    alive = [line for line in evidence.lines if line.valid_from <= day and line_state(line, day) == "active"]
    if not evidence.lines and evidence.device is None:
        return None
    if not alive:
        return False
    if item is not None:
        return True if lines_for(alive, item) else None
    if evidence.device is None:
        return True
    return True if any(line.device_type == evidence.type_code for line in alive) else None


def newer_end(evidence: Evidence, on: date) -> date | None:
    """The end of a later verification of the same device that stands on that day; None where there is none."""
    if evidence.device is None or evidence.kind not in PAPERS:
        return None
    whole = _of_device(evidence.device, on)
    return whole.until if whole.in_force and whole.since and whole.since > _issued(evidence) else None


def last_pass(device: Device, on: date) -> Pass | None:
    """The pass that stands on a day: the last one up to it, of two on one day the one entered later."""
    passed = [one for one in device.passes if one.verified_on <= on]
    return passed[-1] if passed else None


def _is_numbered(evidence: Evidence) -> bool:
    """Whether another number than it has is another's. What number a household's device has is not told."""
    device = None if evidence.household else evidence.device
    return evidence.kind == "type_approval" or (device is not None and device.numbered)


def _fits_beyond_type(item: Item) -> bool | None:
    """Of the right type: papers of verifications carry no range, and say nothing of other work on the device."""
    elsewhere = item.asked.activities and VERIFICATION not in item.asked.activities
    return None if elsewhere or item.asked.quantities else True


def _rank(told: Standing) -> tuple[int, int]:
    since = (told.since or date.min).toordinal()
    return _ORDER[told.state], since if told.state == "not_yet" else -since


def _as_line(evidence: Evidence) -> Line:
    """A qualification without lines holds by its own dates."""
    return Line("", None, "", evidence.valid_from or _issued(evidence), evidence.valid_until)


def _first_day(lines: Iterable[Line]) -> date:
    return min(line.valid_from for line in lines)


def _last_day(lines: Iterable[Line]) -> date | None:
    ends = [line.valid_until for line in lines]
    return None if None in ends else max(filter(None, ends))


def _first_end(lines: Iterable[Line]) -> date | None:
    return min((line.valid_until for line in lines if line.valid_until), default=None)


def _ended_last(states: list[tuple[Line, str]]) -> Standing:
    withdrawn = [line for line, state in states if state == "withdrawn"]
    ends = [(min(filter(None, (line.withdrawn_on, line.valid_until))), line) for line in withdrawn]
    expired = [line.valid_until for line, state in states if state == "expired" and line.valid_until]
    last, line = max(ends, key=lambda end: end[0]) if ends else (date.min, None)
    if line is not None and (not expired or last > max(expired)):
        return Standing("withdrawn", since=line.withdrawn_on)
    return Standing("expired", since=max(expired) + _ONE_DAY, until=max(expired))


def _of_type_approval(approval: Evidence, on: date) -> Standing:
    """The end of an approval stops making and import, not the use of devices that were verified (section 2.4, 8)."""
    if _issued(approval) > on:
        return Standing("not_yet", since=approval.issued_on)
    if approval.cancelled_on and approval.cancelled_on <= on:
        return Standing("withdrawn", since=approval.cancelled_on)
    if approval.valid_until and approval.valid_until < on:
        return Standing("expired", since=approval.valid_until + _ONE_DAY, until=approval.valid_until)
    if approval.suspended_on and approval.suspended_on <= on:
        return Standing("suspended", since=approval.suspended_on)
    return Standing("active", since=approval.issued_on, until=approval.valid_until)


def _of_paper(paper: Evidence, device: Device, on: date) -> Standing:
    own = Pass(_issued(paper), paper.valid_until, 0, paper.body or _NOBODY, paper.voided_on, paper.void_reason)
    if own.verified_on > on:
        return Standing("not_yet", since=own.verified_on)
    return _kept_from_use(device, on) or _ended_early(own, device, on) or _of_pass(own, device, on)


def _ended_early(own: Pass, device: Device, on: date) -> Standing | None:
    """What befell the device since ended the paper, unless it had ended before (section 2.4, 5 to 7)."""
    events = [(day, reason) for day, reason in _events_since(own.verified_on, device, on) if day <= on]
    first, reason = min(events, default=(date.max, ""))
    own_end = min(own.voided_on or date.max, own.valid_until or date.max)
    return Standing("void", since=first, until=own.valid_until, reason=reason) if first <= min(own_end, on) else None


def _events_since(day: date, device: Device, on: date) -> Iterator[tuple[date, str]]:
    """Failures, voids of later verifications, and repairs that a verification followed: each with its day."""
    yield from ((failed, "defective") for failed in device.failed_on if failed > day)
    for one in device.passes:
        if one.verified_on <= day:
            continue
        if one.voided_on:
            yield one.voided_on, one.void_reason
        if one.after_repair and one.verified_on <= on:
            yield max(one.repaired_on or one.verified_on, day + _ONE_DAY), REPAIRED


def _of_device(device: Device, on: date) -> Standing:
    """The same as the map's state of the device (`layers.registers.device_status`)."""
    last = last_pass(device, on)
    kept = _kept_from_use(device, on)
    if kept:
        return kept
    if device.no_periodic and not (last and last.voided_on and last.voided_on <= on):
        return Standing("no_periodic")
    return _of_pass(last, device, on) if last else Standing("no_evidence")


def _of_pass(one: Pass, device: Device, on: date) -> Standing:
    if one.voided_on and one.voided_on <= on:
        return Standing("void", since=one.voided_on, until=one.valid_until, reason=one.void_reason)
    if one.valid_until is None and not device.no_periodic:
        return Standing("no_end", since=one.verified_on)
    if one.valid_until and one.valid_until < on:
        return Standing("expired", since=one.valid_until + _ONE_DAY, until=one.valid_until)
    return Standing("active", since=one.verified_on, until=one.valid_until)


def _kept_from_use(device: Device, on: date) -> Standing | None:
    """Taken out of use, or in repair: from the repair to the verification after it the device may not be used."""
    if device.taken_out_on and device.taken_out_on <= on:
        return Standing("out_of_use", since=device.taken_out_on)
    repairs = [one.repaired_on for one in device.passes if one.repaired_on and one.verified_on > on]
    begun = [day for day in (*repairs, device.repaired_on) if day and day <= on]
    return Standing("in_repair", since=min(begun)) if begun else None


def _issued(evidence: Evidence) -> date:
    return evidence.issued_on or evidence.valid_from or date.min
