"""The numbers of the database's advisory locks, together, so that no two things ever hold each other up by accident."""

DAY = 7_306_501
"""Writers hold it shared until they commit, the roll-over alone: the day stands still under what is added."""
PYRAMID_FOLD = 7_306_502
ROLL_OVER = 7_306_503
CHANGES_FOLD = 7_312_001
