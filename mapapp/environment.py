"""Settings from environment variables: each is checked, and all that make no sense are named at once."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from geodata.streets_file import StreetsFault, StreetsFile

_HOST = re.compile(r"\*|\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]", re.ASCII | re.IGNORECASE)


class Environment:
    """Environment variables as values. An empty one counts as none.

    Of one that makes no sense the default is given and the fault kept: `require_sound` names them all.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self.faults: list[str] = []

    def require_sound(self) -> None:
        """Ends the program with a line per wrong setting, where there is any."""
        if self.faults:
            sys.exit("\n".join(self.faults))

    def text(self, name: str, default: str = "", *, allowed: tuple[str, ...] = ()) -> str:
        """The variable's text, stripped; one of `allowed` where there are such."""
        value = self._variables.get(name, "").strip() or default
        if allowed and value not in allowed:
            listed = ", ".join(allowed)
            return self._wrong(name, value, f"phải là một trong: {listed}", f"must be one of {listed}", default)
        return value

    def integer(self, name: str, default: int, *, least: int, most: int) -> int:
        """The variable as a whole number within its bounds."""
        value = self.text(name, str(default))
        if value.isascii() and value.isdigit() and least <= int(value[:20]) <= most:
            return int(value)
        vi, en = f"phải là số nguyên từ {least} đến {most}", f"must be a whole number from {least} to {most}"
        return self._wrong(name, value, vi, en, default)

    def flag(self, name: str, default: bool) -> bool:
        """The variable as yes (1) or no (0)."""
        return self.text(name, "1" if default else "0", allowed=("0", "1")) == "1"

    def hosts(self, name: str) -> list[str]:
        """The variable's comma-separated host names, empty ones left out."""
        found = [part.strip() for part in self.text(name).split(",") if part.strip()]
        for host in found:
            if not _HOST.fullmatch(host):
                vi, en = (
                    "phải là tên máy chủ, không có https:// hay cổng",
                    "must be a host name, without https:// or port",
                )
                self._wrong(name, host, vi, en, None)
        return found

    def origin(self, name: str) -> str:
        """The variable as scheme, host and port of a web address, no slash at the end; "" where there is none."""
        value = self.text(name).rstrip("/")
        address = _split(value)
        whole = address and f"{address.scheme}://{address.netloc}" == value and address.hostname
        if not value or (whole and address.scheme in ("http", "https") and "@" not in value):
            return value
        vi, en = "phải có dạng https://tên-máy-chủ", "must have the form https://host"
        return self._wrong(name, value, vi, en, "")

    def file(self, name: str, default: Path) -> Path:
        """The variable as the path of a file that is there; the default may be missing."""
        value = self.text(name)
        if value and not Path(value).is_file():
            vi, en = "phải là đường dẫn của một tệp có thật", "must be the path of a file that is there"
            return self._wrong(name, value, vi, en, default)
        return Path(value) if value else default

    def streets(self, name: str) -> Path | None:
        """The variable as the path of a file of streets that can be served; None where there is none."""
        value = self.text(name)
        try:
            return StreetsFile(Path(value)).path if value else None
        except StreetsFault as fault:
            return self._wrong(name, value, fault.told.vi, fault.told.en, None)

    def database(self, name: str) -> dict[str, object]:
        """Django's settings for the PostGIS database behind a `postgresql://user:password@host:port/name` address."""
        address = _split(self.text(name))
        schemes = ("postgresql", "postgres", "postgis")
        if address is None or address.scheme not in schemes or not address.path.strip("/"):
            form = "postgresql://user:password@host:port/name"
            # The value stays unsaid: it holds a password.
            self.faults.append(f"{name}: thiếu hoặc không có dạng {form} / is missing or not of the form {form}")
            return {}
        return {
            "ENGINE": "geodata.postgis",
            "NAME": unquote(address.path.strip("/")),
            "USER": unquote(address.username or ""),
            "PASSWORD": unquote(address.password or ""),
            "HOST": unquote(address.hostname or ""),
            "PORT": str(address.port or ""),
        }

    def _wrong(self, name, value, vi, en, default):  # type: ignore[no-untyped-def]
        """The default; what is wrong is kept."""
        self.faults.append(f"{name}={value!r}: {vi} / {en}")
        return default


def _split(address: str) -> SplitResult | None:
    """The parts of an address; None where it is none, or names no possible port."""
    try:
        parts = urlsplit(address)
        return parts if parts.port is None or parts.port else None
    except ValueError:
        return None
