"""A record as its page and as JSON: the request read, the parts put together."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest

from layers.access import User, connection_for
from layers.filters import parse, single_values
from layers.layer import Layer
from layers.legal_facts import legal_facts
from layers.lookup import find
from layers.query import FeatureQuery, reading
from layers.scope import caller
from mapapp.record.citing import cited
from mapapp.record.facts import MIXED, fact_sections, facts_in_short
from mapapp.record.homes import is_home
from mapapp.record.nearby import near_device, near_place
from mapapp.record.places import places_of_body
from mapapp.record.scope import PARAMETERS, read_asked, scope_of, scope_table_of
from mapapp.record.structured import structured
from mapapp.records import describe_record, values_of

OWN = ("on", "lang", "scope")


@dataclass(frozen=True)
class Question:
    """Which record is asked for, by whom, of which day."""

    layer: Layer
    number: str
    query: FeatureQuery
    user: User


def described(request: HttpRequest, layer: Layer, number: str) -> dict:
    """The record as JSON, as the map's panel reads it. Raises BadParameter and what `find` raises."""
    asked = _question(request, layer, number)
    with reading(asked.user, "record"):
        row = find(layer, asked.query, number, asked.user)
        record = describe_record(layer, asked.query, row, asked.user, without=MIXED if layer.lines else ())
        facts = legal_facts(layer, asked.query, row[0], asked.user)
        record["sections"][1:1] = facts_in_short(layer, facts)
        return record


def record_context(request: HttpRequest, layer: Layer, number: str) -> dict:
    """What the template of the page shows. Raises BadParameter and what `find` raises."""
    asked = _question(request, layer, number, also=PARAMETERS if layer.lines else ())
    with reading(asked.user, "record"):
        row = find(layer, asked.query, number, asked.user)
        return _context(request, asked, row)


def _question(request: HttpRequest, layer: Layer, number: str, *, also: tuple[str, ...] = ()) -> Question:
    """Single records take no filters but the day; the page of a place those of its own table beside it."""
    single_values(request.GET, known={*OWN, *also})
    user = caller(request)
    return Question(layer, number, parse(layer, request.GET, user, also=("lang", "scope", *also)), user)


def _context(request: HttpRequest, asked: Question, row: tuple) -> dict:
    layer, query, user = asked.layer, asked.query, asked.user
    values = values_of(layer, query, row, user)
    left_out = {scope_table_of(layer), *MIXED} if layer.lines else set()
    record = describe_record(layer, query, row, user, values=values, without=left_out)
    facts = legal_facts(layer, query, row[0], user)
    citation = cited(request, layer, row[0], record["title"], query)
    at_home = is_home(layer, row[0], user)
    lines = read_asked(request.GET.dict(), connection_for(user)) if layer.lines else None
    return {
        "layer": layer,
        "record": record,
        "on": request.GET.get("on"),
        "at_home": at_home,
        "keep": _kept(request),
        "besides": [(name, request.GET[name]) for name in ("lang", "scope") if request.GET.get(name)],
        "facts": fact_sections(layer, facts, query.day),
        "scope": scope_of(request, layer, query, row[0], lines, user) if lines else None,
        "places": places_of_body(layer, query, row[0], user),
        "alternatives": near_place(layer, query, row, user),
        "verifiers": near_device(layer, query, row, values.get("device_type")),
        "citation": citation,
        "structured": structured(
            layer, row, values, title=record["title"], citation=citation, facts=facts, at_home=at_home
        )
        if user is None
        else "",
    }


def _kept(request: HttpRequest) -> str:
    """What links to records of other places take along: day and language."""
    kept = {name: request.GET[name] for name in ("on", "lang", "scope") if request.GET.get(name)}
    return f"?{urlencode(kept)}" if kept else ""
