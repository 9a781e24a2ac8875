"""`make demo` runs a step again when its sources changed, and asks the database itself whose data it holds."""

from contextlib import suppress

import pytest

from scripts import load


class Runs:
    """Loads on call and returns the commands that were started; `refused` names one that ends the program."""

    refused = ""

    def __init__(self) -> None:
        self.started: list[str] = []

    def start(self, command: list[str], **options: object) -> None:
        name = " ".join(word for word in command[2:] if word not in ("--skip-checks", "--verbosity=0"))
        self.started.append(name)
        if name == self.refused:
            raise SystemExit(1)

    def __call__(self) -> list[str]:
        self.started.clear()
        with suppress(SystemExit):
            load.load()
        return list(self.started)


@pytest.fixture
def ran(tmp_path, monkeypatch):
    """The commands that one `load()` starts, in a clone with a folder of marks of its own."""
    runs = Runs()
    monkeypatch.setattr(load, "MARKS", tmp_path / "loaded")
    monkeypatch.setattr(load, "make_var", lambda: None)
    monkeypatch.setattr(load, "secret", lambda name: "secret")
    monkeypatch.setattr(load.environment, "remember", lambda name, value: None)
    monkeypatch.setattr(load, "run", runs.start)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return runs


def test_a_second_start_runs_nothing_but_the_question_whether_the_demo_data_stand(ran):
    assert ran() == [
        *("migrate", "load_demo --only-check", "create_demo_administrator"),
        *("load_reference", "load_boundaries --if-needed", "load_demo --if-needed"),
    ]
    assert ran() == ["load_demo --only-check", "load_demo --if-needed"]


def test_an_operator_s_database_is_asked_by_every_command_each_time(ran, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://map@db/map")
    assert len(ran()) == len(ran()) == 6


@pytest.mark.parametrize("own", ["", "postgresql://map@db/map"])
def test_a_database_with_real_data_gets_nothing_of_the_demo(ran, monkeypatch, own):
    monkeypatch.setenv("DATABASE_URL", own)
    ran.refused = "load_demo --only-check"
    assert ran() == ["migrate", "load_demo --only-check"]
