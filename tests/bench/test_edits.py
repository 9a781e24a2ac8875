"""What an edit must change in a tile, and which tiles it must leave alone."""

from bench.parts.edits import Device, Edit, _shares
from bench.tile_lists import Tile

HANOI = Device(1, 105.85, 21.03, "valid")
MOVED = Device(1, 106.70, 10.78, "valid")


def test_a_move_takes_from_one_tile_and_adds_to_the_other():
    edit = Edit("", (), HANOI, MOVED)
    assert edit.changes(HANOI.tile(12)) == {"valid": -1}
    assert edit.changes(MOVED.tile(12)) == {"valid": 1}


def test_a_move_within_a_tile_changes_none_of_its_sums():
    assert +Edit("", (), HANOI, MOVED).changes(Tile(0, 0, 0)) == {}


def test_another_status_moves_a_device_between_the_sums():
    overdue = Device(1, HANOI.lon, HANOI.lat, "overdue")
    assert Edit("", (), HANOI, overdue).changes(HANOI.tile(16)) == {"valid": -1, "overdue": 1}


def test_a_deeper_tile_shares_the_block_of_its_ancestor():
    block = HANOI.tile(12)
    assert _shares(HANOI.tile(16), block)
    assert _shares(HANOI.tile(3), block)
    assert not _shares(MOVED.tile(16), block)
