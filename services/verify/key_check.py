"""What `manage.py check` says of the signing key."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning

from services.verify.signing import UnreadableKey, read_keys

READABLE_BY_OTHERS = 0o077


def check_signing_key(**kwargs: Any) -> list[CheckMessage]:
    """A warning where the key cannot be used, and where others than its owner may read it; else nothing.

    No error: the map serves without signing, and whoever loads data need not be able to read the key.
    """
    path = Path(settings.SIGNING_KEY)
    try:
        found = read_keys(path)
    except UnreadableKey as error:
        return [Warning(f"{error}. Không ký gì / Nothing is signed.", id="services.W001")]
    return [_open_to_others(path)] if found and path.stat().st_mode & READABLE_BY_OTHERS else []


def _open_to_others(path: Path) -> CheckMessage:
    vi, en = "người khác đọc được khóa riêng", "others can read the private key"
    return Warning(f"MAP_SIGNING_KEY={str(path)!r}: {vi} / {en}.", hint=f"chmod 600 {path}", id="services.W002")
