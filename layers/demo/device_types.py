"""The device types as arrays by their ids, for work on many devices at once."""

from dataclasses import dataclass

import numpy as np

from layers.demo.scope_lines import range_text
from layers.demo.vocabulary import table
from layers.models import DeviceType, DeviceTypeRule

MOBILE = ("taximeter", "road_tanker")


@dataclass(frozen=True)
class DeviceTypes:
    """Index 0 is no type. `cycle` is in months, 0 without one; `rule_from` is the day the rule begins."""

    ids: dict[str, int]
    codes: np.ndarray
    group: np.ndarray
    cycle: np.ndarray
    rule_from: np.ndarray
    needs_approval: np.ndarray
    mobile: np.ndarray
    procedure: np.ndarray
    range_text: np.ndarray
    accuracy: np.ndarray


def device_types() -> DeviceTypes:
    """All types, with the newest rule of each."""
    types = list(DeviceType.objects.order_by("id"))
    size = types[-1].id + 1
    written = {row["device_type"]: row for row in table("devices")}
    texts = {
        name: np.full(size, "", dtype=object) for name in ("codes", "group", "procedure", "range_text", "accuracy")
    }
    for item in types:
        texts["codes"][item.id], texts["group"][item.id] = item.code, item.device_group
        if row := written.get(item.code):
            texts["procedure"][item.id], texts["accuracy"][item.id] = row["procedure"], row["accuracy"]
            texts["range_text"][item.id] = range_text(float(row["range_min"]), float(row["range_max"]), row["unit"])
    ids = {item.code: item.id for item in types}
    return DeviceTypes(ids=ids, mobile=np.isin(texts["codes"], MOBILE), **texts, **_rules(size))


def _rules(size: int) -> dict[str, np.ndarray]:
    cycle, approval = np.zeros(size, dtype=int), np.zeros(size, dtype=bool)
    rule_from = np.full(size, np.datetime64("1970-01-01"), dtype="datetime64[D]")
    for rule in DeviceTypeRule.objects.order_by("valid_from"):
        cycle[rule.device_type_id] = rule.cycle_months or 0
        approval[rule.device_type_id] = rule.type_approval
        rule_from[rule.device_type_id] = rule.valid_from
    return {"cycle": cycle, "needs_approval": approval, "rule_from": rule_from}
