"""Places for long answers in this process: few, so that maps are answered meanwhile."""

from collections.abc import Callable
from threading import Condition
from typing import NamedTuple

from layers.errors import Busy
from layers.network_address import network_of


class _Taken(NamedTuple):
    """Who holds a place, or waits for one, and whether as a download, of which a network has one."""

    network: str
    alone: bool


class Places:
    """So many places. One who reads slowly, on purpose or not, holds one of them until he has all.

    One network never holds them all, unless there is one only. At most one caller waits for a place; the others are
    told to come back.
    """

    def __init__(self, number: int) -> None:
        self._number, self._of_one = number, max(1, number - 1)
        self._taken: dict[object, _Taken] = {}
        self._changed = Condition()
        self._waiting: tuple[object, _Taken] | None = None

    def take(self, address: str, *, alone: bool = True, wait_s: float = 0) -> Callable[[], None]:
        """A place for that address' network; gives what lets go of it.

        With `alone` the network gets one such place and no second one. Where there is none for it now it is waited for.
        Raises Busy.
        """
        mine, asked = object(), _Taken(network_of(address), alone)
        with self._changed:
            if self._fits(asked):
                self._taken[mine] = asked
            elif not self._given(mine, asked, wait_s):
                raise _one_each() if self._has_enough(asked) else _too_many()

        def release() -> None:
            """The second time nothing happens."""
            with self._changed:
                self._taken.pop(mine, None)
                self._hand_on()

        return release

    def _fits(self, asked: _Taken) -> bool:
        return len(self._taken) < self._number and not self._has_enough(asked)

    def _has_enough(self, asked: _Taken) -> bool:
        """Whether the network holds as much as it may."""
        held = [one for one in self._taken.values() if one.network == asked.network]
        return len(held) >= self._of_one or (asked.alone and asked in held)

    def _given(self, mine: object, asked: _Taken, wait_s: float) -> bool:
        """Whether who lets go of a place within so many seconds hands it on to this caller."""
        if self._waiting or not wait_s:
            return False
        self._waiting = mine, asked
        try:
            return self._changed.wait_for(lambda: mine in self._taken, wait_s)
        finally:
            self._waiting = None

    def _hand_on(self) -> None:
        """The place is the waiting caller's before he wakes: nobody comes between."""
        if self._waiting and self._waiting[0] not in self._taken and self._fits(self._waiting[1]):
            mine, asked = self._waiting
            self._taken[mine] = asked
            self._changed.notify()


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
