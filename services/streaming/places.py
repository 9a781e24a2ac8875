"""Places for long answers in this process: few, so that maps are answered meanwhile."""

from collections.abc import Callable
from threading import Condition

from layers.errors import Busy
from layers.network_address import network_of


class Places:
    """So many places. One who reads slowly, on purpose or not, holds one of them until he has all.

    At most one caller waits for a place; the others are told to come back.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self._taken: dict[object, object] = {}
        self._changed = Condition()
        self._somebody_waits = False

    def take(self, address: str, *, alone: bool = True, wait_s: float = 0) -> Callable[[], None]:
        """A place for that address' network; gives what lets go of it.

        With `alone` the network gets one such place and no second one. Where none is free it is waited for. Raises
        Busy.
        """
        network, mine = network_of(address), object()
        with self._changed:
            if alone and network in self._taken.values():
                raise _one_each()
            if len(self._taken) >= self._number and not self._freed(wait_s):
                raise _too_many()
            self._taken[mine] = network if alone else None

        def release() -> None:
            """The second time nothing happens."""
            with self._changed:
                self._taken.pop(mine, None)
                self._changed.notify()

        return release

    def _freed(self, wait_s: float) -> bool:
        """Whether a place is free now, or is within so many seconds."""
        if self._somebody_waits or not wait_s:
            return False
        self._somebody_waits = True
        try:
            return self._changed.wait_for(lambda: len(self._taken) < self._number, wait_s)
        finally:
            self._somebody_waits = False


def _one_each() -> Busy:
    return Busy(
        "downloads.one_each",
        "Từ mạng này đang có một lượt tải. Đợi tải xong rồi thử lại.",
        "A download is under way to this network. Wait for its end, then try again.",
    )


def _too_many() -> Busy:
    return Busy(
        "downloads.busy",
        "Đang có nhiều lượt tải. Thử lại sau ít giây.",
        "Many downloads are under way. Try again in a few seconds.",
    )
