import pytest

from scripts import packages
from scripts.packages import Need


def lacking(*names):
    return [Need(names, lambda: False), Need(("there-already",), lambda: True)]


def test_it_names_exactly_the_missing_packages_where_it_cannot_install(monkeypatch):
    monkeypatch.setattr(packages, "_needs", lambda *, for_tests: lacking("postgresql", "gdal-bin"))
    monkeypatch.setattr(packages, "_administrator", lambda: None)
    with pytest.raises(SystemExit) as refused:
        packages.install_missing(for_tests=False)
    assert "  postgresql gdal-bin\n" in str(refused.value)
    assert "there-already" not in str(refused.value)


def test_it_says_so_when_apt_did_not_bring_what_was_missing(monkeypatch):
    monkeypatch.setattr(packages, "_needs", lambda *, for_tests: lacking("postgresql"))
    monkeypatch.setattr(packages, "_install", lambda missing: None)
    with pytest.raises(SystemExit, match="was not found: postgresql"):
        packages.install_missing(for_tests=False)


def test_it_asks_for_no_database_server_where_the_operator_has_one(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://map@db/map")
    monkeypatch.setattr(packages.postgres_programs, "is_installed", lambda: False)
    assert "postgresql" not in packages.missing_packages(for_tests=False)
