"""Random combinations of the filters whose counts are exact, several values each, by a seed."""

import random
from collections.abc import Mapping
from urllib.parse import urlencode

from bench import database
from bench.places import SEED

STATUSES = ("valid", "due_soon", "overdue", "void", "in_repair", "out_of_use", "no_periodic", "unknown")
GROUPS = ("1", "2")

_UNITS = "SELECT code FROM geodata_administrativeunit WHERE level = %s AND valid_to IS NULL AND geom IS NOT NULL"


def combinations(number: int) -> list[str]:
    """So many query strings. Each names one to four filters and one to five values of each.

    Communes stand without provinces: most random pairs of the two would ask for nothing.
    """
    chance, values = random.Random(SEED), _values()
    return [_combination(chance, values) for _ in range(number)]


def _combination(chance: random.Random, values: Mapping[str, list[str]]) -> str:
    place = chance.choice(("province", "commune"))
    names = [name for name in (place, "device_type", "status", "device_group") if chance.random() < 0.6]
    chosen = {name: chance.sample(values[name], chance.randint(1, 5 if len(values[name]) > 8 else 2)) for name in names}
    if not chosen:
        return _combination(chance, values)
    return urlencode({name: ",".join(sorted(listed)) for name, listed in chosen.items()}, safe=",")


def _values() -> Mapping[str, list[str]]:
    return {
        "province": _codes(f"{_UNITS} ORDER BY code", "province"),
        "commune": _codes(f"{_UNITS} ORDER BY code", "commune"),
        "device_type": _codes("SELECT code FROM layers_devicetype ORDER BY code"),
        "status": list(STATUSES),
        "device_group": list(GROUPS),
    }


def _codes(sql: str, *values: str) -> list[str]:
    with database.cursor() as rows:
        rows.execute(sql, values)
        return [code for (code,) in rows.fetchall()]
