"""A ZIP written forward only: members are deflated and sent as they come, their sizes stand behind them."""

import zipfile

from geodata.writers.sink import Sink


class Archive:
    """A ZIP whose bytes are taken as they are made."""

    def __init__(self) -> None:
        self._sink = Sink()
        self._zip = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1)  # type: ignore[call-overload]

    def open(self, path: str):  # type: ignore[no-untyped-def]
        """A member to be written piece by piece, up to 2^31 bytes; only one may be open."""
        return self._zip.open(path, "w")

    def put(self, path: str, text: str | bytes) -> None:
        self._zip.writestr(path, text)

    def taken(self) -> bytes:
        return self._sink.taken()

    def end(self) -> bytes:
        self._zip.close()
        return self.taken()
