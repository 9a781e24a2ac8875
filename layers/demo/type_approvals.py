"""Invented makers and models of devices, those approved that have to be."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from layers.demo.device_types import DeviceTypes
from layers.demo.recipe import pick
from layers.demo.rows import Desk, Rows
from layers.models import TypeApproval

APPROVALS = 400
MODELS_WITHOUT_APPROVAL = 8
TEN_YEARS = 3652

# Makers that do not exist, with a country.
MAKERS = (
    *(("Cơ khí Đo lường Minh Họa", "Việt Nam"), ("Thiết bị Đo Thí Dụ", "Việt Nam"), ("Điện tử Ví Dụ", "Việt Nam")),
    *(("Cân Minh Họa Phương Nam", "Việt Nam"), ("Reishi Keiki Example", "Nhật Bản"), ("Hanbit Example", "Hàn Quốc")),
    *(("Beispiel Messtechnik", "Đức"), ("Exemple Métrologie", "Pháp"), ("Sample Instruments", "Hoa Kỳ")),
    *(("Esempio Strumenti", "Ý"), ("Ejemplo Metrología", "Tây Ban Nha"), ("Contoh Scales", "Malaysia")),
)


@dataclass(frozen=True)
class Models:
    """Models of all types, those of a type together: from `start[type]`, `count[type]` of them. Approval 0 is none."""

    start: np.ndarray
    count: np.ndarray
    manufacturer: np.ndarray
    model: np.ndarray
    approval: np.ndarray

    def draw(self, rng: np.random.Generator, device_type: np.ndarray) -> np.ndarray:
        """A model for each device, as a place in the arrays."""
        return self.start[device_type] + (rng.random(len(device_type)) * self.count[device_type]).astype(int)


def make_models(desk: Desk, types: DeviceTypes) -> tuple[Models, Rows]:
    """The models of every type, and the rows of their approvals."""
    rng, rows = desk.recipe.rng("models"), desk.rows(TypeApproval, **_NOWHERE)
    share = APPROVALS / np.count_nonzero(types.needs_approval)
    start, count = np.zeros(len(types.codes), dtype=int), np.zeros(len(types.codes), dtype=int)
    models: list[tuple[str, str, int]] = []
    for device_type in range(1, len(types.codes)):
        size = _share(device_type, share) if types.needs_approval[device_type] else MODELS_WITHOUT_APPROVAL
        start[device_type], count[device_type] = len(models), size
        for number in range(size):
            maker, country = pick(rng, MAKERS)
            model = f"{chr(65 + device_type % 26)}{chr(65 + number % 26)}-{rng.integers(10, 99)}{number:02d}"
            approval = 0
            if types.needs_approval[device_type]:
                approval = rows.add(**_approval(desk, rng, device_type, len(rows.rows), maker, country, model))
            models.append((maker, model, approval))
    manufacturer, model_names, approvals = zip(*models, strict=True)
    makers, names = (np.array(texts, dtype=object) for texts in (manufacturer, model_names))
    return Models(start, count, makers, names, np.array(approvals)), rows


_NOWHERE = {"province_id": None, "commune_id": None, "keeper_id": None}


def _share(device_type: int, share: float) -> int:
    """A whole number of approvals for a type, such that all together are as many as wanted."""
    return max(1, round(share * (device_type + 1)) - round(share * device_type))


def _approval(
    desk: Desk, rng: np.random.Generator, device_type: int, number: int, maker: str, country: str, model: str
) -> dict[str, object]:
    decided_on = desk.day - timedelta(days=int(rng.integers(100, 4_300)))
    valid_until = decided_on + timedelta(days=TEN_YEARS)
    extended = valid_until < desk.day and rng.random() < 0.7
    return {
        **desk.stamp,
        "publish_state": "approved_public",
        "published_at": decided_on,
        "number": f"PDM-MH {number + 1:04d}-{decided_on.year}",
        "device_type_id": device_type,
        "manufacturer": maker,
        "country": country,
        "model": model,
        "characteristics": "",
        "decided_on": decided_on,
        "valid_until": valid_until,
        "extended_until": valid_until + timedelta(days=TEN_YEARS) if extended else None,
        "suspended_on": desk.day - timedelta(days=40) if rng.random() < 0.01 else None,
    }
