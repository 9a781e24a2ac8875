from pathlib import Path

import pytest

from scripts import environment, settings_check


@pytest.fixture
def env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "env"
    monkeypatch.setattr(environment, "ENV_FILE", path)
    return path


def test_what_is_set_to_nothing_counts_as_not_set(env_file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MAP_SECRET_KEY", "")
    monkeypatch.setenv("DATABASE_URL", "")
    env_file.write_text("MAP_SECRET_KEY=kept\n")
    values = environment.application()
    assert values["MAP_SECRET_KEY"] == "kept"
    assert "DATABASE_URL" not in values


def test_an_empty_address_of_the_database_stops_no_fresh_clone(env_file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("DATABASE_OPEN_URL", "")
    settings_check.require_sound()
