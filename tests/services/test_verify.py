"""The check by its address: each answer, on days past, and nothing told that must not be."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.db import connections
from django.test import Client

from layers.models import (
    Delivery,
    DeviceType,
    EvidenceRegister,
    NumberPattern,
    Qualification,
    Report,
    TypeApproval,
    Verification,
)
from layers.registers.base import PUBLIC
from services.verify.registers import formats
from tests.services.verify_rows import (
    DAY,
    Save,
    a_body,
    a_device,
    a_line,
    a_pass,
    a_qualification,
    changed,
)

Ask = Callable[..., dict]
MEMBERS = {
    *("number", "on", "day", "answer", "title", "text", "state", "state_label", "since", "reason", "evidence"),
    *("newer_valid_until", "item", "delivered_up_to", "never_issued", "registers", "ask", "which"),
    *("no_statutory_validity", "did_you_mean", "demo"),
}


@pytest.fixture
def ask(client: Client) -> Ask:
    def asked(number: str, **parameters: str) -> dict:
        answer = client.get("/api/v1/verify/", {"number": number, **parameters})
        assert answer.status_code == 200, answer.content
        assert answer["Cache-Control"] == "no-cache"
        return answer.json()

    return asked


@pytest.fixture
def refused(client: Client) -> Callable[..., dict]:
    def asked(**parameters: str) -> dict:
        answer = client.get("/api/v1/verify/", parameters)
        assert answer.status_code == 400, answer.content
        return answer.json()

    return asked


# Valid


def test_a_designated_body_s_certificate_is_valid_to_the_day_on_it(ask: Ask, committed: Save) -> None:
    device = a_device(committed, "SN-77001")
    a_pass(committed, device, a_body(committed), certificate_no="TD/KĐ-77001")
    found = ask("td kđ 77001")
    assert found.keys() == MEMBERS
    assert (found["answer"], found["on"], found["day"]) == ("valid", DAY.isoformat(), DAY.isoformat())
    evidence = found["evidence"]
    assert (evidence["kind"], evidence["type"]) == ("verification_certificate", "fuel_dispenser")
    assert (evidence["body"], evidence["valid_until"]) == ("Trung tâm Kiểm định Số Một", "2027-03-31")
    assert ask("TD/KĐ-77001", on="2027-03-31")["answer"] == "valid"
    assert ask("TD/KĐ-77001", on="2027-04-01")["answer"] == "ended"


def test_an_accreditation_is_valid_with_its_issuer_and_end(ask: Ask, committed: Save) -> None:
    a_qualification(committed, "VILAS 8801", a_body(committed, "Phòng thử nghiệm Tám"), **accredited())
    found = ask("vilas8801", lang="en")
    assert (found["answer"], found["title"]) == ("valid", "Valid")
    assert found["evidence"]["body"] == "Phòng thử nghiệm Tám" and "Accreditation" in found["evidence"]["issuer"]


def accredited() -> dict:
    """What makes a qualification an accreditation by VILAS."""
    row = Qualification.objects.filter(kind="accreditation", scheme__code="VILAS")[0]
    return {"kind": "accreditation", "scheme": row.scheme, "standard": row.standard, "authority": row.authority}


def test_a_registration_without_an_end_says_so(ask: Ask, committed: Save) -> None:
    a_qualification(committed, "ĐK 8802", a_body(committed), kind="registration", valid_until=None)
    found = ask("dk 8802")
    assert found["answer"] == "valid" and found["text"] == ["Không ghi ngày hết hiệu lực."]


def test_a_certificate_and_the_sticker_of_one_verification_answer_alike(ask: Ask, committed: Save) -> None:
    device = a_device(committed, "SN-77002", management_code="QL-77002", registration_no="DKPT 77002")
    a_pass(committed, device, a_body(committed), certificate_no="77002/KĐ", sticker_serial="TEM 77002")
    for number, kind in (
        ("77002/KĐ", "verification_certificate"),
        ("TEM 77002", "verification_sticker"),
        ("SN-77002", "device"),
        ("QL-77002", "device"),
        ("DKPT 77002", "device"),
    ):
        found = ask(number)
        assert (found["answer"], found["evidence"]["kind"]) == ("valid", kind), number
        assert found["evidence"]["valid_until"] == "2027-03-31"


def test_a_reduced_accreditation_is_valid_and_says_that_it_is_reduced(ask: Ask, committed: Save) -> None:
    header = a_qualification(committed, "VILAS 8803", a_body(committed), **accredited())
    a_line(committed, header, "Chì trong nước")
    a_line(committed, header, "Đồng trong nước", suspended_from=date(2026, 10, 1))
    found = ask("VILAS 8803")
    assert (found["answer"], found["state"]) == ("valid", "reduced") and "thu hẹp" in found["title"]


# Valid, but not for this item


def test_the_longest_line_does_not_speak_for_those_that_end_before(ask: Ask, committed: Save) -> None:
    header = a_qualification(committed, "QĐ 77/L", a_body(committed, "Tổ chức L"))
    a_line(committed, header, "Chì trong nước", valid_until=date(2027, 1, 31))
    a_line(committed, header, "Đồng trong nước", valid_until=date(2029, 5, 31))
    whole, lead = ask("QĐ 77/L"), ask("QĐ 77/L", item="chì trong nước")
    assert whole["text"][:2] == [
        "Hiệu lực đến hết ngày 31/05/2029.",
        "Có dòng phạm vi hết hiệu lực sớm hơn, sớm nhất sau ngày 31/01/2027: xem từng dòng.",
    ]
    assert lead["answer"] == "valid" and lead["text"][0] == "Hiệu lực đến hết ngày 31/01/2027."
    assert "sớm hơn" not in " ".join(lead["text"])


def test_a_scope_line_answers_for_its_words_and_not_for_others(ask: Ask, committed: Save) -> None:
    header = a_qualification(committed, "VILAS 8804", a_body(committed), **accredited())
    a_line(committed, header, "Nước sạch Hàm lượng chì trong nước AAS")
    a_line(committed, header, "Nước sạch Thuỷ ngân", suspended_from=date(2026, 10, 1))
    found = ask("VILAS 8804", item="chì trong nước")
    assert (found["answer"], found["item"]["lines"]) == ("valid", ["Nước sạch Hàm lượng chì trong nước AAS"])
    assert ask("VILAS 8804", item="lead in water")["item"]["fits"] is True
    other = ask("VILAS 8804", item="dioxin trong khí thải")
    assert (other["answer"], other["reason"], other["item"]["fits"]) == ("not_for_item", "no_line", False)
    suspended = ask("VILAS 8804", item="thủy ngân")
    assert (suspended["answer"], suspended["item"]["state"]) == ("not_for_item", "suspended")
    assert suspended["item"]["since"] == "2026-10-01" and "01/10/2026" in " ".join(suspended["text"])
    assert ask("VILAS 8804", item="thủy ngân", on="2026-09-30")["answer"] == "valid"


def test_a_designation_answers_for_the_code_of_a_device_type(ask: Ask, committed: Save) -> None:
    header = a_qualification(committed, "QĐ-MH 98805", a_body(committed))
    taximeter = DeviceType.objects.get(code="taximeter")
    a_line(committed, header, "taximet", device_type=taximeter, activity="device_verification")
    assert ask("QĐ-MH 98805", item="taximeter")["answer"] == "valid"
    assert ask("QĐ-MH 98805", item="fuel_dispenser")["answer"] == "not_for_item"


def test_a_device_type_is_known_by_each_of_its_names(ask: Ask, committed: Save) -> None:
    header = a_qualification(committed, "QĐ-MH 98812", a_body(committed))
    kind = DeviceType.objects.get(code="fuel_dispenser")
    a_line(committed, header, "CĐXD 8", device_type=kind, activity="device_verification")
    for item in ("cột đo xăng dầu", "cột bơm xăng", "fuel dispenser", "kiểm định cột bơm xăng"):
        assert ask("QĐ-MH 98812", item=item)["item"]["fits"] is True, item
    assert ask("QĐ-MH 98812", item="taximet")["answer"] == "not_for_item"


def test_a_quantity_is_compared_with_the_numbers_of_the_lines(ask: Ask, committed: Save) -> None:
    header = a_qualification(committed, "VILAS 8813", a_body(committed), **accredited())
    a_line(committed, header, "Cân bàn", activity="calibration", unit="kg", range_min=0, range_max=100)
    assert ask("VILAS 8813", item="cân bàn 60 kg")["item"]["fits"] is True
    short = ask("VILAS 8813", item="hiệu chuẩn cân bàn 150 kg")
    assert (short["answer"], short["reason"], short["item"]["lines"]) == ("not_for_item", "out_of_range", ["Cân bàn"])
    a_line(committed, header, "Cân bàn điện tử", activity="calibration", unit="", range_min=None, range_max=None)
    unknown = ask("VILAS 8813", item="hiệu chuẩn cân bàn 150 kg")
    assert (unknown["answer"], unknown["item"]["fits"]) == ("valid", None)
    assert "không đủ để so" in " ".join(unknown["text"]) and unknown["item"]["lines"] == ["Cân bàn điện tử"]


def test_a_certificate_is_not_another_s_because_a_quantity_was_asked(ask: Ask, committed: Save) -> None:
    device = a_device(committed, "SN-77030", type_code="table_platform_hanging_scale")
    a_pass(committed, device, a_body(committed), certificate_no="77030/KĐ")
    found = ask("77030/KĐ", item="cân bàn 100 kg")
    assert (found["answer"], found["item"]["fits"]) == ("valid", None)


def test_of_a_scope_that_nobody_delivered_nothing_is_said(ask: Ask, committed: Save) -> None:
    a_qualification(committed, "QĐ-MH 98806", a_body(committed))
    found = ask("QĐ-MH 98806", item="taximeter")
    assert (found["answer"], found["item"]["fits"]) == ("valid", None)
    assert "không đủ để so" in " ".join(found["text"])


def test_a_certificate_answers_for_its_device_by_type_name_and_serial_number(ask: Ask, committed: Save) -> None:
    body = a_body(committed)
    a_pass(committed, a_device(committed, "SN-77003"), body, certificate_no="77003/KĐ")
    a_device(committed, "SN-77004")
    for item in ("fuel_dispenser", "cột đo xăng dầu", "sn 77003"):
        assert ask("77003/KĐ", item=item)["answer"] == "valid", item
    for item in ("taximeter", "taximet", "SN-77004", "SN-99999999"):
        assert ask("77003/KĐ", item=item)["answer"] == "not_for_item", item


def test_a_certificate_of_a_body_not_designated_that_day_is_not_called_valid(ask: Ask, committed: Save) -> None:
    device = a_device(committed, "SN-77005")
    a_pass(committed, device, a_body(committed), certificate_no="77005/KĐ", compliance_flag="not_designated")
    found = ask("77005/KĐ")
    assert (found["answer"], found["reason"]) == ("not_for_item", "not_designated")
    assert "có thể còn thiếu" in " ".join(found["text"])
    assert ask("77005/KĐ", item="taximet")["item"]["fits"] is None
    assert ask("SN-77005")["reason"] == "not_designated"


# Ended


def test_a_suspended_accreditation_says_since_when_and_was_valid_before(ask: Ask, committed: Save) -> None:
    header = a_qualification(committed, "VILAS 8806", a_body(committed), **accredited())
    a_line(committed, header, "Chì", suspended_from=date(2026, 9, 10), suspended_until=date(2026, 12, 31))
    a_line(committed, header, "Đồng", suspended_from=date(2026, 9, 20), suspended_until=date(2026, 12, 31))
    found = ask("VILAS 8806")
    assert (found["answer"], found["state"], found["since"]) == ("ended", "suspended", "2026-09-20")
    assert ask("VILAS 8806", on="2026-09-19")["answer"] == "valid"
    assert ask("VILAS 8806", on="2027-01-01")["answer"] == "valid"


def test_a_withdrawn_designation_and_one_past_its_end(ask: Ask, committed: Save) -> None:
    withdrawn = a_qualification(committed, "QĐ-MH 98807", a_body(committed))
    a_line(committed, withdrawn, "taximet", withdrawn_on=date(2025, 5, 5))
    a_qualification(committed, "QĐ-MH 98808", a_body(committed), valid_until=date(2025, 6, 30))
    found = ask("QĐ-MH 98807")
    assert (found["answer"], found["state"], found["since"]) == ("ended", "withdrawn", "2025-05-05")
    found = ask("QĐ-MH 98808", lang="en")
    assert (found["state"], found["since"]) == ("expired", "2025-07-01") and "01/07/2025" in found["title"]


def test_a_sticker_past_its_end_is_told_without_an_accusation(ask: Ask, committed: Save) -> None:
    device = a_device(committed, "SN-77006")
    a_pass(committed, device, a_body(committed), sticker_serial="TEM-77006", valid_until=date(2026, 6, 30))
    found = ask("TEM-77006")
    assert (found["answer"], found["state"], found["since"]) == ("ended", "expired", "2026-07-01")
    assert found["title"] == "Chưa thấy kiểm định còn hiệu lực trong dữ liệu đến 22/11/2026"
    said = json.dumps([found["title"], found["text"], found["state_label"]], ensure_ascii=False).lower()
    assert not re.search("quá hạn|vi phạm|giả|hết hạn|không hợp lệ", said)
    english = ask("TEM-77006", lang="en")
    said = json.dumps([english["title"], english["text"], english["state_label"]]).lower()
    assert not re.search("overdue|expired|violat|fake|invalid", said)


def test_a_sticker_followed_by_a_newer_verification_says_so(ask: Ask, committed: Save) -> None:
    device, body = a_device(committed, "SN-77007"), a_body(committed)
    a_pass(
        committed, device, body, sticker_serial="TEM-77007", verified_on=date(2025, 3, 1), valid_until=date(2026, 3, 31)
    )
    a_pass(committed, device, body, sticker_serial="TEM-77008", verified_on=date(2026, 3, 20))
    found = ask("TEM-77007")
    assert (found["answer"], found["newer_valid_until"]) == ("ended", "2027-03-31")
    assert ask("TEM-77007", on="2026-03-10")["answer"] == "valid"


def test_void_evidence_a_device_in_repair_and_one_out_of_use(ask: Ask, committed: Save) -> None:
    body = a_body(committed)
    void = {"voided_on": date(2026, 8, 8), "void_reason": "defective"}
    a_pass(committed, a_device(committed, "SN-77009"), body, certificate_no="77009/KĐ", **void)
    a_pass(committed, a_device(committed, "SN-77010", repaired_on=date(2026, 9, 9)), body, certificate_no="77010/KĐ")
    a_pass(committed, a_device(committed, "SN-77011", taken_out_on=date(2026, 10, 1)), body, certificate_no="77011/KĐ")
    for number, state, since in (
        ("77009/KĐ", "void", "2026-08-08"),
        ("77010/KĐ", "in_repair", "2026-09-09"),
        ("77011/KĐ", "out_of_use", "2026-10-01"),
    ):
        found = ask(number)
        assert (found["answer"], found["state"], found["since"]) == ("ended", state, since)
        assert ask(number, on="2026-08-07")["answer"] == "valid"


def test_a_paper_of_a_device_that_failed_or_was_repaired_since_is_at_its_end(ask: Ask, committed: Save) -> None:
    body = a_body(committed)
    failed = a_device(committed, "SN-77031")
    a_pass(committed, failed, body, certificate_no="77031/KĐ")
    a_pass(committed, failed, body, certificate_no="", result="fail", verified_on=date(2026, 6, 6), valid_until=None)
    repaired = a_device(committed, "SN-77032")
    a_pass(committed, repaired, body, certificate_no="77032/KĐ")
    after = {"control_type": "after_repair", "repaired_on": date(2026, 5, 5), "verified_on": date(2026, 6, 6)}
    a_pass(committed, repaired, body, certificate_no="77033/KĐ", **after)
    found = ask("77031/KĐ")
    assert (found["answer"], found["state"], found["since"]) == ("ended", "void", "2026-06-06")
    found = ask("77032/KĐ")
    assert (found["answer"], found["since"], found["newer_valid_until"]) == ("ended", "2026-05-05", "2027-03-31")
    assert "sửa chữa" in " ".join(found["text"])
    for number in ("77031/KĐ", "77032/KĐ"):
        assert ask(number, on="2026-05-04")["answer"] == "valid"
    assert ask("77033/KĐ")["answer"] == "valid"


def test_a_device_without_a_cycle_says_that_no_end_is_set(ask: Ask, committed: Save) -> None:
    never = a_device(committed, "SN-77034", type_code="tape_measure", no_periodic=True)
    once = a_device(committed, "SN-77035", type_code="tape_measure", no_periodic=True)
    a_pass(committed, once, a_body(committed), certificate_no="77035/KĐ", valid_until=None)
    for device in (never, once):
        found = ask(device.serial_no)
        assert (found["answer"], found["state"]) == ("no_statutory_validity", "no_periodic")
        assert found["title"] == "Phương tiện đo không kiểm định định kỳ"
    assert "Trung tâm Kiểm định Số Một, 01/03/2026" in " ".join(found["text"])
    assert "Chưa thấy" in " ".join(ask("SN-77034")["text"])
    assert ask("77035/KĐ")["answer"] == "valid"


def test_a_type_approval_past_its_end_says_that_devices_in_use_stay(ask: Ask, committed: Save) -> None:
    approval = TypeApproval.objects.all()[0]
    dates = {"decided_on": date(2010, 1, 1), "valid_until": date(2020, 1, 1), "extended_until": None}
    committed(changed(approval, number="PDM 901-2010", suspended_on=None, cancelled_on=None, **dates))
    found = ask("PDM 901-2010")
    assert (found["answer"], found["since"]) == ("ended", "2020-01-02") and "vẫn dùng" in " ".join(found["text"])


# Not in the register


@pytest.fixture
def whole(world: date) -> Iterator[Delivery]:
    """The delivery of the whole register of BoA's accreditations, put back behind the test."""
    delivery = Delivery.objects.get(register__code="boa_accreditations", authority=None, body=None)
    before = delivery.complete, delivery.delivered_up_to
    yield delivery
    delivery.complete, delivery.delivered_up_to = before
    delivery.save()


def test_never_issued_is_said_where_every_register_it_may_be_in_was_delivered_whole(ask: Ask, whole: Delivery) -> None:
    whole.delivered_up_to = date(2026, 10, 20)
    whole.save()
    found = ask("VILAS 9876")
    assert (found["answer"], found["never_issued"], found["delivered_up_to"]) == ("not_in_register", True, "2026-10-20")
    assert found["title"] == "Tính đến 20/10/2026, số này chưa từng được cấp"
    whole.complete = False
    whole.save()
    found = ask("VILAS 9876")
    assert not found["never_issued"] and "không có nghĩa" in found["text"][0]
    assert found["title"].startswith("Chưa thấy số này trong dữ liệu đến")


def test_one_issuer_s_complete_part_makes_no_register_complete(ask: Ask, whole: Delivery) -> None:
    assert Delivery.objects.filter(register=whole.register, authority__isnull=False, complete=True).exists()
    Delivery.objects.filter(pk=whole.pk).delete()
    found = ask("VILAS 9876")
    whole.save(force_insert=True)
    assert not found["never_issued"]
    assert [one["complete"] for one in found["registers"] if one["code"] == "boa_accreditations"] == [False]


def test_a_number_with_a_form_may_be_in_every_register_whose_numbers_have_none(ask: Ask, world: date) -> None:
    free = set(EvidenceRegister.objects.filter(any_number=True).values_list("code", flat=True))
    assert {one["code"] for one in ask("VILAS 9876")["registers"]} == {*free, "boa_accreditations"}
    part = Delivery.objects.get(register__code="test_reports", authority=None, body=None)
    Delivery.objects.filter(pk=part.pk).update(complete=False)
    found = ask("VILAS 9876")
    Delivery.objects.filter(pk=part.pk).update(complete=True)
    assert not found["never_issued"]


def test_of_a_register_that_nobody_delivers_no_day_is_made_up(ask: Ask, world: date) -> None:
    kept = list(Delivery.objects.filter(register__code="type_approvals"))
    Delivery.objects.filter(register__code="type_approvals").delete()
    found = ask("PDM 999-2001")
    Delivery.objects.bulk_create(kept)
    assert (found["delivered_up_to"], found["never_issued"]) == (None, False)


def test_a_number_of_no_known_format_is_looked_for_where_numbers_have_none(ask: Ask) -> None:
    found = ask("ZZQ/44-unknown")
    assert (found["answer"], found["never_issued"]) == ("not_in_register", False)
    free = set(EvidenceRegister.objects.filter(any_number=True).values_list("code", flat=True))
    assert {one["code"] for one in found["registers"]} == free
    assert found["delivered_up_to"] == min(one["delivered_up_to"] for one in found["registers"])


def test_before_its_first_day_evidence_is_neither_valid_nor_ended(ask: Ask, committed: Save) -> None:
    a_qualification(committed, "QĐ-MH 98809", a_body(committed))
    found = ask("QĐ-MH 98809", on="2023-12-31")
    assert (found["answer"], found["state"], found["since"]) == ("not_in_register", "not_yet", "2024-01-01")


def test_a_device_without_a_verification_is_told_as_such(ask: Ask, committed: Save) -> None:
    a_device(committed, "SN-77012")
    found = ask("SN-77012")
    assert (found["answer"], found["state"]) == ("not_in_register", "no_evidence")
    assert found["title"].startswith("Chưa thấy kiểm định còn hiệu lực trong dữ liệu đến")


def test_a_failed_verification_is_no_evidence(ask: Ask, committed: Save) -> None:
    a_pass(committed, a_device(committed, "SN-77013"), a_body(committed), certificate_no="77013/BB", result="fail")
    assert ask("77013/BB")["answer"] == "not_in_register"


# Kept elsewhere


@pytest.mark.parametrize(
    ("number", "keeper"),
    [
        ("8934567890123", "Barcode"),
        ("TCVN 6165:2009", "standards"),
        ("1.000878.H38", "Public Service"),
        ("R76/2006-A-NL1-18.05", "OIML"),
    ],
)
def test_a_number_kept_elsewhere_leads_there_by_its_form_alone(ask: Ask, number: str, keeper: str) -> None:
    found = ask(number, lang="en")
    assert found["answer"] == "kept_elsewhere" and keeper in found["ask"]["name"]
    assert found["ask"]["address"].startswith("https://") and found["evidence"] is None


def test_whether_such_a_number_exists_makes_no_difference(ask: Ask, committed: Save) -> None:
    before = ask("8934567890999")
    a_pass(committed, a_device(committed, "8934567890999"), a_body(committed), certificate_no="8934567890999")
    assert ask("8934567890999") == before


def test_every_example_of_a_format_is_answered_by_its_register(world: date, ask: Ask) -> None:
    for pattern in NumberPattern.objects.select_related("register"):
        found = ask(pattern.example)
        assert (found["answer"] == "kept_elsewhere") is not pattern.register.kept_here, pattern.example
        if found["registers"]:
            assert pattern.register.code in {one["code"] for one in found["registers"]}


def test_no_format_takes_long_over_any_number(world: date) -> None:
    known = formats()
    for key in ("0" * 40, "a" * 40, "r" + "19" * 19, "a2la" + "x0" * 18):
        known.possible(key)


# Which


def test_a_number_of_several_bodies_asks_which_and_takes_the_choice(ask: Ask, committed: Save) -> None:
    one, other = a_body(committed, "Trung tâm Một"), a_body(committed, "Trung tâm Hai")
    a_pass(committed, a_device(committed, "SN-77014"), one, certificate_no="12/2026")
    a_pass(committed, a_device(committed, "SN-77015"), other, certificate_no="12-2026", valid_until=date(2026, 5, 31))
    found = ask("12/2026")
    assert found["answer"] == "which" and found["evidence"] is None
    choices = {choice["name"]: choice["body"] for choice in found["which"]}
    assert ask("12/2026", body=choices["Trung tâm Một"])["answer"] == "valid"
    assert ask("12/2026", body=choices["Trung tâm Hai"])["answer"] == "ended"


def test_one_body_s_number_of_two_years_asks_which(ask: Ask, committed: Save) -> None:
    body = a_body(committed)
    a_pass(
        committed,
        a_device(committed, "SN-77016"),
        body,
        certificate_no="0077",
        verified_on=date(2024, 5, 5),
        valid_until=date(2025, 5, 31),
    )
    a_pass(committed, a_device(committed, "SN-77017"), body, certificate_no="0077")
    found = ask("0077")
    assert found["answer"] == "which"
    assert {choice["issued_on"] for choice in found["which"]} == {"2024-05-05", "2026-03-01"}


def test_the_item_chooses_where_it_can(ask: Ask, committed: Save) -> None:
    body = a_body(committed)
    a_pass(committed, a_device(committed, "SN-77018"), body, sticker_serial="0088")
    a_pass(committed, a_device(committed, "SN-77019", type_code="taximeter"), body, sticker_serial="0088")
    assert ask("0088")["answer"] == "which"
    assert ask("0088", item="taximeter")["evidence"]["type"] == "taximeter"


def test_the_periods_of_one_accreditation_are_one(ask: Ask, committed: Save) -> None:
    body = a_body(committed)
    given = accredited()
    a_qualification(committed, "VILAS 8810", body, **given, valid_until=date(2024, 12, 31))
    a_qualification(committed, "VILAS 8810", body, **given, issued_on=date(2025, 1, 1), valid_from=date(2025, 1, 1))
    assert [ask("VILAS 8810", on=on)["answer"] for on in ("2024-06-01", "2026-11-22")] == ["valid", "valid"]


def test_two_rows_of_one_accreditation_that_hold_on_a_day_are_one_scope(ask: Ask, committed: Save) -> None:
    body, given = a_body(committed), accredited()
    for text in ("Chì trong nước", "Thủy ngân trong nước"):
        a_line(committed, a_qualification(committed, "VILAS 8814", body, **given), text)
    for item in ("chì", "thủy ngân"):
        assert ask("VILAS 8814", item=item)["item"]["fits"] is True, item
    assert ask("VILAS 8814", item="dioxin")["answer"] == "not_for_item"


def test_choices_are_no_ids_and_tell_no_two_numbers_of_one_thing(ask: Ask, committed: Save, settings) -> None:  # type: ignore[no-untyped-def]
    body = a_body(committed)
    for serial in ("SN-77036", "SN-77037"):
        a_pass(
            committed,
            a_device(committed, serial),
            body,
            certificate_no="3636",
            sticker_serial="T-3636",
            verified_on=date(2026 if serial.endswith("6") else 2025, 3, 1),
        )
    tokens = [{choice["body"] for choice in ask(number)["which"]} for number in ("3636", "T-3636")]
    assert len(tokens[0]) == 2 and not tokens[0] & tokens[1]
    assert {choice["body"] for choice in ask("3636")["which"]} == tokens[0]
    settings.SECRET_KEY = "another"
    assert not {choice["body"] for choice in ask("3636")["which"]} & tokens[0]


def test_of_more_than_can_be_read_it_says_so_always_in_the_same_order(ask: Ask, committed: Save) -> None:
    body = a_body(committed)
    for number in range(21):
        a_device(committed, "SN-3737", manufacturer=f"Hãng {number}", management_code="SN 3737")
    first = ask("SN-3737")
    assert first["answer"] == "which" and "hơn 40" in " ".join(first["text"])
    assert ask("SN-3737") == first
    a_pass(committed, a_device(committed, "SN-77038"), body, certificate_no="3838")
    assert "hơn 40" not in " ".join(ask("3838")["text"])


def test_an_unknown_choice_is_refused(refused: Callable[..., dict]) -> None:
    assert refused(number="VILAS 5001", body="0000000000")["parameter"] == "body"


# Without statutory validity


@pytest.fixture
def calibrating(world: date) -> Report:
    return Report.objects.filter(kind="calibration_certificate", line__isnull=False).select_related("line")[0]


def test_a_calibration_certificate_says_who_when_and_whether_in_scope(ask: Ask, calibrating: Report) -> None:
    found = ask(calibrating.number)
    told = found["no_statutory_validity"]
    assert found["answer"] == "no_statutory_validity" and found["state"] is None
    assert (told["issuer"], told["issued_on"]) == (calibrating.body.name_vi, calibrating.issued_on.isoformat())
    assert told["in_scope"] in (True, False)
    assert "hiệu lực đến" not in json.dumps(found["text"], ensure_ascii=False).lower()


def test_a_calibration_of_a_device_is_in_scope_by_a_line_of_its_type(ask: Ask, committed: Save) -> None:
    body = a_body(committed)
    header = a_qualification(committed, "VILAS 8811", body, **accredited())
    device = a_device(committed, "SN-77020")
    calibrated = {"control_type": "calibration", "valid_until": None}
    a_pass(committed, device, body, certificate_no="77020/HC", **calibrated)
    assert ask("77020/HC")["no_statutory_validity"]["in_scope"] is False
    line = a_line(committed, header, "Cột đo xăng dầu", activity="calibration")
    assert ask("77020/HC")["no_statutory_validity"]["in_scope"] is None
    type(line).objects.filter(pk=line.pk).update(device_type=device.device_type)
    assert ask("77020/HC")["no_statutory_validity"]["in_scope"] is True
    type(line).objects.filter(pk=line.pk).update(withdrawn_on=date(2026, 2, 1))
    assert ask("77020/HC")["no_statutory_validity"]["in_scope"] is False
    assert ask("SN-77020")["state"] == "no_evidence"


# Near misses


@pytest.mark.parametrize(
    "typed", ["TD/KD-770O1", "TD KĐ 77OO1", "TD/KĐ-7700I", "TD/KĐ-77010", "TD/KĐ-7701", "TD/KĐ-770011"]
)
def test_a_near_miss_is_asked_about_and_never_valid(ask: Ask, committed: Save, typed: str) -> None:
    a_pass(committed, a_device(committed, "SN-77021"), a_body(committed), certificate_no="TD/KĐ-77001")
    found = ask(typed)
    assert (found["answer"], found["evidence"]) == ("not_in_register", None)
    assert "TD/KĐ-77001" in [one["number"] for one in found["did_you_mean"]]


def test_a_number_without_its_prefix_is_asked_about(ask: Ask, committed: Save) -> None:
    a_qualification(committed, "VILAS 8812", a_body(committed), **accredited())
    found = ask("8812")
    assert found["answer"] == "not_in_register"
    assert "VILAS 8812" in [one["number"] for one in found["did_you_mean"]]


def test_only_published_evidence_is_offered_and_no_device_s_own_number(ask: Ask, committed: Save) -> None:
    device = a_device(committed, "QQSN-77022")
    a_pass(
        committed, device, a_body(committed), certificate_no="QQ/KĐ-77022", publish_state="internal", published_at=None
    )
    assert ask("QQ/KĐ-77O22")["did_you_mean"] == []
    assert ask("QQSN-77O22")["did_you_mean"] == []
    assert ask("QQ/KĐ-77022")["answer"] == "valid"


# Nothing that must not be told


@pytest.mark.parametrize("kind", ["certificate_no", "sticker_serial", "serial"])
def test_a_household_s_device_tells_type_body_and_end_alone(ask: Ask, committed: Save, kind: str) -> None:
    owner = a_body(committed, "Hộ ông Kín Đáo", org_type="household_business")
    hidden = {"publish_state": "internal", "published_at": None}
    device = a_device(committed, "SN-77023", owner=owner, **hidden)
    number = "SN-77023" if kind == "serial" else "RIENG-77023"
    a_pass(committed, device, a_body(committed), **hidden, **({} if kind == "serial" else {kind: number}))
    found = ask(number)
    assert found["answer"] == "valid"
    assert found["evidence"].keys() == {"kind", "kind_label", "type", "type_label", "body", "valid_until"}
    assert (found["evidence"]["type"], found["evidence"]["valid_until"]) == ("fuel_dispenser", "2027-03-31")
    assert "Kín Đáo" not in json.dumps(found, ensure_ascii=False)


@pytest.mark.parametrize(
    ("events", "device_events"),
    [
        ({"voided_on": date(2026, 8, 8), "void_reason": "defective"}, {}),
        ({}, {"repaired_on": date(2026, 8, 8)}),
        ({}, {"taken_out_on": date(2026, 8, 8)}),
        ({"valid_until": date(2026, 8, 7)}, {}),
        ({"valid_until": None}, {}),
        ({"control_type": "calibration"}, {}),
        ({}, {}),
    ],
)
def test_of_a_household_no_event_and_no_other_day_is_told(
    ask: Ask, committed: Save, events: dict, device_events: dict
) -> None:
    owner = a_body(committed, "Hộ ông Kín Đáo", org_type="household_business")
    hidden = {"publish_state": "internal", "published_at": None}
    device = a_device(committed, "SN-77040", owner=owner, **hidden, **device_events)
    a_pass(committed, device, a_body(committed), certificate_no="RIENG-77040", **{**hidden, **events})
    for number in ("RIENG-77040", "SN-77040"):
        asked = [ask(number, on=on) for on in ("2026-11-22", "2026-03-01", "2026-02-28", "2026-08-08")]
        assert all(found == asked[0] for found in asked)
        found = asked[0]
        assert (found["since"], found["newer_valid_until"]) == (None, None)
        assert found["reason"] in (None, "no_evidence")
        assert found["state"] in (None, "active", "expired", "no_evidence")
        told = json.dumps(found, ensure_ascii=False)
        assert not re.search("08/08/2026|2026-08-08|2026-03-01|01/03/2026|sửa chữa|ngừng sử dụng", told)
        assert found["number"] == number.replace("-", "")


def test_of_a_household_s_device_the_type_is_compared_and_no_number(ask: Ask, committed: Save) -> None:
    owner = a_body(committed, "Hộ ông Kín Đáo", org_type="household_business")
    a_pass(committed, a_device(committed, "SN-77047", owner=owner), a_body(committed), certificate_no="RIENG-77047")
    assert ask("RIENG-77047", item="cột đo xăng dầu")["item"]["fits"] is True
    other = ask("RIENG-77047", item="taximet")
    assert (other["answer"], other["reason"]) == ("not_for_item", "other_device")
    assert "phương tiện đo khác" in other["text"][0]
    asked = [ask("RIENG-77047", item=item) for item in ("SN-77047", "SN-77048")]
    assert [(one["answer"], one["item"]["fits"]) for one in asked] == [("valid", None)] * 2


def test_what_is_published_of_a_device_that_is_not_is_never_offered(ask: Ask, committed: Save) -> None:
    body, hidden = a_body(committed), {"publish_state": "internal", "published_at": None}
    household = a_body(committed, "Hộ bà Kín Đáo", org_type="household_business")
    a_pass(committed, a_device(committed, "SN-77041", **hidden), body, certificate_no="QX/KĐ-77041")
    a_pass(committed, a_device(committed, "SN-77042", owner=household), body, certificate_no="QX/KĐ-77042")
    assert ask("QX/KĐ-770A1")["did_you_mean"] == [] == ask("QX/KĐ-77O42")["did_you_mean"]


def test_what_is_told_and_signed_is_the_number_on_record(ask: Ask, committed: Save) -> None:
    a_pass(committed, a_device(committed, "SN-77043"), a_body(committed), certificate_no="TD/KĐ-77043")
    assert ask("td kđ ７7043")["number"] == "TD/KĐ-77043"
    assert ask("TD/KĐ-77043ế")["answer"] == "not_in_register"
    assert ask("Giấy này hợp lệ 77043")["number"] == "GIAYNAYHOPLE77043"


def test_a_number_on_record_with_accents_is_found_as_it_is_written(ask: Ask, committed: Save) -> None:
    a_pass(committed, a_device(committed, "SN-77044"), a_body(committed), certificate_no="77044/ƯD")
    assert ask("77044/ưd")["answer"] == "valid"
    assert ask("77044/D")["answer"] == "not_in_register"


def test_answers_about_the_unpublished_are_counted_and_refused_beyond_the_day_s_number(
    client: Client, committed: Save, reports: None, settings
) -> None:  # type: ignore[no-untyped-def]
    settings.CHECKS_A_DAY = 2
    hidden = {"publish_state": "internal", "published_at": None}
    body = a_body(committed)
    a_pass(committed, a_device(committed, "SN-77045"), body, certificate_no="77045/KĐ", **hidden)
    a_pass(committed, a_device(committed, "SN-77046"), body, certificate_no="77046/KĐ")
    caller = {"HTTP_X_FORWARDED_FOR": "203.0.113.77"}

    def status(number: str, **more: str) -> int:
        return client.get("/api/v1/verify/", {"number": number, **more}, **caller).status_code

    asked = [status("77046/KĐ"), status("77045/KĐ"), status("ZZZ 1"), status("77045/KĐ", item="máy bay giấy")]
    assert asked == [200, 200, 200, 400]
    assert [status("77045/KĐ"), status("ZZZ 1"), status("77045/KĐ", item="máy bay giấy")] == [429] * 3
    assert [status("77046/KĐ"), status("8934567890123")] == [200, 200]
    refused = client.get("/verify", {"number": "77045/KĐ"}, **caller)
    assert refused.status_code == 429 and int(refused["Retry-After"]) > 0
    assert "0 giờ ngày mai" in refused.content.decode()
    assert client.get("/api/v1/verify/", {"number": "77045/KĐ"}, HTTP_X_FORWARDED_FOR="203.0.113.78").status_code == 200


def test_neither_owner_nor_place_nor_serial_number_is_told(ask: Ask, committed: Save, client: Client) -> None:
    owner = a_body(committed, "Công ty Chủ Sở Hữu")
    device = a_device(committed, "SNKIN-77024", owner=owner, management_code="QLKIN-77024")
    a_pass(committed, device, a_body(committed), certificate_no="77024/KĐ", officer_card_no="THE-77024")
    told = json.dumps([ask("77024/KĐ", signed="1"), ask("77024/KĐ", item="fuel_dispenser")], ensure_ascii=False)
    page = client.get("/verify", {"number": "77024/KĐ"}).content.decode()
    private = [
        "Chủ Sở Hữu",
        "SNKIN",
        "QLKIN",
        "THE-77024",
        device.site.name,
        device.site.address,
        str(device.geom.x)[:8],
    ]
    assert [one for one in private if one and (one in told or one in page)] == []


def test_the_view_has_no_column_of_an_owner_or_a_place(world: date) -> None:
    with connections["open"].cursor() as cursor:
        cursor.execute("SELECT * FROM checkable LIMIT 0")
        columns = {column.name for column in cursor.description}
        assert not {name for name in columns if re.search("owner|site|geom|province|commune|address|serial", name)}
        sql = "SELECT DISTINCT jsonb_object_keys(events) FROM checkable WHERE key = ANY(%s)"
        cursor.execute(sql, [keys_of_all_kinds()])
        events = {name for (name,) in cursor.fetchall()}
    assert events == {
        *("lines", "suspended_on", "cancelled_on", "device", "numbered", "repaired_on", "taken_out_on", "no_periodic"),
        *("passes", "fails", "voided_on", "void_reason", "flag", "scope"),
    }


def keys_of_all_kinds() -> list[str]:
    approvals = [f"pdmmh0001{year}" for year in range(2010, 2027)]
    return ["vilas5001", "mhkd12", "mht12", "mh00000012", "mhhc1", *approvals]


KEY_INDEXES = (
    *("qualification_exact_key", "type_approval_number_key", "report_number_key"),
    *("verification_certificate_key", "verification_sticker_key"),
    *("device_serial_key", "device_management_key", "device_registration_key"),
)


def test_the_exact_number_question_scans_no_table(world: date) -> None:
    one, many = ["vilas5001"], [f"key{number}" for number in range(500)]
    with connections["open"].cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        try:
            assert [name for name in KEY_INDEXES if name not in plan(one)] == []
            assert "Seq Scan" not in plan(one) + plan(many)
        finally:
            cursor.execute("RESET enable_seqscan")


@pytest.mark.parametrize("name", [name for name in KEY_INDEXES if name.startswith(("verification", "device_serial"))])
def test_the_planner_expects_about_one_row_under_a_number(world: date, name: str) -> None:
    """Partial indexes give it no statistics: by its guess it would read ten million rows for some hundred keys."""
    (line,) = [line for line in plan(["mhkd12"]).splitlines() if name in line]
    assert int(re.search(r"rows=(\d+)", line)[1]) <= 2, line  # type: ignore[index]


def plan(keys: list[str]) -> str:
    with connections["open"].cursor() as cursor:
        cursor.execute("EXPLAIN SELECT * FROM checkable WHERE key = ANY(%s)", [keys])
        return "\n".join(line for (line,) in cursor.fetchall())


def test_the_demo_s_numbers_are_all_answered(world: date, ask: Ask) -> None:
    passes = Verification.objects.filter(result="pass", publish_state=PUBLIC).exclude(sticker_serial="")
    for number in passes.order_by("pk").values_list("sticker_serial", flat=True)[:40]:
        assert ask(number)["answer"] in ("valid", "ended", "not_for_item")


# What is asked


@pytest.mark.parametrize(
    ("parameters", "parameter", "code"),
    [
        ({}, "number", "number.missing"),
        ({"number": ""}, "number", "number.none"),
        ({"number": " -/- "}, "number", "number.none"),
        ({"number": "日本"}, "number", "number.sign"),
        ({"number": "VILAS \u202e5001"}, "number", "number.sign"),
        ({"number": "VILAS 5001", "item": "chì \u202e"}, "item", "item.sign"),
        ({"number": "1" * 81}, "number", "number.length"),
        ({"number": "1" * 41}, "number", "number.none"),
        ({"number": "https://example.vn/tra-cuu"}, "number", "number.none"),
        ({"number": "https://[1/12"}, "number", "number.none"),
        ({"number": "https://example.vn/?a=1" + "2" * 600}, "number", "number.length"),
        ({"number": "a\x00b"}, "number", "param.characters"),
        ({"number": "VILAS 5001", "on": "2026-02-30"}, "on", "on.date"),
        ({"number": "VILAS 5001", "on": "0001-01-01"}, "on", "on.date"),
        ({"number": "VILAS 5001", "item": "x"}, "item", "item.length"),
        ({"number": "VILAS 5001", "item": "x" * 121}, "item", "item.length"),
        ({"number": "VILAS 5001", "signed": "yes"}, "signed", "signed.flag"),
        ({"number": "VILAS 5001", "colour": "red"}, "colour", "param.unknown"),
        ({"number": "MH-KĐ 12", "item": "máy bay giấy"}, "item", "item.unknown"),
        ({"number": "VILAS 5001", "lang": "fr"}, "lang", "lang.unknown"),
    ],
)
def test_bad_input_is_refused_and_named(
    refused: Callable[..., dict], parameters: dict[str, str], parameter: str, code: str
) -> None:
    found = refused(**parameters)
    assert (found["parameter"], found["code"]) == (parameter, code)
    assert found["detail_vi"] != found["detail_en"]


def test_a_parameter_given_twice_and_another_method_are_refused(client: Client) -> None:
    assert client.get("/api/v1/verify/?number=1a&number=2b").json()["code"] == "param.repeated"
    assert client.post("/api/v1/verify/?number=1a").status_code == 405
    assert client.get("/api/v1/verify?number=1a").status_code == 308


@pytest.mark.parametrize("words", ["%' OR 1=1 --1", "x'); DROP TABLE 1", "a\\1", "{1}", "_1%"])
def test_signs_of_sql_are_ordinary_letters(ask: Ask, words: str) -> None:
    assert ask(words)["answer"] == "not_in_register"
    assert ask("VILAS 5001", item=words)["item"]["fits"] is not True
