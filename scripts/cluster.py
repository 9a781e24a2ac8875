"""The private PostgreSQL cluster of this clone: made once, started and stopped with the application.

Its folder is var/pg. As root the server runs as the user `postgres`; where that user cannot enter the clone,
var/pg is a link to a folder in its home. `python3 -m scripts.cluster start|stop` does either by hand.
"""

import hashlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from scripts import environment, own_database
from scripts.cluster_settings import configuration
from scripts.console import run, say, step
from scripts.places import MARKS, ROOT, VAR, make_var
from scripts.postgres_programs import program
from scripts.secrets_kept import secret

DATA = VAR / "pg"
PORT_FILE = VAR / "pg.port"
MADE = VAR / "pg.made"
PORTS = range(54320, 54720)
SERVER_USER = "postgres"
ORPHANS_END_WITHIN_S = 10


def ensure_started() -> bool:
    """Make the cluster if it is missing and start it if it stands still.

    True when it was this call that started it, so that the caller stops it in the end.
    """
    if environment.has_own_database():
        own_database.require_both_addresses()
        return False
    make_var()
    if not MADE.exists():
        _initialise()
    if is_running():
        return False
    with step("Starting the private database server"):
        _start()
        _fill_or_stop()
    return True


def is_running() -> bool:
    """True when this clone's own server answers on its port: another one would not know the password."""
    return PORT_FILE.exists() and _psql("postgres", "SELECT 1", quiet=True) == 0


def stop() -> None:
    """Stop the private server if it runs; open connections are ended."""
    if is_running():
        _as_server_user(str(program("pg_ctl")), "-D", str(_data()), "-m", "fast", "-w", "-s", "stop")


def remove() -> None:
    """Stop the private server and delete its data, also where var/pg is a link."""
    stop()
    if DATA.is_symlink() or DATA.exists():
        shutil.rmtree(_data(), ignore_errors=True)
    if DATA.is_symlink():
        DATA.unlink()
    MADE.unlink(missing_ok=True)
    shutil.rmtree(MARKS, ignore_errors=True)  # What was loaded is gone with it.


def _initialise() -> None:
    with step("Making the private database cluster in var/pg"):
        remove()
        _make_folder()
        with tempfile.NamedTemporaryFile("w", prefix="map-") as password_file:
            password_file.write(secret("superuser"))
            password_file.flush()
            if _is_root():
                shutil.chown(password_file.name, SERVER_USER)
            _initdb(password_file.name)
        MADE.touch()


def _initdb(password_file: str) -> None:
    options = ("--username=postgres", "--auth=scram-sha-256", f"--pwfile={password_file}")
    locale = ("--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums")
    command = (str(program("initdb")), "-D", str(_data()), *options, *locale)
    _as_server_user(*command, stdout=subprocess.DEVNULL)


def _make_folder() -> None:
    """Make var/pg, or the folder that it links to when the server's user cannot reach the clone."""
    if not _is_root():
        DATA.mkdir(mode=0o700)
        return
    folder = DATA
    if not _server_user_can_enter(VAR):
        folder = _folder_at_home()
        _remove_leftover(folder)
        DATA.symlink_to(folder)
    folder.mkdir(mode=0o700, exist_ok=True)
    shutil.chown(folder, SERVER_USER, SERVER_USER)


def _folder_at_home() -> Path:
    name = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    return Path(pwd.getpwnam(SERVER_USER).pw_dir) / f"map-{name}"


def _remove_leftover(folder: Path) -> None:
    """Remove what an earlier clone of the same path left there, its server included if that still runs."""
    if (folder / "postmaster.pid").exists():
        command = [str(program("pg_ctl")), "-D", str(folder), "-m", "immediate", "-s", "stop"]
        subprocess.run(command, check=False, cwd="/", **_server_user())
    shutil.rmtree(folder, ignore_errors=True)


def _server_user_can_enter(folder: Path) -> bool:
    command = ["test", "-x", str(folder)]
    return subprocess.run(command, check=False, **_server_user()).returncode == 0


def _start() -> None:
    _forget_stale_pid()
    port = _free_port()
    PORT_FILE.write_text(f"{port}\n")
    _write_configuration(port)
    environment.write_private(port)
    log = _data() / "server.log"
    _as_server_user(str(program("pg_ctl")), "-D", str(_data()), "-l", str(log), "-w", "-s", "start")


def _write_configuration(port: int) -> None:
    path = _data() / "postgresql.auto.conf"
    path.write_text(configuration(port=port, folder=_data()))
    if _is_root():
        shutil.chown(path, SERVER_USER, SERVER_USER)


def _forget_stale_pid() -> None:
    """Remove the lock files of a server that a crash or reboot ended: another process may have its number."""
    path = _data() / "postmaster.pid"
    if not path.exists() or _works_in_data(Path("/proc") / path.read_text().split("\n", 1)[0].strip()):
        return
    _wait_for_orphans()
    for stale in (path, *_data().glob(".s.PGSQL.*")):
        stale.unlink()


def _wait_for_orphans() -> None:
    """A killed server's own children notice within a moment; until then they hold its memory."""
    limit = time.monotonic() + ORPHANS_END_WITHIN_S
    while time.monotonic() < limit and any(map(_works_in_data, Path("/proc").glob("[0-9]*"))):
        time.sleep(0.1)


def _works_in_data(process: Path) -> bool:
    """True when that process (a folder of /proc) has the cluster's folder as its own."""
    try:
        return (process / "cwd").resolve(strict=True) == _data()
    except OSError:
        return False


def _free_port() -> int:
    """The port of last time if it is free, else the first free one."""
    remembered = [int(PORT_FILE.read_text())] if PORT_FILE.exists() else []
    for port in (*remembered, *PORTS):
        if _is_free(port):
            return port
    sys.exit(f"No free port for the private database between {PORTS.start} and {PORTS.stop}.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _fill_or_stop() -> None:
    try:
        _fill()
    except BaseException:
        stop()  # Else the next call would find a running server and take it for a filled one.
        raise


def _fill() -> None:
    """Roles, database and extensions, each only where missing. New databases, tests' too, copy template1."""
    _require("postgres", _role_sql("map", "CREATEDB"))
    _require("postgres", _role_sql("map_open", ""))
    # The VN-2000 codes that PostGIS lacks are added by a migration, under the application's role.
    _require(
        "template1",
        own_database.CREATE_EXTENSIONS + "GRANT INSERT, UPDATE, DELETE ON spatial_ref_sys TO map;",
    )
    exists = "SELECT FROM pg_database WHERE datname = 'map'"
    _require("postgres", f"SELECT 'CREATE DATABASE map OWNER map' WHERE NOT EXISTS ({exists})\\gexec")


def _role_sql(name: str, rights: str) -> str:
    """SQL that makes the role or sets its password anew, so that var/secrets is what counts."""
    exists = f"SELECT FROM pg_roles WHERE rolname = '{name}'"
    return (
        f"DO $$ BEGIN IF NOT EXISTS ({exists}) THEN CREATE ROLE {name}; END IF; END $$;"
        f"ALTER ROLE {name} LOGIN {rights} PASSWORD '{secret(name)}';"
    )


def _require(database: str, sql: str) -> None:
    if _psql(database, sql):
        sys.exit(f"The private database refused a step of its set-up; its log is {_data() / 'server.log'}.")


def _psql(database: str, sql: str, *, quiet: bool = False) -> int:
    """Run SQL as the cluster's superuser; returns psql's exit code."""
    port = PORT_FILE.read_text().strip()
    login = ["-h", "127.0.0.1", "-p", port, "-U", "postgres", "-d", database]
    command = [str(program("psql")), *login, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-"]
    variables = {**os.environ, "PGPASSWORD": secret("superuser"), "PGCONNECT_TIMEOUT": "5"}
    variables["PGOPTIONS"] = "-c client_min_messages=warning"
    output: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL if quiet else None}
    finished = subprocess.run(command, input=sql, text=True, env=variables, check=False, **output)
    return finished.returncode


def _data() -> Path:
    return DATA.resolve()


def _is_root() -> bool:
    return os.geteuid() == 0


def _server_user() -> dict[str, Any]:
    """What makes subprocess run a program as the server's user: nothing unless we are root."""
    if not _is_root():
        return {}
    return {"user": SERVER_USER, "group": SERVER_USER, "extra_groups": [SERVER_USER]}


def _as_server_user(*command: str, **options: Any) -> None:
    # A session of its own, so that Ctrl-C in the terminal reaches us and not the server behind our back.
    run(command, cwd="/", start_new_session=True, **_server_user(), **options)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["start"]:
            say("started" if ensure_started() else "already running")
        case ["stop"]:
            stop()
        case _:
            sys.exit("usage: python3 -m scripts.cluster start|stop")
