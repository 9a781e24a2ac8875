"""Numbers as people give them: typed, scanned as a bare number or as an address, and with a slip of the finger."""

import re
import string
import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from geodata.text import search_key
from layers.errors import BadParameter
from layers.registers.number_key import number_key

MOST_TYPED, MOST_SCANNED, MOST_KEY = 80, 500, 40
MOST_CANDIDATES = 500
# Names under which addresses in QR codes carry a number, the likeliest first.
NAMES = (
    *("number", "so", "sohieu", "so_hieu", "sogiay", "serial", "sn"),
    *("cert", "certificate", "code", "ma", "id", "n", "q"),
)
_ADDRESS = re.compile(r"https?://", re.ASCII | re.IGNORECASE)
_ALIKE = {"o": "0", "0": "o", "i": "1", "1": "il", "l": "1", "b": "8", "8": "b", "s": "5", "5": "s", "z": "2", "2": "z"}
_SHORTEST_FOR_SLIPS = 5
_ACCENTS = "\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b"
# Beside letters with Vietnamese accents: what is printed in numbers and between their parts, dashes as they are typed.
_SIGNS = frozenset(string.ascii_letters + string.digits + string.punctuation + " Đđ‐‒–—−·•")


def read_number(text: str) -> str:
    """The number that was typed or scanned. An address is looked into: first its parameters, then its path.

    Raises BadParameter for nothing, for too much, and for an address or a text without a number.
    """
    text = " ".join(text.split())
    scanned = _ADDRESS.match(text) is not None
    if len(text) > (MOST_SCANNED if scanned else MOST_TYPED):
        raise _refused(
            "number.length",
            f"Số dài quá {MOST_TYPED} ký tự. Gõ đúng số ghi trên giấy hoặc tem.",
            f"The number has more than {MOST_TYPED} characters. Type it as it stands on the paper or sticker.",
        )
    number = unicodedata.normalize("NFKC", _in_address(text) if scanned else text)
    for sign in number:
        if sign not in _SIGNS and not _is_vietnamese(sign):
            raise _no_sign_of_numbers(sign)
    if not 1 <= len(letters_of(number)) <= MOST_KEY or not number_key(number):
        raise _no_number(text)
    return number


def letters_of(number: str) -> str:
    """The letters and digits of a number, lower case and without accents: what is compared, and all of it.

    A `number_key` leaves letters with accents out, as its index does. Two numbers with one key are the same only
    where these letters are.
    """
    return number_key(search_key(unicodedata.normalize("NFKC", number)))


def near(key: str, prefixes: Iterable[str]) -> list[str]:
    """Keys that the typed one may have been meant for, likeliest first, at most MOST_CANDIDATES.

    Letters taken for digits, a prefix left out, two signs in the wrong order, one too many, one wrong, one missing.
    """
    found = dict.fromkeys([*_alike(key), *_with_prefix(key, prefixes)])
    if len(key) >= _SHORTEST_FOR_SLIPS:
        found |= dict.fromkeys(_slips(key))
    found.pop(key, None)
    return list(found)[:MOST_CANDIDATES]


def _in_address(text: str) -> str:
    try:
        address = urlsplit(text)
    except ValueError:
        raise _no_number(text) from None
    given = {name.lower(): value for name, value in parse_qsl(address.query, max_num_fields=30) if _has_digit(value)}
    named = [given[name] for name in NAMES if name in given]
    parts = [part for part in map(unquote, reversed(address.path.split("/"))) if _has_digit(part)]
    possible = [*named, *given.values(), *parts]
    if not possible or len(possible[0]) > MOST_TYPED:
        raise _no_number(text)
    return " ".join(possible[0].split())


def _alike(key: str) -> Iterator[str]:
    """Each sign that is taken for another put right, one at a time and all of a kind at once."""
    for at, sign in enumerate(key):
        for other in _ALIKE.get(sign, ""):
            yield key[:at] + other + key[at + 1 :]
    for sign, others in _ALIKE.items():
        for other in others if sign in key else "":
            yield key.replace(sign, other)
    letters, digits = re.fullmatch(r"([a-z]*)(.*)", key).groups()  # type: ignore[union-attr]
    yield letters + digits.replace("o", "0").replace("i", "1").replace("l", "1")


def _with_prefix(key: str, prefixes: Iterable[str]) -> Iterator[str]:
    """The number behind each prefix, whole or with the part of it that was typed."""
    for prefix in map(number_key, prefixes):
        bare = key.lstrip("abcdefghijklmnopqrstuvwxyz")
        yield prefix + key
        if bare and bare != key:
            yield prefix + bare


def _slips(key: str) -> Iterator[str]:
    digits = "0123456789"
    for at in range(len(key) - 1):
        yield key[:at] + key[at + 1] + key[at] + key[at + 2 :]
    for at in range(len(key)):
        yield key[:at] + key[at + 1 :]
    for at, sign in enumerate(key):
        for other in digits if sign.isdigit() else "":
            yield key[:at] + other + key[at + 1 :]
    for at in range(len(key) + 1):
        for other in digits:
            yield key[:at] + other + key[at:]


def _has_digit(text: str) -> bool:
    return any(letter.isascii() and letter.isdigit() for letter in text)


def _is_vietnamese(sign: str) -> bool:
    parts = unicodedata.normalize("NFD", sign)
    return len(parts) > 1 and parts[0] in "aeiouyAEIOUY" and set(parts[1:]) <= set(_ACCENTS)


def _no_sign_of_numbers(sign: str) -> BadParameter:
    """Names the sign by its code: it may be one that cannot be seen, or that looks like another."""
    shown = f"“{sign}” " if sign.isprintable() and not unicodedata.combining(sign) else ""
    named = f"{shown}(U+{ord(sign):04X}, {unicodedata.name(sign, 'without a name')})"
    return _refused(
        "number.sign",
        f"Số có ký tự không dùng trong số hiệu: {named}. Gõ bằng chữ, chữ số và dấu trên bàn phím.",
        f"The number has a sign that numbers do not have: {named}. Type letters, digits and signs of the keyboard.",
    )


def _no_number(text: str) -> BadParameter:
    return _refused(
        "number.none",
        f"Không đọc được số nào trong “{text[:60]}”. Gõ số ghi trên giấy, tem hoặc phương tiện đo.",
        f"There is no number in “{text[:60]}”. Type the number on the paper, sticker or device.",
    )


def _refused(code: str, vi: str, en: str) -> BadParameter:
    return BadParameter(code, vi, en, parameter="number")
