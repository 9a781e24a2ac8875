"""A signed copy of an answer: short enough for a QR code, verified by a page without any network (Ed25519)."""

import json
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from services.verify.evidence import PAPERS

VERSION = 1
_BLOCK = re.compile(rb"-----BEGIN ([A-Z ]+)-----.+?-----END \1-----", re.DOTALL)
# A name in a QR code is read by a person beside the paper: its beginning is enough.
_LONGEST_NAME = 80


class UnreadableKey(ImproperlyConfigured):
    """The file of the signing key holds something else than Ed25519 keys in PEM, or no private key first."""

    def __init__(self, path: Path) -> None:
        vi, en = "tệp không bắt đầu bằng một khóa riêng Ed25519 dạng PEM", "holds no Ed25519 private key in PEM first"
        super().__init__(f"MAP_SIGNING_KEY={str(path)!r}: {vi} / {en}")


@dataclass(frozen=True)
class Keys:
    """The key that signs, and all public ones by their ids: also those that signed before."""

    private: Ed25519PrivateKey
    public: dict[str, bytes]

    @property
    def id(self) -> str:
        return _id(_raw(self.private.public_key()))


def keys() -> Keys | None:
    """The keys of `MAP_SIGNING_KEY`; None where this installation has none: then nothing is signed.

    The first key of the file signs, the others only let older answers be verified. Raises UnreadableKey.
    """
    path = Path(settings.SIGNING_KEY)
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return None


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
        "item": _short((described["item"] or {}).get("text")),
        "upto": described["delivered_up_to"],
        "never": described["never_issued"] or None,
        "ask": _short((described["ask"] or {}).get("name")),
        "demo": demo or None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _state(described: dict[str, Any]) -> str | None:
    """The state; of a verification past its end by the map's own word for it, which accuses nobody."""
    kind = (described["evidence"] or {}).get("kind")
    ended = described["state"] == "expired" and kind in (*PAPERS, "device")
    return "overdue" if ended else described["state"]


def published(using: Keys | None) -> list[dict[str, str]]:
    """The public keys as JWK, the one that signs now first; empty where nothing is signed."""
    found = using.public.items() if using else ()
    return [{"kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": kid, "x": _text(raw)} for kid, raw in found]


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> Keys:
    try:
        loaded = [_load(match[0]) for match in _BLOCK.finditer(path.read_bytes())]
    except ValueError as error:
        raise UnreadableKey(path) from error
    if not loaded or not isinstance(loaded[0], Ed25519PrivateKey):
        raise UnreadableKey(path)
    public = [key.public_key() if isinstance(key, Ed25519PrivateKey) else key for key in loaded]
    if not all(isinstance(key, Ed25519PublicKey) for key in public):
        raise UnreadableKey(path)
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
