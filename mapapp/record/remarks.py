"""What is not in force of a legal fact, or not permitted by it, in words and with its days."""

from geodata.language import Both, both
from layers.codes import Code
from layers.legal_facts import LegalFact, Stretch
from layers.registers.qualification_status import LINE_STATUSES
from mapapp.words import in_day, in_numbers

MOST_REMARKS = 3


def remarks(fact: LegalFact) -> list[Both]:
    """What its reader must know at once: what is not in force, or not here, and what it does not permit."""
    return [*(_sums(fact) if _are_many(fact) else _each(fact)), *_elsewhere(fact), *_law(fact)]


def parts(fact: LegalFact) -> list[Both]:
    """What is not in force, part by part, where `remarks` only sums it up; else empty."""
    return _each(fact) if _are_many(fact) else []


def _each(fact: LegalFact) -> list[Both]:
    """What is not in force on the day: how many lines, which days, and whether they are carried out here."""
    return [_remark(fact, one) for one in fact.stretches if one.status != "active"]


def _are_many(fact: LegalFact) -> bool:
    return sum(one.status != "active" for one in fact.stretches) > MOST_REMARKS


def _sums(fact: LegalFact) -> list[Both]:
    """One remark for each state."""
    return [_sum(fact, code) for code in LINE_STATUSES.items if code.code != "active" and _lines_of(fact, code)]


def _sum(fact: LegalFact, code: Code) -> Both:
    n, total = in_numbers(_lines_of(fact, code)), in_numbers(fact.lines)
    label = str(code.label)
    state = label[:1].lower() + label[1:]
    return both(f"{n} trong {total} dòng: {state}.", f"{n} of {total} lines: {state}.")


def _lines_of(fact: LegalFact, code: Code) -> int:
    return sum(one.lines for one in fact.stretches if one.status == code.code)


def _remark(fact: LegalFact, part: Stretch) -> Both:
    whole = part.lines == fact.lines
    n, total = in_numbers(part.lines), in_numbers(fact.lines)
    which = (
        both("Toàn bộ phạm vi", "The whole scope")
        if whole
        else both(f"{n} trong {total} dòng", f"{n} of {total} lines")
    )
    here = in_numbers(part.here)
    place = both(f", tại đây {here} dòng", f", {here} of them here") if part.lines != part.here else both("", "")
    said = _said(part)
    return both(f"{which.vi}: {said.vi}{place.vi}.", f"{which.en}: {said.en}{place.en}.")


def _said(part: Stretch) -> Both:
    """The state of the lines with the days it lasts, as the registers say it."""
    if part.status == "withdrawn" and part.withdrawn_on:
        day = in_day(part.withdrawn_on)
        return both(f"hủy bỏ, thu hồi từ {day}", f"withdrawn since {day}")
    if part.status == "expired" and part.valid_until:
        day = in_day(part.valid_until)
        return both(f"hết hiệu lực sau ngày {day}", f"expired after {day}")
    since = in_day(part.suspended_from) if part.suspended_from else ""
    if part.suspended_until:
        until = in_day(part.suspended_until)
        return both(f"đình chỉ hiệu lực từ {since} đến hết {until}", f"suspended from {since} to {until} included")
    return both(f"đình chỉ hiệu lực từ {since}, chưa định ngày kết thúc", f"suspended since {since}, no end set")


def _elsewhere(fact: LegalFact) -> list[Both]:
    """What is in force of it at other places alone permits nothing here."""
    if not fact.in_force or fact.in_force_here:
        return []
    return [both("Tại đây không có dòng nào còn hiệu lực.", "None of its lines here is in force.")]


def _law(fact: LegalFact) -> list[Both]:
    if fact.kind == "designation" or not fact.names_verification:
        return []
    vi = "Phạm vi có nêu kiểm định phương tiện đo, nhưng căn cứ này không cho phép kiểm định: xem phần Chỉ định."
    en = "The scope names the verification of devices, which this fact does not permit: see Designation."
    return [both(vi, en)]
