"""Checks of sites in the proportions of the press reports: most conform, 5–20 % do not (domain, section 3.3).

A real place never gets an invented adverse finding: at places from OpenStreetMap, named or not, all checks conform.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from layers.demo.copying import Block
from layers.demo.rows import INTERNAL, Desk
from layers.demo.sites import Sites, profiles
from layers.models import Check
from layers.registers.base import PUBLIC

CHECKS_PER_SITE = (0.45, 0.31, 0.17, 0.07)
RESULTS = {
    "conform": 0.84,
    "nonconform_minor": 0.06,
    "nonconform_suspended": 0.03,
    "nonconform_violation": 0.05,
    "not_checked": 0.02,
}
RECORDED_RESULTS = {"conform": 0.72, "nonconform_minor": 0.08, "nonconform_suspended": 0.04, "inconclusive": 0.16}
CONCLUDED_STATES = {"closed": 0.8, "concluded": 0.15, "follow_up": 0.05}
RECORDED_STATES = {"recorded": 0.6, "reported": 0.4}
COMING_STATES = {"planned": 0.5, "approved": 0.2, "decided": 0.15, "notified": 0.1, "in_progress": 0.05}
ACTIVITY_KINDS = {
    "metrology_check": 0.66,
    "quality_check": 0.2,
    "special_check": 0.04,
    "specialised_check": 0.06,
    "quality_survey": 0.02,
    "inspectorate": 0.02,
}
PUBLISHED, RECORDED, COMING = 0.9, 0.05, 0.03
FOUR_YEARS, SEVEN_WEEKS = 1_460, 49


@dataclass(frozen=True)
class Checks:
    """All checks, by site and day. `result` is "" and `checked_on` NaT for those to come."""

    site: np.ndarray
    state: np.ndarray
    result: np.ndarray
    checked_on: np.ndarray
    concluded_on: np.ndarray
    public: np.ndarray


def draw_checks(desk: Desk, sites: Sites) -> Checks:
    """The checks of all sites, the newest of a site last."""
    rng = desk.recipe.rng("checks")
    parts = [_concluded(rng, desk, sites), _recorded(rng, desk, sites), _coming(rng, desk, sites)]
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in Checks.__dataclass_fields__}
    order = np.lexsort((columns["checked_on"], columns["site"]))
    return Checks(**{name: column[order] for name, column in columns.items()})


def _concluded(rng: np.random.Generator, desk: Desk, sites: Sites) -> Checks:
    per_site = rng.choice(len(CHECKS_PER_SITE), size=len(sites), p=CHECKS_PER_SITE)
    site = np.repeat(np.arange(len(sites)), per_site)
    size = len(site)
    checked_on = desk.recipe.today - rng.integers(30, FOUR_YEARS, size=size)
    result = _kindly(_one_of(rng, RESULTS, size), sites.real[site])
    public = sites.public[site] & (rng.random(size) < PUBLISHED)
    concluded_on = checked_on + rng.integers(1, 28, size=size)
    return Checks(site, _one_of(rng, CONCLUDED_STATES, size), result, checked_on, concluded_on, public)


def _recorded(rng: np.random.Generator, desk: Desk, sites: Sites) -> Checks:
    """Checks of the last weeks with a record and no conclusion yet: never public."""
    site = np.flatnonzero(rng.random(len(sites)) < RECORDED)
    size = len(site)
    checked_on = desk.recipe.today - rng.integers(1, SEVEN_WEEKS, size=size)
    result = _kindly(_one_of(rng, RECORDED_RESULTS, size), sites.real[site])
    return Checks(
        site, _one_of(rng, RECORDED_STATES, size), result, checked_on, _never(size), np.zeros(size, dtype=bool)
    )


def _coming(rng: np.random.Generator, desk: Desk, sites: Sites) -> Checks:
    site = np.flatnonzero(rng.random(len(sites)) < COMING)
    size = len(site)
    nothing = np.full(size, "", dtype=object)
    return Checks(
        site, _one_of(rng, COMING_STATES, size), nothing, _never(size), _never(size), np.zeros(size, dtype=bool)
    )


def _one_of(rng: np.random.Generator, chances: dict[str, float], size: int) -> np.ndarray:
    return rng.choice(np.array(list(chances), dtype=object), size=size, p=list(chances.values()))


def _kindly(result: np.ndarray, real: np.ndarray) -> np.ndarray:
    return np.where(real, "conform", result)


def _never(size: int) -> np.ndarray:
    return np.full(size, np.datetime64("NaT"), dtype="datetime64[D]")


def results_of_sites(checks: Checks, size: int) -> dict[str, np.ndarray]:
    """What the checks say of each site: the newest published conclusion, and the newest check on record."""
    return {
        **_newest(checks, checks.public, "last", size),
        **_newest(checks, ~np.isnat(checks.checked_on), "latest", size),
    }


def _newest(checks: Checks, counts: np.ndarray, prefix: str, size: int) -> dict[str, np.ndarray]:
    """Checks stand in the order of their days, so of those that count a site's last one is its newest."""
    result, checked_on = np.full(size, "", dtype=object), _never(size)
    result[checks.site[counts]] = checks.result[counts]
    checked_on[checks.site[counts]] = checks.checked_on[counts]
    return {f"{prefix}_result": result, f"{prefix}_checked": checked_on}


def check_blocks(desk: Desk, sites: Sites, checks: Checks, *, size: int = 20_000) -> Iterator[Block]:
    """The rows of the register in blocks."""
    rng = desk.recipe.rng("check rows")
    kinds = np.array([profile.site_kind for profile in profiles()], dtype=object)
    for start in range(0, len(checks.site), size):
        part = slice(start, start + size)
        site = checks.site[part]
        number = start + np.arange(len(site))
        public = checks.public[part]
        activity = _one_of(rng, ACTIVITY_KINDS, len(site))
        special = (activity == "special_check") & (kinds[sites.profile[site]] != "fuel_station")
        yield {
            **desk.stamp,
            "id": desk.first_ids[Check] + number,
            "source_id": [f"check-{n + 1}" for n in number],
            "publish_state": np.where(public, PUBLIC, INTERNAL).tolist(),
            "published_at": np.ma.masked_array(checks.concluded_on[part], ~public),
            **desk.where(sites.commune[site]),
            "site_id": sites.ids[site],
            "activity_kind": np.where(special, "metrology_check", activity),
            "form": np.where(rng.random(len(site)) < 0.8, "routine", "ad_hoc").tolist(),
            "state": checks.state[part],
            "checked_on": checks.checked_on[part],
            "concluded_on": checks.concluded_on[part],
            "result": checks.result[part],
        }
