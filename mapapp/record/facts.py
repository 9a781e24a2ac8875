"""The legal facts of a place in words: three kinds, each apart, with what is not in force told with its days."""

from datetime import date

from geodata.language import Both, both
from layers.codes import Code
from layers.layer import Layer
from layers.legal_facts import LegalFact, Stretch
from layers.registers.qualification_status import LINE_STATUSES, QUALIFICATION_STATUSES
from layers.registers.qualifications import QUALIFICATION_KINDS
from layers.values import NO, NOT_IN_FORCE, YES
from mapapp.record.bar import Axis, Life, axis, bar
from mapapp.words import in_day, in_numbers

# What the fields over all scope lines mix up: here each stands with the fact it belongs to.
MIXED = ("qualification", "scheme", "standard", "authority", "ilac_mra", "valid_until", "device_type")
MOST_REMARKS = 3
MEANINGS = {
    "registration": both(
        "Tổ chức đã đăng ký với cơ quan nhà nước. Đăng ký không cho phép kiểm định phương tiện đo.",
        "The body is registered with the state. Registration does not permit the verification of measuring devices.",
    ),
    "designation": both(
        "Cơ quan nhà nước giao việc do luật quy định. Chỉ tổ chức được chỉ định mới được kiểm định phương tiện đo.",
        "The state entrusts work that the law requires. Only designated bodies may verify measuring devices.",
    ),
    "accreditation": both(
        "Năng lực được xác nhận theo tiêu chuẩn. Công nhận không cho phép kiểm định phương tiện đo.",
        "Competence attested to a standard. Accreditation does not permit the verification of measuring devices.",
    ),
}
NUMBER_LABELS = {
    "registration": both("Giấy chứng nhận đăng ký", "Certificate of registration"),
    "designation": both("Quyết định chỉ định", "Decision of designation"),
    "accreditation": both("Chứng chỉ công nhận", "Certificate of accreditation"),
}


def fact_sections(layer: Layer, facts: list[LegalFact], day: date) -> list[dict]:
    """One section for each of the three kinds, in the law's order; `facts` is empty where the data hold none."""
    if layer.lines is None:
        return []
    lives = {fact.id: _life(fact) for fact in facts}
    scale = axis(lives.values(), day)
    return [
        {
            "kind": kind.code,
            "title": kind.label,
            "meaning": MEANINGS[kind.code],
            "facts": [_described(one, lives[one.id], day, scale) for one in facts if one.kind == kind.code],
        }
        for kind in QUALIFICATION_KINDS.items
    ]


def _described(fact: LegalFact, life: Life, day: date, scale: Axis) -> dict:
    status = next(code for code in QUALIFICATION_STATUSES.items if code.code == fact.status)
    return {
        "id": fact.id,
        "number": fact.number,
        "number_label": NUMBER_LABELS[fact.kind],
        "status": {"text": status.label, "tone": status.colour, "symbol": status.symbol},
        "rows": [(label, text) for label, text in _rows(fact) if text],
        "remarks": [*_summed(fact), *_law(fact)],
        "parts": _remarks(fact) if _is_long(fact) else [],
        "device_types": fact.device_types,
        "lasts": _lasts(fact, day),
        "bar": bar(life, day, scale),
    }


def _rows(fact: LegalFact) -> list[tuple[Both, str]]:
    assessed = f"{fact.standard}:{fact.edition}" if fact.standard and fact.edition else fact.standard
    replaced = both(" (đã có bản mới hơn)", " (a newer edition exists)") if fact.edition_replaced else ""
    begins = "" if fact.valid_from == fact.issued_on else in_day(fact.valid_from)
    no_end = both("không ghi ngày hết hiệu lực", "no end is stated")
    return [
        (both("Cơ quan cấp", "Authority"), str(fact.authority)),
        (both("Chương trình công nhận", "Accreditation scheme"), fact.scheme),
        (both("Tiêu chuẩn", "Standard"), f"{assessed}{replaced}" if assessed else ""),
        (both("Thừa nhận lẫn nhau ILAC", "ILAC mutual recognition"), _recognised(fact)),
        (both("Ngày cấp", "Issued on"), in_day(fact.issued_on)),
        (both("Hiệu lực từ", "In force from"), begins),
        (both("Hiệu lực đến", "Valid until"), in_day(fact.valid_until) if fact.valid_until else str(no_end)),
        (both("Văn bản căn cứ", "Legal basis"), fact.legal_basis),
        (both("Phạm vi", "Scope"), _extent(fact)),
    ]


def _recognised(fact: LegalFact) -> str:
    """Of accreditations alone; one that is not in force does not look alive."""
    if fact.kind != "accreditation":
        return ""
    if not fact.ilac_mra:
        return str(NO)
    return str(YES) if fact.in_force else f"{YES} ({NOT_IN_FORCE})"


def _extent(fact: LegalFact) -> str:
    here, elsewhere = in_numbers(fact.here), in_numbers(fact.lines - fact.here)
    said = both(f"{here} dòng tại đây", f"{here} {_lines(fact.here)} here")
    more = both(f", {elsewhere} dòng ngoài trang này", f", {elsewhere} beyond this page")
    return f"{said}{more}" if fact.lines > fact.here else str(said)


def _lines(count: int) -> str:
    return "line" if count == 1 else "lines"


def _remarks(fact: LegalFact) -> list[Both]:
    """What is not in force on the day: how many lines, which days, and whether they are carried out here."""
    return [_remark(fact, one) for one in fact.stretches if one.status != "active"]


def _is_long(fact: LegalFact) -> bool:
    return sum(one.status != "active" for one in fact.stretches) > MOST_REMARKS


def _summed(fact: LegalFact) -> list[Both]:
    """The remarks, or, where they are many, one for each state; then the single ones are folded."""
    if not _is_long(fact):
        return _remarks(fact)
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


def _law(fact: LegalFact) -> list[Both]:
    if fact.kind == "designation" or not fact.verifies_devices:
        return []
    vi = "Phạm vi có nêu kiểm định phương tiện đo, nhưng căn cứ này không cho phép kiểm định: xem phần Chỉ định."
    en = "The scope names the verification of devices, which this fact does not permit: see Designation."
    return [both(vi, en)]


def _lasts(fact: LegalFact, day: date) -> Both:
    """The bar in words: from when to when, and how far off the end is on the day."""
    since = in_day(fact.valid_from)
    ended = max((one.withdrawn_on for one in fact.stretches if one.withdrawn_on), default=None)
    if fact.status == "withdrawn" and ended:
        return both(f"Từ {since}, thu hồi {in_day(ended)}", f"From {since}, withdrawn on {in_day(ended)}")
    if fact.valid_until is None:
        return both(f"Từ {since}, không ghi ngày hết hiệu lực", f"From {since}, no end stated")
    until, left = in_day(fact.valid_until), (fact.valid_until - day).days
    days = in_numbers(abs(left))
    unit = "day" if abs(left) == 1 else "days"
    if left < 0:
        return both(f"Từ {since} đến {until}, đã qua {days} ngày", f"From {since} to {until}, {days} {unit} ago")
    return both(f"Từ {since} đến {until}, còn {days} ngày", f"From {since} to {until}, {days} {unit} left")


def _life(fact: LegalFact) -> Life:
    """Of what is not in force on the day only: an earlier suspension is over, a later one is not yet."""
    stopped = {
        (one.suspended_from, one.suspended_until)
        for one in fact.stretches
        if one.status == "suspended" and one.suspended_from
    }
    ended = [one.withdrawn_on for one in fact.stretches if one.status == "withdrawn" and one.withdrawn_on]
    return Life(
        fact.valid_from,
        fact.valid_until,
        ended_on=max(ended) if ended and fact.status == "withdrawn" else None,
        stopped=sorted(stopped, key=lambda days: days[0]),
        partial=fact.status == "reduced",
    )
