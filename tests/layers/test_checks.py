"""`manage.py check` finds, before any visitor does, what a layer would read and the public cannot."""

from dataclasses import replace

import pytest
from django.core.checks import CheckMessage

from layers.catalogue.laboratories import LAYER as LABORATORIES
from layers.catalogue.measuring_devices import LAYER as DEVICES
from layers.checks import check_layers, faults_of
from layers.layer import Field, Layer, Units, column
from layers.models import Authority


def with_field(layer: Layer, **options: object) -> Layer:
    return replace(layer, fields=(*layer.fields, Field("broken", "broken", **options)))


def told(faults: list[CheckMessage]) -> set[tuple[str, str]]:
    return {(fault.id.removeprefix("layers."), fault.msg.partition(": ")[2]) for fault in faults}


def unseen(asker: str, name: str) -> tuple[str, str]:
    return "E007", f"{asker} reads {name}, which no public view shows"


def test_all_registered_layers_are_sound():
    assert check_layers() == []


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        ("serial_no", "layers_measuringdevice.serial_no"),
        ("owner__name_vi", "layers_measuringdevice.owner_id"),
        ("type_approval__holder__phone", "layers_organisation.phone"),
        (column("registration_no"), "layers_measuringdevice.registration_no"),
    ],
)
def test_a_public_field_of_a_private_column_is_named(source, missing):
    layer = with_field(DEVICES, source=source)
    if callable(source):
        layer = replace(layer, replay=None)
    assert unseen("field broken", missing) in told(faults_of(layer))


def test_a_field_for_roles_may_read_a_private_column():
    assert faults_of(with_field(DEVICES, source="serial_no", roles=("inspector",))) == []


def test_a_filter_is_the_public_s_whoever_sees_its_field():
    layer = with_field(DEVICES, kind="flag", source="serial_assigned", filter="flag", roles=("inspector",))
    assert told(faults_of(layer)) == {unseen("filter broken", "layers_measuringdevice.serial_assigned")}


def test_a_filter_that_tests_another_column_than_it_shows_is_followed():
    layer = with_field(DEVICES, kind="flag", source="is_mobile", filter_source="serial_assigned", filter="flag")
    assert told(faults_of(layer)) == {unseen("filter broken", "layers_measuringdevice.serial_assigned")}


def test_a_filter_of_scope_lines_is_followed_from_the_line():
    layer = with_field(
        LABORATORIES, kind="flag", lines=True, filter="flag", source="name", filter_source="qualification__source_id"
    )
    assert told(faults_of(layer)) == {unseen("filter broken", "layers_qualification.source_id")}


@pytest.mark.parametrize("name", ["status", "valid_until", "device", "bbox"])
def test_a_filter_that_has_no_key_cannot_be_walked(name):
    assert told(faults_of(replace(DEVICES, walks=("commune", name)))) == {("E010", f"{name} cannot be walked")}


def test_search_units_and_tables_are_followed():
    (site, verifications) = DEVICES.tables
    table = replace(verifications, columns=(*verifications.columns, Field("broken", "broken", source="source_id")))
    layer = replace(
        DEVICES,
        search=("management_code",),
        units=Units(province_code="owner__province__code"),
        tables=(site, table),
    )
    assert told(faults_of(layer)) == {
        unseen("search", "layers_measuringdevice.management_code"),
        unseen("units", "layers_measuringdevice.owner_id"),
        unseen(f"table {table.title}", "layers_verification.source_id"),
    }


def test_a_path_that_leads_nowhere_is_named():
    faults = told(faults_of(with_field(DEVICES, source="site__colour")))
    assert {number for number, _ in faults} == {"E008"}
    assert {message.partition(": ")[0] for _, message in faults} == {"field broken"}


def test_a_name_in_open_columns_that_is_no_column_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Authority, "OPEN_COLUMNS", (*Authority.OPEN_COLUMNS, "colour"))
    assert [(fault.id, fault.msg) for fault in check_layers()] == [
        ("layers.E009", "Authority.OPEN_COLUMNS names colour, which is no column")
    ]
