"""Twenty filters per layer, chosen by a seed from what the layer declares: the same for every run."""

import random
from datetime import date, timedelta

from layers.layer import Field, Layer
from layers.units import PROVINCES
from tests.layers.oracle import COMPETENCES, CONDITIONS

COUNT = 20
ANCHORS = ((105.8, 21.0), (106.7, 10.8), (108.2, 16.05), (105.7, 10.0), (107.6, 16.4))
WORDS = ("nguyen", "cong ty", "xang dau", "trung tam", "thanh pho", "so 1")


def questions(layer: Layer, day: date) -> list[dict[str, str]]:
    """COUNT parameter sets of the layer's filters: one, two or three at once; the first is empty, the third in CQL2."""
    chance = random.Random(f"questions of {layer.name}")
    condition = {"filter": next(iter(CONDITIONS[layer.name]))}
    others = [_question(layer, day, chance) for _ in range(COUNT - 2)]
    return [{}, others[0], condition, *others[1:]]


def _question(layer: Layer, day: date, chance: random.Random) -> dict[str, str]:
    makers = {item.name: _maker(item) for item in layer.filters}
    makers |= {"province": _province, "bbox": _bbox, "within": _within, "q": _words}
    makers["filter"] = lambda day, chance: chance.choice(list(CONDITIONS[layer.name]))
    if layer.dated:
        makers["on"] = _earlier
    names = chance.sample(sorted(makers), k=chance.choice((1, 1, 2, 2, 3)))
    return {name: makers[name](day, chance) for name in names}


def _maker(item: Field):  # type: ignore[no-untyped-def]
    if item.filter == "dates":
        return _range
    if item.filter == "flag":
        return lambda day, chance: chance.choice(("true", "false"))
    if item.filter == "competence":
        return lambda day, chance: chance.choice(sorted(COMPETENCES))
    return lambda day, chance: _codes(item.choices, chance)


def _codes(codes, chance: random.Random) -> str:  # type: ignore[no-untyped-def]
    known = [one.code for one in codes.read("open")]
    return ",".join(chance.sample(known, k=min(len(known), chance.choice((1, 2, 5)))))


def _province(day: date, chance: random.Random) -> str:
    return _codes(PROVINCES, chance)


def _range(day: date, chance: random.Random) -> str:
    first = day + timedelta(days=chance.randrange(-400, 400))
    last = first + timedelta(days=chance.randrange(0, 200))
    return chance.choice((first.isoformat(), f"{first}/{last}", f"../{last}", f"{first}/.."))


def _earlier(day: date, chance: random.Random) -> str:
    return (day - timedelta(days=chance.randrange(0, 300))).isoformat()


def _bbox(day: date, chance: random.Random) -> str:
    lon, lat = chance.choice(ANCHORS)
    wide = chance.choice((0.05, 0.5, 2.0))
    return f"{lon - wide:.3f},{lat - wide:.3f},{lon + wide:.3f},{lat + wide:.3f}"


def _within(day: date, chance: random.Random) -> str:
    lon, lat = chance.choice(ANCHORS)
    return f"{lon},{lat},{chance.choice((1000, 20000, 150000))}"


def _words(day: date, chance: random.Random) -> str:
    return chance.choice(WORDS)
