"""Django's admin over the registers: reference tables are edited there, registers only read, nothing is fetched."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.test import Client

from accounts.models import User
from layers.admin import RegisterAdmin
from layers.registers.base import Record
from tests.mapapp.pages import Page, page

SHOWN = [one for model, one in admin.site._registry.items() if model._meta.app_label == "layers"]
EACH = pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.model.__name__)


@pytest.fixture
def administrator(client: Client) -> Iterator[Client]:
    """Signed in as somebody who may do everything."""
    user = User.objects.create_superuser("admin_of_tests")
    client.force_login(user)
    yield client
    user.delete()


def addresses(shown: ModelAdmin) -> list[str]:
    """The list of a table and its first row, where there is one."""
    base = f"/admin/layers/{shown.model._meta.model_name}/"
    first = shown.model._default_manager.first()
    return [base, f"{base}{first.pk}/change/"] if first else [base]


@EACH
def test_its_pages_answer_and_fetch_nothing_from_elsewhere(administrator: Client, shown: ModelAdmin):
    pages = [page(administrator, address) for address in addresses(shown)]
    assert [one for found in pages for one in found.fetched if not one.startswith(("/static/", "/admin/"))] == []
    assert [attrs for found in pages for attrs in inline_scripts(found)] == []


def inline_scripts(found: Page) -> list[dict[str, str | None]]:
    kinds = ("", None, "module", "text/javascript")
    return [attrs for attrs in found.all("script") if "src" not in attrs and attrs.get("type", "") in kinds]


@EACH
def test_registers_are_read_only(shown: ModelAdmin):
    assert isinstance(shown, RegisterAdmin) == issubclass(shown.model, Record)


def test_a_register_row_cannot_be_changed_here(administrator: Client):
    address = addresses(next(one for one in SHOWN if one.model.__name__ == "InspectionSite"))[-1]
    assert administrator.post(address, {"name": "x"}).status_code == 403


def test_who_is_not_signed_in_is_sent_to_the_sign_in(client: Client):
    assert client.get("/admin/layers/devicetype/")["Location"].startswith("/admin/login/")
