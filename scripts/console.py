"""What set-up says while it works, and the one way it runs programs."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from scripts.logs import last_lines, path_of

TICK_S = 5


def say(text: str) -> None:
    """Print one line at once, also when the output is a file."""
    print(text, flush=True)


@contextmanager
def step(title: str, *, talks: bool = False) -> Iterator[None]:
    """Name a step and say how long it took; of one that does not talk itself, say now and then that it runs."""
    say(f"· {title} …")
    begun = time.monotonic()
    done = threading.Event()
    if not talks:
        threading.Thread(target=_tick, args=(title, begun, done), daemon=True).start()
    try:
        yield
    except BaseException:
        say(f"✗ {title} ({_elapsed(begun)})")
        raise
    finally:
        done.set()
    say(f"✓ {title} ({_elapsed(begun)})")


def _tick(title: str, begun: float, done: threading.Event) -> None:
    while not done.wait(TICK_S):
        say(f"  {title}: {_elapsed(begun)} …")


def _elapsed(begun: float) -> str:
    return f"{time.monotonic() - begun:.0f} s"


def run(command: Sequence[str], **options: Any) -> None:
    """Run a program; where it fails, end this one too and name what failed."""
    code = subprocess.run(command, check=False, **options).returncode
    if code:
        sys.exit(f"Failed ({code}): {' '.join(command)}")


def run_quietly(command: Sequence[str], *, log: str, **options: Any) -> None:
    """The same with the program's words in var/log; its last lines are shown only where it fails."""
    path = path_of(log)
    with path.open("w") as file:
        code = subprocess.run(
            command, check=False, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, **options
        ).returncode
    if code:
        sys.exit(f"{last_lines(log)}\nFailed ({code}): {' '.join(command)}\nAll of its output: {path}")
