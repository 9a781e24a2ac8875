"""The scope of a place: every line within reach, under a filter of the page's own that needs no JavaScript.

`lines` takes words as the search does, `line_kind` and `line_status` codes, `line_page` a number. (`scope` is the
caller's, as everywhere.)
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.http import HttpRequest

from geodata.language import both
from layers.access import User, access
from layers.codes import FixedCodes
from layers.competence.asking import reach, says
from layers.competence.lexicon import WordsInUse
from layers.competence.reading import Competence, read
from layers.errors import BadParameter
from layers.filters import read_codes, read_competences
from layers.layer import Field, Layer, Moment, Table
from layers.numbers import read_integer
from layers.query import FeatureQuery, matching_lines
from layers.registers.qualification_status import LINE_STATUSES, line_status
from layers.registers.qualifications import QUALIFICATION_KINDS
from layers.values import as_properties
from mapapp.addresses import changed
from mapapp.words import in_day, in_numbers, in_words, tone

PARAMETERS = ("lines", "line_kind", "line_status", "line_page")
PAGE_LINES, MOST_PAGES = 200, 10_000
_OF_THE_GROUP = ("kind", "number")
_BY_LAW = Case(
    *(When(qualification__kind=kind, then=Value(rank)) for rank, kind in enumerate(QUALIFICATION_KINDS.codes())),
    default=Value(len(QUALIFICATION_KINDS.items)),
)
_RIGHT = ("range_text", "loq", "cmc_text")
_WITH_UNIT = "loq"
_BESIDE = (
    *("qualification_id", "qualification__kind", "qualification__number", "qualification__valid_until"),
    *("unit", "activity", "suspended_until"),
)


@dataclass(frozen=True)
class Asked:
    """What the filter of the page asks: words as written and as read, codes, which page."""

    words: str = ""
    competences: tuple[Competence, ...] = ()
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    page: int = 1

    @property
    def understood(self) -> str:
        return "; ".join(" · ".join(one.parts) for one in self.competences)

    @property
    def narrows(self) -> bool:
        return bool(self.words or self.kinds or self.statuses)


def read_asked(parameters: Mapping[str, str], using: str) -> Asked:
    """The filter in an address; what a form left empty is not asked. Raises BadParameter."""
    given = {name: parameters[name].strip() for name in PARAMETERS if parameters.get(name, "").strip()}
    words = given.get("lines", "")
    return Asked(
        words,
        _understood(words, using) if words else (),
        _codes(given, "line_kind", QUALIFICATION_KINDS),
        _codes(given, "line_status", LINE_STATUSES),
        read_integer(given.get("line_page", "1"), "line_page", least=1, most=MOST_PAGES),
    )


def _understood(words: str, using: str) -> tuple[Competence, ...]:
    read_competences(words, "lines")
    lexicon = WordsInUse(using)
    return tuple(read(part.strip(), lexicon=lexicon) for part in words.split(";"))


def _codes(given: Mapping[str, str], name: str, codes: FixedCodes) -> tuple[str, ...]:
    return read_codes(given[name], name, set(codes.codes())) if name in given else ()


def scope_of(
    request: HttpRequest, layer: Layer, query: FeatureQuery, place: int, asked: Asked, user: User = None
) -> dict | None:
    """The lines that are asked for, by legal fact, with how many of how many there are; None in layers without lines.

    Raises BadParameter for a page behind the last one.
    """
    table = scope_table_of(layer)
    if table is None:
        return None
    lines = _lines(layer, query, place, user)
    said = _that_say(lines, asked.competences)
    counts = Counter({(kind, status): n for kind, status, n in _counted(said)})
    matched = sum(n for key, n in counts.items() if _is_asked(key, asked))
    pages, skipped = max(-(-matched // PAGE_LINES), 1), (asked.page - 1) * PAGE_LINES
    if asked.page > pages:
        raise _beyond(pages)
    shown = list(_in_order(said.filter(_held(asked)), table, query)[skipped : skipped + PAGE_LINES])
    columns, groups = _described(table, shown, user)
    return {
        "asked": asked,
        "total": lines.count() if asked.words else sum(counts.values()),
        "matched": matched,
        "first": skipped + 1,
        "last": skipped + len(shown),
        "columns": columns,
        "groups": groups,
        **_ways_on(request, asked, counts, pages),
    }


def _ways_on(request: HttpRequest, asked: Asked, counts: Counter, pages: int) -> dict:
    """The links of the filter and of the pages, and what its form keeps of the address."""
    return {
        "kinds": _links(request, "line_kind", QUALIFICATION_KINDS, asked.kinds, _sums(counts, 0, asked.statuses, 1)),
        "statuses": _links(request, "line_status", LINE_STATUSES, asked.statuses, _sums(counts, 1, asked.kinds, 0)),
        "kept": [(name, text) for name, text in request.GET.items() if name not in ("lines", "line_page")],
        "all": _address(request, **dict.fromkeys(PARAMETERS)),
        "before": _address(request, line_page=str(asked.page - 1)) if asked.page > 1 else "",
        "after": _address(request, line_page=str(asked.page + 1)) if asked.page < pages else "",
    }


def scope_table_of(layer: Layer) -> Table | None:
    """The table of the layer's scope lines, if it has any."""
    return next((table for table in layer.tables if layer.lines and table.model is layer.lines.model), None)


def _lines(layer: Layer, query: FeatureQuery, place: int, user: User) -> QuerySet:
    lines = matching_lines(layer, FeatureQuery(day=query.day), access(layer, user)).filter(place=place)
    return lines.annotate(state=line_status(query.day)).order_by()


def _that_say(lines: QuerySet, competences: tuple[Competence, ...]) -> QuerySet:
    held = Q()
    for one in competences:
        held |= says(one)
    return lines.alias(**reach()).filter(held) if competences else lines


def _counted(lines: QuerySet) -> QuerySet:
    return (
        lines.values("qualification__kind", "state")
        .annotate(n=Count("pk"))
        .values_list("qualification__kind", "state", "n")
    )


def _held(asked: Asked) -> Q:
    kinds = Q(qualification__kind__in=asked.kinds) if asked.kinds else Q()
    return kinds & (Q(state__in=asked.statuses) if asked.statuses else Q())


def _is_asked(key: tuple[str, str], asked: Asked) -> bool:
    return (not asked.kinds or key[0] in asked.kinds) and (not asked.statuses or key[1] in asked.statuses)


def _sums(counts: Counter, by: int, others: tuple[str, ...], other: int) -> Counter:
    """How many lines each code of one filter would leave under the codes chosen of the other one."""
    sums: Counter = Counter()
    for key, n in counts.items():
        if not others or key[other] in others:
            sums[key[by]] += n
    return sums


def _links(request: HttpRequest, name: str, codes: FixedCodes, chosen: tuple[str, ...], counts: Counter) -> list[dict]:
    """The codes that occur or are chosen, each with the address that chooses it alone, or lets it go."""
    return [
        {
            "label": code.label,
            "count": counts[code.code],
            "chosen": code.code in chosen,
            "href": _address(request, line_page=None, **{name: None if code.code in chosen else code.code}),
        }
        for code in codes.items
        if counts[code.code] or code.code in chosen
    ]


def _address(request: HttpRequest, **parameters: str | None) -> str:
    return f"{changed(request, **parameters)}#scope"


def _in_order(lines: QuerySet, table: Table, query: FeatureQuery) -> QuerySet:
    """By legal fact in the law's order, as the facts stand above; then as the table says."""
    moment = Moment(query.day)
    named = {f"c_{item.name}": item.path(moment) if callable(item.path) else F(item.path) for item in table.columns}
    rows = lines.annotate(**named, by_law=_BY_LAW).order_by(
        "by_law", "qualification__number", "qualification", "activity", "pk"
    )
    return rows.values_list("pk", *named, *_BESIDE)


def _described(table: Table, rows: list[tuple], user: User) -> tuple[list[dict], list[dict]]:
    """The columns that any row fills, and the rows by legal fact."""
    width = 1 + len(table.columns)
    beside = [dict(zip(_BESIDE, row[width:], strict=True)) for row in rows]
    values = as_properties(table.columns, (row[1:width] for row in rows), user)
    filled = [
        item
        for item in table.columns
        if item.name not in _OF_THE_GROUP
        and any(_differs(item, one, more) for one, more in zip(values, beside, strict=True))
    ]
    kept = list(zip(values, beside, strict=True))
    groups = [_group(list(group), filled) for _, group in groupby(kept, key=lambda pair: pair[1]["qualification_id"])]
    return [{"title": item.title, "right": item.name in _RIGHT} for item in filled], groups


def _differs(item: Field, values: dict, beside: dict) -> bool:
    """Whether a cell says something that its line or its group does not say already."""
    if item.name == "valid_until":
        return values["valid_until"] != beside["qualification__valid_until"]
    if item.name == "device_type":
        return bool(values["device_type"]) and not _repeats_product(values)
    return values[item.name] not in (None, "")


def _repeats_product(values: dict) -> bool:
    names = values["device_type_label"]
    return str(values["product"]).casefold() in (names.vi.casefold(), names.en.casefold()) if names else False


def _group(lines: list[tuple[dict, dict]], filled: list[Field]) -> dict:
    first = lines[0][1]
    kind = first["qualification__kind"]
    return {
        "fact": first["qualification_id"],
        "kind": QUALIFICATION_KINDS.labels("", [kind])[kind],
        "number": first["qualification__number"],
        "until": first["qualification__valid_until"],
        "permits": kind == "designation" or all(more["activity"] != "device_verification" for _, more in lines),
        "rows": [[_cell(item, values, more) for item in filled] for values, more in lines],
    }


def _cell(item: Field, values: dict, beside: dict) -> dict:
    text = "" if item.name == "device_type" and _repeats_product(values) else in_words(item, values)
    if item.name == _WITH_UNIT and text and beside["unit"]:
        text = f"{text} {beside['unit']}"
    until = beside["suspended_until"] if item.name == "status" and values["status"] == "suspended" else None
    remark = both(f"đến hết {in_day(until)}", f"to {in_day(until)}") if until else ""
    return {
        "title": item.title,
        "text": text,
        "remark": remark,
        "right": item.name in _RIGHT,
        **tone(item, values[item.name]),
    }


def _beyond(pages: int) -> BadParameter:
    last = in_numbers(pages)
    vi, en = f"line_page: trang cuối là {last}.", f"line_page: the last page is {last}."
    return BadParameter("line_page.range", vi, en, parameter="line_page")
