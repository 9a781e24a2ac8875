"""`make demo` runs a step again when its sources changed, and asks the database whether the demo data stand."""

import pytest

from scripts import load


@pytest.fixture
def ran(tmp_path, monkeypatch):
    """The commands that one `load()` starts, in a clone with a folder of marks of its own."""
    started = []
    monkeypatch.setattr(load, "MARKS", tmp_path / "loaded")
    monkeypatch.setattr(load, "make_var", lambda: None)
    monkeypatch.setattr(load, "secret", lambda name: "secret")
    monkeypatch.setattr(load.environment, "remember", lambda name, value: None)
    monkeypatch.setattr(load, "run", lambda command, **options: started.append(command[2]))
    monkeypatch.delenv("DATABASE_URL", raising=False)

    def commands() -> list[str]:
        started.clear()
        load.load()
        return list(started)

    return commands


def test_a_second_start_runs_nothing_but_the_question_whether_the_demo_data_stand(ran):
    assert ran() == ["migrate", "create_demo_administrator", "load_reference", "load_boundaries", "load_demo"]
    assert ran() == ["load_demo"]


def test_an_operator_s_database_is_looked_at_before_anything_of_the_demo_comes_to_it(ran, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://map@db/map")
    assert ran()[:2] == ["migrate", "load_demo"]
    assert len(ran()) == 6
