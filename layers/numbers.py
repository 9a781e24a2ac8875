"""The one reader of numbers in parameters: ASCII digits, finite, bounded in length and range."""

import re

from layers.errors import BadParameter

_DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?", re.ASCII)
_INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


def read_number(text: str, parameter: str) -> float:
    """The number that `text` writes with a decimal point. Raises BadParameter for anything else, infinity included."""
    value = float(text) if _DECIMAL.fullmatch(text) else float("nan")
    if value - value != 0:  # not a number, or infinite
        raise BadParameter(
            f"{parameter}.number",
            f"“{text[:40]}” trong {parameter} không phải là số. Dùng dấu chấm cho phần thập phân, ví dụ 105.85.",
            f"“{text[:40]}” in {parameter} is not a number. Use a decimal point, as in 105.85.",
            parameter=parameter,
        )
    return value


def read_integer(text: str, parameter: str, *, least: int, most: int, cut: bool = False) -> int:
    """The whole number that `text` writes, from `least` to `most`; above it, `most` when `cut`.

    Raises BadParameter otherwise.
    """
    written = bool(_INTEGER.fullmatch(text)) or (cut and text.isascii() and text.isdigit() and len(text) <= 400)
    value = int(text) if written else least - 1
    if value < least or (value > most and not cut):
        raise BadParameter(
            f"{parameter}.integer",
            f"{parameter} phải là số nguyên từ {least} đến {most}.",
            f"{parameter} must be a whole number from {least} to {most}.",
            parameter=parameter,
        )
    return min(value, most)
