"""What was measured: figures with their sample's size, kept per part so that parts can be run one by one."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median, quantiles

from bench.places import FIGURES


@dataclass(frozen=True)
class Figure:
    """One row of the report.

    `goal` names the line of the goals it speaks to ("" for none), `what` was asked, `who` answered. `median` and `p95`
    are in `unit`; with `n` 0 nobody answered, and the note says why. `features` is the median of those encoded, `raw`
    and `sent` are median bytes before and after compression, `most_raw` and `most_sent` the most of any answer; None
    where that means nothing.
    """

    goal: str
    what: str
    who: str
    n: int
    median: float
    p95: float
    unit: str = "ms"
    features: int | None = None
    raw: int | None = None
    most_raw: int | None = None
    sent: int | None = None
    most_sent: int | None = None
    note: str = ""


def of(goal: str, what: str, who: str, values: Sequence[float], **rest: object) -> Figure:
    """The figure of these values, in the unit they are in."""
    p95 = quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]
    return Figure(goal, what, who, len(values), median(values), p95, **rest)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Run:
    """What a part measured, on which day and over how many devices."""

    part: str
    day: str
    devices: int
    figures: list[Figure]


def keep(run: Run) -> None:
    """Keep a run in place of the part's last one."""
    FIGURES.mkdir(parents=True, exist_ok=True)
    (FIGURES / f"{run.part}.json").write_text(json.dumps(asdict(run), ensure_ascii=False, indent=1))


def kept(part: str) -> Run | None:
    """The last run of a part, None where it never ran."""
    path = FIGURES / f"{part}.json"
    if not path.exists():
        return None
    content = json.loads(path.read_text())
    return Run(**content | {"figures": [Figure(**item) for item in content["figures"]]})
