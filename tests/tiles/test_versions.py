"""Versions of tiles: where they are asked for, and the addresses that never change."""

import gzip
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import mapbox_vector_tile
import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.models import Q
from django.test import Client

from layers.changes.folding import fold
from layers.models import MapDay
from layers.registry import all_layers, get
from tests.conftest import ROOT, _environment
from tiles.tile import Tile
from tiles.versions import FORM, generation, version_of

BLOCK = "12/3252/1803"
FRESH = f"/tiles/inspection_sites/{BLOCK}.mvt"
FOREVER = "public, max-age=31536000, immutable"


@pytest.fixture(autouse=True)
def stored(world: date, settings, tmp_path: Path) -> Path:  # type: ignore[no-untyped-def]
    """The folder of stored tiles, empty."""
    settings.TILE_CACHE = tmp_path
    return tmp_path


def _versions(client: Client, *blocks: str, layer: str = "inspection_sites") -> dict[str, str]:
    return client.get(f"/tiles/{layer}/versions", {"blocks": ",".join(blocks)}).json()["blocks"]


def _names(body: bytes) -> set[str]:
    layers = mapbox_vector_tile.decode(body)
    return {feature["properties"].get("name", "") for feature in layers["inspection_sites"]["features"]}


def test_every_layer_gives_the_version_of_each_block_asked_for(client: Client) -> None:
    for layer in all_layers():
        found = _versions(client, "0/0/0", "5/25/14", layer=layer.name)
        assert set(found) == {"0/0/0", "5/25/14"} and all(FORM.fullmatch(version) for version in found.values())


def test_a_deep_tile_has_the_version_of_its_ancestor_at_zoom_12(client: Client, rename: Callable) -> None:
    rename("Một")
    found = _versions(client, BLOCK, "16/52032/28848", "13/6505/3607", "12/3253/1803")
    assert found[BLOCK] == found["16/52032/28848"] == found["13/6505/3607"] != found["12/3253/1803"]


def test_many_versions_are_those_that_each_tile_is_served_under(client: Client, rename: Callable) -> None:
    rename("Một")
    blocks = [f"12/{x}/1803" for x in range(3200, 3399)] + ["0/0/0"]
    found = _versions(client, *blocks)
    layer = get("inspection_sites")
    assert found == {block: version_of(layer, Tile(*map(int, block.split("/")))) for block in blocks}


def test_a_change_gives_another_version_and_a_fold_none(client: Client, rename: Callable) -> None:
    versions = [_versions(client, BLOCK)]
    rename("Một")
    versions.append(_versions(client, BLOCK))
    fold()
    assert _versions(client, BLOCK) == versions[-1] != versions[0]


def test_no_version_is_given_twice_after_a_backup_was_restored(client: Client, rename: Callable) -> None:
    fold()
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM tile_changes_id_seq")
        (backed_up,) = cursor.fetchone()
        rename("Sau bản sao lưu")
        lost = _versions(client, BLOCK)
        cursor.execute("DELETE FROM tile_changes WHERE id > %s", [backed_up])
        cursor.execute("SELECT setval('tile_changes_id_seq', %s)", [backed_up])
        call_command("renew_versions", verbosity=0)
        rename("Sau khi khôi phục")
    assert _versions(client, BLOCK) != lost


def test_versions_are_asked_anew_each_time_and_not_sent_again(client: Client, rename: Callable) -> None:
    address = f"/tiles/inspection_sites/versions?blocks={BLOCK}"
    first = client.get(address)
    assert first["Cache-Control"] == "no-cache" and first["Access-Control-Allow-Origin"] == "*"
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    rename("Hai")
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    ("blocks", "code"),
    [
        ("", "blocks.count"),
        (",".join(f"12/{x}/1" for x in range(201)), "blocks.count"),
        ("5/25", "blocks.form"),
        ("5/25/14;5/25/15", "blocks.form"),
        ("5/25/14,", "blocks.form"),
        ("5/99/14", "blocks.address"),
        ("17/0/0", "blocks.address"),
        ("5/025/14", "blocks.address"),
        ("a/b/c", "blocks.address"),
    ],
)
def test_nonsense_is_refused_by_name(client: Client, blocks: str, code: str) -> None:
    answer = client.get("/tiles/inspection_sites/versions", {"blocks": blocks})
    told = answer.json()
    assert (answer.status_code, told["code"], told["parameter"]) == (400, code, "blocks")


def test_versions_of_no_layer_or_with_another_parameter_are_refused(client: Client) -> None:
    assert client.get("/tiles/nothing/versions?blocks=0/0/0").status_code == 404
    assert client.get("/tiles/inspection_sites/versions?blocks=0/0/0&status=x").json()["parameter"] == "status"
    assert client.get("/tiles/inspection_sites/versions").json()["parameter"] == "blocks"


@pytest.mark.parametrize("asked", ["", "?site_kind=market"])
def test_the_tile_of_the_current_version_is_the_fresh_one_for_ever(client: Client, asked: str) -> None:
    (version,) = _versions(client, "5/25/14").values()
    answer = client.get(f"/tiles/inspection_sites/{version}/5/25/14.mvt{asked}")
    fresh = client.get(f"/tiles/inspection_sites/5/25/14.mvt{asked}")
    assert answer.content == fresh.content and answer["ETag"] == fresh["ETag"]
    assert (answer["Cache-Control"], fresh["Cache-Control"]) == (FOREVER, "no-cache")


def test_a_version_that_is_over_still_has_its_own_bytes_while_they_are_stored(
    client: Client, stored: Path, rename: Callable
) -> None:
    rename("Một")
    (old,) = _versions(client, BLOCK).values()
    address = f"/tiles/inspection_sites/{old}/{BLOCK}.mvt"
    assert "Một" in _names(client.get(address).content)
    rename("Hai")
    assert "Một" in _names(client.get(address).content)
    (new,) = _versions(client, BLOCK).values()
    assert "Hai" in _names(client.get(address.replace(old, new)).content)


@pytest.mark.parametrize("asked", ["", "?site_kind=market"])
def test_a_version_that_is_over_and_gone_leads_to_the_fresh_tile(client: Client, rename: Callable, asked: str) -> None:
    (old,) = _versions(client, BLOCK).values()
    rename("Hai")
    answer = client.get(f"/tiles/inspection_sites/{old}/{BLOCK}.mvt{asked}")
    assert (answer.status_code, answer["Location"], answer["Cache-Control"]) == (307, FRESH + asked, "no-store")


def test_stored_bytes_of_another_program_are_not_served(client: Client, stored: Path) -> None:
    (version,) = _versions(client, BLOCK).values()
    foreign = f"0000000000{version[10:]}"
    file = stored / "inspection_sites" / foreign / f"{BLOCK}.mvt.gz"
    file.parent.mkdir(parents=True)
    file.write_bytes(gzip.compress(b"no tile of ours"))
    assert client.get(f"/tiles/inspection_sites/{foreign}/{BLOCK}.mvt").status_code == 307


@pytest.mark.parametrize("version", ["latest", "..", "1-2-3-4", "0123456789-20261122-1-1x"])
def test_a_version_that_none_gave_is_refused(client: Client, version: str) -> None:
    answer = client.get(f"/tiles/inspection_sites/{version}/{BLOCK}.mvt")
    assert (answer.status_code, answer.json()["parameter"]) == (400, "version")


def test_the_tile_of_a_version_is_for_the_public_alone(client: Client) -> None:
    (version,) = _versions(client, BLOCK).values()
    answer = client.get(f"/tiles/inspection_sites/{version}/{BLOCK}.mvt?scope=staff")
    assert (answer.status_code, answer.json()["parameter"]) == (400, "scope")


def test_the_base_map_and_the_tilejson_keep_their_addresses(client: Client) -> None:
    assert client.get("/tiles/basemap/5/25/14.mvt").status_code == 200
    assert client.get("/tiles/inspection_sites.json").json()["tilejson"] == "3.0.0"


def test_the_day_of_the_map_is_in_the_version_and_in_the_tile(client: Client, world: date) -> None:
    address = "/tiles/measuring_devices/5/25/14.mvt"
    before = client.get(address)
    try:
        MapDay.objects.update(day=world + timedelta(days=400))
        after = client.get(address)
    finally:
        MapDay.objects.update(day=world)
    assert after.content != before.content and after["ETag"] != before["ETag"]
    assert client.get(address)["ETag"] == before["ETag"]


def test_another_declaration_or_setting_is_another_generation(settings) -> None:  # type: ignore[no-untyped-def]
    sites, devices = get("inspection_sites"), get("measuring_devices")
    narrowed = replace(sites, public=sites.public & Q(site_kind="market"))
    before = generation(devices)
    assert generation(narrowed) != generation(sites)
    assert generation(replace(sites, fields=sites.fields[1:])) != generation(sites)
    settings.DUE_SOON_DAYS += 1
    generation.cache_clear()
    assert generation(devices) != before
    generation.cache_clear()


def test_all_processes_give_one_generation(world: date) -> None:
    """By the sources that they were started with: what is read once they run may be another program's."""
    program = (
        "import django; django.setup(); from pathlib import Path; Path.read_bytes = None;"
        " from tiles.versions import generation; from layers.registry import all_layers;"
        " print([generation(layer) for layer in all_layers()])"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**_environment(), "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert said == {f"{[generation(layer) for layer in all_layers()]}\n".encode()}


def test_a_look_at_a_version_is_answered_from_indexes(client: Client, rename: Callable) -> None:
    """The very question that the function asks is explained, with values in the place of its parameters."""
    with connections["open"].cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'tile_version'")
        asked = re.search(r"RETURN \((.*)\);", cursor.fetchone()[0], re.DOTALL)
        assert asked
        values = {"of_layer": "'inspection_sites'", "block": "5::bigint", "below": "2"}
        sql = re.sub("|".join(values), lambda name: values[name[0]], asked[1])
        cursor.execute("SET enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}")
        plan = str(cursor.fetchall())
        cursor.execute("RESET enable_seqscan")
    assert plan.count("tile_changes_cell") == 2 and "tile_versions_pkey" in plan
    assert "Seq Scan" not in plan.replace("Seq Scan on layers_mapday", "")
