"""Settings from environment variables: read once, checked at once, loud on nonsense."""

import os
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "", *, allowed: tuple[str, ...] = ()) -> str:
    """The variable's text, stripped. Raises ImproperlyConfigured when it is none of `allowed`."""
    value = os.environ.get(name, default).strip()
    if allowed and value not in allowed:
        raise ImproperlyConfigured(f"{name}={value!r}: must be one of {', '.join(allowed)}")
    return value


def integer(name: str, default: int, *, least: int, most: int) -> int:
    """The variable as a whole number within its bounds. Raises ImproperlyConfigured otherwise."""
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise ImproperlyConfigured(f"{name}={value!r}: must be a whole number from {least} to {most}")
    return int(value)


def flag(name: str, default: bool) -> bool:
    """The variable as yes (1) or no (0). Raises ImproperlyConfigured otherwise."""
    return text(name, "1" if default else "0", allowed=("0", "1")) == "1"


def names(name: str, default: str) -> list[str]:
    """The variable's comma-separated names, empty ones left out."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def database(name: str) -> dict[str, object]:
    """Django's settings for the PostGIS database behind a `postgresql://user:password@host:port/name` address.

    Raises ImproperlyConfigured when the variable is missing or has another form.
    """
    address = urlsplit(text(name))
    if address.scheme not in ("postgresql", "postgres", "postgis") or not address.path.strip("/"):
        raise ImproperlyConfigured(f"{name} is missing or is not postgresql://user:password@host:port/name")
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": unquote(address.path.strip("/")),
        "USER": unquote(address.username or ""),
        "PASSWORD": unquote(address.password or ""),
        "HOST": unquote(address.hostname or ""),
        "PORT": str(address.port or ""),
    }
