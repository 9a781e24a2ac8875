"""The legal facts of a place on its page: three kinds apart, states derived, what is stopped told with its days."""

from datetime import date

import pytest
from django.test import Client

from layers.models import DeviceType, Qualification, Scheme, Standard, StandardEdition
from layers.registers.qualifications import QUALIFICATION_KINDS
from tests.mapapp.record_rows import a_fact, a_laboratory, a_place, days, line_at, linked_data, shown
from tests.services.verify_rows import Save


def an_accreditation(save: Save, place, number: str = "VILAS 9001", **values: object) -> Qualification:  # type: ignore[no-untyped-def]
    of_scheme = {"scheme": Scheme.objects.get(code="VILAS"), "standard": Standard.objects.get(code="iso_15189")}
    return a_fact(save, place, number, kind="accreditation", ilac_mra=True, edition="2012", **of_scheme, **values)


def test_the_three_kinds_stand_apart_whatever_there_is(client: Client, committed: Save) -> None:
    place = a_laboratory(committed)
    line_at(committed, place, a_fact(committed, place, "QĐ 1/A"), "nước")
    found = shown(client, place)
    ids = [attrs.get("id") for attrs in found.all("h3")]
    assert ids == [f"legal-{kind}" for kind in QUALIFICATION_KINDS.codes()]
    assert found.text.count("Không có trong dữ liệu của trang này") == 2
    assert len(found.all("article", **{"class": "fact"})) == 1


def test_a_fact_is_told_with_all_that_a_person_files(client: Client, committed: Save) -> None:
    place = a_laboratory(committed)
    fact = an_accreditation(committed, place, legal_basis="Nghị định 107/2016/NĐ-CP")
    line_at(committed, place, fact, "máu", activity="medical_examination")
    text = shown(client, place).text
    for said in ("VILAS 9001", "ISO 15189:2012 (đã có bản mới hơn)", "01/01/2024", "31/12/2028", "107/2016"):
        assert said in text
    assert fact.authority.name_vi in text and "Thừa nhận lẫn nhau ILAC Có" in text


def test_a_part_that_is_suspended_makes_the_fact_reduced_and_is_told_with_its_days(
    client: Client, committed: Save
) -> None:
    place = a_laboratory(committed)
    fact = a_fact(committed, place, "QĐ 2/A")
    line_at(committed, place, fact, "nước")
    line_at(committed, place, fact, "đất", suspended_from=days(-10), suspended_until=days(10))
    found = shown(client, place)
    assert "Thu hẹp phạm vi" in found.text
    assert "1 trong 2 dòng: đình chỉ hiệu lực từ 12/11/2026 đến hết 02/12/2026." in found.text
    assert found.all("rect", **{"class": "stopped part"})
    english = shown(client, place, "?lang=en").text
    assert "1 of 2 lines: suspended from 12/11/2026 to 02/12/2026 included." in english


def test_what_is_less_than_the_place_as_a_whole_is_said_beside_its_state(client: Client, committed: Save) -> None:
    place = a_laboratory(committed)
    line_at(committed, place, an_accreditation(committed, place, "VILAS 9002"), "máu", activity="medical_examination")
    stopped = a_fact(committed, place, "QĐ 2/C")
    line_at(committed, place, stopped, "nước", suspended_from=days(-10), suspended_until=days(10))
    found = shown(client, place)
    assert len(found.all("p", **{"class": "standing-but"})) == 1 and f"#fact-{stopped.pk}" in found.links
    before, _, after = found.text.partition("Riêng Quyết định chỉ định QĐ 2/C")
    assert "Còn hiệu lực" in before and "Đình chỉ hiệu lực" in after[:30]
    assert not shown(client, place, "?on=2026-11-11").all("p", **{"class": "standing-but"})


@pytest.mark.parametrize("day", ["2026-11-11", "2026-12-03"])
def test_before_and_after_its_days_a_suspension_is_not_told(client: Client, committed: Save, day: str) -> None:
    place = a_laboratory(committed)
    fact = a_fact(committed, place, "QĐ 2/B")
    line_at(committed, place, fact, "nước", suspended_from=days(-10), suspended_until=days(10))
    assert "Toàn bộ phạm vi: đình chỉ hiệu lực" in shown(client, place).text
    found = shown(client, place, f"?on={day}")
    assert "đình chỉ hiệu lực từ" not in found.text
    assert found.all("rect", **{"class": "stopped"}) == []


def test_a_part_at_another_place_is_told_as_such(client: Client, committed: Save) -> None:
    place = a_laboratory(committed)
    fact = a_fact(committed, place, "QĐ 2/C")
    other = a_place(committed, place.organisation, name="Cơ sở hai")
    line_at(committed, place, fact, "nước")
    line_at(committed, other, fact, "đất", suspended_from=days(-3))
    text = shown(client, place).text
    assert "1 trong 2 dòng: đình chỉ hiệu lực từ 19/11/2026, chưa định ngày kết thúc, tại đây 0 dòng." in text
    assert "1 dòng tại đây, 1 dòng ngoài trang này" in text


def test_what_is_in_force_elsewhere_alone_is_said_not_to_be_here(client: Client, committed: Save) -> None:
    place = a_laboratory(committed)
    fact = a_fact(committed, place, "QĐ 2/D")
    other = a_place(committed, place.organisation, name="Cơ sở hai")
    line_at(committed, place, fact, "nước", suspended_from=days(-3))
    line_at(committed, other, fact, "đất")
    assert "Tại đây không có dòng nào còn hiệu lực." in shown(client, place).text
    assert "None of its lines here is in force." in shown(client, place, "?lang=en").text
    assert "Tại đây không có dòng nào còn hiệu lực." not in shown(client, other).text
    assert "Tại đây không có dòng nào còn hiệu lực." not in shown(client, place, f"?on={days(-4)}").text


def test_a_withdrawn_fact_says_since_when_and_its_bar_is_hollow_from_then(client: Client, committed: Save) -> None:
    place = a_laboratory(committed)
    fact = an_accreditation(committed, place)
    line_at(committed, place, fact, "máu", withdrawn_on=days(-40))
    found = shown(client, place)
    assert "Toàn bộ phạm vi: hủy bỏ, thu hồi từ 13/10/2026." in found.text
    assert "Có (không có hiệu lực)" in found.text
    assert found.all("rect", **{"class": "ended"})
    assert "Hủy bỏ, thu hồi" not in shown(client, place, "?on=2026-10-12").text


def test_an_expired_fact_says_how_long_ago(client: Client, committed: Save) -> None:
    place = a_laboratory(committed)
    fact = a_fact(committed, place, "QĐ 3/A", valid_until=days(-7))
    line_at(committed, place, fact, "nước")
    text = shown(client, place).text
    assert "Toàn bộ phạm vi: hết hiệu lực sau ngày 15/11/2026." in text
    assert "đã qua 7 ngày" in text


def test_a_fact_that_has_not_begun_is_not_there_until_it_has(client: Client, committed: Save) -> None:
    place = a_laboratory(committed)
    line_at(committed, place, a_fact(committed, place, "QĐ 4/A"), "nước")
    later = a_fact(committed, place, "QĐ 4/B", kind="registration", valid_from=days(30), valid_until=None)
    line_at(committed, place, later, "đất", valid_from=days(30))
    assert "QĐ 4/B" not in shown(client, place).text
    assert "QĐ 4/B" in shown(client, place, f"?on={days(30)}").text


def test_the_end_that_is_told_is_that_of_the_lines_and_the_document_s_is_named_apart(
    client: Client, committed: Save
) -> None:
    place = a_laboratory(committed)
    line_at(committed, place, a_fact(committed, place, "QĐ 3/B"), "nước", valid_until=days(-7))
    text = shown(client, place).text
    assert "Hết hiệu lực" in text and "đến 15/11/2026, đã qua 7 ngày" in text
    assert "còn 770 ngày" not in text and "Hiệu lực đến 31/12/2028" not in text
    assert "Thời hạn ghi trên văn bản 31/12/2028" in text


def test_lines_that_last_longer_than_the_document_are_not_called_past(client: Client, committed: Save) -> None:
    place = a_laboratory(committed)
    fact = a_fact(committed, place, "QĐ 3/C", valid_until=days(-7))
    line_at(committed, place, fact, "nước", valid_until=days(7))
    text = shown(client, place).text
    assert "còn 7 ngày" in text and "đã qua" not in text
    assert "Hiệu lực đến 29/11/2026" in text and "Thời hạn ghi trên văn bản 15/11/2026" in text


def test_a_longer_end_of_lines_elsewhere_is_none_of_this_place(client: Client, committed: Save) -> None:
    place = a_laboratory(committed)
    fact = a_fact(committed, place, "QĐ 3/D")
    line_at(committed, place, fact, "nước", valid_until=days(7))
    line_at(committed, a_place(committed, place.organisation, name="Cơ sở hai"), fact, "đất", valid_until=days(700))
    text = shown(client, place).text
    assert "Hiệu lực đến 29/11/2026" in text and "còn 7 ngày" in text and "còn 700 ngày" not in text


@pytest.mark.parametrize(
    ("last", "row", "bar"),
    [
        (days(700), "Hiệu lực đến từ 29/11/2026 đến 22/10/2028 tùy dòng", "dòng sớm nhất hết 29/11/2026"),
        (None, "Hiệu lực đến sớm nhất 29/11/2026; có dòng không ghi ngày hết", "dòng sớm nhất hết 29/11/2026"),
    ],
)
def test_lines_that_end_on_several_days_are_not_told_by_the_longest(
    client: Client, committed: Save, last: date | None, row: str, bar: str
) -> None:
    place = a_laboratory(committed)
    fact = a_fact(committed, place, "QĐ 3/E")
    line_at(committed, place, fact, "nước", valid_until=days(7))
    line_at(committed, place, fact, "đất", valid_until=last)
    found = shown(client, place)
    assert row in found.text and bar in found.text and "còn 700 ngày" not in found.text
    assert linked_data(found)["hasCertification"][0]["expires"] == "2026-11-29"


@pytest.mark.parametrize("stop", ["withdrawn_on", "suspended_from"])
def test_machines_are_told_no_validity_that_readers_are_not(client: Client, committed: Save, stop: str) -> None:
    place = a_laboratory(committed)
    fact = a_fact(committed, place, "QĐ 3/F")
    line_at(committed, place, fact, "nước", **{stop: days(-3)})
    line_at(committed, a_place(committed, place.organisation, name="Cơ sở hai"), fact, "đất")
    (told,) = linked_data(shown(client, place))["hasCertification"]
    assert told["certificationStatus"].endswith("CertificationInactive") and "expires" not in told


@pytest.mark.parametrize("stop", ["withdrawn_on", "suspended_from"])
def test_what_is_not_in_force_has_no_days_left(client: Client, committed: Save, stop: str) -> None:
    place = a_laboratory(committed)
    line_at(committed, place, a_fact(committed, place, "QĐ 3/D"), "nước", **{stop: days(-1)})
    text = shown(client, place).text
    assert "Hiệu lực đến" not in text and "Thời hạn ghi trên văn bản 31/12/2028" in text
    assert " còn " not in text.partition("Từ 01/01/2024")[2][:60]


@pytest.mark.parametrize(
    ("status", "said"), [("current", ""), ("replaced", "đã có bản mới hơn"), ("withdrawn", "bản này đã hủy bỏ")]
)
def test_an_edition_is_called_what_it_is(client: Client, committed: Save, status: str, said: str) -> None:
    place = a_laboratory(committed)
    standard = Standard.objects.get(code="iso_15189")
    committed(StandardEdition(standard=standard, edition="1999", status=status))
    assessed = {"scheme": Scheme.objects.get(code="VILAS"), "standard": standard, "edition": "1999"}
    fact = a_fact(committed, place, "VILAS 9002", kind="accreditation", **assessed)
    line_at(committed, place, fact, "máu", activity="medical_examination")
    told = shown(client, place).text.partition("Tiêu chuẩn ISO 15189:1999")[2]
    assert said in told[:40] and (said or "(" not in told[:20])


def test_before_its_successor_came_an_edition_was_the_newest(client: Client, committed: Save) -> None:
    place = a_laboratory(committed)
    line_at(committed, place, an_accreditation(committed, place), "máu", activity="medical_examination")
    newer = StandardEdition.objects.get(standard__code="iso_15189", edition="2022")
    old = StandardEdition.objects.filter(standard__code="iso_15189", edition="2012")
    StandardEdition.objects.filter(pk=newer.pk).update(published_on=days(-10))
    before = old.values_list("replaced_by", flat=True)[0]
    old.update(replaced_by=newer)
    try:
        assert "ISO 15189:2012 (đã có bản mới hơn)" in shown(client, place).text
        assert "đã có bản mới hơn" not in shown(client, place, f"?on={days(-11)}").text
    finally:
        StandardEdition.objects.filter(pk=newer.pk).update(published_on=newer.published_on)
        old.update(replaced_by=before)


def test_what_a_fact_does_not_permit_is_no_activity_of_the_place(client: Client, committed: Save) -> None:
    scale = DeviceType.objects.get(code="truck_scale")
    place = a_laboratory(committed)
    accreditation = an_accreditation(committed, place)
    line_at(committed, place, accreditation, "Cân ô tô", activity="device_verification", device_type=scale)
    line_at(committed, place, accreditation, "Cân ô tô", activity="calibration", device_type=scale)
    line_at(committed, place, accreditation, "Nước", withdrawn_on=days(-1))
    found = shown(client, place)
    assert "Hoạt động Thử nghiệm (không có hiệu lực); Hiệu chuẩn " in found.text
    assert linked_data(found)["knowsAbout"] == ["Hiệu chuẩn"]
    designation = a_fact(committed, place, "QĐ 5/B")
    line_at(committed, place, designation, "Cân ô tô", activity="device_verification", device_type=scale)
    found = shown(client, place)
    assert found.text.count("Hoạt động Kiểm định phương tiện đo ") == 1
    assert linked_data(found)["knowsAbout"] == ["Hiệu chuẩn", "Kiểm định phương tiện đo"]


def test_without_an_end_none_is_made_up(client: Client, committed: Save) -> None:
    place = a_laboratory(committed)
    line_at(committed, place, a_fact(committed, place, "ĐK 77", kind="registration", valid_until=None), "nước")
    found = shown(client, place)
    assert "Từ 01/01/2024, không ghi ngày hết hiệu lực" in found.text
    assert len(found.all("rect", **{"class": "gap"})) == 2


def test_only_a_designation_permits_to_verify(client: Client, committed: Save) -> None:
    scale = DeviceType.objects.get(code="truck_scale")
    place = a_laboratory(committed)
    fact = an_accreditation(committed, place)
    line_at(committed, place, fact, "Cân ô tô", activity="device_verification", device_type=scale)
    text = shown(client, place).text
    assert "căn cứ này không cho phép kiểm định" in text and "không cho phép kiểm định phương tiện đo" in text
    assert "Loại phương tiện đo được kiểm định" not in text
    designation = a_fact(committed, place, "QĐ 5/A")
    line_at(committed, place, designation, "Cân ô tô", activity="device_verification", device_type=scale)
    assert "Loại phương tiện đo được kiểm định: 1" in shown(client, place).text


def test_many_parts_are_summed_and_folded(client: Client, committed: Save) -> None:
    place = a_laboratory(committed)
    fact = a_fact(committed, place, "QĐ 6/A")
    line_at(committed, place, fact, "nước")
    for number in range(5):
        line_at(committed, place, fact, f"đất {number}", suspended_from=days(-10 - number))
    found = shown(client, place)
    assert "5 trong 6 dòng: đình chỉ hiệu lực." in found.text
    assert found.text.count("1 trong 6 dòng: đình chỉ hiệu lực từ") == 5


def test_a_place_in_both_layers_shows_on_each_page_what_belongs_there(client: Client, committed: Save) -> None:
    place = a_laboratory(committed)
    testing, inspecting = a_fact(committed, place, "QĐ 7/TN"), a_fact(committed, place, "QĐ 7/GD")
    line_at(committed, place, testing, "nước")
    line_at(committed, place, inspecting, "phân bón", activity="inspection")
    laboratory, body = shown(client, place), shown(client, place, layer="certification_bodies")
    assert "QĐ 7/TN" in laboratory.text and "QĐ 7/GD" not in laboratory.text
    assert "QĐ 7/GD" in body.text and "QĐ 7/TN" not in body.text
    assert f"/certification_bodies/{place.pk}" in laboratory.links
    assert f"/laboratories/{place.pk}" in body.links


def test_nobody_is_accused(client: Client, committed: Save) -> None:
    place = a_laboratory(committed)
    line_at(committed, place, a_fact(committed, place, "QĐ 8/A"), "nước", withdrawn_on=days(-1))
    text = shown(client, place).text.lower()
    assert [word for word in ("vi phạm", "quá hạn", "sai phạm", "trái phép") if word in text] == []
