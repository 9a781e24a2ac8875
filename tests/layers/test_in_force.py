"""What a place once had is shown, and told apart from what it has."""

from datetime import date

import pytest
from django.db.models import Exists, OuterRef, Q
from django.test import Client

from layers.registers.organisations import PlaceOfActivity
from layers.registers.qualifications import ScopeLine
from layers.registry import get

SUFFIX = {"vi": "(không có hiệu lực)", "en": "(not in force)"}


@pytest.fixture
def lapsed_body(world: date) -> int:
    """A laboratory with lines in force whose accreditation, with mutual recognition, ended altogether."""
    lines = ScopeLine.objects.using("open").filter(
        get("laboratories").lines.rows(world), get("laboratories").lines.public, place=OuterRef("pk")
    )
    ended = Q(valid_until__lt=world) | Q(withdrawn_on__lte=world)
    alive = lines.exclude(ended).filter(suspended_from=None)
    recognised = Q(qualification__ilac_mra=True)
    places = PlaceOfActivity.objects.using("open").filter(
        Exists(alive), Exists(lines.filter(ended & recognised)), ~Exists(lines.exclude(ended).filter(recognised))
    )
    return places.order_by("pk").values_list("pk", flat=True)[0]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_lapsed_accreditation_does_not_look_alive(client: Client, lapsed_body: int, lang: str) -> None:
    shown = client.get(f"/api/v1/laboratories/{lapsed_body}/?lang={lang}").json()["properties"]
    assert shown["status"] in ("active", "reduced", "suspended")
    assert shown["scheme"] and all(label.endswith(SUFFIX[lang]) for label in shown["scheme_label"])
    assert shown["ilac_mra"] is True and shown["ilac_mra_label"].endswith(SUFFIX[lang])
    page = client.get(f"/laboratories/{lapsed_body}?lang={lang}").content.decode()
    assert SUFFIX[lang] in page


def test_what_is_in_force_is_shown_without_remark(client: Client, world: date) -> None:
    lines = ScopeLine.objects.using("open").filter(place=OuterRef("pk"))
    only_alive = PlaceOfActivity.objects.using("open").filter(
        Exists(lines),
        ~Exists(
            lines.filter(Q(valid_until__lt=world) | Q(withdrawn_on__isnull=False) | Q(suspended_from__isnull=False))
        ),
    )
    number = only_alive.order_by("pk").values_list("pk", flat=True)[0]
    assert SUFFIX["vi"] not in client.get(f"/laboratories/{number}").content.decode()


def test_marks_of_lines_agree_with_the_status_filter(client: Client, world: date) -> None:
    """A body that `scheme=X&status=active` does not find is never shown with X in force, and the other way round."""
    found = client.get("/api/v1/laboratories/?scheme=VILAS&limit=1000").json()["features"]
    active = client.get("/api/v1/laboratories/?scheme=VILAS&status=active&limit=1000").json()["features"]
    alive = {one["id"] for one in active}
    assert 0 < len(alive) < len(found)
    for one in found:
        at = one["properties"]["scheme"].index("VILAS")
        said_lapsed = SUFFIX["vi"] in one["properties"]["scheme_label"][at]
        assert said_lapsed == (one["id"] not in alive)


def test_a_list_filtered_by_lines_says_that_its_states_are_those_of_whole_places(client: Client) -> None:
    remark = "the state shown is that of the whole place"
    assert remark in client.get("/list/laboratories?status=expired&lang=en").content.decode()
    assert remark not in client.get("/list/laboratories?lang=en").content.decode()
    assert remark not in client.get("/list/inspection_sites?site_kind=market&lang=en").content.decode()
