"""Who can do this: places ranked by how many of several tasks they cover, and the fewest that cover all.

The same question as the filter `competence` of the body layers, asked task by task: only lines in force on the day
count, and of verification of devices only those under a designation (`layers.competence.asking`).
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import Case, Value, When
from django.http import HttpRequest, JsonResponse, QueryDict

from geodata.administrative import commune_at
from geodata.functions import MetresFrom
from geodata.language import both
from layers.access import access
from layers.competence.asking import of_lines, reach
from layers.competence.covering import MOST_TASKS, Able, ranked, smallest_set, who_come_first
from layers.competence.lexicon import WordsInUse
from layers.competence.reading import Competence, read
from layers.errors import BadParameter
from layers.filters import SHARED, parse, read_competences, read_position, single_values
from layers.layer import Layer
from layers.numbers import read_integer
from layers.query import FeatureQuery, columns, matching, matching_lines, reading, select
from layers.registers.map_day import is_demo
from layers.registers.qualifications import QUALIFICATION_KINDS
from layers.registry import all_layers
from layers.scope import read_only
from layers.values import as_properties

TASKS = "competence"
DEFAULT_LIMIT, MAX_LIMIT = 20, 100
OWN = ("lon", "lat", "viewpoint", "limit", "lang")
_STRENGTH = Case(
    *(When(qualification__kind=kind, then=Value(rank)) for rank, kind in enumerate(("designation", "accreditation"))),
    default=Value(2),
)
_EVIDENCE = (
    "place",
    "activity",
    "qualification__kind",
    "qualification__number",
    "test",
    "product",
    "range_text",
    "valid_until",
)
_SHOWN = ("name", "name_en", "address", "province", "commune", "on_site_service", "geom_accuracy")


@dataclass(frozen=True)
class Task:
    """One thing to be done: how it was asked, how it was understood, how many places can do it by which activities."""

    text: str
    asked: Competence
    places: int = 0
    activities: frozenset[str] = frozenset()

    @property
    def understood(self) -> str:
        """Activity, terms and quantities, apart by dots."""
        return " · ".join(self.asked.parts)


@dataclass(frozen=True)
class Found:
    """The answer: tasks, places ranked (the first `limit`), how many there are, the smallest set, the day."""

    tasks: list[Task]
    places: list[dict]
    total: int
    smallest: list[dict]
    query: FeatureQuery


@read_only
def find_bodies(request: HttpRequest) -> JsonResponse:
    """`/api/v1/find/`: see `find`."""
    found = find(request.GET)
    body = {
        "tasks": [{"text": one.text, "understood": one.understood, "places": one.places} for one in found.tasks],
        "numberMatched": found.total,
        "numberReturned": len(found.places),
        "places": found.places,
        "smallest_set": found.smallest,
        "on": found.query.day,
        "demo": is_demo(),
    }
    response = JsonResponse(body, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"], response["Access-Control-Allow-Origin"] = "no-cache", "*"
    return response


def find(parameters: QueryDict) -> Found:
    """The places that can do the tasks in `competence` (apart by `;`) on the day, those that do most first, among
    them the nearest few who come to the device (`comes_first`), then all by distance; further filters are those of the
    body layers. With `viewpoint` the position is not the asker's: distances are told, who comes there is not.

    Raises BadParameter.
    """
    layers = [layer for layer in all_layers() if layer.field(TASKS)]
    known = {*SHARED, *OWN, *(item.name for layer in layers for item in layer.filters)}
    values = single_values(parameters, known=known)
    if TASKS not in values:
        raise BadParameter(f"{TASKS}.missing", "Viết việc cần làm.", "Say what is to be done.", parameter=TASKS)
    limit = read_integer(values.get("limit", str(DEFAULT_LIMIT)), "limit", least=1, most=MAX_LIMIT, cut=True)
    position, home = read_position(values), not _is_viewpoint(values)
    with reading(None, "search"):
        tasks = _tasks(values[TASKS])
        queries = _queries(layers, values)
        able, tasks = _able(queries, tasks, position, home=home)
        best = ranked(able)
        fewest = smallest_set(able, (1 << len(tasks)) - 1)
        described = _described(queries, {one.place: one for one in [*best[:limit], *fewest]}, tasks)
        for place in who_come_first(best) & described.keys():
            described[place]["comes_first"] = True
        day = next(iter(queries.values()))
    return Found(
        tasks,
        [described[one.place] for one in best[:limit]],
        len(best),
        [described[one.place] for one in fewest],
        day,
    )


def _is_viewpoint(values: dict[str, str]) -> bool:
    if values.get("viewpoint", "false") not in ("true", "false"):
        said = both("viewpoint là true hoặc false.", "viewpoint is true or false.")
        raise BadParameter("viewpoint.flag", said.vi, said.en, parameter="viewpoint")
    return values.get("viewpoint") == "true"


def _tasks(text: str) -> list[Task]:
    """Each task as it is understood, slips mended. Raises BadParameter as the filter does."""
    read_competences(text, TASKS)
    lexicon = WordsInUse("open")
    parts = dict.fromkeys(part.strip() for part in text.split(";"))
    asked = {part: read(part, lexicon=lexicon) or read(part) for part in parts}
    tasks = [Task(one.text if several else part, one) for part in parts for several, one in _each(asked[part])]
    if len(tasks) > MOST_TASKS:
        raise BadParameter(
            f"{TASKS}.words", f"Nhiều nhất {MOST_TASKS} việc.", f"{MOST_TASKS} tasks at most.", parameter=TASKS
        )
    return tasks


def _each(asked: Competence) -> list[tuple[bool, Competence]]:
    """Verification and calibration in one breath are two tasks: who does the one may not do the other by law."""
    several = list(asked.by_activity())
    return [(len(several) > 1, one) for one in several]


def _queries(layers: list[Layer], values: dict[str, str]) -> dict[Layer, FeatureQuery]:
    """What is asked of each layer but the tasks. A filter or value that only another layer has leaves a layer out;
    one that none has is refused. Raises BadParameter.
    """
    asked = QueryDict(urlencode({name: text for name, text in values.items() if name not in (TASKS, *OWN)}))
    queries: dict[Layer, FeatureQuery] = {}
    refusals: list[BadParameter] = []
    for layer in layers:
        try:
            queries[layer] = parse(layer, asked)
        except BadParameter as refusal:
            refusals.append(refusal)
    if not queries:
        raise refusals[0]
    return queries


def _able(
    queries: dict[Layer, FeatureQuery], tasks: list[Task], position: tuple[float, float] | None, *, home: bool
) -> tuple[list[Able], list[Task]]:
    """Every place that can do a task, with its distance; the tasks with the number of places that can do each."""
    doing: dict[int, int] = defaultdict(int)
    activities: dict[int, set[str]] = defaultdict(set)
    for layer, query in queries.items():
        gate = access(layer, None)
        lines = matching_lines(layer, query, gate).alias(**reach()).filter(layer.lines.in_force(query.day))
        for bit, task in enumerate(tasks):
            rows = lines.filter(of_lines(task.asked)).order_by().values_list("place", "activity").distinct()
            for place, activity in rows:
                doing[place] |= 1 << bit
                activities[bit].add(activity)
    facts = _facts(queries, doing, position, home=home)
    able = [Able(place, doing[place], *fact) for place, fact in facts.items()]
    counted = [
        replace(task, places=sum(one.tasks >> bit & 1 for one in able), activities=frozenset(activities[bit]))
        for bit, task in enumerate(tasks)
    ]
    return able, counted


def _facts(
    queries: dict[Layer, FeatureQuery], doing: dict[int, int], position: tuple[float, float] | None, *, home: bool
) -> dict[int, tuple[float | None, bool]]:
    """Of each place that answers the other filters too: metres away, and whether it comes to where the asker is."""
    here = commune_at(*position, using="open") if position and home else None
    away = {"metres": MetresFrom("geom", *position)} if position else {}
    found: dict[int, tuple[float | None, bool]] = {}
    for layer, query in queries.items():
        rows = matching(layer, query).filter(pk__in=doing).annotate(**away)
        asked = ("pk", "on_site_service", "service_provinces", "province_id", *away)
        for pk, comes, served, province, *metres in rows.values_list(*asked):
            at_home = bool(comes and here and here.parent_id in {*served, province})
            found[pk] = (metres[0] if metres else None, at_home)
    return found


def _described(queries: dict[Layer, FeatureQuery], able: dict[int, Able], tasks: list[Task]) -> dict[int, dict]:
    """The places in words: what they are, what they cover by which line, how far they are, the way to them."""
    described: dict[int, dict] = {}
    lines = _evidence(queries, able, tasks)
    for layer, query in queries.items():
        rows = matching(layer, FeatureQuery(day=query.day)).filter(pk__in=able)
        found = list(select(layer, query, fields=_SHOWN, geometry=True, rows=rows))
        shown = as_properties(columns(layer, fields=_SHOWN), (row[1:-1] for row in found))
        for row, values in zip(found, shown, strict=True):
            described.setdefault(row[0], _place(layer, row, values, able[row[0]], lines[row[0]]))
    return described


def _evidence(queries: dict[Layer, FeatureQuery], able: dict[int, Able], tasks: list[Task]) -> dict[int, list[dict]]:
    """For each place and task the line by which it may do it, a designation before other facts."""
    found: dict[int, list[dict]] = defaultdict(list)
    for layer, query in queries.items():
        lines = matching_lines(layer, query, access(layer, None)).alias(**reach())
        lines = lines.filter(layer.lines.in_force(query.day), place__in=able)
        for number, task in enumerate(tasks):
            strongest = lines.filter(of_lines(task.asked)).annotate(rank=_STRENGTH).order_by("place", "rank", "pk")
            for row in strongest.distinct("place").values(*_EVIDENCE):
                found[row["place"]].append(_line(number, row))
    return found


def _line(task: int, row: dict) -> dict:
    kind = QUALIFICATION_KINDS.labels("open", [row["qualification__kind"]])[row["qualification__kind"]]
    said = " – ".join(filter(None, (row["test"], row["product"])))
    return {
        "task": task,
        "activity": row["activity"],
        "kind": row["qualification__kind"],
        "kind_label": str(kind),
        "number": row["qualification__number"],
        "says": said,
        "range": row["range_text"],
        "valid_until": row["valid_until"],
    }


def _place(layer: Layer, row: tuple, values: dict, able: Able, lines: list[dict]) -> dict:
    lon, lat = row[-1].coords
    known = values["geom_accuracy"] != "commune_centroid"
    return {
        "layer": layer.name,
        "id": row[0],
        **values,
        "covers": [bit for bit in range(MOST_TASKS) if able.tasks >> bit & 1],
        "lines": lines,
        "comes_to_you": able.comes,
        "comes_first": False,
        "distance_m": None if able.metres is None else round(able.metres),
        "point": [round(lon, 6), round(lat, 6)],
        "page": f"/{layer.name}/{row[0]}",
        "directions": f"geo:{lat:.6f},{lon:.6f}" if known else None,
    }
