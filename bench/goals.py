"""The goals and what the figures say of them: reached, or by how much not."""

from collections.abc import Iterator, Mapping, Sequence

from bench import copying
from bench.figures import Figure
from bench.parts import as_typed, cached, counting, features, first_visit, loading, pages, paging, qgis, sizes, tiles
from bench.race import BARE, OURS, OURS_PLAIN

Figures = Sequence[Figure]


def verdicts(figures: Figures) -> list[tuple[str, str, str, str]]:
    """Rows of goal, what is wanted, what was measured, and the word on it. Goals without figures are left out."""
    return [
        row
        for goal in (
            _p1,
            _p2,
            _p3,
            _p4,
            _p5,
            _p6,
            _p7,
            _p8,
            _p9,
            _p10,
            _p11,
            _edits,
            _sizes,
            _pictures,
            _visits,
            _pages,
            _qgis,
        )
        for row in goal(figures)
    ]


Row = tuple[str, str, str, str]


def _p1(figures: Figures) -> Iterator[Row]:
    found = {item.who: item for item in figures if item.goal == "P1"}
    ours, bare = found.get(OURS_PLAIN), found.get(BARE)
    if ours and bare:
        limit = 1.15 * bare.median + 2
        yield "P1", "≤ 1.15 × bare + 2 ms", f"{ours.median:.1f} ms of {limit:.1f} ms", _most(ours.median, limit)
    for goal, how in (("P1", "one by one"), (tiles.AS_SERVED, "as served, in clusters")):
        yield from _beside_peers({item.who: item.median for item in figures if item.goal == goal}, how)


def _beside_peers(medians: Mapping[str, float], how: str) -> Iterator[Row]:
    """How many times as fast ours are as the peers that the goal names."""
    for name, median in medians.items():
        wanted = 3.0 if name.endswith("as installed") else 1.0 if name.startswith("Martin") else 0.0
        if OURS in medians and wanted and name.startswith(("Martin", "pg_tileserv", "TiPg")):
            times = median / medians[OURS]
            yield "P1", f"≥ {wanted:.0f} × as fast as {name}: {how}", f"{times:.1f} ×", _least(times, wanted)


def _p2(figures: Figures) -> Iterator[Row]:
    for item in figures:
        if item.goal == "P2" and item.who == BARE:
            yield "P2", f"≤ 10 ms in the database: {item.what}", _times(item), _most(item.median, 10)
        if item.goal == "P2" and item.who == OURS and item.most_sent:
            largest = item.most_sent / 1000
            yield "P2", f"≤ 60 kB gzip, each: {item.what}", f"{largest:.1f} kB", _most(largest, 60)
            if item.note:
                yield "P2", f"exact: {item.what}", item.note, _exact(item)


def _p3(figures: Figures) -> Iterator[Row]:
    for item in figures:
        if item.goal == "P3" and item.who == BARE:
            yield "P3", "≤ 25 ms median", f"{item.median:.1f} ms", _most(item.median, 25)
            yield "P3", "≤ 80 ms p95", f"{item.p95:.1f} ms", _most(item.p95, 80)
        if item.goal == "P3" and item.who == OURS:
            yield "P3", "exact", item.note, _exact(item)


def _p4(figures: Figures) -> Iterator[Row]:
    rates = {item.who: item.median for item in figures if item.unit == "req/s"}
    if cached.STATIC in rates:
        share = rates[cached.BEHIND] / rates[cached.STATIC]
        yield "P4", "≥ 0.9 × static, by version through nginx", f"{share:.2f} ×", _least(share, 0.9)
        for who, least in ((cached.VERSIONED, 10_000), (cached.FRESH, 5_000)):
            yield "P4", f"≥ {least:,} req/s {who}", f"{rates[who]:,.0f}", _least(rates[who], least)


def _p5(figures: Figures) -> Iterator[Row]:
    for item in figures:
        if item.goal == "P5" and item.who == "its statements, bare":
            yield "P5", "one version look-up ≤ 0.3 ms", f"{item.median:.2f} ms, {item.note}", _most(item.median, 0.3)


def _p6(figures: Figures) -> Iterator[Row]:
    for item in figures:
        if item.goal == "P6" and item.unit == "queries":
            yield "P6", "one data query", f"{item.median:.1f}", "reached" if item.median == 1 else "NOT reached"


def _p7(figures: Figures) -> Iterator[Row]:
    found = [item for item in figures if item.goal == features.GOAL]
    copied = {item.what: item.median for item in found if item.who == copying.PSQL}
    for item in found:
        name = f"{item.what}, {item.who}"
        if item.who.startswith("ours") and item.what in copied:
            if item.n:
                share = item.median / copied[item.what]
                yield "P7", f"≤ 2 × COPY of the same text by psql: {name}", f"{share:.2f} ×", _most(share, 2)
            yield "P7", f"the same ids: {name}", item.note, "reached" if item.note == features.SAME else "NOT reached"
        if item.who.startswith(f"{features.FIRST}ours"):
            yield "P7", f"≤ 100 ms: {name}", f"{item.median:.0f} ms", _most(item.median, 100)
    sizes = [item for item in found if item.unit == "MB"]
    for few, all_rows in zip(sizes[::2], sizes[1::2], strict=True):
        grown = all_rows.median - few.median
        yield "P7", f"flat (within 10 MB): {few.what}", f"{grown:+.1f} MB", _most(max(grown, 0), 10)


def _p8(figures: Figures) -> Iterator[Row]:
    found = {(item.what, item.who): item for item in figures if item.goal == paging.GOAL}
    for (what, who), item in found.items():
        if who == paging.FAR:
            yield _beside_first(f"≤ 1.5 × the first page: {what}", item, found[what, paging.FIRST], 1.5)
    deep = [item for item in figures if item.goal == paging.OFFSET_GOAL]
    for item in deep:
        if item.what == paging.DEEPER:
            said = "reached" if item.note == "status 400" else "NOT reached"
            yield "P8", f"refused: {item.who}", item.note, said
        elif item is not deep[0]:
            yield _beside_first(f"≤ 2 × the first page: {item.who}", item, deep[0], 2)


def _beside_first(wanted: str, item: Figure, first: Figure, most: float) -> Row:
    if not (item.n and first.n):
        return "P8", wanted, item.note or first.note, "NOT reached"
    times = item.median / first.median
    return "P8", wanted, f"{times:.2f} ×", _most(times, most)


def _p9(figures: Figures) -> Iterator[Row]:
    for item in figures:
        if item.goal in (counting.GOAL, counting.OTHERS_GOAL) and item.who != counting.BARE:
            limit = 1000 if item.goal == counting.OTHERS_GOAL else 200 if item.who == counting.FACETS else 20
            wrong = any(word in item.note for word in ("wrong", "not answered"))
            wrong |= item.goal == counting.GOAL and "absent" in item.note
            if item.n:
                yield "P9", f"p95 ≤ {limit:,} ms: {item.what}, {item.who}", _times(item), _most(item.p95, limit)
            yield "P9", f"exact: {item.what}, {item.who}", item.note, "NOT reached" if wrong else "reached"


def _p10(figures: Figures) -> Iterator[Row]:
    taken = {item.who: item.median for item in figures if item.goal == "P10"}
    if taken:
        times = taken[loading.WITH] / taken[loading.WITHOUT]
        yield "P10", "≤ 1.35 × a bare COPY", f"{times:.2f} ×", _most(times, 1.35)


def _p11(figures: Figures) -> Iterator[Row]:
    for item in figures:
        if item.goal == as_typed.GOAL:
            yield (
                "P11",
                f"p95 ≤ 120 ms: {item.what}",
                f"{item.p95:.0f} ms (median {item.median:.0f})",
                _most(item.p95, 120),
            )


def _edits(figures: Figures) -> Iterator[Row]:
    for item in figures:
        if item.goal == "edits" and item.unit == "ms":
            said = "reached" if item.note == "0 wrong" else "NOT reached"
            yield "edits", "the next answer is right", f"{item.note} of {item.n:,}", said
        if item.goal == "edits" and item.unit == "tiles":
            yield "edits", "no tile of another block is made again", f"{item.median:.0f}", _most(item.median, 0)


def _sizes(figures: Figures) -> Iterator[Row]:
    found = [item for item in figures if item.goal == sizes.GOAL]
    if found:
        largest, wrong = (
            max(item.most_raw or 0 for item in found),
            [item for item in found if "0 with a" not in item.note],
        )
        yield "sizes", "no tile over 500,000 bytes", f"{largest:,}", _most(largest, sizes.MOST_BYTES)
        yield "sizes", "each tile sums to its rows", f"{len(wrong)} lists with a wrong one", _most(len(wrong), 0)


def _pictures(figures: Figures) -> Iterator[Row]:
    for item in figures:
        if item.goal == "pan and zoom":
            yield "pan and zoom", f"complete within 1 s at p95: {item.who}", f"{item.p95:.0f} ms", _most(item.p95, 1000)


# By what is waited for and on which device: seconds and kB at most, None where no goal is set.
_VISITS = {
    (first_visit.NEAREST, "phone"): (3.0, 250),
    (first_visit.MAP, "phone"): (8.0, 900),
    (first_visit.MAP, "phone, second visit"): (None, 100),
    (first_visit.MAP, "desktop"): (1.5, None),
}


def _visits(figures: Figures) -> Iterator[Row]:
    for item in figures:
        seconds, kilobytes = _VISITS.get((item.what, item.who), (None, None))
        name = f"{item.what}, {item.who}"
        if seconds:
            yield (
                first_visit.GOAL,
                f"≤ {seconds} s: {name}",
                f"{item.median / 1000:.1f} s",
                _most(item.median, seconds * 1000),
            )
        if kilobytes and item.most_sent:
            sent = item.most_sent / 1000
            yield first_visit.GOAL, f"≤ {kilobytes} kB: {name}", f"{sent:.0f} kB", _most(sent, kilobytes)
        if item.goal == first_visit.GOAL and item.who == first_visit.FILTERED:
            yield first_visit.GOAL, "filter to redraw p95 ≤ 300 ms", f"{item.p95:.0f} ms", _most(item.p95, 300)


def _pages(figures: Figures) -> Iterator[Row]:
    for item in figures:
        if item.goal == pages.GOAL and item.what == pages.RECORD:
            yield pages.GOAL, f"p95 ≤ 300 ms: {item.what}, {item.who}", _times(item), _most(item.p95, 300)


def _qgis(figures: Figures) -> Iterator[Row]:
    for item in figures:
        if item.goal == qgis.GOAL and item.what == qgis.COUNTRY and item.n:
            yield qgis.GOAL, f"≤ 5 s: {item.what}", _times(item), _most(item.median, qgis.LIMIT_MS)


def _most(value: float, limit: float) -> str:
    return "reached" if value <= limit else f"NOT reached, by {_by(value / limit)}"


def _least(value: float, limit: float) -> str:
    return "reached" if value >= limit else f"NOT reached, by {_by(limit / value)}"


def _by(factor: float) -> str:
    return f"{100 * (factor - 1):.0f} %" if factor < 2 else f"{factor:.1f} ×"


def _times(item: Figure) -> str:
    return f"{item.median:.1f} ms (p95 {item.p95:.1f} ms)"


def _exact(item: Figure) -> str:
    asked = item.note.split(" exact")[0].split(" of ")
    return "reached" if len(set(asked)) == 1 and ";" not in item.note else "NOT reached"
