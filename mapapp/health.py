"""Whether the process answers, and whether all that it needs is there."""

from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from geodata.streets_in_use import streets_are_missing
from layers.derived import outdated
from layers.filters import single_values
from layers.query import map_day
from layers.registers.map_day import MapDay
from layers.registers.roll_over import today
from layers.scope import read_only


@read_only
def live(request: HttpRequest) -> HttpResponse:
    """The process answers. Never asks the database."""
    single_values(request.GET, known=set())
    return HttpResponse("live\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@read_only
def ready(request: HttpRequest) -> JsonResponse:
    """200 when all of `CHECKS` are in order; else 503 with the parts that are not."""
    single_values(request.GET, known=set())
    parts = {name: _state(check) for name, check in CHECKS.items()}
    bad = [name for name, state in parts.items() if state != "ok"]
    response = JsonResponse({"ready": not bad, "parts": parts}, status=503 if bad else 200)
    response["Cache-Control"] = "no-store"
    if bad:
        response["Retry-After"] = "5"
    return response


def _state(check) -> str:  # type: ignore[no-untyped-def]
    try:
        return check() or "ok"
    except (DatabaseError, MapDay.DoesNotExist):
        return "unavailable"


def _database() -> str:
    connections["default"].cursor().execute("SELECT 1")
    return ""


def _open_role() -> str:
    map_day("open")
    return ""


def _migrations() -> str:
    executor = MigrationExecutor(connections["default"])
    return "not applied" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else ""


def _roll_over() -> str:
    return "behind" if map_day() < today() else ""


def _derived() -> str:
    """Triggers and sums of another version, or of other settings: counts would not be those that rows give."""
    return "not as declared" if outdated() else ""


def _streets() -> str:
    """The file of `MAP_STREETS` was there at the start; it may have gone or been replaced by something else since."""
    return "unavailable" if streets_are_missing() else ""


CHECKS = {
    "database": _database,
    "migrations": _migrations,
    "derived": _derived,
    "open_role": _open_role,
    "roll_over": _roll_over,
    "streets": _streets,
}
