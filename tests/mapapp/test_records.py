"""One record as a page and as JSON: every layer, both languages, and what is no longer there."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db.models import Model
from django.test import Client

from layers.layer import Layer
from layers.models import InspectionSite, MeasuringDevice, Tombstone
from layers.query import FeatureQuery, select
from layers.registers.base import PUBLIC
from layers.registry import all_layers, get
from tests.conftest import DAY
from tests.mapapp.pages import page

LAYERS = pytest.mark.parametrize("layer", all_layers(), ids=lambda layer: layer.name)
UNUSED = 4_000_000_000


def first(layer: Layer) -> int:
    """The smallest id that the public sees."""
    return select(layer, FeatureQuery(day=DAY), fields=()).order_by("pk").values_list("pk", flat=True)[0]


def tombstone(**values: object) -> Tombstone:
    return Tombstone(layer="laboratories", record=UNUSED, gone_on=date(2026, 5, 3), **values)


@LAYERS
def test_every_layer_has_record_pages(client: Client, layer: Layer):
    number = first(layer)
    shown = page(client, f"/{layer.name}/{number}")
    described = client.get(f"/{layer.name}/{number}.json").json()
    assert described["title"] in shown.text
    assert [row["label"] for row in described["sections"][0]["rows"] if row["label"] not in shown.text] == []
    assert "22/11/2026" in shown.text


@LAYERS
def test_a_record_leads_to_itself_on_the_map_and_to_its_list(client: Client, layer: Layer):
    number = first(layer)
    links = page(client, f"/{layer.name}/{number}").links
    assert [link for link in links if link.startswith("/?") and f"select={layer.name}/{number}" in link]
    assert f"/list/{layer.name}" in links


@LAYERS
def test_a_record_reads_in_english(client: Client, layer: Layer):
    shown = page(client, f"/{layer.name}/{first(layer)}?lang=en")
    assert layer.title.en in shown.text
    assert "By the data up to" in shown.text


@LAYERS
def test_links_to_other_records_answer(client: Client, layer: Layer):
    links = page(client, f"/{layer.name}/{first(layer)}").links
    records = {link for link in links if link.count("/") == 2 and link.rpartition("/")[2].isdigit()}
    assert [link for link in sorted(records)[:30] if client.get(link).status_code != 200] == []


def test_a_device_leads_to_its_site_and_back(client: Client):
    number = MeasuringDevice.objects.filter(site__publish_state=PUBLIC, publish_state=PUBLIC).first().pk
    site = next(link for link in page(client, f"/measuring_devices/{number}").links if "/inspection_sites/" in link)
    assert f"/measuring_devices/{number}" in page(client, site).links


def test_a_record_says_what_is_withheld(client: Client):
    layer = get("measuring_devices")
    shown = page(client, f"/measuring_devices/{first(layer)}")
    device = MeasuringDevice.objects.get(pk=first(layer))
    assert layer.withheld.vi in shown.text
    assert device.serial_no
    assert device.serial_no not in shown.source


def test_a_position_by_commune_has_no_directions(client: Client):
    places = MeasuringDevice.objects.filter(publish_state=PUBLIC)
    rough = places.filter(geom_accuracy="commune_centroid").first()
    if rough is None:
        rough = places.first()
        MeasuringDevice.objects.filter(pk=rough.pk).update(geom_accuracy="commune_centroid")
    shown = page(client, f"/measuring_devices/{rough.pk}")
    MeasuringDevice.objects.filter(pk=rough.pk).update(geom_accuracy=rough.geom_accuracy)
    assert "Vị trí theo xã" in shown.text
    assert [link for link in shown.links if link.startswith("geo:")] == []


def test_another_day_is_named(client: Client):
    shown = page(client, f"/measuring_devices/{first(get('measuring_devices'))}?on=2026-03-01")
    assert "Tình trạng của ngày 01/03/2026" in shown.text


@pytest.mark.parametrize("layer", [layer for layer in all_layers() if layer.dated], ids=lambda layer: layer.name)
def test_the_state_of_another_day_is_a_field_away(client: Client, layer: Layer):
    shown = client.get(f"/{layer.name}/{first(layer)}?lang=en").content.decode()
    form = shown[shown.index('class="other-day"') :].split("</form>")[0]
    assert '<input type="date" id="on" name="on" value="20' in form
    assert '<input type="hidden" name="lang" value="en">' in form


def test_a_day_before_the_record_says_so(client: Client):
    address = f"/laboratories/{first(get('laboratories'))}"
    refused = client.get(f"{address}?on=1901-01-01&lang=en")
    said = refused.content.decode()
    assert refused.status_code == 404
    assert "was not there on 01/01/1901" in said and "mistyped" not in said
    assert f'href="{address}?lang=en">See it today</a>' in said
    told = client.get(f"{address}.json?on=1901-01-01").json()
    assert (told["code"], told["parameter"]) == ("record.not_on_day", "on")
    assert client.get(f"/laboratories/{UNUSED}.json?on=1901-01-01").json()["code"] == "not_found"


def test_overdue_is_never_said_as_an_accusation(client: Client):
    overdue = client.get("/api/v1/measuring_devices/?status=overdue&limit=1").json()["features"][0]["id"]
    shown = page(client, f"/measuring_devices/{overdue}")
    assert "Chưa thấy kiểm định còn hiệu lực" in shown.text
    assert "Quá hạn" not in shown.text
    assert f"/report?layer=measuring_devices&record={overdue}" in shown.links


@pytest.mark.parametrize("form", ["", ".json"])
def test_a_merged_record_leads_on(client: Client, committed: Callable[[Model], Model], form: str):
    committed(tombstone(merged_into=7))
    response = client.get(f"/laboratories/{UNUSED}{form}")
    assert (response.status_code, response["Location"]) == (301, f"/laboratories/7{form}")


def test_a_withdrawn_record_is_gone_with_its_day(client: Client, committed: Callable[[Model], Model]):
    committed(tombstone())
    assert "03/05/2026" in page(client, f"/laboratories/{UNUSED}", status=410).text
    assert client.get(f"/laboratories/{UNUSED}.json").json()["code"] == "record.gone"


@pytest.mark.parametrize("number", [str(UNUSED), "0", "007", "99999999999999999999"])
def test_what_never_was_is_not_found(client: Client, number: str):
    page(client, f"/laboratories/{number}", status=404)


def test_an_english_page_calls_a_record_by_its_english_name_and_keeps_the_other(
    client: Client, committed: Callable[[Model], Model]
):
    site = InspectionSite.objects.filter(publish_state=PUBLIC)[0]
    site.pk, site.source_id, site.name_en = None, "test-english-name", "Riverside filling station"
    committed(site)
    english = client.get(f"/inspection_sites/{site.pk}.json?lang=en").json()
    vietnamese = client.get(f"/inspection_sites/{site.pk}.json").json()
    assert (english["title"], vietnamese["title"]) == (site.name_en, site.name)
    for said, other in ((english, site.name), (vietnamese, site.name_en)):
        assert other in [row["text"] for row in said["sections"][0]["rows"]]
    assert site.name_en in client.get(f"/list/inspection_sites?lang=en&q={site.name}").content.decode()
