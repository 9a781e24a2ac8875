"""Which blocks a commit touches: those whose public picture it changed, whoever writes and in whatever order."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import psycopg2
import pytest
from django.db import connections

from layers import locks
from layers.changes.blocks import BLOCKS, MANY_BLOCKS, WHOLE_LAYER
from layers.changes.effects import effects_on
from layers.changes.folding import RECHECK, fold
from layers.grid import key
from layers.models import (
    Authority,
    InspectionSite,
    MeasuringDevice,
    Organisation,
    PlaceOfActivity,
    ScopeLine,
    Verification,
)
from layers.registry import all_layers, get

HANOI, SAIGON = "POINT(105.85 21.03)", "POINT(106.7 10.77)"
Touched = set[tuple[str, int]]


@pytest.fixture
def write(world: date) -> Iterator[Callable]:
    """Runs a statement in a transaction that is taken back behind the test."""
    other = _connect()
    yield lambda sql, *values: _execute(other, sql, values)
    other.rollback()
    other.close()


@pytest.fixture
def touched_by(write: Callable) -> Callable[..., Touched]:
    """The blocks that a statement touches."""

    def run(sql: str, *values: object) -> Touched:
        last = write("SELECT last_value FROM tile_changes_id_seq")[0][0]
        write(sql, *values)
        return set(write("SELECT layer, cell FROM tile_changes WHERE id > %s", last))

    return run


def _connect():  # type: ignore[no-untyped-def]
    told = connections["default"].settings_dict
    names = {"host": told["HOST"], "port": told["PORT"], "user": told["USER"], "password": told["PASSWORD"]}
    return psycopg2.connect(dbname=told["NAME"], options="-c lock_timeout=1000", **names)


def _execute(on, sql: str, values: tuple = ()) -> list:  # type: ignore[no-untyped-def,type-arg]
    with on.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def _block(geom: str, write: Callable) -> int:
    """The z12 tile's key, from PostGIS's own idea of where tiles lie."""
    sql = (
        "SELECT x, y FROM generate_series(0, 4095) x, LATERAL (SELECT ST_Transform(%s::geometry, 3857) AS at) p,"
        " LATERAL (SELECT floor((20037508.342789244 - ST_Y(at)) / (2 * 20037508.342789244) * 4096)::int AS y) q"
        " WHERE x = floor((ST_X(at) + 20037508.342789244) / (2 * 20037508.342789244) * 4096)"
    )
    ((x, y),) = write(sql, geom)
    return key(BLOCKS, x, y)


def _published(model):  # type: ignore[no-untyped-def]
    return model.objects.filter(publish_state="approved_public").order_by("pk")


def test_a_move_touches_the_old_block_and_the_new(touched_by: Callable[..., Touched], write: Callable) -> None:
    site = _published(InspectionSite)[0]
    write("UPDATE layers_inspectionsite SET geom = %s WHERE id = %s", f"SRID=4326;{HANOI}", site.pk)
    found = touched_by("UPDATE layers_inspectionsite SET geom = %s WHERE id = %s", f"SRID=4326;{SAIGON}", site.pk)
    blocks = {_block(f"SRID=4326;{place}", write) for place in (HANOI, SAIGON)}
    assert {cell for layer, cell in found if layer == "inspection_sites"} == blocks


@pytest.mark.parametrize("column", ["serial_no", "management_code", "manufacturer"])
def test_a_column_that_no_tile_shows_touches_nothing(touched_by: Callable[..., Touched], column: str) -> None:
    device = _published(MeasuringDevice)[0]
    assert touched_by(f"UPDATE layers_measuringdevice SET {column} = 'another' WHERE id = %s", device.pk) == set()


def test_an_update_that_changes_no_value_touches_nothing(touched_by: Callable[..., Touched]) -> None:
    assert touched_by("UPDATE layers_measuringdevice SET valid_until = valid_until, version = version + 1") == set()


def test_a_private_record_touches_nothing(touched_by: Callable[..., Touched], write: Callable) -> None:
    device = _published(MeasuringDevice)[0]
    write("UPDATE layers_measuringdevice SET publish_state = 'internal' WHERE id = %s", device.pk)
    for change in ("SET device_group = '2'", "SET geom = NULL", "SET publish_state = 'draft'"):
        assert touched_by(f"UPDATE layers_measuringdevice {change} WHERE id = %s", device.pk) == set()
    write("DELETE FROM layers_verification WHERE device_id = %s", device.pk)
    assert touched_by("DELETE FROM layers_measuringdevice WHERE id = %s", device.pk) == set()


@pytest.mark.parametrize("state", ["internal", "withdrawn"])
def test_publishing_and_withdrawing_touch_the_block(touched_by: Callable[..., Touched], state: str) -> None:
    device = _published(MeasuringDevice)[0]
    change = "UPDATE layers_measuringdevice SET publish_state = %s WHERE id = %s"
    gone = touched_by(change, state, device.pk)
    assert {layer for layer, _ in gone} == {"measuring_devices"} and len(gone) == 1
    assert touched_by(change, "approved_public", device.pk) == gone


def test_a_row_that_is_deleted_touches_its_block(touched_by: Callable[..., Touched], write: Callable) -> None:
    device = _published(MeasuringDevice)[0]
    write("DELETE FROM layers_verification WHERE device_id = %s", device.pk)
    found = touched_by("DELETE FROM layers_measuringdevice WHERE id = %s", device.pk)
    assert found == {("measuring_devices", _block(f"SRID=4326;{device.geom.wkt}", write))}


_AGAIN = (
    "INSERT INTO layers_inspectionsite (source_system, source_id, name, site_kind, publish_state, published_at,"
    " province_id, commune_id, geom) SELECT source_system, 'again-' || id, name, site_kind, publish_state,"
    " published_at, province_id, commune_id, geom FROM layers_inspectionsite WHERE id = ANY (%s)"
)


def test_many_rows_of_one_statement_touch_each_block_once(touched_by: Callable[..., Touched], write: Callable) -> None:
    sites = list(_published(InspectionSite)[:40])
    blocks = {_block(f"SRID=4326;{site.geom.wkt}", write) for site in sites}
    assert touched_by(_AGAIN, [site.pk for site in sites]) == {("inspection_sites", block) for block in blocks}
    assert write("SELECT count(*) FROM tile_changes WHERE id > currval('tile_changes_id_seq') - %s", len(blocks)) == [
        (len(blocks),)
    ]


def test_a_statement_that_touches_very_many_blocks_touches_the_whole_layer(
    touched_by: Callable[..., Touched], write: Callable
) -> None:
    device = _published(MeasuringDevice)[0]
    columns = "device_type_id, device_group, publish_state, published_at, province_id, commune_id"
    spread = (
        f"INSERT INTO layers_measuringdevice (source_system, source_id, geom, {columns}) SELECT 'spread', n,"
        f" ST_SetSRID(ST_MakePoint(100 + n * 0.1, 15), 4326), {columns} FROM layers_measuringdevice,"
        " generate_series(1, %s) AS n WHERE id = %s"
    )
    assert len(touched_by(spread, MANY_BLOCKS, device.pk)) == MANY_BLOCKS
    write("DELETE FROM layers_measuringdevice WHERE source_system = 'spread'")
    assert touched_by(spread, MANY_BLOCKS + 1, device.pk) == {("measuring_devices", WHOLE_LAYER)}


def test_truncating_touches_the_whole_layer(touched_by: Callable[..., Touched]) -> None:
    assert touched_by("TRUNCATE layers_devicecount") == {("device_counts", WHOLE_LAYER)}


def test_a_scope_line_touches_the_places_it_leaves_and_joins(
    touched_by: Callable[..., Touched], write: Callable
) -> None:
    line = ScopeLine.objects.filter(publish_state="approved_public", place__publish_state="approved_public")[0]
    blocks = {}
    for place in _published(PlaceOfActivity).exclude(pk=line.place_id):
        blocks = {each.pk: _block(f"SRID=4326;{each.geom.wkt}", write) for each in (line.place, place)}
        if len(set(blocks.values())) == 2:
            break
    found = touched_by("UPDATE layers_scopeline SET place_id = %s WHERE id = %s", place.pk, line.pk)
    assert {cell for layer, cell in found if layer == "laboratories"} == set(blocks.values())


def test_what_places_share_touches_their_blocks_only(touched_by: Callable[..., Touched], write: Callable) -> None:
    place = _published(PlaceOfActivity)[0]
    blocks = {
        _block(f"SRID=4326;{each.geom.wkt}", write)
        for each in _published(PlaceOfActivity).filter(organisation=place.organisation_id)
    }
    hide = "UPDATE layers_organisation SET publish_state = 'internal' WHERE id = %s"
    found = touched_by(hide, place.organisation_id)
    assert found == {(layer, block) for layer in ("laboratories", "certification_bodies") for block in blocks}
    qualified = _published(ScopeLine).filter(place__publish_state="approved_public")[0].qualification
    found = touched_by("UPDATE layers_qualification SET publish_state = 'internal' WHERE id = %s", qualified.pk)
    assert found and WHOLE_LAYER not in {cell for _, cell in found}


def test_a_verification_touches_its_device(touched_by: Callable[..., Touched], write: Callable) -> None:
    shown = Verification.objects.filter(publish_state="approved_public", device__publish_state="approved_public")[0]
    found = touched_by("DELETE FROM layers_verification WHERE id = %s", shown.pk)
    assert found == {("measuring_devices", _block(f"SRID=4326;{shown.device.geom.wkt}", write))}


def test_related_rows_of_very_many_blocks_touch_the_whole_layer(
    touched_by: Callable[..., Touched], write: Callable
) -> None:
    """A load of verifications in one statement, and what the fold finds behind it."""
    shown = Verification.objects.filter(publish_state="approved_public", device__publish_state="approved_public")
    keys = list(shown.order_by("device_id").values_list("device_id", flat=True).distinct()[: MANY_BLOCKS + 1])
    spread = "ST_SetSRID(ST_MakePoint(100 + n * 0.1, 15), 4326) FROM unnest(%s) WITH ORDINALITY AS each (device, n)"
    write(f"UPDATE layers_measuringdevice SET geom = {spread} WHERE id = device", keys)
    publish = "UPDATE layers_verification SET publish_state = 'internal' WHERE device_id = ANY (%s)"
    assert len(touched_by(publish, keys[1:])) == MANY_BLOCKS
    write("UPDATE layers_verification SET publish_state = 'approved_public' WHERE published_at IS NOT NULL")
    write("DELETE FROM tile_rechecks")
    assert touched_by(publish, keys) == {("measuring_devices", WHOLE_LAYER)}
    assert write("SELECT count(*) FROM tile_rechecks") == [(0,)]
    path = next(item.path for item in effects_on(get("measuring_devices")) if item.model is Verification)
    write("INSERT INTO tile_rechecks VALUES ('measuring_devices', %s, %s, '{}')", path, keys)
    assert touched_by(RECHECK) == {("measuring_devices", WHOLE_LAYER)}


def test_a_reference_list_touches_whole_layers(touched_by: Callable[..., Touched]) -> None:
    authority = Authority.objects.all()[0]
    change = "UPDATE layers_authority SET code = 'renamed' WHERE id = %s"
    assert touched_by(change, authority.pk) == {("laboratories", WHOLE_LAYER), ("certification_bodies", WHOLE_LAYER)}
    assert touched_by("UPDATE layers_authority SET name_vi = 'tên khác' WHERE id = %s", authority.pk) == set()


@pytest.mark.parametrize("column", ["range_min", "range_max", "lod", "loq", "cmc", "unit", "product", "suspended_from"])
def test_whatever_a_scope_line_is_found_by_touches_its_layer(touched_by: Callable[..., Touched], column: str) -> None:
    line = ScopeLine.objects.filter(activity="testing", pending=False, publish_state="approved_public")[0]
    values = {"unit": "mol", "product": "Thứ khác", "suspended_from": "2026-11-01", "range_min": "0.00321"}
    value = values.get(column, "4321")
    touched = touched_by(f"UPDATE layers_scopeline SET {column} = %s WHERE id = %s", value, line.pk)
    assert {layer for layer, _ in touched} >= {"laboratories"}


def test_another_name_of_a_type_of_device_touches_whoever_is_asked_about_it(touched_by: Callable[..., Touched]) -> None:
    touched = touched_by("UPDATE layers_devicetype SET name_en = name_en || ' renamed' WHERE code = 'fuel_dispenser'")
    assert touched >= {("laboratories", WHOLE_LAYER), ("certification_bodies", WHOLE_LAYER)}


@pytest.mark.parametrize(
    "change",
    [
        "geodata_administrativeunit SET label_point = ST_Translate(label_point, 0.00001, 0) WHERE id = 6337",
        "geodata_administrativeunit SET population = 1 WHERE id = 6337",
        "geodata_unitchange SET coverage = 'partial' WHERE new_id = 6337",
    ],
)
def test_what_the_search_keeps_of_units_touches_their_layers(touched_by: Callable[..., Touched], change: str) -> None:
    assert touched_by(f"UPDATE {change}") >= {("provinces", WHOLE_LAYER), ("communes", WHOLE_LAYER)}


def test_every_layer_notices_its_own_rows() -> None:
    for layer in all_layers():
        own = [effect for effect in effects_on(layer) if effect.model is layer.model]
        assert own and all("geom" in effect.columns for effect in own), layer.name


def test_a_reader_may_not_make_changes_up(write: Callable) -> None:
    role = connections["open"].settings_dict["USER"]
    asked = "SELECT has_function_privilege(%s, 'tile_touch_related(text, text, bigint[])', 'EXECUTE')"
    assert write(asked, role) == [(False,)]


# Versions: what is visible, counted.


def _version(place: str, layer: str = "inspection_sites") -> str:
    """The version of the block at a city, or of the whole country, as a reader sees it."""
    x, y = (3252, 1803) if place == HANOI else (3262, 1924)
    cell, below = (1, BLOCKS) if not place else (key(BLOCKS, x, y), 0)
    with connections["open"].cursor() as cursor:
        cursor.execute("SELECT tile_version(%s, %s, %s)", [layer, cell, below])
        return str(cursor.fetchone()[0])


@pytest.fixture
def writers(world: date) -> Iterator[tuple]:  # type: ignore[type-arg]
    """Two connections that write."""
    pair = (_connect(), _connect())
    yield pair
    for each in pair:
        each.close()


@pytest.fixture
def sites(world: date) -> Iterator[list[InspectionSite]]:
    """Two published sites in Ha Noi and two in Ho Chi Minh City, put back behind the test."""
    found = list(_published(InspectionSite)[:4])
    for site, place in zip(found, (HANOI, HANOI, SAIGON, SAIGON), strict=True):
        InspectionSite.objects.filter(pk=site.pk).update(geom=f"SRID=4326;{place}")
    fold()
    yield found
    for site in found:
        site.save()
    fold()


_RENAME = "UPDATE layers_inspectionsite SET name = name || '!' WHERE id = %s"


def test_a_commit_changes_the_versions_of_its_block_and_what_is_above_it(writers: tuple, sites: list) -> None:  # type: ignore[type-arg]
    before = {place: _version(place) for place in ("", HANOI, SAIGON)}
    _execute(writers[0], _RENAME, (sites[0].pk,))
    assert {place: _version(place) for place in before} == before
    writers[0].commit()
    after = {place: _version(place) for place in before}
    assert after[HANOI] != before[HANOI] and after[""] != before[""] and after[SAIGON] == before[SAIGON]


def test_what_is_taken_back_changes_no_version(writers: tuple, sites: list) -> None:  # type: ignore[type-arg]
    before = _version("")
    _execute(writers[0], _RENAME, (sites[0].pk,))
    writers[0].rollback()
    assert _version("") == before


def test_an_older_transaction_that_commits_later_changes_the_version(writers: tuple, sites: list) -> None:  # type: ignore[type-arg]
    older, newer = writers
    _execute(older, _RENAME, (sites[0].pk,))
    _execute(newer, _RENAME, (sites[1].pk,))
    seen = [_version(HANOI)]
    newer.commit()
    seen.append(_version(HANOI))
    fold()  # passes over the row that is not committed yet
    assert _version(HANOI) == seen[-1]
    older.commit()
    seen.append(_version(HANOI))
    fold()
    assert _version(HANOI) == seen[-1]
    assert len(set(seen)) == 3


def test_a_fold_changes_no_version_and_leaves_no_change_behind(writers: tuple, sites: list) -> None:  # type: ignore[type-arg]
    for site in sites:
        _execute(writers[0], _RENAME, (site.pk,))
        writers[0].commit()
    before = [_version(place) for place in ("", HANOI, SAIGON)]
    assert fold() > 0
    assert [_version(place) for place in ("", HANOI, SAIGON)] == before
    assert _execute(writers[0], "SELECT count(*) FROM tile_changes") == [(0,)]
    assert fold() == 0


def test_only_one_folds_and_the_other_does_not_wait(writers: tuple, sites: list) -> None:  # type: ignore[type-arg]
    _execute(writers[0], _RENAME, (sites[0].pk,))
    writers[0].commit()
    _execute(writers[1], "SELECT pg_advisory_xact_lock(%s)", (locks.CHANGES_FOLD,))
    assert fold() == 0
    writers[1].commit()
    assert fold() > 0


def test_a_row_moved_while_what_it_belongs_to_is_published_is_found_by_the_fold(writers: tuple) -> None:  # type: ignore[type-arg]
    mover, publisher = writers
    place = _published(PlaceOfActivity)[0]
    body = Organisation.objects.filter(pk=place.organisation_id)
    try:
        body.update(publish_state="internal")
        fold()
        _execute(mover, "UPDATE layers_placeofactivity SET geom = %s WHERE id = %s", (f"SRID=4326;{SAIGON}", place.pk))
        publish = "UPDATE layers_organisation SET publish_state = 'approved_public' WHERE id = %s"
        _execute(publisher, publish, (place.organisation_id,))
        mover.commit()
        hidden = _version(SAIGON, "laboratories")
        publisher.commit()
        fold()
        assert _version(SAIGON, "laboratories") != hidden
    finally:
        place.save()
        body.update(publish_state="approved_public")
        fold()


def test_writers_of_one_block_never_wait_for_each_other_or_for_a_fold(sites: list) -> None:
    """Each writes its own row; a wait of 100 ms for a lock would end it."""

    def write_often(site: InspectionSite) -> None:
        connection = _connect()
        _execute(connection, "SET lock_timeout = 100")
        for _ in range(40):
            _execute(connection, _RENAME, (site.pk,))
            _execute(connection, "SELECT pg_sleep(0.002)")
            connection.commit()
        connection.close()

    before = int(_version("").split("-")[1])
    with ThreadPoolExecutor(len(sites)) as pool:
        done = [pool.submit(write_often, site) for site in sites]
        while not all(each.done() for each in done):
            fold()
        assert [each.result() for each in done] == [None] * len(sites)
    assert int(_version("").split("-")[1]) == before + 40 * len(sites)
