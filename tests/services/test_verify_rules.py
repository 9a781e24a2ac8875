"""The rules of the check: on every day they say of lines, qualifications and devices what the map says of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db.models import Model

from geodata.language import both
from layers.models import MeasuringDevice, Qualification, ScopeLine
from layers.registers.device_status import device_status, replay_verifications
from layers.registers.number_key import number_key
from layers.registers.qualification_status import _header, begun, line_status
from services.verify import rules
from services.verify.evidence import Device, Evidence, Item, Line, Pass
from services.verify.itemwords import has_words, words_of
from services.verify.reading import evidence_of
from tests.services.verify_rows import changed

DAYS = (date(2026, 11, 22), date(2026, 6, 1), date(2025, 3, 31), date(2027, 2, 28))
OF_DEVICE = {
    "valid": {"active"},
    "due_soon": {"active"},
    "overdue": {"expired"},
    "void": {"void"},
    "in_repair": {"in_repair"},
    "out_of_use": {"out_of_use"},
    "no_periodic": {"active", "no_evidence"},
    "unknown": {"no_evidence", "no_end"},
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


@pytest.mark.parametrize("day", DAYS)
def test_a_qualification_has_the_state_of_its_lines_as_on_the_map(world: date, day: date) -> None:
    headers = ScopeLine.objects.filter(begun(day)).order_by().values("qualification").annotate(state=_header(day))
    states = dict(headers.values_list("qualification", "state"))
    numbers = dict(Qualification.objects.filter(pk__in=states).values_list("pk", "number"))
    assert len(set(states.values())) == 5 or day < world
    for pk in sorted(states)[::7]:
        (found,) = [one for one in evidence_of(number_key(numbers[pk])) if one.ref == pk and one.lines]
        assert rules.standing(found, day).state == states[pk], numbers[pk]


@pytest.mark.parametrize("day", DAYS)
def test_a_device_has_the_state_that_the_map_gives_it(world: date, day: date) -> None:
    devices = replay_verifications(MeasuringDevice.objects.all(), day).annotate(state=device_status(day, replayed=True))
    states = dict(devices.order_by("pk").values_list("serial_no", "state"))
    assert len(set(states.values())) >= 5
    for serial in sorted(states)[::5]:
        (found,) = evidence_of(number_key(serial))
        assert rules.standing(found, day).state in OF_DEVICE[states[serial]], serial


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


def test_words_of_another_item_do_not_fit_and_what_cannot_be_compared_is_not_told() -> None:
    device = Evidence("device", 1, "S 1", type_code="taximeter", device=Device(7, False, False))
    assert rules.fits(device, Item("taximet", words_of("taximet"), frozenset({"taximeter"}))) is True
    assert rules.fits(device, Item("cân ô tô", words_of("cân ô tô"), frozenset({"truck_scale"}))) is False
    assert rules.fits(device, Item("S-99", words_of("S-99"))) is None


def test_a_type_approval_fits_its_model_and_no_part_of_a_word_of_it() -> None:
    approval = Evidence("type_approval", 1, "P 1", maker="Contoh Scales ML-4911", type_code="truck_scale")
    asked = [rules.fits(approval, Item(text, words_of(text))) for text in ("ML-4911", "contoh", "ML-491", "4")]
    assert asked == [True, True, False, False]


def test_an_application_is_no_evidence(committed: Callable[[Model], Model]) -> None:
    line = ScopeLine.objects.filter(pending=False).select_related("qualification")[0]
    header = line.qualification
    committed(changed(header, number="CHO 71717", publish_state="draft"))
    committed(changed(line, qualification=header, pending=True, publish_state="draft"))
    assert evidence_of("cho71717") == []


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
