"""Values as a reader of Vietnamese or English writes them."""

from datetime import date

from django.utils.translation import get_language

from layers.codes import FixedCodes
from layers.layer import Field, Layer
from layers.values import NO, YES


def in_words(item: Field | None, values: dict) -> str:
    """The value of a field as text: labels for codes, dd/mm/yyyy, grouped numbers; empty for none."""
    if item is None:
        return ""
    if item.labelled:
        return _labels(values.get(f"{item.name}_label"))
    value = values.get(item.name)
    if isinstance(value, bool):
        return str(YES if value else NO)
    if isinstance(value, date):
        return in_day(value)
    if isinstance(value, int | float) and item.kind != "text":  # a year is a number that is read as a name
        return in_numbers(value)
    return "" if value is None else str(value)


def heading_in_words(layer: Layer, values: dict) -> str:
    """What a record is called: on an English page by its English name, where it has one."""
    english = values.get(f"{layer.heading}_en") if get_language() == "en" else None
    return str(english or in_words(layer.field(layer.heading), values))


def parts_in_words(item: Field, values: dict) -> list[str]:
    """The labels of a field that holds several codes, one by one; empty for every other field."""
    labels = values.get(f"{item.name}_label") if item.codes else None
    return [_capital(str(label)) for label in labels] if isinstance(labels, list) else []


def _labels(value: object) -> str:
    """The label of a code, or the labels of several with semicolons; the first letter is a capital."""
    return _capital("; ".join(map(str, value)) if isinstance(value, list) else str(value or ""))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def in_day(value: date) -> str:
    """22/11/2026, in both languages."""
    return f"{value:%d/%m/%Y}"


def in_distance(metres: float) -> str:
    """350 m, 4,8 km, 1.103 km: as exact as a line through the air deserves, and as `numbers.js` says it."""
    if metres < 995:
        return f"{round(metres, -1):.0f} m"
    km = metres / 1000
    return f"{in_numbers(round(km, 1) if km < 10 else round(km))} km"


def in_numbers(value: int | float) -> str:
    """1.234.567 and 3,5 in Vietnamese, 1,234,567 and 3.5 in English."""
    english = (get_language() or "vi").startswith("en")
    written = f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"
    return written if english else written.translate(str.maketrans(",.", ".,"))


def tone(item: Field, value: object) -> dict[str, str]:
    """`tone`, the colour token, and `symbol`, the mark, of a code that has them; else empty."""
    if not isinstance(item.codes, FixedCodes):
        return {}
    found = next((code for code in item.codes.items if code.code == value and code.colour), None)
    return {"tone": found.colour, "symbol": found.symbol} if found else {}
