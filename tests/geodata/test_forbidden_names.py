"""Names that no map of Viet Nam may carry."""

import pytest

from geodata import reference_tables
from geodata.archipelagos import ARCHIPELAGOS
from geodata.forbidden_names import find_forbidden, find_forbidden_in


@pytest.mark.parametrize(
    "text",
    [
        "Paracel Islands", "PARACELS", "Spratly Is.", "xisha", "Hsi-sha", "三沙市", "南海", "南中国海",
        "South China Sea", "SOUTH  CHINA–SEA", "the nine–dash line", "九段线", "đường lưỡi bò", "Южно-Китайское море",
    ],
)  # fmt: skip
def test_it_finds(text: str):
    assert find_forbidden(text)


@pytest.mark.parametrize("text", ["", "Quần đảo Hoàng Sa", "Biển Đông", "East Sea", "Xã Nam Sách", "Nam Hải Lăng"])
def test_it_lets_pass(text: str):
    assert find_forbidden(text) == []


def test_no_name_of_ours_is_forbidden():
    ours = [*reference_tables.communes().name_vi, *reference_tables.provinces().name_vi]
    ours += [*reference_tables.places().name_vi, *reference_tables.places().name_en]
    ours += [*reference_tables.archipelago_islands().name_vi]
    ours += [text for archipelago in ARCHIPELAGOS for text in (archipelago.label.vi, archipelago.label.en)]
    assert find_forbidden_in(ours) == {}
