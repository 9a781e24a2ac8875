"""Random passwords and keys of this clone, kept in var/secrets, readable by their owner alone."""

import os
import secrets

from scripts.places import VAR, make_var

FOLDER = VAR / "secrets"


def secret(name: str) -> str:
    """The secret of that name: made at the first call, the same ever after."""
    path = FOLDER / name
    if not path.exists():
        _write(name, secrets.token_urlsafe(24))
    return path.read_text().strip()


def _write(name: str, value: str) -> None:
    make_var()
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(FOLDER / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(value + "\n")
