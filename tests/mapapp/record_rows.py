"""Bodies that tests of the record page commit: one place of an organisation of its own, with facts as the test says."""

import json
from datetime import date, timedelta

from django.test import Client

from layers.models import Organisation, PlaceOfActivity, Qualification, ScopeLine
from layers.registers.base import PUBLIC
from tests.conftest import DAY
from tests.mapapp.pages import Page, page
from tests.services.verify_rows import Save, a_body, a_line, a_qualification, changed

SECRETS = {
    "phone": "0912345678",
    "email": "giam-doc@vi-du.vn",
    "tax_code": "0109998887",
    "legal_address": "Số 9 ngõ Riêng Tư",
}


def days(count: int) -> date:
    """The day that many days after the one the map stands on."""
    return DAY + timedelta(days=count)


def a_place(save: Save, body: Organisation, **values: object) -> PlaceOfActivity:
    place = PlaceOfActivity.objects.filter(publish_state=PUBLIC)[0]
    given = {"name": "Phòng thử nghiệm Số Một", "name_en": "", "address": "Số 1 phố Thử", **values}
    return save(changed(place, organisation=body, **given))  # type: ignore[return-value]


def a_laboratory(save: Save, **organisation: object) -> PlaceOfActivity:
    """A place without any fact yet, of an organisation with secrets."""
    return a_place(save, a_body(save, "Tổ chức Số Một", **{"org_type": "enterprise", **organisation}))


def a_fact(save: Save, place: PlaceOfActivity, number: str, **values: object) -> Qualification:
    return a_qualification(save, number, place.organisation, **values)


def line_at(save: Save, place: PlaceOfActivity, fact: Qualification, product: str, **values: object) -> ScopeLine:
    return a_line(save, fact, product, place=place, **values)


def shown(client: Client, place: PlaceOfActivity, query: str = "", *, layer: str = "laboratories") -> Page:
    return page(client, f"/{layer}/{place.pk}{query}")


def linked_data(found: Page) -> dict:
    """The one data block of the page, as a search engine reads it."""
    _, _, rest = found.source.partition('<script type="application/ld+json">')
    return json.loads(rest.partition("</script>")[0])
