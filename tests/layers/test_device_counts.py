"""Counts by commune: no cell points at single devices, and what is shown is what the tables hold."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client

from layers.registers.counts import LEAST_DEVICES
from tests.layers.oracle import DEVICE_STATUS

pytestmark = pytest.mark.usefixtures("world")

CELLS = f"""
WITH counted AS (
    SELECT commune_id, device_type_id, status, count(*) AS n, count(*) FILTER (WHERE hidden) AS hidden FROM (
        SELECT commune_id, device_type_id, {DEVICE_STATUS} AS status, publish_state <> 'approved_public' AS hidden
        FROM (SELECT d.*, d.verified_on AS v_on, d.valid_until AS v_until, d.voided_on AS v_void,
                     d.repaired_on <= %(day)s AS v_repair FROM layers_measuringdevice d) r
        WHERE publish_state IN ('internal', 'approved_public') AND commune_id IS NOT NULL
    ) AS devices GROUP BY 1, 2, 3
    UNION ALL
    SELECT commune_id, device_type_id,
           CASE WHEN valid_until IS NULL THEN 'unknown' WHEN valid_until < %(day)s THEN 'overdue'
                WHEN valid_until <= %(day)s + 30 THEN 'due_soon' ELSE 'valid' END, sum(devices), sum(devices)
    FROM layers_devicebatch WHERE publish_state IN ('internal', 'approved_public') GROUP BY 1, 2, 3
)
SELECT commune_id, device_type_id, status, sum(n)::bigint, sum(hidden)::bigint FROM counted GROUP BY 1, 2, 3
"""


def cells(day: date) -> dict[tuple[int, int, str], tuple[int, int]]:
    """Devices and hidden devices of each cell, counted from the tables in plain SQL."""
    with connection.cursor() as cursor:
        cursor.execute(CELLS, {"day": day})
        return {tuple(row[:3]): tuple(row[3:]) for row in cursor.fetchall()}


def shown() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT commune_id, device_type_id, status, devices FROM layers_devicecount")
        return cursor.fetchall()


def safe(devices: int, hidden: int) -> bool:
    return devices >= LEAST_DEVICES and (hidden == 0 or hidden >= LEAST_DEVICES)


def test_exactly_the_safe_cells_are_shown_and_with_their_true_number(world: date) -> None:
    wanted = {cell: devices for cell, (devices, hidden) in cells(world).items() if safe(devices, hidden)}
    assert {tuple(row[:3]): row[3] for row in shown() if row[0] is not None} == wanted
    assert wanted


def test_the_others_are_merged_by_province_and_status_and_none_is_small(world: date) -> None:
    counted = cells(world)
    left_over = sum(devices for devices, hidden in counted.values() if not safe(devices, hidden))
    merged = [row for row in shown() if row[0] is None]
    assert merged and all(row[1] is None and row[3] >= LEAST_DEVICES for row in merged)
    assert 0.9 * left_over <= sum(row[3] for row in merged) <= left_over


def test_ids_stay_with_their_cell(client: Client, world: date) -> None:
    ids = [one["id"] for one in client.get("/api/v1/device_counts/?limit=50").json()["features"]]
    assert len(set(ids)) == len(ids) and all(0 < number < 2**53 for number in ids)
