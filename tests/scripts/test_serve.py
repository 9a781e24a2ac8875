"""What `make serve` starts, in which order."""

import pytest

from scripts import serve


def test_triggers_and_sums_follow_the_settings_before_anything_reads_or_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(serve.processes, "start", lambda name, command, settings: told.append(name))
    monkeypatch.setattr(serve.processes, "end", lambda process: None)
    monkeypatch.setattr(serve.processes, "forget", lambda name: None)
    monkeypatch.setattr(serve, "run_quietly", lambda command, **options: told.append(command[2]))
    for name in ("_require_free_port", "_wait_until_ready", "_say_where", "_wait_for_end"):
        monkeypatch.setattr(serve, name, lambda *programs: None)
    serve.serve()
    assert told == ["derive", "worker", "server", "roll_over"]
