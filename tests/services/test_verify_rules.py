"""The rules of the check: on every day they say of lines, qualifications and devices what the map says of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db.models import Model

from geodata.language import both
from layers.competence.reading import read
from layers.models import MeasuringDevice, Qualification, ScopeLine
from layers.registers.device_status import device_status, replay_verifications
from layers.registers.number_key import number_key
from layers.registers.qualification_status import begun, header_status, line_status
from services.verify import rules
from services.verify.evidence import Device, Evidence, Item, Line, Pass
from services.verify.itemwords import has_words, words_of
from services.verify.reading import evidence_of
from services.verify.scopewords import line_fits
from tests.services.verify_rows import changed

VERIFIED = "replayed_verified_on"
DAYS = (date(2026, 11, 22), date(2026, 6, 1), date(2025, 3, 31), date(2027, 2, 28))
OF_DEVICE = {
    "valid": "active",
    "due_soon": "active",
    "overdue": "expired",
    "void": "void",
    "in_repair": "in_repair",
    "out_of_use": "out_of_use",
    "no_periodic": "no_periodic",
}


def a_line(**dates: date) -> Line:
    return Line("testing", None, "Chì trong nước", **{"valid_from": date(2024, 1, 1), **dates})


@pytest.mark.parametrize("day", DAYS)
def test_a_line_has_the_state_that_the_map_gives_it(world: date, day: date) -> None:
    names = ("valid_from", "valid_until", "suspended_from", "suspended_until", "withdrawn_on")
    rows = ScopeLine.objects.filter(begun(day)).annotate(state=line_status(day)).values("state", *names).distinct()
    assert rows
    for row in rows:
        line = Line("testing", None, "", **{name: row[name] for name in names})
        assert rules.line_state(line, day) == row["state"], row


@pytest.mark.parametrize("day", DAYS[:2])
def test_a_qualification_has_the_state_of_its_lines_as_on_the_map(world: date, day: date) -> None:
    headers = ScopeLine.objects.filter(begun(day)).order_by().values("qualification").annotate(state=header_status(day))
    states = dict(headers.values_list("qualification", "state"))
    numbers = dict(Qualification.objects.filter(pk__in=states).values_list("pk", "number"))
    assert len(set(states.values())) == 5 or day < world
    for pk in sorted(states)[::7]:
        (found,) = [one for one in evidence_of(number_key(numbers[pk])).evidence if one.ref == pk and one.lines]
        assert rules.standing(found, day).state == states[pk], numbers[pk]


@pytest.mark.parametrize("day", DAYS[:2])
def test_a_device_has_the_state_that_the_map_gives_it(world: date, day: date) -> None:
    devices = replay_verifications(MeasuringDevice.objects.all(), day).annotate(state=device_status(day, replayed=True))
    states = {serial: (state, on) for serial, state, on in devices.values_list("serial_no", "state", VERIFIED)}
    assert {state for state, _ in states.values()} >= {"valid", "no_periodic"}
    rare = [serial for serial, (state, _) in states.items() if state not in ("valid", "overdue", "due_soon")]
    for serial in {*sorted(states)[::9], *sorted(rare)[::3]}:
        state, verified = states[serial]
        unknown = "no_end" if verified else "no_evidence"
        assert rules.standing(device_of(serial), day).state == OF_DEVICE.get(state, unknown), serial


def device_of(serial: str) -> Evidence:
    (found,) = evidence_of(number_key(serial)).evidence
    return found


@pytest.mark.parametrize("passes", [(), (Pass(date(2020, 1, 1), date(2021, 1, 1), 1, both("A", "A")),)])
def test_a_device_without_a_cycle_has_no_end_and_no_lack_of_a_verification(passes: tuple[Pass, ...]) -> None:
    device = Evidence("device", 1, "S 1", device=Device(1, True, True, passes))
    assert rules.standing(device, date(2026, 1, 1)).state == "no_periodic"


def test_of_an_ended_qualification_the_day_is_told_on_which_its_last_line_ended() -> None:
    lines = [a_line(withdrawn_on=date(2025, 3, 1)), a_line(valid_until=date(2025, 6, 30))]
    told = rules.standing_of_lines(lines, date(2026, 1, 1))
    assert (told.state, told.since) == ("expired", date(2025, 7, 1))
    told = rules.standing_of_lines([*lines, a_line(withdrawn_on=date(2025, 9, 1))], date(2026, 1, 1))
    assert (told.state, told.since) == ("withdrawn", date(2025, 9, 1))


def test_of_several_periods_the_one_in_force_is_told_else_the_one_that_ended_last() -> None:
    def a_period(ref: int, **dates: date) -> Evidence:
        return Evidence("accreditation", ref, "V 1", lines=(a_line(**dates),))

    first = a_period(1, valid_until=date(2024, 12, 31))
    withdrawn = a_period(2, valid_from=date(2025, 1, 1), valid_until=date(2027, 1, 1), withdrawn_on=date(2025, 6, 1))
    third = a_period(3, valid_from=date(2026, 1, 1))
    told = [rules.best((first, withdrawn, third), date(*on)).ref for on in ((2024, 6, 1), (2025, 7, 1), (2026, 1, 1))]
    assert told == [1, 2, 3]
    assert rules.best((withdrawn, third), date(2024, 1, 1)).ref == 2


def test_a_suspension_that_has_an_end_is_over_the_day_after() -> None:
    line = a_line(suspended_from=date(2026, 1, 10), suspended_until=date(2026, 2, 10), valid_until=date(2028, 1, 1))
    states = [rules.standing_of_lines([line], date(2026, *on)).state for on in ((1, 9), (1, 10), (2, 10), (2, 11))]
    assert states == ["active", "suspended", "suspended", "active"]


def test_a_verification_holds_to_the_end_of_its_last_day() -> None:
    device = Device(1, True, False, (Pass(date(2025, 5, 5), date(2026, 5, 31), 1, both("A", "A")),))
    paper = Evidence(
        "verification_certificate", 1, "A 1", date(2025, 5, 5), valid_until=date(2026, 5, 31), device=device
    )
    for on, state in ((date(2026, 5, 31), "active"), (date(2026, 6, 1), "expired"), (date(2025, 5, 4), "not_yet")):
        assert rules.standing(paper, on).state == state
    assert rules.standing(paper, date(2026, 6, 1)).since == date(2026, 6, 1)


def test_a_sticker_loses_its_force_on_the_day_it_was_voided_and_not_before() -> None:
    paper = Evidence(
        *("verification_sticker", 1, "T 1", date(2026, 1, 1)),
        valid_until=date(2026, 12, 31),
        device=Device(1, True, False),
        voided_on=date(2026, 7, 1),
        void_reason="defective",
    )
    assert rules.standing(paper, date(2026, 6, 30)).in_force
    told = rules.standing(paper, date(2026, 7, 1))
    assert (told.state, told.since, told.reason) == ("void", date(2026, 7, 1), "defective")


def a_paper(device: Device) -> Evidence:
    """A certificate of January 2026, in force to the end of the year."""
    on = date(2026, 1, 10)
    return Evidence("verification_certificate", 1, "A 1", on, valid_until=date(2026, 12, 31), device=device)


def a_pass(on: date, **more: object) -> Pass:
    return Pass(on, date(2027, 6, 30), 1, both("A", "A"), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("device", "since", "reason"),
    [
        (Device(1, True, False, failed_on=(date(2026, 5, 5),)), (5, 5), "defective"),
        (
            Device(1, True, False, (a_pass(date(2026, 3, 3), voided_on=date(2026, 5, 5), void_reason="modified"),)),
            (5, 5),
            "modified",
        ),
        (
            Device(1, True, False, (a_pass(date(2026, 6, 6), repaired_on=date(2026, 5, 5), after_repair=True),)),
            (5, 5),
            "repaired",
        ),
        (Device(1, True, False, (a_pass(date(2026, 6, 6), after_repair=True),)), (6, 6), "repaired"),
    ],
    ids=["a check failed", "a later verification was voided", "repaired", "repaired on a day unknown"],
)
def test_what_befell_the_device_ends_the_paper(device: Device, since: tuple[int, int], reason: str) -> None:
    told = rules.standing(a_paper(device), date(2026, 7, 1))
    assert (told.state, told.since, told.reason) == ("void", date(2026, *since), reason)
    before = rules.standing(a_paper(device), date(2026, *since) - timedelta(days=1))
    assert before.state == "active"


def test_what_befell_the_device_before_or_after_the_paper_s_time_does_not_end_it() -> None:
    earlier = Device(
        1, True, False, (a_pass(date(2025, 3, 3), voided_on=date(2025, 5, 5)),), failed_on=(date(2026, 1, 10),)
    )
    assert rules.standing(a_paper(earlier), date(2026, 7, 1)).in_force
    later = Device(1, True, False, failed_on=(date(2027, 2, 2),))
    assert rules.standing(a_paper(later), date(2027, 3, 1)).state == "expired"
    plain = Device(1, True, False, (a_pass(date(2026, 3, 3)),))
    assert rules.standing(a_paper(plain), date(2026, 7, 1)).in_force


def test_periods_that_hold_on_one_day_are_one_scope() -> None:
    first = Evidence("accreditation", 1, "V 1", lines=(a_line(valid_until=date(2026, 12, 31)),))
    other = replace(first, ref=2, lines=(replace(a_line(), text="Thủy ngân"),))
    ended = replace(first, ref=3, lines=(a_line(valid_until=date(2025, 1, 1)),))
    told = rules.told_on((first, other, ended), date(2026, 6, 1))
    assert {line.text for line in told.lines} == {"Chì trong nước", "Thủy ngân"} and len(told.lines) == 2
    assert rules.told_on((ended,), date(2026, 6, 1)) == ended


def test_a_period_whose_scope_nobody_delivered_leaves_open_what_it_covers() -> None:
    known = Evidence("accreditation", 1, "V 1", lines=(a_line(),))
    bare = Evidence("accreditation", 2, "V 1", date(2025, 1, 1), date(2025, 1, 1), date(2027, 1, 1))
    told = rules.told_on((known, bare), date(2026, 6, 1))
    assert [line_fits(line, an_item("taximet")) for line in told.lines] == [False, None]


def test_the_end_of_a_type_approval_counts_its_extension() -> None:
    approval = Evidence("type_approval", 1, "P 1", date(2010, 1, 1), valid_until=date(2030, 1, 1))
    assert rules.standing(approval, date(2026, 1, 1)).in_force
    cancelled = replace(approval, cancelled_on=date(2020, 2, 2))
    assert rules.standing(cancelled, date(2020, 2, 2)).state == "withdrawn"
    assert rules.standing(cancelled, date(2020, 2, 1)).in_force


def test_a_calibration_is_in_scope_only_by_a_line_in_force_on_its_day() -> None:
    day = date(2026, 3, 3)
    known = Evidence("calibration_certificate", 1, "H 1", day, lines=(a_line(valid_until=date(2026, 3, 3)),))
    late = Evidence("calibration_certificate", 1, "H 1", day + timedelta(days=1), lines=known.lines)
    unnamed = Evidence("test_report", 1, "T 1", day)
    assert [rules.in_scope(one, None) for one in (known, late, unnamed)] == [True, False, None]


def an_item(text: str, *types: str, **more: object) -> Item:
    return Item(text, words_of(text), read(text), frozenset(types), **more)  # type: ignore[arg-type]


def test_words_of_another_item_do_not_fit_and_what_cannot_be_compared_is_not_told() -> None:
    device = Evidence("device", 1, "S 1", type_code="taximeter", device=Device(7, False, False))
    assert rules.fits(device, an_item("taximet", "taximeter")) is True
    assert rules.fits(device, an_item("cân ô tô", "truck_scale")) is False
    assert rules.fits(device, an_item("S-99")) is None


@pytest.mark.parametrize(
    ("text", "fits"),
    [("SN-99", False), ("99", False), ("cân bàn 100 kg", None), ("100kg", None), ("số 99", None), ("日99", None)],
)
def test_only_one_word_that_looks_like_a_number_is_taken_for_a_serial_number(text: str, fits: bool | None) -> None:
    scale = Evidence("device", 1, "S 1", type_code="table_platform_hanging_scale", device=Device(7, True, False))
    assert rules.fits(scale, an_item(text)) is fits


def test_a_quantity_and_another_activity_cannot_be_compared_with_a_certificate() -> None:
    scale = Evidence("device", 1, "S 1", type_code="table_platform_hanging_scale", device=Device(7, True, False))
    assert rules.fits(scale, an_item("cân bàn 100 kg", "table_platform_hanging_scale")) is None
    assert rules.fits(scale, an_item("hiệu chuẩn cân bàn", "table_platform_hanging_scale")) is None
    assert rules.fits(scale, an_item("kiểm định cân bàn", "table_platform_hanging_scale")) is True
    assert rules.fits(scale, an_item("cân ô tô 100 tấn", "truck_scale")) is False


def test_a_type_approval_fits_its_model_and_no_part_of_a_word_of_it() -> None:
    approval = Evidence("type_approval", 1, "P 1", maker="Contoh Scales ML-4911", type_code="truck_scale")
    asked = [rules.fits(approval, an_item(text)) for text in ("ML-4911", "contoh", "ML-491", "4")]
    assert asked == [True, True, False, False]


@pytest.mark.parametrize(
    ("line", "asked", "fits"),
    [
        ({"text": "Nước sạch Hàm lượng chì (Pb) AAS"}, "chì trong nước", True),
        ({"text": "Nước sạch Pb"}, "lead in water", True),
        ({"text": "Nước sạch Pb"}, "xác định hàm lượng chì", True),
        ({"text": "Đồng hồ chỉ thị"}, "chì", False),
        ({"text": "Nước sạch Thủy ngân"}, "chì trong nước", False),
        ({"text": "Cột đo xăng dầu"}, "cột bơm xăng", True),
        ({"text": "Cột đo xăng dầu"}, "fuel dispenser", True),
        ({"text": "Chì trong nước"}, "hiệu chuẩn chì", False),
        ({"text": "Chì trong nước"}, "phân tích chì", True),
        ({"text": "Cân bàn", "unit": "kg", "range_min": 0.0, "range_max": 150.0}, "cân bàn 150 kg", True),
        ({"text": "Cân bàn", "unit": "kg", "range_min": 0.0, "range_max": 150.0}, "cân bàn 0,1 tấn", True),
        ({"text": "Cân bàn", "unit": "kg", "range_min": 0.0, "range_max": 100.0}, "cân bàn 150 kg", False),
        ({"text": "Cân bàn"}, "cân bàn 150 kg", None),
        ({"text": "Cân bàn", "unit": "N", "range_min": 0.0, "range_max": 100.0}, "cân bàn 150 kg", None),
        ({"text": "Cân bàn", "unit": "kg", "range_max": 100.0}, "cân bàn 50 kg", None),
        ({"text": "Cân bàn", "unit": "kg", "range_max": 100.0}, "cân bàn 150 kg", False),
        ({"text": "Cân bàn 150 kg"}, "cân bàn 150 kg", True),
        ({"text": "Chì", "unit": "mg/kg", "lod": 0.05}, "chì LOD 0,1 mg/kg", True),
        ({"text": "Chì", "unit": "mg/kg", "lod": 0.5}, "chì LOD 0,1 mg/kg", False),
        ({"text": "Chì", "unit": "mg/kg"}, "chì LOD 0,1 mg/kg", None),
        ({"text": "Chì"}, "…", None),
        ({"text": "Chì"}, "SN-4711", None),
        ({"text": "Chì SN-4711"}, "SN-4711", True),
        ({"text": "", "activity": ""}, "chì", None),
    ],
)
def test_a_scope_line_is_understood_as_it_is_asked_for(line: dict, asked: str, fits: bool | None) -> None:
    row = replace(a_line(), **line)
    assert line_fits(row, an_item(asked)) is fits


def test_a_line_of_the_type_that_was_named_fits_whatever_its_own_words() -> None:
    line = replace(a_line(), activity="device_verification", device_type="fuel_dispenser", text="CĐXD")
    assert line_fits(line, an_item("cột bơm xăng", "fuel_dispenser")) is True
    assert line_fits(line, an_item("kiểm định cột bơm xăng", "fuel_dispenser")) is True
    assert line_fits(line, an_item("hiệu chuẩn cột bơm xăng", "fuel_dispenser")) is False
    assert line_fits(line, an_item("fuel_dispenser", "fuel_dispenser", is_code=True)) is True
    assert line_fits(line, an_item("taximeter", "taximeter", is_code=True)) is False


def test_an_application_is_no_evidence(committed: Callable[[Model], Model]) -> None:
    line = ScopeLine.objects.filter(pending=False).select_related("qualification")[0]
    header = line.qualification
    committed(changed(header, number="CHO 71717", publish_state="draft"))
    committed(changed(line, qualification=header, pending=True, publish_state="draft"))
    assert evidence_of("cho71717").evidence == []


@pytest.mark.parametrize(
    ("text", "asked", "found"),
    [
        ("Nước sạch Hàm lượng chì (Pb) AAS", "chì trong nước", False),
        ("Nước sạch Hàm lượng chì (Pb) trong nước AAS", "chì trong nước", True),
        ("Hàm lượng chì trong nước", "chi trong nuoc", True),
        ("Đồng hồ chỉ thị", "chì", False),
        ("Chiều dài", "chi", False),
        ("Độ hoà tan", "hòa tan", True),
        ("Đo độ ẩm", "do do am", True),
        ("Do nhiệt", "đo", False),
        ("Thuỷ ngân", "thủy ngân", True),
        ("Chì", "…", False),
    ],
)
def test_words_are_whole_and_have_their_accents_where_some_were_typed(text: str, asked: str, found: bool) -> None:
    assert has_words(text, words_of(asked)) is found
