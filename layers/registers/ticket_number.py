"""Numbers of reports: nobody guesses one, everybody can type one. `PA-01-26-7K3Q-9M2X-K`.

PA for phản ánh, the province's code, the year, 40 random bits and a check character, in Crockford's base32: it has no
I, L, O and U, so that what looks alike is one character.
"""

import re
import secrets

from layers.errors import BadParameter

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "PA"
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
_LOOKALIKES = str.maketrans("OIL", "011")
_SEPARATORS = re.compile(r"[\s.,/_\-\u2010-\u2015]+")
_RANDOM, _DIGITS = 8, 4
_LENGTH = _DIGITS + _RANDOM + 1
_LONGEST_TYPED = 60
FORM = r"^PA-[0-9]{2}-[0-9]{2}(-[0-9A-HJKMNP-TV-Z]{4}){2}-[0-9A-HJKMNP-TV-Z]$"


def new_number(province_code: str, year: int) -> str:
    """A fresh number of that province (two digits) and year. Whether it is taken the database says."""
    return numbered(province_code, year, "".join(secrets.choice(ALPHABET) for _ in range(_RANDOM)))


def numbered(province_code: str, year: int, drawn: str) -> str:
    """The number of that province and year with these eight characters of ALPHABET."""
    body = f"{province_code}{year % 100:02d}{drawn}"
    return _written(body + check_character(body))


def read_number(typed: str, parameter: str = "number") -> str:
    """The number that somebody typed, as it is stored: letter case, dashes, PA, and O for 0, I or L for 1 do not count.

    Raises BadParameter: `number.form` for what is no such number, `number.check` where a character must be wrong.
    """
    letters = _SEPARATORS.sub("", typed[:_LONGEST_TYPED]).upper()
    if len(letters) == len(PREFIX) + _LENGTH:
        letters = letters.removeprefix(PREFIX)
    letters = letters.translate(_LOOKALIKES)
    if len(letters) != _LENGTH or not set(letters) <= set(ALPHABET) or not letters[:_DIGITS].isdigit():
        raise _no_number(parameter)
    if check_character(letters[:-1]) != letters[-1]:
        raise _wrong_character(parameter)
    return _written(letters)


def check_character(body: str) -> str:
    """The character behind `body` by which every single wrong one, and any two exchanged, are noticed.

    A polynomial over the field of 32 elements: each place weighs by another power of its generator.
    """
    total = 0
    for letter in body:
        total = _times_generator(total ^ _VALUE[letter])
    return ALPHABET[total]


def _times_generator(value: int) -> int:
    """The product with x modulo x⁵ + x² + 1, which is primitive: the weights of 31 places all differ."""
    doubled = value << 1
    return doubled ^ 0b100101 if doubled & 0b100000 else doubled


def _written(letters: str) -> str:
    return "-".join((PREFIX, letters[:2], letters[2:4], letters[4:8], letters[8:12], letters[12]))


def _no_number(parameter: str) -> BadParameter:
    return BadParameter(
        f"{parameter}.form",
        "Đây không phải số phản ánh. Số có dạng PA-01-26-7K3Q-9M2X-K, đứng trên trang hiện ra sau khi gửi.",
        "This is no number of a report. One looks like PA-01-26-7K3Q-9M2X-K and stood on the page after sending.",
        parameter=parameter,
    )


def _wrong_character(parameter: str) -> BadParameter:
    return BadParameter(
        f"{parameter}.check",
        "Số này có ít nhất một ký tự sai. So lại từng ký tự; số không có chữ I, L, O, U.",
        "At least one character of this number is wrong. Compare each; a number has no letters I, L, O or U.",
        parameter=parameter,
    )
