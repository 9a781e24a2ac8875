"""What the database derives stands as code and settings declare it, and whoever looks after the map is told if not."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from pytest_django import Settings

from layers import derived
from layers.derived import Part, drop, outdated, remake
from layers.models import DeviceCount
from layers.pyramid.rows import contributions

DEVICES = "pyramid of measuring_devices"


@pytest.fixture
def taken_back(world: object) -> Iterator[None]:
    """What a test does to the database is undone behind it, and declarations are read anew."""
    _declare_anew()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    _declare_anew()


def _declare_anew() -> None:
    """A process does not change what it declares; a test does."""
    contributions.cache_clear()
    derived._declarations.cache_clear()


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> list[Part]:
    """Parts that are declared beside the others."""
    more: list[Part] = []
    monkeypatch.setattr(derived, "_DECLARED", [*derived._DECLARED, lambda: more])
    return more


def _part(*make: str, function: str) -> Part:
    return Part("of a test", ("tests_kept",), (function,), make, ("tests_kept",), frozenset(), lambda cursor: None)


def _first() -> Part:
    table, function = "CREATE TABLE tests_kept (n integer)", "CREATE FUNCTION tests_first() RETURNS integer"
    return _part(table, f"{function} LANGUAGE sql AS 'SELECT 1'", function="tests_first")


def _ask(sql: str, *values: object) -> list:  # type: ignore[type-arg]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def _stands(name: str) -> bool:
    (found,) = _ask("SELECT to_regclass(%s) IS NOT NULL OR to_regproc(%s) IS NOT NULL", name, name)
    return bool(found[0])


def _not_ready() -> dict[str, str]:
    parts = Client(SERVER_NAME="127.0.0.1").get("/ready").json()["parts"]
    return {name: state for name, state in parts.items() if state != "ok" and name != "roll_over"}


def test_another_setting_is_named_by_ready_until_all_that_follows_it_is_made_anew(
    taken_back: None, settings: Settings
) -> None:
    sums = "SELECT status, sum(n) FROM pyramid_measuring_devices_by_class GROUP BY 1 HAVING sum(n) > 0"
    before, cells = set(_ask(sums)), DeviceCount.objects.filter(status="due_soon").count()
    assert _not_ready() == {}
    settings.DUE_SOON_DAYS = 300
    _declare_anew()
    assert _not_ready() == {"derived": "not as declared"}
    assert outdated() == [DEVICES]
    call_command("derive", verbosity=0)
    assert _not_ready() == {}
    assert set(_ask(sums)) != before
    assert DeviceCount.objects.filter(status="due_soon").count() > cells


def test_what_stands_as_declared_is_left_alone(taken_back: None) -> None:
    assert remake() == [] and outdated() == []


def test_a_part_that_is_declared_no_more_goes_with_all_that_was_made_for_it(
    taken_back: None, declared: list[Part]
) -> None:
    declared.append(_first())
    assert remake() == ["of a test"]
    assert all(map(_stands, ("tests_kept", "open.tests_kept", "tests_first")))
    declared.clear()
    _declare_anew()
    assert outdated() == ["of a test"]
    assert remake() == ["of a test"]
    assert not any(map(_stands, ("tests_kept", "open.tests_kept", "tests_first")))


def test_a_part_that_is_declared_otherwise_leaves_nothing_of_the_older_one(
    taken_back: None, declared: list[Part]
) -> None:
    declared.append(_first())
    remake()
    second = "CREATE FUNCTION tests_second() RETURNS integer LANGUAGE sql AS 'SELECT 2'"
    declared[:] = [_part("CREATE TABLE tests_kept (n bigint)", second, function="tests_second")]
    assert remake() == ["of a test"]
    assert _stands("tests_second") and not _stands("tests_first")


def test_a_part_that_cannot_be_made_leaves_the_others_as_they_should_be(taken_back: None, declared: list[Part]) -> None:
    _ask("UPDATE derived_part SET fingerprint = '' WHERE name = %s", DEVICES)
    declared.append(_part("CREATE TABLE tests_kept (n no_such_type)", function="tests_first"))
    with pytest.raises(DatabaseError):
        remake()
    assert outdated() == ["of a test"]


def test_a_migration_that_drops_all_parts_first_may_change_what_triggers_read(taken_back: None) -> None:
    drop()
    _ask("ALTER TABLE layers_measuringdevice RENAME valid_until TO ends_on")
    _ask("UPDATE layers_measuringdevice SET device_group = device_group WHERE ends_on IS NOT NULL")
    _ask("ALTER TABLE layers_measuringdevice RENAME ends_on TO valid_until")
    every = ["changes", DEVICES, "scope_subjects", "search_words"]
    assert outdated() == sorted(every) == sorted(remake())
