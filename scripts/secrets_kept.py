"""Random passwords and keys of this clone, kept in var/secrets, readable by their owner alone."""

import base64
import os
import secrets

from scripts.places import VAR, make_var

FOLDER = VAR / "secrets"
SIGNING_KEY = "signing_key.pem"
PKCS8_ED25519 = bytes.fromhex("302e020100300506032b657004220420")


def secret(name: str) -> str:
    """The secret of that name: made at the first call, the same ever after."""
    path = FOLDER / name
    if not path.exists():
        _write(name, secrets.token_urlsafe(24))
    return path.read_text().strip()


def signing_key() -> None:
    """Sees to the Ed25519 key that signs answers: 32 random bytes in the frame of PKCS #8 (RFC 8410).

    Made here by hand, for set-up runs before there are packages.
    """
    if not (FOLDER / SIGNING_KEY).exists():
        content = base64.b64encode(PKCS8_ED25519 + secrets.token_bytes(32)).decode()
        _write(SIGNING_KEY, f"-----BEGIN PRIVATE KEY-----\n{content}\n-----END PRIVATE KEY-----")


def _write(name: str, value: str) -> None:
    make_var()
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(FOLDER / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(value + "\n")
