"""Numbers with units in questions, and which lines they are compared with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.competence.quantities import comparable, convert, read_decimal, take_quantities, units


@pytest.mark.parametrize(
    ("text", "rest", "kind", "unit", "least", "most"),
    [
        ("hiệu chuẩn cân 150 kg", "hiệu chuẩn cân", "range", "kg", 150, 150),
        ("chloramphenicol tôm 0,1 µg/kg", "chloramphenicol tôm", "range", "µg/kg", 0.1, 0.1),
        ("aflatoxin 0.3 ug/kg", "aflatoxin", "range", "µg/kg", 0.3, 0.3),
        ("cân ô tô 80 tấn", "cân ô tô", "range", "t", 80, 80),
        ("can o to 80 taans", "can o to", "range", "t", 80, 80),
        ("cân 2 tạ", "cân", "range", "tạ", 2, 2),
        ("áp kế 0-25 bar", "áp kế", "range", "bar", 0, 25),
        ("huyết áp kế 0–300mmHg", "huyết áp kế", "range", "mmHg", 0, 300),
        ("nhiệt kế từ -40 đến 150 độ C", "nhiệt kế", "range", "°C", -40, 150),
        ("đồng hồ nước ≤ 2,5 m3/h", "đồng hồ nước", "range", "m³/h", None, 2.5),
        ("cân ô tô đến 100 t", "cân ô tô", "range", "t", None, 100),
        ("cân từ 10 kg", "cân", "range", "kg", 10, None),
        ("chì LOQ 0,003 mg/L", "chì", "loq", "mg/L", None, 0.003),
        ("chì giới hạn phát hiện <= 3 ug/l", "chì", "lod", "µg/L", None, 3),
        ("quả cân CMC 0,1 mg", "quả cân", "cmc", "mg", None, 0.1),
        ("máy kéo nén 1.000 kN", "máy kéo nén", "range", "kN", 1000, 1000),
    ],
)
def test_a_quantity_is_taken_out_of_the_words(
    text: str, rest: str, kind: str, unit: str, least: float | None, most: float | None
) -> None:
    left, (quantity,) = take_quantities(text)
    assert left.split() == rest.split()
    assert (quantity.kind, quantity.unit.symbol, quantity.least, quantity.most) == (kind, unit, least, most)


@pytest.mark.parametrize(
    "text",
    [
        "TCVN 6492:2011",
        "SMEWW 3111B:2023",
        "US EPA 8270D",
        "PM10",
        "xăng RON 92",
        "công tơ 3 pha",
        "to6m",
        "quận 1",
        "E5",
    ],
)
def test_numbers_without_a_unit_stay_words(text: str) -> None:
    assert take_quantities(text) == (text, ())


@pytest.mark.parametrize("text", ["cân 1.2,3.4 kg", "10^3 kg", "ISO 17025 at Hanoi", "TCVN 6492 m"])
def test_what_is_no_quantity_is_left_alone(text: str) -> None:
    assert take_quantities(text)[1] == ()


@pytest.mark.parametrize(
    ("text", "symbol"), [("10 mpa", "MPa"), ("100 mhz", "MHz"), ("15 ℃", "°C"), ("5 megaohm", "MΩ")]
)
def test_units_are_known_in_other_letters(text: str, symbol: str) -> None:
    assert take_quantities(text)[1][0].unit.symbol == symbol


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0,1", 0.1),
        ("0.1", 0.1),
        ("1.000", 1000),
        ("0.001", 0.001),
        ("1,000", 1e3),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("−5", -5),
    ],
)
def test_decimals_are_read_in_either_notation(text: str, number: float) -> None:
    assert read_decimal(text) == number


@given(st.floats(-1e6, 1e6), st.sampled_from(sorted(units())))
def test_a_value_comes_back_from_every_unit_it_can_be_compared_in(value: float, name: str) -> None:
    unit = units()[name]
    assert unit in comparable(unit)
    for other in comparable(unit):
        assert convert(convert(value, unit, other), other, unit) == pytest.approx(value, rel=1e-6, abs=1e-3)


def test_ppm_is_compared_with_what_is_written_by_mass_and_by_volume() -> None:
    symbols = {unit.symbol for unit in comparable(units()["ppm"])}
    assert {"mg/L", "mg/kg", "ppb"} <= symbols and "kg" not in symbols
