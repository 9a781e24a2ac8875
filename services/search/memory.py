"""What a worker remembers between two searches."""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable
from threading import Lock
from time import monotonic
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Kept = TypeVar("Kept")
# A content that a race left out is added by a job (`layers.competence.subjects.tidy`), without a change of its layer.
KEPT_S = 300
_NEVER: tuple[float, Any] = (float("-inf"), None)


class Latest(Generic[Key, Kept]):
    """By key the value of the version that was asked for last.

    Safe to share between threads: one makes the value, others that want it wait.
    """

    def __init__(self) -> None:
        self._kept: dict[Key, tuple[Hashable, Kept]] = {}
        self._making: defaultdict[Key, Lock] = defaultdict(Lock)
        self._lock = Lock()

    def get(self, key: Key, version: Hashable, make: Callable[[], Kept]) -> Kept:
        """The value of the key in this version."""
        kept = self._kept.get(key)
        if kept and kept[0] == version:
            return kept[1]
        with self._lock:
            making = self._making[key]
        with making:
            kept = self._kept.get(key)
            if not kept or kept[0] != version:
                kept = self._kept[key] = (version, make())
        return kept[1]


class Memory(Generic[Key, Kept]):
    """By key the values that were asked for last, none older than KEPT_S: `most` of them as `size` counts each.

    Safe to share between threads.
    """

    def __init__(self, most: int, *, size: Callable[[Kept], int] = lambda value: 1) -> None:
        self.most, self.size = most, size
        self.total = 0
        self._kept: OrderedDict[Key, tuple[float, Kept]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key, make: Callable[[], Kept]) -> Kept:
        """The value of this key."""
        now = monotonic()
        with self._lock:
            since, value = self._kept.get(key, _NEVER)
            if now - since < KEPT_S:
                self._kept.move_to_end(key)
                return value
        value = make()
        with self._lock:
            self._keep(key, value, now)
        return value

    def _keep(self, key: Key, value: Kept, now: float) -> None:
        if key in self._kept:
            self.total -= self.size(self._kept.pop(key)[1])
        self._kept[key] = (now, value)
        self.total += self.size(value)
        while self.total > self.most:
            self.total -= self.size(self._kept.popitem(last=False)[1][1])
