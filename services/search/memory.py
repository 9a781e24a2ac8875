"""What a worker remembers between two searches, by keys that name the version of what was read."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Kept = TypeVar("Kept")
# A content that a race left out is added by a job (`layers.competence.subjects.tidy`), without a change of its layer.
KEPT_S = 300
_NEVER = (float("-inf"), None)


class Memory(Generic[Key, Kept]):
    """The values that were asked for last, by key, none older than KEPT_S: `most` of them as `size` counts each.

    Safe to share between threads.
    """

    def __init__(self, most: int, *, size: Callable[[Kept], int] = lambda value: 1) -> None:
        self.most, self.size = most, size
        self.total = 0
        self._kept: OrderedDict[Key, tuple[float, Kept]] = OrderedDict()
        self._lock = Lock()

    def get(self, keys: Collection[Key], make: Callable[[list[Key]], dict[Key, Kept]]) -> dict[Key, Kept]:
        """The values of these keys; `make` gives those that are not kept."""
        now = monotonic()
        with self._lock:
            found = {key: self._kept[key][1] for key in keys if now - self._kept.get(key, _NEVER)[0] < KEPT_S}
            for key in found:
                self._kept.move_to_end(key)
        missing = [key for key in keys if key not in found]
        made = make(missing) if missing else {}
        with self._lock:
            for key, value in made.items():
                self._keep(key, value, now)
        return found | made

    def _keep(self, key: Key, value: Kept, now: float) -> None:
        if key in self._kept:
            self.total -= self.size(self._kept.pop(key)[1])
        self._kept[key] = (now, value)
        self.total += self.size(value)
        while self.total > self.most:
            self.total -= self.size(self._kept.popitem(last=False)[1][1])
