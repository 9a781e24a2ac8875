"""Answers in words. Nobody is accused: what the data do not show is said of the data, with the day that they reach."""

from collections.abc import Callable
from datetime import date

from geodata.language import Both, both
from layers.registers.deliveries import EVIDENCE_KINDS
from layers.registers.device_status import DEVICE_STATUSES
from layers.registers.devices import VOID_REASONS
from layers.registers.qualification_status import QUALIFICATION_STATUSES
from services.verify.checking import Answer
from services.verify.evidence import PAPERS, Evidence, Standing
from services.verify.reading import MOST
from services.verify.rules import REPAIRED

_KINDS = EVIDENCE_KINDS.labels("open", EVIDENCE_KINDS.codes())
STATES = {
    **DEVICE_STATUSES.labels("open", DEVICE_STATUSES.codes()),
    **QUALIFICATION_STATUSES.labels("open", QUALIFICATION_STATUSES.codes()),
    "void": both("Không còn giá trị", "No longer in force"),
    "not_yet": both("Chưa bắt đầu", "Not begun yet"),
    "no_evidence": both("Chưa thấy kiểm định", "No verification on record"),
    "no_end": both("Chưa có ngày hết hiệu lực", "No end on record"),
}
_REASONS = {
    **VOID_REASONS.labels("open", VOID_REASONS.codes()),
    REPAIRED: both(
        "Phương tiện đo đã sửa chữa, kiểm định sau sửa chữa thay cho lần này",
        "The device was repaired, and the verification after the repair took the place of this one",
    ),
}
_OF_HOUSEHOLDS = both(
    "Với phương tiện đo này chỉ cho biết loại, nơi kiểm định và ngày cuối, tính đến ngày của bản đồ.",
    "Of this device only its type, the body and the last day are told, as of the day of the map.",
)


_OF_TYPES = both(
    "Phê duyệt mẫu kết thúc thì không sản xuất, nhập khẩu theo mẫu đó nữa; phương tiện đo đã kiểm định vẫn dùng theo "
    "kiểm định của nó.",
    "The end of a type approval stops making and import of the type; devices that were verified stay in use by their "
    "own verification.",
)


def in_day(day: date) -> str:
    """22/11/2026, in both languages."""
    return f"{day:%d/%m/%Y}"


def kind_label(kind: str) -> Both:
    """What a kind of evidence is called."""
    return _KINDS[kind]  # type: ignore[return-value]


def state_label(state: str, kind: str = "") -> Both:
    """What a state of such evidence is called. Of a verification nobody says that it ran out: one may have followed."""
    if state == "expired" and kind in (*PAPERS, "device"):
        return STATES["overdue"]  # type: ignore[return-value]
    return STATES[state]  # type: ignore[return-value]


def headline(answer: Answer, day: date) -> Both:
    """The answer in one line."""
    return _HEADLINES[answer.code](answer, day)


def sentences(answer: Answer, day: date) -> list[Both]:
    """What else there is to say, in the order of its weight; `day` is the day of the map."""
    said = [*_SENTENCES.get(answer.code, _nothing)(answer, day)]
    if answer.question.on > day and answer.standing:
        said.append(
            both(
                f"Ngày {in_day(answer.question.on)} còn ở phía trước: tính theo ngày ghi trên giấy; "
                f"điều gì thay đổi sau ngày {in_day(day)} thì chưa biết.",
                f"{in_day(answer.question.on)} lies ahead: this goes by the dates on the paper; "
                f"what changes after {in_day(day)} is not known yet.",
            )
        )
    if answer.evidence and answer.evidence.household:
        said.append(_OF_HOUSEHOLDS)
    return said


def data_day(answer: Answer, day: date) -> date:
    """The day that the data reach: of the issuer's last delivery where it is known, never after the map's own."""
    return min(day, answer.issuer_delivered or day)


def _valid(answer: Answer, day: date) -> Both:
    there = _on(answer, day)
    if answer.standing and answer.standing.state == "reduced":
        return both(f"Còn hiệu lực{there.vi}, phạm vi đã thu hẹp", f"Valid{there.en}, with a reduced scope")
    return both(f"Còn hiệu lực{there.vi}", f"Valid{there.en}")


def _not_for_item(answer: Answer, day: date) -> Both:
    if answer.reason == "not_designated":
        return both(
            "Còn hạn, nhưng chưa thấy chỉ định cho loại phương tiện đo này",
            "In date, but no designation for this type of device is on record",
        )
    item = answer.question.item
    return both(f"Còn hiệu lực, nhưng không cho “{item}”", f"Valid, but not for “{item}”")


def _ended(answer: Answer, day: date) -> Both:
    standing = answer.standing or Standing("expired")
    if answer.newer_end:
        return both("Đã có lần kiểm định mới hơn", "A newer verification has taken its place")
    if standing.state == "expired" and answer.evidence and answer.evidence.kind in (*PAPERS, "device"):
        return _no_verification(answer, day)
    since = in_day(standing.since) if standing.since else ""
    return {
        "suspended": both(f"Đình chỉ hiệu lực từ {since}", f"Suspended since {since}"),
        "withdrawn": both(f"Đã hủy bỏ, thu hồi từ {since}", f"Withdrawn since {since}"),
        "expired": both(f"Hết hiệu lực từ {since}", f"Not in force since {since}"),
        "void": both(f"Giấy, tem này không còn giá trị từ {since}", f"This evidence is not in force since {since}"),
        "in_repair": both(f"Phương tiện đo đang sửa chữa từ {since}", f"The device is in repair since {since}"),
        "out_of_use": both(f"Phương tiện đo ngừng sử dụng từ {since}", f"The device is out of use since {since}"),
    }[standing.state]


def _not_in_register(answer: Answer, day: date) -> Both:
    if answer.reason == "not_yet":
        on = in_day(answer.question.on)
        return both(f"Ngày {on} số này chưa bắt đầu có hiệu lực", f"On {on} this number had not begun yet")
    if answer.reason == "no_end":
        return both("Dữ liệu chưa có ngày hết hiệu lực", "The data hold no end of its validity")
    if answer.reason == "no_evidence":
        return _no_verification(answer, day)
    if answer.delivered_up_to is None:
        return both("Chưa thấy số này trong dữ liệu", "This number is not in the data")
    up_to = in_day(answer.delivered_up_to)
    if answer.never_issued:
        return both(f"Tính đến {up_to}, số này chưa từng được cấp", f"Up to {up_to} this number was never issued")
    return both(f"Chưa thấy số này trong dữ liệu đến {up_to}", f"This number is not in the data up to {up_to}")


def _kept_elsewhere(answer: Answer, day: date) -> Both:
    keeper = answer.kept_by
    return both(f"Số này do nơi khác giữ: {keeper.keeper_vi}", f"Kept elsewhere: {keeper.keeper_en}")


def _which(answer: Answer, day: date) -> Both:
    return both("Số này có ở nhiều nơi", "This number is used more than once")


def _without_validity(answer: Answer, day: date) -> Both:
    if answer.reason == "no_periodic":
        return both("Phương tiện đo không kiểm định định kỳ", "A device without periodic verification")
    kind = kind_label(answer.evidence.kind)
    return both(f"{kind.vi}: luật không đặt thời hạn", f"{kind.en}: no law sets an end to it")


def _no_verification(answer: Answer, day: date) -> Both:
    on, up_to = in_day(answer.question.on), in_day(data_day(answer, day))
    if answer.question.on < day:
        return both(
            f"Chưa thấy kiểm định còn hiệu lực vào ngày {on} trong dữ liệu",
            f"No verification in force on {on} is on record",
        )
    if answer.question.on > day:
        return both(
            f"Dữ liệu đến {up_to} chưa có kiểm định còn hiệu lực vào ngày {on}",
            f"Up to {up_to} no verification that is in force on {on} is on record",
        )
    return both(
        f"Chưa thấy kiểm định còn hiệu lực trong dữ liệu đến {up_to}",
        f"No verification in force is on record up to {up_to}",
    )


def _on(answer: Answer, day: date) -> Both:
    on = answer.question.on
    return both("", "") if on == day else both(f" vào ngày {in_day(on)}", f" on {in_day(on)}")


def _of_valid(answer: Answer, day: date) -> list[Both]:
    said = []
    standing = answer.item_standing or answer.standing
    until = standing.until if standing else None
    if until:
        said.append(both(f"Hiệu lực đến hết ngày {in_day(until)}.", f"In force to the end of {in_day(until)}."))
    elif answer.evidence and answer.evidence.kind == "registration":
        said.append(both("Không ghi ngày hết hiệu lực.", "It names no end."))
    if standing and standing.first_end:
        first = in_day(standing.first_end)
        said.append(
            both(
                f"Có dòng phạm vi hết hiệu lực sớm hơn, sớm nhất sau ngày {first}: xem từng dòng.",
                f"Some scope lines end before, the first after {first}: see the lines.",
            )
        )
    if answer.question.item and answer.fits is None:
        said.append(
            both(
                f"Dữ liệu không đủ để so với “{answer.question.item}”: xem phạm vi, số sản xuất ghi trên giấy.",
                f"The data cannot be compared with “{answer.question.item}”: see its scope or serial number.",
            )
        )
    elif answer.question.item:
        said.append(both(f"Có cho “{answer.question.item}”.", f"It covers “{answer.question.item}”."))
    return said


def _of_not_for_item(answer: Answer, day: date) -> list[Both]:
    item = answer.question.item
    if answer.reason == "no_line":
        return [
            both(
                f"Không có dòng phạm vi nào mang đủ các từ “{item}”. Phạm vi có thể viết bằng từ khác.",
                f"No line of the scope has all the words of “{item}”. The scope may say it in other words.",
            )
        ]
    if answer.reason == "out_of_range":
        return [
            both(
                f"Phạm vi có nội dung này, nhưng các số ghi trong đó không tới mức đã hỏi: “{item}”.",
                f"The scope has this, but the numbers in it do not reach what was asked: “{item}”.",
            )
        ]
    if answer.reason == "line_not_in_force" and answer.item_standing:
        return [_of_line(answer.item_standing)]
    if answer.reason == "other_device":
        return [both("Dữ liệu ghi một phương tiện đo khác.", "The data name another device.")]
    return [
        both(
            "Ngày kiểm định, dữ liệu chưa ghi tổ chức này được chỉ định cho loại phương tiện đo này. "
            "Dữ liệu có thể còn thiếu: hỏi tổ chức kiểm định.",
            "On the day of the verification the data name no designation of this body for this type of device. "
            "The data may be incomplete: ask the body.",
        )
    ]


def _of_line(standing: Standing) -> Both:
    label = state_label(standing.state)
    since = in_day(standing.since) if standing.since else "…"
    if standing.state == "not_yet":
        return both(f"Dòng phạm vi về nội dung này bắt đầu từ {since}.", f"That line of the scope begins on {since}.")
    return both(
        f"Dòng phạm vi về nội dung này: {label.vi.lower()}, từ {since}.",
        f"That line of the scope: {label.en.lower()}, since {since}.",
    )


def _of_ended(answer: Answer, day: date) -> list[Both]:
    standing, said = answer.standing or Standing("expired"), []
    if standing.state == "void" and standing.reason:
        reason: Both = _REASONS[standing.reason]  # type: ignore[assignment]
        said.append(both(f"Lý do trong sổ: {reason.vi.lower()}.", f"The reason on record: {reason.en.lower()}."))
    if standing.until:
        said.append(both(f"Hiệu lực ghi đến {in_day(standing.until)}.", f"Its date was {in_day(standing.until)}."))
    if answer.evidence and answer.evidence.kind == "type_approval":
        said.append(_OF_TYPES)
    if answer.newer_end:
        end = in_day(answer.newer_end)
        said.append(
            both(
                f"Phương tiện đo này có lần kiểm định khác, hiệu lực đến {end}.",
                f"The device has another verification, in force to {end}.",
            )
        )
    else:
        said.append(
            both(
                "Giấy tờ mới hơn có thể chưa gửi về: báo để dữ liệu được sửa.",
                "A newer paper may not have been sent in: report it, and the data will be corrected.",
            )
        )
    return said


def _of_not_in_register(answer: Answer, day: date) -> list[Both]:
    if answer.reason == "not_yet" and answer.standing and answer.standing.since:
        since = in_day(answer.standing.since)
        return [both(f"Có hiệu lực từ {since}.", f"It begins on {since}.")]
    if answer.reason:
        return [both("Hỏi tổ chức kiểm định ghi trên giấy, tem.", "Ask the body named on the paper or sticker.")]
    said = []
    if not answer.never_issued:
        said.append(
            both(
                "Điều đó không có nghĩa là số này sai: nơi cấp có thể chưa gửi về.",
                "That does not mean that the number is wrong: its issuer may not have sent it in yet.",
            )
        )
    said.append(
        both("Kiểm tra lại chữ O và số 0, chữ I và số 1.", "Look again at the letter O and 0, the letter I and 1.")
    )
    return said


def _of_kept_elsewhere(answer: Answer, day: date) -> list[Both]:
    register = answer.kept_by
    return [
        both(
            f"Dạng số này thuộc: {register.name_vi}. Bản đồ không giữ sổ này, nên không tra số ở đây.",
            f"Numbers of this form belong to: {register.name_en}. The map does not keep them, so none was looked up.",
        )
    ]


def _of_which(answer: Answer, day: date) -> list[Both]:
    said = [both("Chọn đúng nơi cấp ghi trên giấy, tem.", "Choose the issuer named on the paper or sticker.")]
    if answer.cut:
        said.append(
            both(
                f"Có hơn {MOST} bản ghi mang số này, chỉ hiện các bản ghi đầu. Nếu không thấy nơi cấp, hỏi bằng "
                "số khác: số giấy chứng nhận, số tem, số sản xuất.",
                f"More than {MOST} records have this number; only the first ones are shown. If the issuer is not among "
                "them, ask by another number: of the certificate, the sticker or the device.",
            )
        )
    return said


def _of_no_validity(answer: Answer, day: date) -> list[Both]:
    evidence, said = answer.evidence, []
    if answer.reason == "no_periodic":
        return _of_no_cycle(answer)
    if evidence and evidence.issued_on and evidence.body:
        on, body = in_day(evidence.issued_on), evidence.body
        said.append(both(f"{body.vi} cấp ngày {on}.", f"Issued by {body.en} on {on}."))
    said.append(
        {
            True: both("Ngày đó nội dung này thuộc phạm vi của nơi cấp.", "That day it was in the issuer’s scope."),
            False: both(
                "Dữ liệu chưa ghi phạm vi còn hiệu lực của nơi cấp cho nội dung này vào ngày đó.",
                "The data hold no scope of the issuer in force for this on that day.",
            ),
            None: both(
                "Dữ liệu không đủ để nói nội dung này có thuộc phạm vi của nơi cấp ngày đó hay không.",
                "The data cannot tell whether this was in the issuer’s scope that day.",
            ),
        }[answer.in_scope]
    )
    said.append(
        both(
            "Người dùng tự quyết định dùng kết quả đến khi nào.",
            "How long a result is relied on is for its user to decide.",
        )
    )
    return said


def _of_no_cycle(answer: Answer) -> list[Both]:
    said = [
        both(
            "Loại này không có chu kỳ kiểm định: kiểm định trước khi đưa vào sử dụng, sau đó không có ngày hết hạn.",
            "This type has no cycle: it is verified before it is put into use, and no end is set after that.",
        )
    ]
    evidence = answer.evidence
    if evidence and not evidence.household:
        said.append(_last_verified(evidence))
    if answer.fits is False:
        said.append(both("Dữ liệu ghi một phương tiện đo khác.", "The data name another device."))
    return said


def _last_verified(evidence: Evidence) -> Both:
    if evidence.issued_on is None or evidence.body is None:
        return both("Chưa thấy lần kiểm định nào trong dữ liệu.", "No verification of it is on record.")
    on, body = in_day(evidence.issued_on), evidence.body
    return both(f"Lần kiểm định cuối trong dữ liệu: {body.vi}, {on}.", f"Last verified by {body.en} on {on}.")


def _nothing(answer: Answer, day: date) -> list[Both]:
    return []


_HEADLINES: dict[str, Callable[[Answer, date], Both]] = {
    "valid": _valid,
    "not_for_item": _not_for_item,
    "ended": _ended,
    "not_in_register": _not_in_register,
    "kept_elsewhere": _kept_elsewhere,
    "which": _which,
    "no_statutory_validity": _without_validity,
}
_SENTENCES: dict[str, Callable[[Answer, date], list[Both]]] = {
    "valid": _of_valid,
    "not_for_item": _of_not_for_item,
    "ended": _of_ended,
    "not_in_register": _of_not_in_register,
    "kept_elsewhere": _of_kept_elsewhere,
    "which": _of_which,
    "no_statutory_validity": _of_no_validity,
}
