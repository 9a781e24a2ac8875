"""nginx that serves our tiles as static files, compressed beforehand: as fast as this machine can send them."""

import gzip
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import nginx
from bench.client import Answer, Client
from bench.race import Ask, Question
from bench.running import Running

FILES = nginx.HOME / "files"
_numbers = itertools.count()


@contextmanager
def contender(ours: Ask) -> Iterator[Ask]:
    """Answers each question with the file of what `ours` answers to it."""
    number, written = next(_numbers), set[str]()
    with serve() as running, Client(running.address) as client:

        def ask(question: Question) -> Answer:
            name = f"{number}{question.path.replace('/', '-').replace('?', '-')[:200]}.mvt"
            if name not in written:
                put(name, ours(question).body)
                written.add(name)
            return client.get(f"/{name}")

        yield ask


@contextmanager
def serve() -> Iterator[Running]:
    """nginx over the folder FILES. Raises Missing."""
    nginx.install()
    FILES.mkdir(parents=True, exist_ok=True)
    with nginx.serve(f"root {FILES}; gzip_static always;") as running:
        yield running


def put(name: str, body: bytes) -> Path:
    """Store a body under that name."""
    path = FILES / f"{name}.gz"
    path.write_bytes(gzip.compress(body, 6))
    return path
