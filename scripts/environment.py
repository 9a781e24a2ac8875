"""The application's settings in this clone: var/env, under what the operator has set himself."""

import os

from scripts.places import VAR, make_var
from scripts.secrets_kept import secret, signing_key

ENV_FILE = VAR / "env"


def has_own_database() -> bool:
    """True when the operator names a database, so that no private cluster is made."""
    return bool(os.environ.get("DATABASE_URL"))


def write_private(port: int) -> None:
    """Write var/env for the private cluster on that port."""
    signing_key()
    values = {
        "DATABASE_URL": f"postgresql://map:{secret('map')}@127.0.0.1:{port}/map",
        "DATABASE_OPEN_URL": f"postgresql://map_open:{secret('map_open')}@127.0.0.1:{port}/map",
        "MAP_SECRET_KEY": secret("secret_key"),
    }
    _write(values)


def write_own() -> None:
    """Write var/env for an operator's own database: the keys alone, the addresses stay in the environment."""
    signing_key()
    _write({"MAP_SECRET_KEY": secret("secret_key")})


def remember(name: str, value: str) -> None:
    """Keep one setting in var/env for the starts to come."""
    _write({name: value})


def application() -> dict[str, str]:
    """The environment that manage.py, the server and the worker run in. What is set to nothing counts as not set."""
    kept = {name: os.environ.get(name) or value for name, value in _read().items()}
    return {name: value for name, value in {**os.environ, **kept}.items() if value}


def _read() -> dict[str, str]:
    if not ENV_FILE.exists():
        return {}
    return dict(line.split("=", 1) for line in ENV_FILE.read_text().splitlines() if "=" in line)


def _write(values: dict[str, str]) -> None:
    """Set these lines of var/env and keep the others."""
    make_var()
    lines = {**_read(), **values}
    ENV_FILE.touch(mode=0o600)
    ENV_FILE.write_text("".join(f"{name}={value}\n" for name, value in lines.items()))
