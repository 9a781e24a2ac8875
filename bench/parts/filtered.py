"""P3: national tiles under random combinations of the filters whose counts are exact."""

import random
from contextlib import ExitStack

from bench import bare, race
from bench.figures import Figure
from bench.filters import combinations
from bench.places import LAYER, SEED
from bench.race import Question
from bench.tile_lists import Tile, national
from scripts.console import say

TITLE = "National tiles under filters"
GOAL, WHOLE = "P3", Tile(0, 0, 0)


def measure(*, small: bool) -> list[Figure]:
    """Of each combination the world's one tile, whose sum is checked against SQL; then random other tiles."""
    asked = combinations(5 if small else 60)
    chance = random.Random(SEED)
    whole = [Question(WHOLE, query) for query in asked]
    others = [Question(tile, query) for query in asked for tile in chance.sample(national(), 1 if small else 3)]
    say(f"  counting {len(asked)} combinations in SQL")
    true = {question: _count(question.query) for question in whole}
    with ExitStack() as stack:
        contenders = race.ours(stack)
        contenders[race.BARE] = stack.enter_context(race.bare_sql())
        taken = race.run(contenders, [*whole, *others], rounds=1 if small else 3)
    return race.summary(GOAL, "a tile of z0 to z6, filtered", taken, true)


def _count(query: str) -> int:
    """Devices that match, by a plain SQL count over the rows."""
    bare.application()
    from django.http import QueryDict

    from layers.filters import parse
    from layers.query import matching
    from layers.registry import get

    layer = get(LAYER)
    return matching(layer, parse(layer, QueryDict(query))).count()
