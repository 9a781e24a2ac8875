"""`/api/v1/search/`: up to `limit` results of each kind, the kind that answers best first."""

from django.http import HttpRequest, JsonResponse

from layers.filters import read_position, read_words, single_values
from layers.numbers import read_integer
from layers.query import map_day, reading
from layers.registers.map_day import is_demo
from layers.scope import read_only
from services.search.asking import Asked
from services.search.former import former_units
from services.search.named import alike, named
from services.search.numbers import numbers
from services.search.scopes import scopes

DEFAULT_LIMIT, MAX_LIMIT = 5, 20
# What a kind is worth beside another that answers as well: places first, then numbers, abilities, names.
_KINDS = ("provinces", "communes", "former_unit", "number", "scope")


@read_only
def search(request: HttpRequest) -> JsonResponse:
    """The results for `q`; with `lon` and `lat` each has its distance in metres, and near ones come first.

    `choices` asks back where it is not clear which activity is meant: verification and calibration of a device are
    different things by law.
    """
    values = single_values(request.GET, known={"q", "limit", "lang", "lon", "lat"})
    words = read_words(values.get("q", ""))
    limit = read_integer(values.get("limit", str(DEFAULT_LIMIT)), "limit", least=1, most=MAX_LIMIT, cut=True)
    position = read_position(values)
    with reading(None, "search"):
        asked = Asked(values["q"], words, map_day("open"), limit, position)
        able = scopes(asked)
        results = [*named(asked), *former_units(asked), *numbers(asked), *able.results]
        if all(one["similar"] for one in results):
            results += [one for one in alike(asked) if one not in results]
        body = {"results": in_order(results), "choices": able.choices, "demo": is_demo()}
    response = JsonResponse(body, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"], response["Access-Control-Allow-Origin"] = "no-cache", "*"
    return response


def in_order(results: list[dict]) -> list[dict]:
    """Kinds together, the kind whose best result is closest first; what is only similar comes last of all."""
    best: dict[tuple[bool, str], int] = {}
    for one in results:
        key = (one["similar"], one["kind"])
        best[key] = min(best.get(key, one["closeness"]), one["closeness"])
    ranked = sorted(results, key=lambda one: (one["similar"], best[one["similar"], one["kind"]], _rank(one["kind"])))
    return [{name: value for name, value in one.items() if name != "closeness"} for one in ranked]


def _rank(kind: str) -> tuple[int, str]:
    return (_KINDS.index(kind) if kind in _KINDS else len(_KINDS), kind)
