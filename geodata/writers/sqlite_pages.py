"""A table of SQLite written forward only: pages leave in the order of their numbers, and none is touched again.

A reader of SQLite finds a table by the number of its root page, which stands in the first page of the file. But a root
lists pages that come later, and how many there will be shows only at the end. So the root lists the pages that lie near
(they wait in memory until it is written) and, as its last child, a page far ahead that is promised to be a node. When
the writer comes there it knows what lies between; that node lists it, and promises the next one. Each promise aims at
a part of what is still to come, so the last ones are short, and the end is reached where it was promised: what is
missing up to there is made up by nodes that hold fewer children than they could.

The tree is what the file format wants (https://www.sqlite.org/fileformat2.html, section 1.6): every leaf equally deep,
every node with two children at least. Rows get the row ids 1, 2, 3, …
"""

from array import array
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil
from struct import Struct

PAGE = 4096
"""Bytes of a page."""
FANOUT = 340
"""Children of a node, for row ids below 2^42."""
HEIGHT = 7
"""Levels above the leaves, for tables that do not fit the memory."""
LOOKAHEAD = 2 ** (HEIGHT + 1)
"""Leaves that wait in memory."""
LAST_PROMISE = HEIGHT - 3
# The file format forbids to use the page that holds the byte 2^30: locks are put there.
LOCK_PAGE = 2**30 // PAGE + 1

_LOCAL = PAGE - 35
_LEAST_LOCAL = (PAGE - 12) * 32 // 255 - 23
_CHAINED = PAGE - 4
_SHARE, _LAST_SHARE = 0.8, 1.3
# A leaf of long rows is closed early: there must be leaves enough to make a tree of.
_MOST_LEAF_PAGES = 16


class TooFarAhead(Exception):
    """The rows were so unlike those before them that a promised page cannot be where it was promised."""


@dataclass
class Leaf:
    """Cells of a leaf that has no number yet: what stands in the leaf, and what goes to pages of its own."""

    cells: list[tuple[bytes, bytes]] = field(default_factory=list)
    room: int = PAGE - 8
    pages: int = 1
    last: int = 0

    def takes(self, cell: tuple[bytes, bytes]) -> bool:
        """Whether there is room; an empty leaf takes any cell."""
        return self.room >= _room_of(cell) and (not self.cells or self.pages + _chain(cell[1]) <= _MOST_LEAF_PAGES)

    def add(self, row_id: int, cell: tuple[bytes, bytes]) -> None:
        self.cells.append(cell)
        self.room -= _room_of(cell)
        self.pages += _chain(cell[1])
        self.last = row_id


class Nodes:
    """Pages of one level: their numbers and the last row id below each. Sixteen bytes a page."""

    def __init__(self) -> None:
        self.numbers, self.keys = array("Q"), array("Q")

    def add(self, number: int, key: int) -> None:
        self.numbers.append(number)
        self.keys.append(key)

    def __len__(self) -> int:
        return len(self.numbers)


class _Ahead:
    """Leaves packed from records, up to LOOKAHEAD of them at hand."""

    def __init__(self, records: Iterable[bytes]) -> None:
        self._leaves = _packed(records)
        self._waiting: deque[Leaf] = deque()
        self.ended = False
        self.taken = 0
        self.fill()

    def fill(self) -> None:
        while not self.ended and len(self._waiting) < LOOKAHEAD:
            leaf = next(self._leaves, None)
            if leaf is None:
                self.ended = True
            else:
                self._waiting.append(leaf)

    def __len__(self) -> int:
        return len(self._waiting)

    def pages(self) -> int:
        """Pages of all leaves at hand."""
        return sum(leaf.pages for leaf in self._waiting)

    @property
    def first(self) -> Leaf:
        return self._waiting[0]

    def take(self) -> Leaf:
        leaf = self._waiting.popleft()
        self.taken = leaf.last
        return leaf

    def still(self, rows: int) -> int:
        """Pages still to come of so many rows in all, if they go on as those at hand."""
        at_hand = self._waiting[-1].last - self.taken
        return (rows - self.taken) * self.pages() // at_hand


def table(records: Iterable[bytes], *, at: int, rows: Callable[[], int]) -> Iterator[bytes]:
    """The pages of a table: first its root, wherever that stands, then those from the number `at` to the file's end.

    `records` are its rows in order. `rows` says how many there are in all; it is asked only where they do not fit the
    memory.
    Raises TooFarAhead; what was written by then is no whole file.
    """
    ahead = _Ahead(records)
    return _at_once(ahead, at) if ahead.ended else _step_by_step(ahead, at, rows)


def record(values: Sequence[object]) -> bytes:
    """A row in the file format's form. Values are None, int, float, str, bool or bytes-like."""
    types, body = bytearray(), []
    for value in values:
        if value is None:
            types.append(0)
        elif type(value) is str:  # most values are texts
            content = value.encode()
            types += varint(13 + 2 * len(content))
            body.append(content)
        else:
            kind, content = _serial(value)
            types += varint(kind)
            body.append(content)
    size = len(types) + 1 if len(types) < 127 else len(types) + 2
    return varint(size) + bytes(types) + b"".join(body)


def varint(number: int) -> bytes:
    """A whole number below 2^56 in seven bits a byte, the highest first."""
    if number < 128:
        return _SHORT[number]
    parts = [number & 127]
    while number := number >> 7:
        parts.append(number & 127 | 128)
    return bytes(reversed(parts))


def _serial(value: object) -> tuple[int, bytes]:
    """The type that the format writes for a number or for bytes, and its bytes."""
    if isinstance(value, int):
        return _serial_of_integer(int(value))
    if isinstance(value, float):
        return 7, _DOUBLE.pack(value)
    content = bytes(value)  # type: ignore[call-overload]
    return 12 + 2 * len(content), content


def _serial_of_integer(value: int) -> tuple[int, bytes]:
    if value in (0, 1):
        return 8 + value, b""
    kind, size = next((kind, size) for kind, size in _INTEGERS if -(1 << 8 * size - 1) <= value < 1 << 8 * size - 1)
    return kind, value.to_bytes(size, "big", signed=True)


_DOUBLE = Struct(">d")
_SHORT = [bytes((number,)) for number in range(128)]
_INTEGERS = ((1, 1), (2, 2), (3, 3), (4, 4), (5, 6), (6, 8))


def _packed(records: Iterable[bytes]) -> Iterator[Leaf]:
    leaf = Leaf()
    for row_id, payload in enumerate(records, 1):
        cell = _cell(row_id, payload)
        if not leaf.takes(cell):
            yield leaf
            leaf = Leaf()
        leaf.add(row_id, cell)
    if leaf.cells:
        yield leaf


def _cell(row_id: int, payload: bytes) -> tuple[bytes, bytes]:
    """The part of a row that stands in its leaf, and the rest, for a chain of pages."""
    local = len(payload)
    if local > _LOCAL:
        wanted = _LEAST_LOCAL + (local - _LEAST_LOCAL) % _CHAINED
        local = wanted if wanted <= _LOCAL else _LEAST_LOCAL
    return varint(len(payload)) + varint(row_id) + payload[:local], payload[local:]


def _room_of(cell: tuple[bytes, bytes]) -> int:
    return len(cell[0]) + (6 if cell[1] else 2)


def _chain(rest: bytes) -> int:
    return -(-len(rest) // _CHAINED)


def _at_once(ahead: _Ahead, at: int) -> Iterator[bytes]:
    """A table whose leaves are all at hand."""
    if len(ahead) < 2:
        yield from _only_leaf(ahead, at)
        return
    level = next(level for level in range(HEIGHT) if _topmost(len(ahead), level) <= FANOUT)
    pages, tops, _ = _rendered(ahead, len(ahead), at, level)
    yield _node(tops.numbers, tops.keys)
    yield from pages


def _only_leaf(ahead: _Ahead, at: int) -> Iterator[bytes]:
    leaf = ahead.take() if len(ahead) else Leaf()
    root = 0  # No page names it: it stands in the schema.
    *chains, page = _leaf_pages(leaf, [*range(at, at + leaf.pages - 1), root])
    yield page
    yield from chains


def _step_by_step(ahead: _Ahead, at: int, rows: Callable[[], int]) -> Iterator[bytes]:
    """A table of any length: the root with the first leaves, then promise by promise."""
    expected = rows()
    pages, tops, at = _rendered(ahead, LOOKAHEAD // 2, at, HEIGHT - 1)
    ahead.fill()
    promised = _promise(ahead, at, 1, ahead.still(expected))
    yield _node(tops.numbers, tops.keys, promised)
    yield from pages
    for step in range(1, LAST_PROMISE + 1):
        region = Nodes()
        at = yield from _leaves_until(ahead, region, at, promised, HEIGHT - 1 - step)
        tops, level = region, HEIGHT - 1 - step
        for groups in _filling(len(region), level, _slots(at, promised)):
            tops, at = yield from _level(tops, groups, at)
        if not len(ahead):
            yield _placed(promised, _node(tops.numbers, tops.keys))
            return
        if step == LAST_PROMISE:
            break
        here, promised = promised, _promise(ahead, promised + 1, step + 1, ahead.still(expected))
        yield _placed(here, _node(tops.numbers, tops.keys, promised))
        at = here + 1
    raise TooFarAhead


def _promise(ahead: _Ahead, at: int, step: int, still: int) -> int:
    """The number of the next promised page, when the next free one is `at`."""
    level = HEIGHT - 1 - step
    if ahead.ended:
        wanted = ahead.pages() + sum(_groups(len(ahead), level))
    else:
        share = _LAST_SHARE if step == LAST_PROMISE else _SHARE
        least = ahead.pages() + sum(_groups(LOOKAHEAD, level)) + _MOST_LEAF_PAGES
        wanted = max(ceil(still * share), least)
    return _after(at, wanted)


def _leaves_until(ahead: _Ahead, region: Nodes, at: int, promised: int, level: int) -> Generator[bytes, None, int]:
    """Sends leaves while they and the nodes above them fit before the promised page; gives the next free number.

    Where the end is near but beyond it, leaves enough for the next step are left.
    """
    reserve = 2**level  # leaves that the next node needs below itself
    while len(ahead):
        free = _slots(at, promised)
        together = len(region) + len(ahead)
        whole = ahead.ended and ahead.pages() + sum(_groups(together, level)) <= free
        fits = ahead.first.pages + sum(_groups(len(region) + 1, level)) <= free
        if not fits or (ahead.ended and not whole and len(ahead) <= reserve):
            break
        leaf = ahead.take()
        numbers = _numbers(at, leaf.pages)
        for number, page in zip(numbers, _leaf_pages(leaf, numbers), strict=True):
            yield _placed(number, page)
        at = numbers[-1] + 1
        region.add(numbers[-1], leaf.last)
        ahead.fill()
    return at


def _rendered(ahead: _Ahead, number: int, at: int, level: int) -> tuple[list[bytes], Nodes, int]:
    """The first leaves and the nodes above them up to a level: their pages, the topmost nodes, the next free number."""
    region = Nodes()
    pages: list[bytes] = []
    for _ in range(number):
        leaf = ahead.take()
        numbers = _numbers(at, leaf.pages)
        pages += map(_placed, numbers, _leaf_pages(leaf, numbers))
        at = numbers[-1] + 1
        region.add(numbers[-1], leaf.last)
    tops = region
    for groups in _groups(number, level):
        made = _Made(_level(tops, groups, at))
        pages += made
        tops, at = made.given
    return pages, tops, at


class _Made:
    """The pages of a generator, and what it gives at its end."""

    def __init__(self, pages: Generator[bytes, None, tuple[Nodes, int]]) -> None:
        self._pages = pages

    def __iter__(self) -> Iterator[bytes]:
        self.given = yield from self._pages


def _level(below: Nodes, groups: int, at: int) -> Generator[bytes, None, tuple[Nodes, int]]:
    """Sends so many nodes over those below, as evenly filled as can be; gives the nodes and the next free number."""
    made, begin = Nodes(), 0
    for group in range(groups):
        end = len(below) * (group + 1) // groups
        number = _numbers(at, 1)[0]
        yield _placed(number, _node(below.numbers[begin:end], below.keys[begin:end]))
        made.add(number, below.keys[end - 1])
        begin, at = end, number + 1
    return made, at


def _groups(leaves: int, level: int, more: int = 0, above: int = 0) -> list[int]:
    """How many nodes each of the levels 1 to `level` has over so many leaves, two at least on the topmost.

    `more` nodes beyond need stand on level 1, `above` on level 2. With level 0 there are none: the leaves are topmost.
    """
    counts, below = [], leaves
    for height in range(1, level + 1):
        beyond = more if height == 1 else above if height == 2 else 0
        below = max(-(-below // FANOUT), 2 ** (level - height + 1)) + beyond
        counts.append(below)
    return counts


def _topmost(leaves: int, level: int) -> int:
    return [leaves, *_groups(leaves, level)][-1]


def _filling(leaves: int, level: int, free: int) -> list[int]:
    """The levels over so many leaves so that their nodes take exactly the free pages. Raises TooFarAhead."""
    beyond = free - sum(_groups(leaves, level))
    for above in range(8):
        for more in range(max(beyond - 16, 0), beyond + 1):
            groups = _groups(leaves, level, more, above)
            if sum(groups) == free and _sound([leaves, *groups]):
                return groups
    raise TooFarAhead


def _sound(counts: Sequence[int]) -> bool:
    """Whether each node has two children at least and FANOUT at most."""
    pairs = pairwise(counts)
    return counts[-1] < FANOUT and all(2 * upper <= lower <= FANOUT * upper for lower, upper in pairs)


def _slots(at: int, promised: int) -> int:
    """Pages that can be used from `at` to before `promised`."""
    return promised - at - (at <= LOCK_PAGE < promised)


def _after(at: int, pages: int) -> int:
    """The number of the page behind so many that can be used."""
    end = at + pages
    return end + 1 if at <= LOCK_PAGE <= end else end


def _numbers(at: int, pages: int) -> list[int]:
    """The next so many numbers that can be used."""
    if at <= LOCK_PAGE < at + pages:
        return [number for number in range(at, at + pages + 1) if number != LOCK_PAGE]
    return list(range(at, at + pages))


def _placed(number: int, page: bytes) -> bytes:
    """The page, behind the empty one that is never used where it follows that."""
    return bytes(PAGE) + page if number == LOCK_PAGE + 1 else page


def _leaf_pages(leaf: Leaf, numbers: Sequence[int]) -> list[bytes]:
    """The chains of its long rows, then the leaf itself: a page for each of the numbers."""
    pages: list[bytes] = []
    cells: list[bytes] = []
    for local, rest in leaf.cells:
        if rest:
            first = len(pages)
            pages += _chain_pages(rest, numbers[first : first + _chain(rest)])
            local += numbers[first].to_bytes(4, "big")
        cells.append(local)
    return [*pages, _page(b"\x0d", cells)]


def _chain_pages(rest: bytes, numbers: Sequence[int]) -> Iterator[bytes]:
    for n, following in enumerate([*numbers[1:], 0]):
        yield following.to_bytes(4, "big") + rest[n * _CHAINED : (n + 1) * _CHAINED].ljust(_CHAINED, b"\0")


def _node(numbers: Sequence[int], keys: Sequence[int], last: int = 0) -> bytes:
    """A node over these pages and, behind them, the page `last`."""
    listed = len(numbers) if last else len(numbers) - 1
    cells = [numbers[n].to_bytes(4, "big") + varint(keys[n]) for n in range(listed)]
    return _page(b"\x05", cells, (last or numbers[-1]).to_bytes(4, "big"))


def _page(kind: bytes, cells: Sequence[bytes], right: bytes = b"") -> bytes:
    at, places = PAGE, []
    for cell in cells:
        at -= len(cell)
        places.append(at.to_bytes(2, "big"))
    head = kind + b"\0\0" + len(cells).to_bytes(2, "big") + at.to_bytes(2, "big") + b"\0" + right + b"".join(places)
    if len(head) > at:
        raise TooFarAhead
    return head + bytes(at - len(head)) + b"".join(reversed(cells))
