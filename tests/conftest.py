"""The world that tests read (tests/world.py), committed once per run.

Public reading happens on a connection of its own (the open role), which sees only what was committed. So the
world is loaded for real, tests that only read ask for `world`, and tests that write commit and clean up
(`committed`), or write inside Django's usual transaction (`@pytest.mark.django_db`) and read as staff.
"""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.db.models import Model
from django.test import Client
from django.test.utils import teardown_databases

from mapapp.server_shape import THREADS_PER_WORKER, WORKERS
from services.streaming.connections import end_all
from tests import world as worlds
from tests.world import DAY

ROOT = Path(__file__).resolve().parent.parent


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Runs that are told one folder (MAP_TEST_TAKEN) share the tests: a file is left to the one that took it first."""
    if "MAP_TEST_TAKEN" not in os.environ or session.testsfailed or session.config.option.collectonly:
        return None
    mine = (item for item in session.items if _taken(item.path))
    item = next(mine, None)
    while item:
        following = next(mine, None)  # What the next test does not need is torn down behind this one.
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        item = following
    return True


@cache
def _taken(path: Path) -> bool:
    """Whether this run has the file."""
    try:
        (Path(os.environ["MAP_TEST_TAKEN"]) / str(path.relative_to(ROOT)).replace("/", "-")).mkdir()
    except FileExistsError:
        return False
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker, django_db_keepdb: bool) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """The test database under both roles, filled with the world.

    pytest-django's own fixture makes the databases that the marks of the chosen tests name. Tests of the world
    name none: they would fill and read the real database.
    """
    with django_db_blocker.unblock():
        made = worlds.make(keepdb=django_db_keepdb)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        end_all()
        if not django_db_keepdb:
            teardown_databases(made, verbosity=0)


@pytest.fixture
def world(django_db_setup: None, django_db_blocker) -> Iterator[date]:  # type: ignore[no-untyped-def]
    """The loaded world, to be read only; gives the day the map stands on."""
    with django_db_blocker.unblock():
        yield DAY


@pytest.fixture
def committed(world: date) -> Iterator[Callable[[Model], Model]]:
    """Saves an object for real, so that the open role sees it, and deletes it again behind the test."""
    saved: list[Model] = []

    def save(row: Model) -> Model:
        row.save(force_insert=row.pk is None)
        saved.append(row)
        return row

    yield save
    for row in reversed(saved):
        type(row)._default_manager.filter(pk=row.pk).delete()


@pytest.fixture
def rename(committed: Callable[[Model], Model]) -> Callable[[str], None]:
    """Commits another name of one site in Ha Noi, made for it."""
    from layers.models import InspectionSite  # models exist only once Django is set up, after this file is read

    site = InspectionSite.objects.filter(publish_state="approved_public")[0]
    site.pk, site.source_id, site.geom = None, "test-rename", "SRID=4326;POINT(105.85 21.03)"
    committed(site)
    return lambda name: InspectionSite.objects.filter(pk=site.pk).update(name=name) and None


@pytest.fixture
def reports(world: date) -> Iterator[None]:
    """Nothing was reported, voted or counted yet, and nothing of it stays behind the test."""
    forget_reports()
    yield
    forget_reports()


def forget_reports() -> None:
    from layers.models import Attempt, Ticket, Vote  # models exist only once Django is set up

    for model in (Vote, Ticket, Attempt):
        model.objects.all().delete()
    for photo in settings.UPLOADS.glob("??/*"):
        photo.unlink()


@pytest.fixture
def client(world: date) -> Client:
    """Django's client over the world: views without a server, as an anonymous caller."""
    return Client(SERVER_NAME="127.0.0.1")


class Server(str):
    """The address at which a server answers; `group` is that of its processes."""

    group: int

    def processor_s(self) -> float:
        """Seconds of processor time that it has taken so far: on a busy machine an answer takes longer, not more."""
        stats = (_stat(process) for process in Path("/proc").glob("[0-9]*"))
        ticks = sum(int(stat[11]) + int(stat[12]) for stat in stats if stat and int(stat[2]) == self.group)
        return ticks / os.sysconf("SC_CLK_TCK")


def _stat(process: Path) -> list[str]:
    """What the kernel tells of a process behind its name: 2 its group, 11 and 12 its ticks; empty once it is gone."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


@pytest.fixture(scope="session")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The address of a real server process over the world, as `make demo` starts it."""
    with serving(tmp_path_factory.mktemp("server") / "server.log") as address:
        yield address


@contextmanager
def serving(log: Path, *, workers: int = WORKERS, **variables: str) -> Iterator[Server]:
    """The address of a server of its own, with further variables of the environment, that writes into `log`."""
    port = _free_port()
    command = [str(ROOT / ".venv/bin/granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--no-ws", "--workers", str(workers), "--blocking-threads", str(THREADS_PER_WORKER)]
    command += ["--log-level", "warning", "mapapp.wsgi:application"]
    environment = {**_environment(), **variables}
    # A group of its own: the workers end with their server, and with them their hold on the test database.
    with log.open("wb") as lines:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=lines, stderr=lines, start_new_session=True
        )
    try:
        address = Server(_answering(f"http://127.0.0.1:{port}", process))
        address.group = process.pid
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _environment() -> dict[str, str]:
    """The server's environment: the same roles, the test database."""
    name = str(connections["default"].settings_dict["NAME"])
    return {
        **os.environ,
        "DATABASE_URL": _address("default", name),
        "DATABASE_OPEN_URL": _address("open", name),
        "MAP_SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "mapapp.settings",
    }


def _address(alias: str, name: str) -> str:
    found = settings.DATABASES[alias]
    return f"postgresql://{found['USER']}:{found['PASSWORD']}@{found['HOST']}:{found['PORT']}/{name}"


def _answering(address: str, process: subprocess.Popen[bytes]) -> str:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{address}/live", timeout=2).close()  # noqa: S310 - our own address
            return address
        except OSError:  # refused, reset, or too busy to answer yet
            assert process.poll() is None, "the server ended by itself"
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
