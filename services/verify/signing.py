"""A signed copy of an answer: short enough for a QR code, verified by a page without any network (Ed25519)."""

import json
import logging
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings

from geodata.language import Both, both
from services.verify.evidence import PAPERS

VERSION = 1
_BLOCK = re.compile(rb"-----BEGIN ([A-Z ]+)-----.+?-----END \1-----", re.DOTALL)
# A name in a QR code is read by a person beside the paper: its beginning is enough.
_LONGEST_NAME = 80


logger = logging.getLogger("map.signing")

_NO_KEY = both(
    "tệp không bắt đầu bằng một khóa riêng Ed25519 dạng PEM",
    "the file holds no Ed25519 private key in PEM first",
)
_NO_ACCESS = both("không đọc được tệp", "the file cannot be read")
_UNSUPPORTED = both("không dùng được loại khóa trong tệp", "a key in the file is of a kind that cannot be used here")


class UnreadableKey(Exception):
    """The file of the signing key cannot be read, or holds something else than Ed25519 keys, a private one first."""

    def __init__(self, path: Path, why: Both) -> None:
        super().__init__(f"MAP_SIGNING_KEY={str(path)!r}: {why.vi} / {why.en}")


@dataclass(frozen=True)
class Keys:
    """The key that signs, and all public ones by their ids: also those that signed before."""

    private: Ed25519PrivateKey
    public: dict[str, bytes]

    @property
    def id(self) -> str:
        return _id(_raw(self.private.public_key()))


def keys() -> Keys | None:
    """The keys of `MAP_SIGNING_KEY`; None where this installation has none that can be used: then nothing is signed.

    The first key of the file signs, the others only let older answers be verified. What is wrong with a file is
    logged once, until the file changes.
    """
    path = Path(settings.SIGNING_KEY)
    return _read_or_say(path, _state_of(path))


def read_keys(path: Path) -> Keys | None:
    """The keys in the file, read anew; None where there is no file. Raises UnreadableKey."""
    try:
        return _read(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnreadableKey(path, _NO_ACCESS) from error
    except UnsupportedAlgorithm as error:
        raise UnreadableKey(path, _UNSUPPORTED) from error
    except (ValueError, TypeError) as error:  # TypeError: a key under a password
        raise UnreadableKey(path, _NO_KEY) from error


def sign(payload: dict[str, Any], using: Keys) -> str:
    """The token: payload and signature in base64url, a dot between; the signature is over the first part's letters."""
    whole = {"v": VERSION, "kid": using.id, **payload}
    content = _text(json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode())
    return f"{content}.{_text(using.private.sign(content.encode()))}"


def payload_of(described: dict[str, Any], *, issuer: str, node: int, demo: bool) -> dict[str, Any]:
    """What is signed of an answer: enough to read it alone, empty members left out. Days are ISO."""
    evidence = described["evidence"] or {}
    told = {
        "iss": issuer,
        "node": node,
        "day": described["day"],
        "n": described["number"],
        "on": described["on"],
        "a": described["answer"],
        "s": _state(described),
        "r": described["reason"],
        "since": described["since"],
        "k": evidence.get("kind"),
        "t": _short(evidence.get("type_label")),
        "b": _short(evidence.get("body")),
        "from": evidence.get("issued_on"),
        "newer": described["newer_valid_until"],
        "to": evidence.get("valid_until"),
        "item": _item(described),
        "upto": described["delivered_up_to"],
        "never": described["never_issued"] or None,
        "ask": _short((described["ask"] or {}).get("name")),
        "demo": demo or None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _item(described: dict[str, Any]) -> str | None:
    """What was asked for, in the asker's own words: only where the answer is about it, for or against."""
    item = described["item"] or {}
    compared = described["answer"] in ("valid", "not_for_item") and item.get("fits") is not None
    return _short(item["text"]) if compared else None


def _state(described: dict[str, Any]) -> str | None:
    """The state; of a verification past its end by the map's own word for it, which accuses nobody."""
    kind = (described["evidence"] or {}).get("kind")
    ended = described["state"] == "expired" and kind in (*PAPERS, "device")
    return "overdue" if ended else described["state"]


def published(using: Keys | None) -> list[dict[str, str]]:
    """The public keys as JWK, the one that signs now first; empty where nothing is signed."""
    found = using.public.items() if using else ()
    return [{"kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": kid, "x": _text(raw)} for kid, raw in found]


def _state_of(path: Path) -> tuple[int, ...]:
    """Differs once the file or its rights were changed; empty where nothing can be asked of it."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_ctime_ns, found.st_ino


@lru_cache(maxsize=4)
def _read_or_say(path: Path, state: tuple[int, ...]) -> Keys | None:
    try:
        return read_keys(path)
    except UnreadableKey as error:
        logger.error("Nothing is signed: %s", error)
        return None


def _read(path: Path) -> Keys:
    loaded = [_load(match[0]) for match in _BLOCK.finditer(path.read_bytes())]
    if not loaded or not isinstance(loaded[0], Ed25519PrivateKey):
        raise UnreadableKey(path, _NO_KEY)
    public = [key.public_key() if isinstance(key, Ed25519PrivateKey) else key for key in loaded]
    if not all(isinstance(key, Ed25519PublicKey) for key in public):
        raise UnreadableKey(path, _NO_KEY)
    raws = [_raw(key) for key in public if isinstance(key, Ed25519PublicKey)]
    return Keys(loaded[0], {_id(raw): raw for raw in raws})


def _load(block: bytes) -> object:
    """A key of any kind from its PEM block. Raises ValueError where there is none in it."""
    private = block.startswith(b"-----BEGIN PRIVATE")
    return load_pem_private_key(block, None) if private else load_pem_public_key(block)


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _id(raw: bytes) -> str:
    return sha256(raw).hexdigest()[:8]


def _short(text: str | None) -> str | None:
    return text if text is None or len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1]}…"


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")
