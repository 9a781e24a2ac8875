"""What the report says of a goal: reached, or by how much not."""

from bench.figures import Figure, of
from bench.goals import verdicts
from bench.parts import cached
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


def test_goals_that_were_not_measured_are_not_spoken_of():
    assert verdicts([]) == []
