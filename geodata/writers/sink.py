"""A file that is written forward only: what was written is taken out of it and sent."""


class Sink:
    """It can be neither rewound nor asked for its place, so nothing before its end is ever changed."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """What is left can still be taken."""
        self.closed = True

    def taken(self) -> bytes:
        """What was written since the last time."""
        taken, self._pieces = b"".join(self._pieces), []
        return taken
