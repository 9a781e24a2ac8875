"""Whom the map names: exactly those whose data it shows, wherever it says so."""

import json
from collections.abc import Iterator

import pytest
from django.test import Client

from geodata.models import LoadedSource
from layers.registers.base import PUBLIC
from layers.registers.organisations import PlaceOfActivity
from layers.registers.sites import InspectionSite

OSM = "© OpenStreetMap contributors"


def site(**values: object) -> InspectionSite:
    """A site like one that is there, published unless the values say otherwise."""
    row = InspectionSite.objects.filter(publish_state=PUBLIC).first()
    assert row
    row.pk, row.source_id = None, "credited"
    for name, value in values.items():
        setattr(row, name, value)
    return row


@pytest.fixture
def without_open_street_map(world) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """The world of a clone that has no file of real places."""
    ids = list(InspectionSite.objects.filter(geom_source=OSM).values_list("pk", flat=True))
    InspectionSite.objects.filter(pk__in=ids).update(geom_source="demo")
    yield
    InspectionSite.objects.filter(pk__in=ids).update(geom_source=OSM)


@pytest.fixture
def approximated(world) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """Boundaries as they are where no file was loaded."""
    rows = LoadedSource.objects.filter(name="boundaries")
    origin = rows.get().origin
    rows.update(origin="approximation")
    yield
    rows.update(origin=origin)


def said(client: Client) -> dict[str, str]:
    """What each way in says of its sources."""
    style = client.get("/style.json").json()
    return {
        "style": " ".join(source.get("attribution", "") for source in style["sources"].values()),
        "tilejson": client.get("/tiles/inspection_sites.json").json()["attribution"],
        "page": " ".join(client.get("/layers.json").json()["credits"]),
        "about": client.get("/about").content.decode(),
    }


def test_open_street_map_is_named_everywhere_while_places_stand_where_it_says(client, committed):
    committed(site(geom_source=OSM))
    assert [way for way, text in said(client).items() if OSM not in text] == []


def test_open_street_map_is_not_named_where_nothing_comes_from_it(client, without_open_street_map):
    assert [way for way, text in said(client).items() if "OpenStreetMap" in text] == []


def test_an_unpublished_place_names_nobody(client, without_open_street_map, committed):
    committed(site(geom_source="© Secret Survey", publish_state="internal"))
    assert [way for way, text in said(client).items() if "Secret" in text] == []


def test_natural_earth_is_always_named_and_roads_only_where_they_were_loaded(client, approximated):
    found = said(client)
    assert [way for way in ("style", "page", "about") if "Natural Earth" not in found[way]] == []
    assert [way for way, text in found.items() if "LegoCity" in text] == []


def test_approximate_boundaries_are_called_so(client, approximated):
    assert client.get("/layers.json").json()["boundaries"] == "approximate"
    assert "gần đúng" in said(client)["about"]


def test_a_source_with_markup_stays_text(client, committed):
    committed(site(geom_source="© <img src=x>"))
    attribution = client.get("/tiles/inspection_sites.json").json()["attribution"]
    assert "<img" not in attribution and "&lt;img" in attribution
    assert "<img src=x>" not in json.dumps(client.get("/style.json").json()["sources"])
    assert "<img src=x>" not in client.get("/about").content.decode()


@pytest.mark.usefixtures("without_open_street_map")
def test_positions_of_bodies_are_credited_like_those_of_sites(client: Client, committed) -> None:  # type: ignore[no-untyped-def]
    place = PlaceOfActivity.objects.filter(publish_state=PUBLIC).first()
    assert place and OSM not in client.get("/layers.json").json()["credits"]
    place.pk, place.source_id, place.geom_source = None, "credited-place", OSM
    committed(place)
    assert OSM in client.get("/layers.json").json()["credits"]
