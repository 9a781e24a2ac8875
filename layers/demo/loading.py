"""One load of demo data, from a recipe to rows, in one transaction."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from django.db import connection, transaction

from layers.demo import tables
from layers.demo.batches import batch_blocks, make_owners
from layers.demo.bodies import Bodies
from layers.demo.checks import check_blocks, draw_checks, results_of_sites
from layers.demo.conformity_bodies import make_conformity_bodies
from layers.demo.copying import copy_blocks, copy_rows
from layers.demo.deliveries import deliveries, put_patterns
from layers.demo.device_types import device_types
from layers.demo.devices import DeviceMaker, populate
from layers.demo.laboratories import make_laboratories
from layers.demo.land import Land
from layers.demo.measuring_bodies import make_measuring_bodies
from layers.demo.organisations import make_departments
from layers.demo.recipe import EDITION, Recipe
from layers.demo.reports import reports
from layers.demo.rows import Desk, Rows
from layers.demo.sites import SiteMaker, site_blocks
from layers.demo.tickets import put_tickets
from layers.demo.type_approvals import make_models
from layers.demo.verifications import BodyTable, VerificationMaker
from layers.models import (
    Check,
    DataOrigin,
    DeviceBatch,
    DeviceCount,
    InspectionSite,
    MeasuringDevice,
    Organisation,
    Verification,
)
from layers.registers.roll_over import hold_roll_over, stand_on

ORIGIN = "demo"


def wanted(recipe: Recipe, *, any_day: bool) -> bool:
    """Whether other demo data stands than the recipe's, or none. With `any_day` the day makes no difference."""
    origin = DataOrigin.objects.filter(name=ORIGIN).values_list("value", flat=True).first()
    ours = _description(recipe)
    return origin is None or _compared(origin, any_day) != _compared(ours, any_day)


def _compared(value: str, any_day: bool) -> list[str]:
    return [word for word in value.split() if not (any_day and word.startswith("day="))]


def _description(recipe: Recipe) -> str:
    """What the rows are a function of, as it stands in `DataOrigin`."""
    parts = {"seed": recipe.seed, "devices": recipe.devices, "day": recipe.day, "units": _units(), "edition": EDITION}
    return " ".join(f"{name}={value}" for name, value in parts.items())


def _units() -> str:
    """A short mark of the communes' boundaries: other boundaries, other places."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(id || md5(ST_AsBinary(geom)), '' ORDER BY id) FROM geodata_administrativeunit "
            "WHERE level = 'commune' AND valid_to IS NULL"
        )
        return hashlib.sha256((cursor.fetchone()[0] or "").encode()).hexdigest()[:12]


@transaction.atomic
def load(recipe: Recipe, *, shared_data: Path, tell: Callable[[str], object]) -> None:
    """Replaces the demo rows of all registers by the recipe's, and puts the map on its day.

    Raises NoUnits where no boundaries are loaded. Rows from other sources stay; where one of them refers to a demo
    row that is gone, the database refuses all of it.
    """
    land = Land()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SET LOCAL synchronous_commit = off")
        # First of all locks: a roll-over that had it later would wait for the registers while this waits for it.
        hold_roll_over(cursor)
        with tables.without_indexes(cursor):
            tables.delete_demo_rows(cursor)
            desk = Desk(recipe, land, tables.first_ids(cursor))
            for model, rows in _copy_all(cursor, desk, shared_data):
                tell(f"  {model._meta.model_name}: {rows:,}")
        tables.finish(cursor)
        tell(f"  ticket: {put_tickets(recipe):,}")
        stand_on(recipe.day)
        cursor.execute(f'ANALYZE "{DeviceCount._meta.db_table}"')
    DataOrigin.objects.update_or_create(name=ORIGIN, defaults={"value": _description(recipe)})


def _copy_all(cursor, desk: Desk, shared_data: Path):  # type: ignore[no-untyped-def]
    """Copies every register, giving each model with its number of rows when it is done."""
    organisations = desk.rows(Organisation)
    make_departments(desk, organisations)
    bodies = Bodies(desk, organisations)
    make_measuring_bodies(bodies)
    make_laboratories(bodies)
    make_conformity_bodies(bodies)
    site_maker = SiteMaker(desk, organisations, shared_data)
    sites = site_maker.draw()
    site_rows = site_maker.rows(sites)
    utilities = make_owners(desk, organisations)
    types = device_types()
    models, approvals = make_models(desk, types)
    for part in (organisations, bodies.places, bodies.facts.qualifications, bodies.facts.lines, approvals):
        yield part.model, _copy_part(cursor, part)
    checks = draw_checks(desk, sites)
    yield (
        InspectionSite,
        copy_blocks(cursor, InspectionSite, site_blocks(sites, site_rows, results_of_sites(checks, len(sites)))),
    )
    yield Check, copy_blocks(cursor, Check, check_blocks(desk, sites, checks))
    del site_rows, site_maker
    devices = DeviceMaker(desk, sites, types, models, populate(desk, sites, types))
    yield MeasuringDevice, copy_blocks(cursor, MeasuringDevice, devices.rows())
    verifiers = BodyTable(desk, types, bodies.facts.designations)
    yield Verification, copy_blocks(cursor, Verification, VerificationMaker(desk, devices, verifiers).rows())
    yield DeviceBatch, copy_blocks(cursor, DeviceBatch, batch_blocks(desk, types, utilities))
    for part in (reports(desk, bodies.facts), deliveries(desk, bodies.facts)):
        yield part.model, _copy_part(cursor, part)
    put_patterns()


def _copy_part(cursor, part: Rows) -> int:  # type: ignore[no-untyped-def]
    return copy_rows(cursor, part.model, part.rows)
