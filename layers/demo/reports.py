"""Some calibration certificates and test reports of accredited laboratories, each under a line of their scope."""

from datetime import date, timedelta
from typing import cast

import numpy as np

from layers.demo.facts import Facts
from layers.demo.rows import Desk, Rows
from layers.models import Report

REPORTS = 600
KINDS = {"calibration": ("calibration_certificate", "MH-HC"), "testing": ("test_report", "MH-TN")}
NO_LINE = 0.1
AS_ITS_LINE = ("publish_state", "published_at", "keeper_id", "province_id", "commune_id")


def reports(desk: Desk, facts: Facts) -> Rows:
    """The rows of the register; one in ten names no line."""
    rng, rows = desk.recipe.rng("reports"), desk.rows(Report)
    holders = {row["id"]: row for row in facts.qualifications.rows}
    lines = [row for row in facts.lines.rows if row["activity"] in KINDS and not row["pending"]]
    for number, at in enumerate(np.sort(rng.choice(len(lines), size=min(REPORTS, len(lines)), replace=False)), 1):
        line = lines[at]
        kind, prefix = KINDS[str(line["activity"])]
        rows.add(
            **{
                name: line[name] for name in ("publish_state", "published_at", "keeper_id", "province_id", "commune_id")
            },
            **desk.stamp,
            kind=kind,
            number=f"{prefix} {number}",
            body_id=holders[line["qualification_id"]]["organisation_id"],
            issued_on=_within(rng, cast(date, line["valid_from"]), desk.day),
            line_id=None if rng.random() < NO_LINE else line["id"],
        )
    return rows


def _within(rng: np.random.Generator, first: date, last: date) -> date:
    """A day between the two, not more than two years before the last."""
    days = min((last - first).days, 730)
    return last - timedelta(days=int(rng.integers(0, max(days, 1))))
