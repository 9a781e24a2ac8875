"""nginx that serves our tiles as static files, compressed beforehand: as fast as this machine can send them."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import nginx
from bench.client import Answer, Client
from bench.race import Ask, Question
from bench.running import Running

FILES = nginx.HOME / "files"


@contextmanager
def contender(ours: Ask) -> Iterator[Ask]:
    """Answers each question with the file of what `ours` answers to it."""
    with serve() as running, Client(running.address) as client:

        def ask(question: Question) -> Answer:
            name = question.path.replace("/", "-").replace("?", "-")[1:200] + ".mvt"
            if not (FILES / f"{name}.gz").exists():
                put(name, ours(question).body)
            return client.get(f"/{name}")

        yield ask


@contextmanager
def serve() -> Iterator[Running]:
    """nginx over an empty folder FILES. Raises Missing."""
    nginx.install()
    FILES.mkdir(parents=True, exist_ok=True)
    for path in FILES.iterdir():
        path.unlink()
    with nginx.serve(f"root {FILES}; gzip_static always;") as running:
        yield running


def put(name: str, body: bytes) -> Path:
    """Store a body under that name."""
    path = FILES / f"{name}.gz"
    path.write_bytes(gzip.compress(body, 6))
    return path
