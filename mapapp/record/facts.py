"""The legal facts of a place in words: three kinds, each apart, with what is not in force told with its days."""

from datetime import date

from geodata.language import Both, both
from layers.codes import Code
from layers.layer import Layer
from layers.legal_facts import LegalFact
from layers.registers.qualification_status import QUALIFICATION_STATUSES
from layers.registers.qualifications import ACTIVITIES, QUALIFICATION_KINDS
from layers.values import NO, NOT_IN_FORCE, YES
from mapapp.record.bar import Axis, Life, axis, bar
from mapapp.record.remarks import parts, remarks
from mapapp.words import in_day, in_numbers

# What the fields over all scope lines mix up: here each stands with the fact it belongs to.
MIXED = ("activity", "qualification", "scheme", "standard", "authority", "ilac_mra", "valid_until", "device_type")
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
PAST_EDITIONS = {
    "replaced": both("(đã có bản mới hơn)", "(a newer edition exists)"),
    "withdrawn": both("(bản này đã hủy bỏ)", "(this edition was withdrawn)"),
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


def facts_in_short(layer: Layer, facts: list[LegalFact]) -> list[dict]:
    """The same as one section of a record in JSON: each fact with its state, and why that is less than it seems."""
    if layer.lines is None or not facts:
        return []
    return [{"title": str(both("Căn cứ pháp lý", "Legal facts")), "rows": [*map(_in_short, facts)], "table": None}]


def _in_short(fact: LegalFact) -> dict:
    status = _status(fact)
    return {
        "name": fact.kind,
        "label": f"{NUMBER_LABELS[fact.kind]} {fact.number}",
        "value": fact.status,
        "text": str(status.label),
        "parts": None,
        "note": " ".join(map(str, remarks(fact))) or _until(fact),
        "tone": status.colour,
        "symbol": status.symbol,
    }


def _status(fact: LegalFact) -> Code:
    return next(code for code in QUALIFICATION_STATUSES.items if code.code == fact.status)


def _until(fact: LegalFact) -> str:
    until = _valid_until(fact)
    return f"{both('Hiệu lực đến', 'Valid until')} {until}" if fact.in_force_here and fact.ends[0] else until


def _described(fact: LegalFact, life: Life, day: date, scale: Axis) -> dict:
    status = _status(fact)
    return {
        "id": fact.id,
        "number": fact.number,
        "number_label": NUMBER_LABELS[fact.kind],
        "status": {"text": status.label, "tone": status.colour, "symbol": status.symbol},
        "rows": [(label, text) for label, text in _rows(fact) if text],
        "remarks": remarks(fact),
        "parts": parts(fact),
        "device_types": fact.device_types,
        "lasts": _lasts(fact, day),
        "bar": bar(life, day, scale),
    }


def _rows(fact: LegalFact) -> list[tuple[Both, str]]:
    begins = "" if fact.valid_from == fact.issued_on else in_day(fact.valid_from)
    return [
        (both("Cơ quan cấp", "Authority"), str(fact.authority)),
        (both("Hoạt động", "Activity"), _activities(fact)),
        (both("Chương trình công nhận", "Accreditation scheme"), fact.scheme),
        (both("Tiêu chuẩn", "Standard"), _standard(fact)),
        (both("Thừa nhận lẫn nhau ILAC", "ILAC mutual recognition"), _recognised(fact)),
        (both("Ngày cấp", "Issued on"), in_day(fact.issued_on)),
        (both("Hiệu lực từ", "In force from"), begins),
        (both("Hiệu lực đến", "Valid until"), _valid_until(fact)),
        (both("Thời hạn ghi trên văn bản", "Term on the document"), _term(fact)),
        (both("Văn bản căn cứ", "Legal basis"), fact.legal_basis),
        (both("Phạm vi", "Scope"), _extent(fact)),
    ]


def _activities(fact: LegalFact) -> str:
    """What it permits here; what no line in force permits does not look alive."""
    labels = ACTIVITIES.labels("", fact.activities)
    return "; ".join(
        str(labels[code]) if alive else f"{labels[code]} ({NOT_IN_FORCE})" for code, alive in fact.activities.items()
    )


def _standard(fact: LegalFact) -> str:
    assessed = f"{fact.standard}:{fact.edition}" if fact.standard and fact.edition else fact.standard
    return f"{assessed} {PAST_EDITIONS[fact.edition_status]}" if assessed and fact.edition_status else assessed


def _valid_until(fact: LegalFact) -> str:
    """Of what is in force alone: a date to come beside a withdrawal would look like a validity."""
    if not fact.in_force_here:
        return ""
    first, last = fact.ends[0], fact.ends_on
    if first is None:
        return str(both("không ghi ngày hết hiệu lực", "no end is stated"))
    if last is None:
        said = both("có dòng không ghi ngày hết", "some lines state no end")
        return f"{both('sớm nhất', 'at the earliest')} {in_day(first)}; {said}"
    if first != last:
        return str(
            both(f"từ {in_day(first)} đến {in_day(last)} tùy dòng", f"{in_day(first)} to {in_day(last)}, by line")
        )
    return in_day(last)


def _term(fact: LegalFact) -> str:
    """What the document says, where that is not what counts."""
    counts = fact.in_force_here and fact.ends == [fact.valid_until]
    return in_day(fact.valid_until) if fact.valid_until and not counts else ""


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


def _lasts(fact: LegalFact, day: date) -> Both:
    """The bar in words: from when to when, and how far off the end is on the day."""
    since, ended = in_day(fact.valid_from), _withdrawn_on(fact)
    if ended:
        return both(f"Từ {since}, thu hồi {in_day(ended)}", f"From {since}, withdrawn on {in_day(ended)}")
    if fact.in_force_here and len(fact.ends) > 1:
        first = in_day(fact.ends[0])  # type: ignore[arg-type] # of several the first is a day
        return both(f"Từ {since}, dòng sớm nhất hết {first}", f"From {since}, the first line ends on {first}")
    if fact.ends_on is None:
        return both(f"Từ {since}, không ghi ngày hết hiệu lực", f"From {since}, no end stated")
    until, left = in_day(fact.ends_on), (fact.ends_on - day).days
    days = in_numbers(abs(left))
    unit = "day" if abs(left) == 1 else "days"
    if left < 0:
        return both(f"Từ {since} đến {until}, đã qua {days} ngày", f"From {since} to {until}, {days} {unit} ago")
    if not fact.in_force_here:
        return both(f"Từ {since} đến {until}", f"From {since} to {until}")
    return both(f"Từ {since} đến {until}, còn {days} ngày", f"From {since} to {until}, {days} {unit} left")


def _withdrawn_on(fact: LegalFact) -> date | None:
    """The day of its last withdrawal; None where that is not how it ended."""
    days = [one.withdrawn_on for one in fact.stretches if one.status == "withdrawn" and one.withdrawn_on]
    return max(days) if days and fact.status == "withdrawn" else None


def _life(fact: LegalFact) -> Life:
    """Of what is not in force on the day only: an earlier suspension is over, a later one is not yet."""
    stopped = {
        (one.suspended_from, one.suspended_until)
        for one in fact.stretches
        if one.status == "suspended" and one.suspended_from
    }
    return Life(
        fact.valid_from,
        fact.ends_on,
        ended_on=_withdrawn_on(fact),
        stopped=sorted(stopped, key=lambda days: days[0]),
        partial=fact.status == "reduced",
    )
