"""What the report says of a goal: reached, or by how much not."""

from bench import copying
from bench.figures import Figure, of
from bench.goals import verdicts
from bench.parts import cached, counting, features, paging
from bench.parts.tiles import AS_SERVED
from bench.race import BARE, OURS, OURS_PLAIN


def words(*figures: Figure) -> dict[str, str]:
    return {wanted: word for _, wanted, _, word in verdicts(figures)}


def test_a_tile_within_the_bare_statement_and_its_margin_reaches_the_goal():
    bare = of("P1", "a tile", BARE, [10.0])
    assert words(bare, of("P1", "a tile", OURS_PLAIN, [13.4])) == {"≤ 1.15 × bare + 2 ms": "reached"}


def test_what_misses_its_goal_says_by_how_much():
    bare = of("P1", "a tile", BARE, [10.0])
    assert words(bare, of("P1", "a tile", OURS_PLAIN, [27.0])) == {"≤ 1.15 × bare + 2 ms": "NOT reached, by 2.0 ×"}
    assert words(of("P3", "a tile", BARE, [30.0]))["≤ 25 ms median"] == "NOT reached, by 20 %"


def test_tiles_with_wrong_counts_are_not_exact():
    ours = of("P2", "a tile", OURS, [5.0], most_sent=1000, note="39 of 40 exact; off by -3 to -3 devices")
    assert words(ours)["exact: a tile"] == "NOT reached"
    ours = of("P2", "a tile", OURS, [5.0], most_sent=1000, note="40 of 40 exact")
    assert words(ours)["exact: a tile"] == "reached"


def test_an_unanswered_tile_is_not_exact_even_where_all_others_are():
    ours = of("P3", "a tile", OURS, [5.0], note="40 of 40 exact; 1 not answered (0/0/0: 422)")
    assert words(ours)["exact"] == "NOT reached"


def test_the_largest_national_tile_decides_on_the_bytes_not_the_median_one():
    ours = of("P2", "a tile", OURS, [5.0], sent=20_000, most_sent=61_000)
    assert words(ours)["≤ 60 kB gzip, each: a tile"] == "NOT reached, by 2 %"


def test_a_peer_of_the_ratio_is_compared_with_what_a_browser_asks_for():
    ours, peer = of("P1", "a tile", OURS, [10.0]), of("P1", "a tile", "Martin 1.14.0, as installed", [29.0])
    assert words(ours, peer) == {"≥ 3 × as fast as Martin 1.14.0, as installed: one by one": "NOT reached, by 3 %"}


def test_tiles_as_they_are_served_are_compared_apart_from_those_drawn_one_by_one():
    ours, peer = of(AS_SERVED, "a tile", OURS, [5.0]), of(AS_SERVED, "a tile", "TiPg 1.6.1, as installed", [20.0])
    assert words(ours, peer) == {"≥ 3 × as fast as TiPg 1.6.1, as installed: as served, in clusters": "reached"}


def test_throughput_is_held_against_the_static_file():
    rates = {cached.STATIC: 20_000, cached.BEHIND: 17_000, cached.VERSIONED: 10_000, cached.FRESH: 5_100}
    said = words(*(of("P4", "one stored tile", who, [rate], unit="req/s") for who, rate in rates.items()))
    assert list(said.values()) == ["NOT reached, by 6 %", "reached", "reached"]


def test_features_are_held_against_psql_alone():
    copied = of("P7", "GeoJSON", copying.PSQL, [500.0])
    said = words(
        copied, of("P7", "GeoJSON", features.OGC, [1100.0], note=features.SAME), of("P7", "GeoJSON", "TiPg", [9.0])
    )
    assert list(said.values()) == ["NOT reached, by 10 %", "reached"]


def test_features_that_are_not_the_same_are_no_answer():
    copied, wrong = of("P7", "GML", copying.PSQL, [500.0]), of("P7", "GML", features.WFS, [600.0], note="9 of 10 ids")
    assert list(words(copied, wrong).values()) == ["reached", "NOT reached"]


def test_the_first_byte_of_peers_is_no_goal():
    ours, peer = (of("P7", "GML", features.FIRST + who, [120.0]) for who in (features.WFS, "MapServer"))
    assert list(words(ours, peer).values()) == ["NOT reached, by 20 %"]


def test_memory_may_not_grow_with_the_features():
    sizes = [
        of("P7", "memory, OGC API", number, [size], unit="MB") for number, size in (("few", 200.0), ("all", 240.0))
    ]
    assert list(words(*sizes).values()) == ["NOT reached, by 4.0 ×"]


def test_the_far_end_is_held_against_the_first_page_of_the_same_order():
    first, far = of("P8", "by id", paging.FIRST, [10.0]), of("P8", "by id", paging.FAR, [14.0])
    assert words(first, far) == {"≤ 1.5 × the first page: by id": "reached"}


def test_offsets_are_held_against_the_first_page_and_deeper_ones_must_be_refused():
    pages = [of(paging.OFFSET_GOAL, "GML", f"at {depth}", [value]) for depth, value in ((0, 100.0), (1_000_000, 300.0))]
    deeper = of(paging.OFFSET_GOAL, paging.DEEPER, "at 1000001", [1.0], note="status 200")
    assert list(words(*pages, deeper).values()) == ["NOT reached, by 50 %", "NOT reached"]


def test_numbers_of_exact_kinds_may_not_be_left_out_and_those_of_others_may():
    exact = of(counting.GOAL, counting.WHAT, counting.OGC, [5.0], note="59 of 60 exact; 1 absent")
    assert words(exact)[f"exact: {counting.WHAT}, {counting.OGC}"] == "NOT reached"
    other = of(counting.OTHERS_GOAL, "bbox", counting.OGC, [900.0], note="3 of 4 exact; 1 absent")
    assert set(words(other).values()) == {"reached"}
    wrong = of(counting.OTHERS_GOAL, "bbox", counting.OGC, [900.0], note="3 of 4 exact; 1 wrong")
    assert words(wrong)[f"exact: bbox, {counting.OGC}"] == "NOT reached"


def test_facets_have_a_limit_of_their_own():
    slow = of(counting.GOAL, counting.WHAT, counting.FACETS, [150.0, 150.0], note="1 of 1 exact")
    assert words(slow)[f"p95 ≤ 200 ms: {counting.WHAT}, {counting.FACETS}"] == "reached"
    assert words(of(counting.GOAL, counting.WHAT, counting.BARE, [999.0])) == {}


def test_goals_that_were_not_measured_are_not_spoken_of():
    assert verdicts([]) == []
