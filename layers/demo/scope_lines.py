"""What a body may do, line by line: products, tests, methods, ranges, as scopes are commonly written."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from layers.demo.vocabulary import table

METROLOGICAL_CONTROLS = "Kiểm định ban đầu, định kỳ, sau sửa chữa"


@dataclass(frozen=True)
class Line:
    """The content of one scope line: what, not who and not when. Numbers are in `unit`."""

    product: str
    test: str
    method: str
    field: str = ""
    activity: str = ""
    device_type: str = ""
    unit: str = ""
    range_min: float | None = None
    range_max: float | None = None
    lod: float | None = None
    loq: float | None = None
    cmc: float | None = None


@cache
def columns(line: Line) -> dict[str, object]:
    """The columns of the register that say what a line says and need no look-up."""
    return {
        **{name: getattr(line, name) for name in ("product", "test", "method", "unit", "activity")},
        **{name: getattr(line, name) for name in ("range_min", "range_max", "lod", "loq", "cmc")},
        "range_text": range_text(line.range_min, line.range_max, line.unit),
        "cmc_text": "" if line.cmc is None else f"{decimal(line.cmc)} {line.unit}",
    }


def decimal(number: float) -> str:
    """The number as it is written in Vietnamese: decimal comma, dots between thousands, no needless zeros."""
    if abs(number) >= 1_000:
        return f"{number:,.0f}".replace(",", ".")
    return f"{number:.10f}".rstrip("0").rstrip(".").replace(".", ",") or "0"


def range_text(least: float | None, most: float | None, unit: str) -> str:
    """`0,05–10 mg/L`, `từ 10 mg/L`, or "" without numbers."""
    if least is None:
        return ""
    if most is None:
        return f"từ {decimal(least)} {unit}"
    return f"{decimal(least)}–{decimal(most)} {unit}"


@cache
def tests_of(groups: str = "", fields: str = "") -> tuple[Line, ...]:
    """The tests of the products in these groups and of these fields, names apart by spaces; "" stands for all."""
    named, among = set(fields.split()), set(groups.split())
    return tuple(
        _test(row, product)
        for row in table("tests")
        for group in row["groups"].split()
        for product in _products(group)
        if (not named or row["field"] in named) and (not among or group in among)
    )


@cache
def _products(group: str) -> tuple[str, ...]:
    return tuple(row["product"] for row in table("products") if row["group"] == group)


def _test(row: dict[str, str], product: str) -> Line:
    least, most, lod, loq = (_number(row[name]) for name in ("range_min", "range_max", "lod", "loq"))
    return Line(product, row["test"], row["method"], row["field"], "", "", row["unit"], least, most, lod, loq)


@cache
def calibrations() -> tuple[Line, ...]:
    """What calibration laboratories calibrate, with their capability."""
    return tuple(_calibration(row) for row in table("calibrations"))


def _calibration(row: dict[str, str]) -> Line:
    least, most, cmc = (_number(row[name]) for name in ("range_min", "range_max", "cmc"))
    what = row["product"], row["test"], row["method"]
    return Line(*what, field=row["field"], unit=row["unit"], range_min=least, range_max=most, cmc=cmc)


@cache
def conformity_lines() -> tuple[Line, ...]:
    """What certification and inspection bodies certify and inspect."""
    return tuple(Line(row["product"], row["test"], row["method"], field=row["field"]) for row in table("conformity"))


def verifications(names: dict[str, str]) -> tuple[Line, ...]:
    """A line for each device type that has a procedure; `names` by code."""
    return tuple(
        Line(
            names[row["device_type"]][:200],
            METROLOGICAL_CONTROLS,
            row["procedure"],
            activity="device_verification",
            device_type=row["device_type"],
            unit=row["unit"],
            range_min=_number(row["range_min"]),
            range_max=_number(row["range_max"]),
        )
        for row in table("devices")
        if row["procedure"]
    )


def some(rng: np.random.Generator, lines: Sequence[Line], *, usual: int, most: int) -> list[Line]:
    """Some of the lines in their order, none twice: as many as scopes usually have, few of them long."""
    size = min(int(np.clip(rng.lognormal(np.log(usual), 0.6), usual / 4, most)), len(lines))
    chosen = np.sort(rng.choice(len(lines), size=size, replace=False))
    return [lines[number] for number in chosen]


def _number(text: str) -> float | None:
    return float(text) if text else None
