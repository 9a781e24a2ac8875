"""Demo data: the same for the same arguments, in the proportions of the field, at peace with the registers' rules."""

from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, F, Q

from geodata.models import AdministrativeUnit
from layers.competence.asking import saying
from layers.competence.reading import read
from layers.demo import tables
from layers.demo.copying import copy_rows
from layers.demo.due_dates import due_dates, oldest_in_force
from layers.demo.loading import load
from layers.demo.osm import CREDIT
from layers.demo.recipe import SOURCE_SYSTEM, Recipe
from layers.models import (
    Check,
    DataOrigin,
    DeviceBatch,
    InspectionSite,
    MeasuringDevice,
    Organisation,
    PlaceOfActivity,
    Qualification,
    ScopeLine,
    TypeApproval,
    Verification,
)
from layers.registers.base import PUBLIC
from layers.registers.checks import CONCLUDED
from layers.registers.device_status import device_status, standing_dates_differ
from layers.registers.site_results import replay_checks
from layers.registers.verifications import due_date

LABORATORY_SCHEMES = ("VILAS", "VILAS Med", "VLAT", "VLAC", "VLAM")
ADVERSE = ("nonconform_minor", "nonconform_suspended", "nonconform_violation")


def checksums() -> dict[str, str]:
    """By table, what all its demo rows come down to."""
    with connection.cursor() as cursor:
        return {table: checksum(cursor, table) for table in tables.NAMES}


def checksum(cursor, table: str) -> str:
    cursor.execute(
        f"SELECT md5(string_agg(md5(t::text), '' ORDER BY id)) FROM {table} t WHERE source_system = %s",
        [SOURCE_SYSTEM],
    )
    return cursor.fetchone()[0]


def recipe_of_the_world(day: date) -> Recipe:
    words = dict(word.split("=") for word in DataOrigin.objects.get(name="demo").value.split())
    return Recipe(devices=int(words["devices"]), seed=int(words["seed"]), day=day)


def share(part: int, whole: int) -> float:
    return part / whole


@pytest.fixture
def place_on_the_map(tmp_path: Path) -> tuple[Path, AdministrativeUnit]:
    """A folder with one real filling station, in the middle of a commune."""
    unit = AdministrativeUnit.objects.in_force().filter(level="commune").order_by("id").first()
    assert unit is not None
    row = f'77,"Trạm xăng\tsố 7",,Hợp tác xã,,,{unit.label_point.x},{unit.label_point.y},,'
    (tmp_path / "poi").mkdir()
    header = "osm_id,name,brand,operator,address,city,lon,lat,province_code,commune_code"
    (tmp_path / "poi" / "fuel_stations_osm.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    return tmp_path, unit


@pytest.mark.django_db
def test_two_loads_with_the_same_arguments_give_the_same_rows(world, settings):
    before = checksums()
    load(recipe_of_the_world(world), shared_data=Path(settings.MAP_SHARED_DATA), tell=str)
    assert checksums() == before


@pytest.mark.django_db
def test_a_load_replaces_demo_rows_only_and_takes_in_real_places(world, place_on_the_map):
    folder, unit = place_on_the_map
    before = checksums()
    kept = Organisation.objects.create(
        source_system="register", source_id="1", name_vi="Giữ lại", org_type="enterprise"
    )
    load(Recipe(devices=300, seed=8, day=date(2027, 2, 28)), shared_data=folder, tell=str)

    assert Organisation.objects.filter(pk=kept.pk, name_vi="Giữ lại").exists()
    assert MeasuringDevice.objects.filter(source_system=SOURCE_SYSTEM).count() == 300
    assert not set(checksums().values()) & set(before.values())
    real = InspectionSite.objects.get(source_id="osm-77")
    assert (real.name, real.operator, real.commune_id) == ("Trạm xăng số 7", "Hợp tác xã", unit.id)
    assert (real.source_system, real.geom_source, real.publish_state) == (SOURCE_SYSTEM, CREDIT, PUBLIC)
    assert standing_dates_differ(MeasuringDevice.objects.all(), date(2027, 2, 28)).count() == 0


@pytest.mark.django_db
def test_if_needed_leaves_the_same_demo_data_alone(world, capsys):
    recipe = recipe_of_the_world(world)
    call_command("load_demo", devices=recipe.devices, seed=recipe.seed, day=recipe.day, if_needed=True)
    call_command("load_demo", devices=recipe.devices, seed=recipe.seed, if_needed=True)
    assert capsys.readouterr().out.count("stand already") == 2


@pytest.fixture
def real_row(db: None, world: date) -> Organisation:
    return Organisation.objects.create(source_system="register", source_id="1", name_vi="Thật", org_type="enterprise")


@pytest.mark.parametrize("options", [{}, {"if_needed": True}, {"only_check": True}])
def test_it_refuses_to_mix_with_data_that_are_not_demo_data(real_row, options):
    before = checksums()
    with pytest.raises(CommandError) as refused:
        call_command("load_demo", devices=10, verbosity=0, **options)
    for word in ("layers_organisation", "--beside-real-data", "nothing was loaded", "không nạp gì"):
        assert word in str(refused.value)
    assert checksums() == before


def test_beside_real_data_it_loads_when_told_to(real_row):
    call_command("load_demo", devices=10, verbosity=0, beside_real_data=True)
    assert MeasuringDevice.objects.count() == 10
    assert Organisation.objects.filter(pk=real_row.pk).exists()


@pytest.mark.django_db
def test_only_checking_loads_nothing(world):
    before = checksums()
    call_command("load_demo", devices=10, only_check=True, verbosity=0)
    assert checksums() == before


@pytest.mark.django_db
def test_without_boundaries_it_says_what_to_run_first(world):
    AdministrativeUnit.objects.filter(level="commune").update(geom=None)
    with pytest.raises(CommandError, match="load_boundaries"):
        call_command("load_demo", devices=10, verbosity=0)


@pytest.mark.parametrize("arguments", [["--devices", "0"], ["--devices", "many"], ["--day", "2026-02-30"]])
def test_it_refuses_arguments_that_make_no_sense(arguments):
    with pytest.raises(CommandError):
        call_command("load_demo", *arguments)


@pytest.mark.django_db
def test_copied_text_keeps_tabs_line_ends_and_backslashes():
    name = "một\thai\nba\\bốn\\N"
    row = {"id": 9_000_001, "source_system": "t", "source_id": "t", "updated_at": "2026-01-01", "name_vi": name}
    with connection.cursor() as cursor:
        assert copy_rows(cursor, Organisation, [{**row, "org_type": "enterprise", "commune_id": None}]) == 1
    assert Organisation.objects.get(pk=9_000_001).name_vi == name


@pytest.mark.parametrize("convention", ["month_end", "exact_day"])
def test_due_dates_of_many_agree_with_the_rule_for_one(convention):
    rng = np.random.default_rng(1)
    days = np.datetime64("2019-01-01") + rng.integers(0, 3_000, size=500)
    cycles = rng.choice([0, 6, 12, 18, 24, 36, 60, 72], size=500)
    one_by_one = [
        due_date(day, int(cycle) or None, convention=convention)
        for day, cycle in zip(days.tolist(), cycles, strict=True)
    ]
    assert due_dates(days, cycles, convention).tolist() == one_by_one


@pytest.mark.parametrize("convention", ["month_end", "exact_day"])
def test_the_oldest_verification_in_force_still_holds_today(convention):
    for today in (date(2026, 3, 31), date(2028, 2, 29), date(2026, 11, 1)):
        for cycle in (6, 12, 72):
            oldest = oldest_in_force(np.datetime64(today), np.array([cycle]), convention)[0]
            assert due_date(oldest.item(), cycle, convention=convention) >= today


def test_there_are_as_many_bodies_of_each_sort_as_the_field_has(world):
    accredited = Qualification.objects.filter(kind="accreditation")
    measuring = Qualification.objects.filter(lines__activity="device_verification").distinct()
    assert accredited.filter(scheme__code__in=LABORATORY_SCHEMES).count() == 1_200
    assert measuring.filter(kind="registration").count() == 583
    assert measuring.filter(kind="designation").count() == 399
    others = accredited.exclude(scheme__code__in=LABORATORY_SCHEMES)
    assert others.values("organisation").distinct().count() == 250
    assert 30_000 <= ScopeLine.objects.count() <= 45_000
    assert TypeApproval.objects.count() == 400


def test_every_province_has_a_body_registered_for_each_common_device(world):
    lines = ScopeLine.objects.filter(device_type__code="fuel_dispenser", qualification__kind="registration")
    assert lines.values("province").distinct().count() == 34


def test_scope_lines_are_searchable_without_accents(world):
    for text in ("chi pb", "thuy ngan", "e. coli", "chloramphenicol", "aflatoxin", "do am", "cuong do nen", "smeww"):
        assert saying(read(text)).exists(), text


def test_applications_are_never_public(world):
    pending = ScopeLine.objects.filter(pending=True)
    assert pending.exists()
    assert not pending.filter(publish_state=PUBLIC).exists()


def test_most_lines_hold_and_some_of_each_other_fate_are_there(world):
    lines = ScopeLine.objects.filter(publish_state=PUBLIC)
    ended = lines.filter(Q(valid_until__lt=world) | Q(withdrawn_on__lte=world))
    suspended = lines.filter(suspended_from__lte=world).exclude(pk__in=ended)
    assert 0.05 < share(ended.count(), lines.count()) < 0.2
    assert 0.02 < share(suspended.count(), lines.count()) < 0.1


def test_there_are_exactly_as_many_devices_as_asked_for(world):
    recipe = recipe_of_the_world(world)
    assert MeasuringDevice.objects.count() == recipe.devices
    assert InspectionSite.objects.count() == round(recipe.devices * 0.13)


def test_statuses_are_spread_as_in_real_life(world):
    statuses = MeasuringDevice.objects.annotate(status=device_status(world)).values_list("status", flat=True)
    counted = Counter(statuses)
    shares = {status: share(number, counted.total()) for status, number in counted.items()}
    assert 0.72 < shares["valid"] < 0.84
    assert 0.03 < shares["due_soon"] < 0.10
    assert 0.07 < shares["overdue"] < 0.11
    assert 0.01 < shares["void"] < 0.03
    assert {"in_repair", "out_of_use", "no_periodic", "unknown"} <= set(shares)


def test_devices_say_what_their_verifications_say(world):
    assert standing_dates_differ(MeasuringDevice.objects.all(), world).count() == 0


def test_no_verification_lies_in_the_future_or_before_the_device_was_in_use(world):
    wrong = Q(verified_on__gt=world) | Q(verified_on__lt=F("device__put_into_use_on"))
    assert Verification.objects.filter(wrong).count() == 0
    assert Verification.objects.filter(device__manufacture_year__gt=F("verified_on__year")).count() == 0


def test_failed_verifications_carry_no_certificate(world):
    failed = Verification.objects.filter(result="fail")
    assert failed.exists()
    assert not failed.exclude(certificate_no="", sticker_serial="", valid_until=None).exists()


def test_a_verification_names_a_designation_that_covered_it(world):
    named = Verification.objects.filter(designation__isnull=False)
    uncovered = Q(verified_on__lt=F("designation__valid_from")) | Q(verified_on__gt=F("designation__valid_until"))
    assert named.exists()
    assert named.filter(uncovered).count() == 0
    assert named.exclude(body=F("designation__organisation")).count() == 0


def test_a_good_three_quarters_of_the_devices_are_public(world):
    devices = MeasuringDevice.objects.all()
    assert 0.7 < share(devices.filter(publish_state=PUBLIC).count(), devices.count()) < 0.82


def test_devices_of_households_police_and_vehicles_stay_internal(world):
    police = Q(device_type__code="breath_alcohol_analyser")
    hidden = police | Q(owner__org_type="household_business") | Q(is_mobile=True)
    devices = MeasuringDevice.objects.filter(hidden)
    assert devices.exists()
    assert not devices.filter(publish_state=PUBLIC).exists()


@pytest.mark.parametrize("model", [PlaceOfActivity, InspectionSite, MeasuringDevice])
def test_every_invented_point_lies_inside_its_commune(world, model):
    invented = model.objects.all()
    if model is not PlaceOfActivity:
        field = "geom_source" if model is InspectionSite else "site__geom_source"
        invented = invented.exclude(**{field: CREDIT})
    assert invented.count() > 100
    assert invented.filter(geom__isnull=True).count() == 0
    assert invented.exclude(commune__geom__intersects=F("geom")).count() == 0
    assert invented.exclude(commune__parent=F("province")).count() == 0


def test_nothing_stands_on_the_archipelagos(world):
    assert not InspectionSite.objects.filter(commune__code__in=["20333", "22736"]).exists()


def test_sites_say_what_their_published_checks_say(world):
    sites = replay_checks(InspectionSite.objects.all(), world)
    alike = Q(last_checked=F("replayed_last_checked"), last_result=F("replayed_last_result"))
    never = Q(last_checked=None, last_result="", replayed_last_checked=None)
    assert sites.exclude(alike | never).count() == 0


def test_only_concluded_checks_are_public_and_most_conform(world):
    public = Check.objects.filter(publish_state=PUBLIC)
    assert not public.exclude(state__in=CONCLUDED).exists()
    assert 0.03 < share(public.filter(result__in=ADVERSE).count(), public.count()) < 0.2


def test_no_real_place_bears_an_invented_adverse_finding(world):
    real = InspectionSite.objects.filter(geom_source=CREDIT)
    assert not real.filter(Q(last_result__in=ADVERSE) | Q(latest_result__in=ADVERSE)).exists()


def test_utilities_have_millions_of_meters_in_few_rows(world):
    devices = sum(DeviceBatch.objects.values_list("devices", flat=True))
    assert devices > 10_000_000
    assert DeviceBatch.objects.count() < 150_000


def test_sequences_go_on_behind_the_demo_rows(world):
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM layers_measuringdevice_id_seq")
        assert cursor.fetchone()[0] >= MeasuringDevice.objects.order_by("-id").values_list("id", flat=True)[0]


def test_big_cities_have_more_sites_than_small_provinces(world):
    by_province = dict(InspectionSite.objects.values_list("province__code").annotate(Count("pk")))
    assert by_province["79"] > 3 * by_province.get("04", 0)
