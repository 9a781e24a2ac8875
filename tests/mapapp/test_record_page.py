"""The rest of a record's page: places, others near by, citation, data for search engines, cost."""

import json
import re

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from geodata.archipelagos import ARCHIPELAGOS
from layers.models import MeasuringDevice, Organisation, PlaceOfActivity
from layers.registers.base import PUBLIC
from layers.registry import all_layers, get
from mapapp.record import places
from tests.mapapp.pages import page
from tests.mapapp.record_rows import SECRETS, a_fact, a_laboratory, a_place, days, line_at, linked_data, shown
from tests.mapapp.test_records import first
from tests.services.verify_rows import Save

HOSTILE = '</script><script>alert(1)</script><!--"\u2028&amp;'
LAYERS = pytest.mark.parametrize("layer", all_layers(), ids=lambda layer: layer.name)
MOST_QUERIES = 48


def a_working_laboratory(save: Save, **organisation: object) -> PlaceOfActivity:
    place = a_laboratory(save, **organisation)
    line_at(save, place, a_fact(save, place, "QĐ 20/A"), "nước")
    return place


def test_other_places_of_the_organisation_are_linked_and_drawn(client: Client, committed: Save) -> None:
    place = a_working_laboratory(committed)
    other = a_place(committed, place.organisation, name="Cơ sở hai", geom="SRID=4326;POINT(106.7 10.8)")
    line_at(committed, other, a_fact(committed, place, "QĐ 20/B"), "đất")
    hidden = a_place(committed, place.organisation, name="Cơ sở kín", publish_state="internal")
    line_at(committed, hidden, a_fact(committed, place, "QĐ 20/C"), "khí")
    found = shown(client, place, "?on=2026-11-22")
    assert "Cơ sở hai" in found.text and f"/laboratories/{other.pk}?on=2026-11-22" in found.links
    assert "Cơ sở kín" not in found.source
    assert len(found.all("circle", **{"class": "spot chosen"})) == len(found.all("svg", role="img"))


def test_of_many_places_every_one_has_its_page_and_the_cut_list_says_of_how_many(
    client: Client, committed: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "MOST_PLACES", 2)
    first_place = a_working_laboratory(committed)
    for number in range(6):
        last = a_place(committed, first_place.organisation, name=f"Cơ sở {number}")
        line_at(committed, last, a_fact(committed, last, f"QĐ 23/{number}"), "đất")
    for one in (last, first_place):
        found = shown(client, one)
        assert "2 trong 6 địa điểm khác" in found.text
        assert len(found.all("circle", **{"class": "spot chosen"})) == len(found.all("svg", role="img"))
    assert "2 of 6 other places" in shown(client, last, "?lang=en").text


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_map_of_the_whole_country_names_both_archipelagos(client: Client, committed: Save, language: str) -> None:
    found = shown(client, a_working_laboratory(committed), f"?lang={language}")
    country = re.search(r'<svg class="small-map country".*?</svg>', found.source, re.S)
    assert country
    for one in ARCHIPELAGOS:
        name, _, whose = getattr(one.label, language).partition(" (")
        assert name in country[0] and whose in country[0]


def test_alternatives_are_of_others_in_force_and_share_something(client: Client, world: object) -> None:
    number = first(get("laboratories"))
    found = page(client, f"/laboratories/{number}")
    section = found.source.partition('aria-labelledby="alternatives"')[2].partition("</section>")[0]
    others = [int(pk) for pk in re.findall(r'href="/laboratories/(\d+)"', section)]
    assert 0 < len(others) <= 5
    own = PlaceOfActivity.objects.get(pk=number).organisation_id
    assert own not in PlaceOfActivity.objects.filter(pk__in=others).values_list("organisation", flat=True)
    for other in others:
        rows = client.get(f"/laboratories/{other}.json").json()["sections"][0]["rows"]
        assert next(row["value"] for row in rows if row["name"] == "status") in ("active", "reduced")
    assert "đường chim bay" in found.text


def test_a_place_with_nothing_in_force_still_leads_to_others(client: Client, committed: Save) -> None:
    place = a_laboratory(committed)
    line_at(committed, place, a_fact(committed, place, "QĐ 21/A"), "nước", withdrawn_on=days(-5))
    assert "Nơi khác làm việc tương tự" in shown(client, place).text


def test_a_device_leads_to_bodies_designated_for_its_type(client: Client, world: object) -> None:
    device = MeasuringDevice.objects.filter(publish_state=PUBLIC, device_type__code="fuel_dispenser")[0]
    found = page(client, f"/measuring_devices/{device.pk}")
    section = found.source.partition('aria-labelledby="verifiers"')[2].partition("</section>")[0]
    assert 'href="/laboratories/' in section and "Chỉ định" in section and "Công nhận" not in section
    more = next(link for link in found.links if link.startswith("/find?"))
    assert client.get(more).status_code == 200


def test_the_citation_names_title_day_and_address(client: Client, committed: Save) -> None:
    place = a_working_laboratory(committed)
    found = shown(client, place)
    address = f"http://127.0.0.1/laboratories/{place.pk}"
    assert f"{place.name}. {get('laboratories').title.vi}." in found.text
    assert f"Dữ liệu đến 22/11/2026. Dữ liệu minh họa. {address}?on=2026-11-22" in found.text
    assert found.all("link", rel="canonical")[0]["href"] == address
    assert address in found.links


def test_the_permanent_address_keeps_the_day_that_was_asked(client: Client, committed: Save) -> None:
    place = a_working_laboratory(committed)
    found = shown(client, place, "?on=2026-05-01&lines=nước&lang=en")
    address = f"http://127.0.0.1/laboratories/{place.pk}"
    assert f"{address}?on=2026-05-01&lang=en" in found.links
    assert "Data up to 01/05/2026" in found.text
    assert found.all("link", rel="canonical")[0]["href"] == f"{address}?lang=en"
    alternates = {attrs["hreflang"]: attrs["href"] for attrs in found.all("link", rel="alternate")}
    assert alternates == {"vi": address, "en": f"{address}?lang=en"}


@LAYERS
def test_data_for_search_engines_name_the_record_and_its_address(client: Client, layer) -> None:  # type: ignore[no-untyped-def]
    number = first(layer)
    found = page(client, f"/{layer.name}/{number}")
    if "application/ld+json" not in found.source:
        assert layer.name == "device_counts"
        return
    data = linked_data(found)
    assert data["@context"] == "https://schema.org"
    assert data["url"] == f"http://127.0.0.1/{layer.name}/{number}"
    assert data["name"] == client.get(f"/{layer.name}/{number}.json").json()["title"]
    assert "minh họa" in data["disambiguatingDescription"]


def test_data_for_search_engines_hold_facts_and_nothing_private(client: Client, committed: Save) -> None:
    place = a_working_laboratory(committed)
    Organisation.objects.filter(pk=place.organisation_id).update(**SECRETS)
    found = shown(client, place)
    data = linked_data(found)
    assert [one["certificationIdentification"] for one in data["hasCertification"]] == ["QĐ 20/A"]
    assert data["hasCertification"][0]["certificationStatus"].endswith("CertificationActive")
    assert data["location"]["address"]["streetAddress"] == place.address
    assert [secret for secret in SECRETS.values() if secret in found.source] == []


def test_a_household_is_not_led_to_by_search_engines(client: Client, committed: Save) -> None:
    place = a_working_laboratory(committed, org_type="household_business")
    data = linked_data(shown(client, place))
    assert place.address not in json.dumps(data, ensure_ascii=False)
    assert "geo" not in data["location"] and "parentOrganization" not in data


def test_a_household_s_address_is_in_no_description_and_its_place_in_no_preview(
    client: Client, committed: Save
) -> None:
    for kind, led_there in (("enterprise", True), ("household_business", False)):
        found = shown(client, a_working_laboratory(committed, org_type=kind))
        (description,), (image,) = found.all("meta", name="description"), found.all("meta", property="og:image")
        assert ("Số 1 phố Thử" in (description["content"] or "")) is led_there
        assert ("at=" in (image["content"] or "")) is led_there and ("select=" in (image["content"] or "")) is led_there
        assert client.get((image["content"] or "").removeprefix("http://127.0.0.1")).status_code == 200


def test_the_day_that_was_asked_goes_along_to_map_and_data(client: Client, committed: Save) -> None:
    place = a_working_laboratory(committed)
    found = shown(client, place, "?on=2026-05-01")
    (onward,) = [link for link in found.links if link.startswith("/?at=")]
    assert onward.endswith("&on=2026-05-01") and client.get(onward).status_code == 200
    assert f"/api/v1/laboratories/{place.pk}/?on=2026-05-01" in found.links
    assert client.get(f"/api/v1/laboratories/{place.pk}/?on=2026-05-01").status_code == 200
    assert f"/laboratories/{place.pk}" in found.links
    assert "on=" not in client.get(f"/laboratories/{place.pk}.json").json()["links"]["map"]


def test_the_day_that_was_asked_goes_along_to_devices_and_lists(client: Client, world: object) -> None:
    site = MeasuringDevice.objects.filter(publish_state=PUBLIC, site__publish_state=PUBLIC)[0].site_id
    links = page(client, f"/inspection_sites/{site}?on=2026-11-20&lang=en").links
    devices = [link for link in links if link.startswith("/measuring_devices/")]
    assert devices and all(link.endswith("?on=2026-11-20&lang=en") for link in devices)
    assert "/list/inspection_sites?on=2026-11-20&lang=en" in links


def test_it_leads_there_by_the_usual_applications(client: Client, committed: Save) -> None:
    links = shown(client, a_working_laboratory(committed)).links
    for start in ("geo:", "https://www.google.com/maps/", "https://www.openstreetmap.org/"):
        assert [link for link in links if link.startswith(start)]


def test_a_position_known_to_the_commune_is_no_position(client: Client, committed: Save) -> None:
    place = a_working_laboratory(committed)
    assert "geo" in linked_data(shown(client, place))["location"]
    PlaceOfActivity.objects.filter(pk=place.pk).update(geom_accuracy="commune_centroid")
    assert "geo" not in linked_data(shown(client, place))["location"]


def test_a_device_s_data_hold_neither_owner_nor_number(client: Client, world: object) -> None:
    device = MeasuringDevice.objects.filter(publish_state=PUBLIC, owner__isnull=False).exclude(serial_no="")[0]
    found = page(client, f"/measuring_devices/{device.pk}")
    assert device.serial_no not in found.source and device.owner.name_vi not in json.dumps(
        linked_data(found), ensure_ascii=False
    )


def test_hostile_names_stay_words(client: Client, committed: Save) -> None:
    place = a_laboratory(committed)
    PlaceOfActivity.objects.filter(pk=place.pk).update(name=HOSTILE, address=HOSTILE)
    fact = a_fact(committed, place, HOSTILE, legal_basis=HOSTILE)
    line_at(committed, place, fact, HOSTILE, test=HOSTILE, range_text=HOSTILE, cmc_text=HOSTILE)
    found = shown(client, place)
    assert "<script>alert" not in found.source and "<!--" not in found.source
    assert found.source.count("</script>") == len(found.all("script"))
    assert linked_data(found)["name"] == HOSTILE
    assert (found.unbalanced, found.open) == ([], [])


@LAYERS
def test_pages_are_sound(client: Client, layer) -> None:  # type: ignore[no-untyped-def]
    found = page(client, f"/{layer.name}/{first(layer)}")
    ids = [attrs["id"] for _, attrs in found.elements if "id" in attrs]
    assert sorted(ids) == sorted(set(ids))
    assert (found.unbalanced, found.open) == ([], [])
    assert [attrs for _, attrs in found.elements if "style" in attrs] == []
    inline = [attrs for attrs in found.all("script") if "src" not in attrs]
    assert [attrs for attrs in inline if attrs.get("type") != "application/ld+json"] == []


@LAYERS
def test_the_number_of_queries_is_bounded(client: Client, layer) -> None:  # type: ignore[no-untyped-def]
    address = f"/{layer.name}/{first(layer)}"
    client.get(address)
    with CaptureQueriesContext(connections["open"]) as asked:
        client.get(address)
    assert len(asked) <= MOST_QUERIES


def test_more_lines_and_places_cost_no_more_queries(client: Client, committed: Save) -> None:
    place = a_working_laboratory(committed)
    before = _queries(client, place)
    other = a_place(committed, place.organisation, name="Cơ sở hai")
    for number in range(4):
        fact = a_fact(committed, place, f"QĐ 22/{number}")
        line_at(committed, place, fact, f"mẫu {number}")
        line_at(committed, other, fact, f"mẫu khác {number}")
    assert _queries(client, place) <= before + 1


def _queries(client: Client, place: PlaceOfActivity) -> int:
    shown(client, place)
    with CaptureQueriesContext(connections["open"]) as asked:
        shown(client, place)
    return len(asked)


def test_the_record_as_json_stays_what_the_map_s_panel_reads(client: Client, committed: Save) -> None:
    place = a_working_laboratory(committed)
    record = client.get(f"/laboratories/{place.pk}.json").json()
    members = {
        "id",
        "layer",
        "title",
        "subtitle",
        "day",
        "geometry",
        "of_commune",
        "sections",
        "withheld",
        "demo",
        "links",
    }
    assert members <= record.keys()
    assert [section["title"] for section in record["sections"]] == ["", "Căn cứ pháp lý", "Phạm vi"]
    first, facts = ({row["name"] for row in section["rows"]} for section in record["sections"][:2])
    # What the fields over all lines mix up is told fact by fact: an end of one is not the end of another.
    assert "status" in first and not first & {"activity", "qualification", "device_type"}
    assert facts and facts <= {"registration", "designation", "accreditation"}
