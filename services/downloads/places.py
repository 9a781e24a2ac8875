"""Places for downloads in this process: few, so that maps are answered meanwhile, and one for each caller's network."""

from collections.abc import Callable
from threading import Lock

from layers.errors import Busy
from layers.network_address import network_of


class Places:
    """So many places. Whoever reads slowly, on purpose or not, holds one of them and no more."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._taken: dict[str, object] = {}
        self._lock = Lock()

    def take(self, address: str) -> Callable[[], None]:
        """A place for that address' network; gives what lets go of it. Raises Busy: one is held there, or all are."""
        network, mine = network_of(address), object()
        with self._lock:
            if network in self._taken:
                raise _one_each()
            if len(self._taken) >= self._number:
                raise _too_many()
            self._taken[network] = mine

        def release() -> None:
            """The second time nothing happens, even where the network holds another place by then."""
            with self._lock:
                if self._taken.get(network) is mine:
                    del self._taken[network]

        return release


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
