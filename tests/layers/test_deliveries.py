"""Registers of evidence, formats of their numbers, deliveries, and the view over all evidence."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import IntegrityError, models, transaction
from django.db.migrations import AlterField, RemoveField

from layers import checkable
from layers.models import Authority, Delivery, EvidenceRegister, NumberPattern, Organisation
from layers.open_schema import ChangeShownColumns, remake
from layers.registers.number_key import number_key
from tests.layers.test_shown_columns import columns_shown, migrate


def test_a_format_kept_elsewhere_fits_no_number_that_is_kept_here(world: date) -> None:
    patterns = NumberPattern.objects.select_related("register")
    elsewhere = [one for one in patterns if not one.register.kept_here]
    assert elsewhere
    for here in (one for one in patterns if one.register.kept_here):
        assert [one.pattern for one in elsewhere if one.fits(number_key(here.example))] == [], here.example


def test_whoever_is_named_to_be_asked_has_a_name_and_what_is_not_sure_says_so(world: date) -> None:
    for register in EvidenceRegister.objects.filter(kept_here=False):
        assert register.keeper_vi and register.keeper_en and register.source
    unread = NumberPattern.objects.filter(source__contains="format not read")
    assert unread and set(unread.values_list("certainty", flat=True)) == {"general"}


def test_every_issuer_of_the_demo_has_delivered_up_to_a_day_not_ahead(world: date) -> None:
    assert not Delivery.objects.filter(delivered_up_to__gt=world).exists()
    kept = set(EvidenceRegister.objects.filter(kept_here=True).values_list("code", flat=True))
    assert set(Delivery.objects.values_list("register__code", flat=True)) == kept


@pytest.mark.django_db
def test_loading_again_changes_nothing_and_leaves_formats_that_others_added(world: date) -> None:
    register = EvidenceRegister.objects.get(code="type_approvals")
    about = {"certainty": "interpretation", "source": "x", "source_system": "office"}
    NumberPattern.objects.create(register=register, pattern=r"own\d+", example="OWN 1", **about)
    shipped = NumberPattern.objects.values_list("register__code", "pattern", "prefix", "example", "certainty")
    before = set(shipped)
    call_command("load_reference", verbosity=0)
    assert set(shipped) == before


@pytest.mark.django_db
def test_a_register_kept_elsewhere_cannot_claim_every_number(world: date) -> None:
    register = EvidenceRegister.objects.get(code="product_barcodes")
    register.any_number = True
    with pytest.raises(IntegrityError, match="numbers_kept_elsewhere_have_a_format"), transaction.atomic():
        register.save()


@pytest.mark.django_db
def test_a_delivery_is_of_one_issuer_and_stands_once(world: date) -> None:
    register, day = EvidenceRegister.objects.get(code="test_reports"), date(2026, 1, 1)
    body, authority = Organisation.objects.all()[0], Authority.objects.all()[0]
    given = {"register": register, "delivered_up_to": day, "source_system": "test"}
    with pytest.raises(IntegrityError, match="delivery_of_one_issuer"), transaction.atomic():
        Delivery.objects.create(**given, body=body, authority=authority)
    Delivery.objects.create(**given, authority=authority)
    with pytest.raises(IntegrityError, match="delivery_once"), transaction.atomic():
        Delivery.objects.create(**given, authority=authority)


@pytest.mark.django_db
def test_the_view_of_evidence_makes_room_for_a_change_of_a_column_that_it_reads(world: date) -> None:
    longer = AlterField("verification", "certificate_no", models.CharField(max_length=80, blank=True, default=""))
    migrate(ChangeShownColumns("verification", longer))
    assert columns_shown(checkable.NAME) == set(checkable.COLUMNS)


@pytest.mark.django_db
def test_back_before_a_column_was_added_there_is_no_view_of_evidence(world: date) -> None:
    migrate(RemoveField("verification", "sticker_serial"))
    remake()
    assert columns_shown(checkable.NAME) == set()
