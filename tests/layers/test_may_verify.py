"""Who may verify a type of measuring device: by law only a body designated for it (domain, sections 1.2 and 2.1)."""

import csv

import pytest
from django.test import Client

from layers.models import DeviceType, PlaceOfActivity, Scheme, Standard
from tests.mapapp.record_rows import a_fact, a_place, line_at
from tests.services.verify_rows import Save, a_body

TYPE = "taximeter"
CALIBRATED = "truck_scale"


def counts(client: Client, place: PlaceOfActivity, **asked: str) -> dict[str, int]:
    """How often each way in finds the place under these filters."""
    asked = {**asked, "q": "thidumot"}
    api = client.get("/api/v1/laboratories/", asked).json()["features"]
    listed = client.get("/list/laboratories", asked).context["total"]
    file = b"".join(client.get("/data/laboratories.csv", {**asked, "bom": "0"})).decode()  # type: ignore[arg-type]
    return {"api": len(api), "list": listed, "csv": len(list(csv.reader(file.splitlines()))) - 1}


def facet(client: Client, place: PlaceOfActivity, **asked: str) -> dict[str, int]:
    answer = client.get("/api/v1/laboratories/facets/", {**asked, "q": "thidumot", "only": "device_type"}).json()
    return {value["code"]: value["count"] for value in answer["facets"]["device_type"] if value["count"]}


def found_by_all(number: int) -> dict[str, int]:
    return {"api": number, "list": number, "csv": number}


@pytest.fixture
def place(committed: Save) -> PlaceOfActivity:
    """A laboratory registered and accredited to verify taximeters, which no law lets it do by that."""
    place = a_place(committed, a_body(committed), name="Phòng Thidumot", search_key="phong thidumot")
    accredited = {"scheme": Scheme.objects.get(code="VILAS"), "standard": Standard.objects.get(code="iso_iec_17025")}
    facts = (
        a_fact(committed, place, "ĐK 991", kind="registration"),
        a_fact(committed, place, "VILAS 9991", kind="accreditation", **accredited),
    )
    for fact in facts:
        line_at(committed, place, fact, "taximet", activity="device_verification", device_type=the(TYPE))
    return place


def the(code: str) -> DeviceType:
    return DeviceType.objects.get(code=code)


def test_registration_and_accreditation_permit_no_verification(client: Client, place: PlaceOfActivity) -> None:
    assert counts(client, place) == found_by_all(1)
    assert counts(client, place, device_type=TYPE) == found_by_all(0)
    assert facet(client, place) == {}


def test_a_designation_to_verify_devices_permits_it(client: Client, committed: Save, place: PlaceOfActivity) -> None:
    fact = a_fact(committed, place, "QĐ VD 1")
    line_at(committed, place, fact, "taximet", activity="device_verification", device_type=the(TYPE))
    assert counts(client, place, device_type=TYPE) == found_by_all(1)
    assert facet(client, place) == {TYPE: 1}


def test_a_designation_for_something_else_does_not(client: Client, committed: Save, place: PlaceOfActivity) -> None:
    fact = a_fact(committed, place, "QĐ VD 2")
    line_at(committed, place, fact, "cân ô tô", activity="calibration", device_type=the(CALIBRATED))
    assert counts(client, place, device_type=CALIBRATED) == found_by_all(0)
    assert facet(client, place) == {}


def test_another_legal_fact_is_never_asked_together_with_it(
    client: Client, committed: Save, place: PlaceOfActivity
) -> None:
    """One line answers all: the accreditation is not the designation's, whatever the place has of both."""
    fact = a_fact(committed, place, "QĐ VD 3")
    line_at(committed, place, fact, "taximet", activity="device_verification", device_type=the(TYPE))
    assert counts(client, place, device_type=TYPE, qualification="accreditation") == found_by_all(0)
    assert counts(client, place, device_type=TYPE, qualification="designation") == found_by_all(1)
    assert facet(client, place, qualification="registration") == {}


def test_a_record_lists_the_types_it_may_verify_and_says_which_no_longer(
    client: Client, committed: Save, place: PlaceOfActivity
) -> None:
    fact = a_fact(committed, place, "QĐ VD 4")
    line_at(committed, place, fact, "cân ô tô", activity="calibration", device_type=the(CALIBRATED))
    ended = {"valid_from": "2024-01-01", "valid_until": "2025-01-01"}
    line_at(committed, place, fact, "taximet", activity="device_verification", device_type=the(TYPE), **ended)
    (feature,) = client.get("/api/v1/laboratories/", {"q": "thidumot"}).json()["features"]
    assert feature["properties"]["device_type"] == [TYPE]
    assert "không có hiệu lực" in feature["properties"]["device_type_label"][0]
    assert counts(client, place, device_type=TYPE, status="active") == found_by_all(0)
    assert counts(client, place, device_type=TYPE, status="expired") == found_by_all(1)
