"""Advisory locks: each for one thing."""

from layers import locks


def test_no_two_locks_share_a_number() -> None:
    numbers = {name: value for name, value in vars(locks).items() if name.isupper()}
    assert len(numbers) >= 4 and len(set(numbers.values())) == len(numbers)
