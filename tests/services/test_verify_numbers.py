"""Numbers as people give them: typed, scanned, with a slip."""

import pytest

from layers.errors import BadParameter
from services.verify.numbers import MOST_CANDIDATES, letters_of, near, read_number


@pytest.mark.parametrize(
    ("scanned", "number"),
    [
        ("  VILAS   216 ", "VILAS 216"),
        ("https://map.example.vn/verify?number=MH-K%C4%90+12&on=2026-01-01", "MH-KĐ 12"),
        ("HTTPS://KIEMDINH.EXAMPLE/QR?SO=123-A", "123-A"),
        ("https://example.vn/?lang=vi&serial=SN9", "SN9"),
        ("https://example.vn/tem/2026/T-0099", "T-0099"),
        ("https://example.vn/tem/T%200099", "T 0099"),
        ("https://example.vn/?x=abc&y=77", "77"),
        ("http://example.vn/c/AB12/?view=full", "AB12"),
        ("VILAS\u00a0216９", "VILAS 2169"),
        ("12–2026", "12–2026"),
        ("12/ĐẮK LẮK", "12/ĐẮK LẮK"),
    ],
)
def test_the_number_is_found_in_what_was_scanned(scanned: str, number: str) -> None:
    assert read_number(scanned) == number


@pytest.mark.parametrize("scanned", ["", "https://example.vn", "https://example.vn/?q=abc", "https://", "…"])
def test_where_there_is_none_it_says_so(scanned: str) -> None:
    with pytest.raises(BadParameter) as refused:
        read_number(scanned)
    assert refused.value.parameter == "number"


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("VILAS \u202e321", "U+202E, RIGHT-TO-LEFT OVERRIDE"),
        ("VILAS 216\u200b", "U+200B, ZERO WIDTH SPACE"),
        ("VІLAS 216", "U+0406, CYRILLIC CAPITAL LETTER BYELORUSSIAN-UKRAINIAN I"),
        ("VILAS 216 日", "U+65E5"),
        ("VILAS ٢١٦", "U+0662, ARABIC-INDIC DIGIT TWO"),
        ("https://example.vn/?so=1%E2%80%AE2", "U+202E, RIGHT-TO-LEFT OVERRIDE"),
        ("½", "U+2044, FRACTION SLASH"),
    ],
)
def test_a_sign_that_numbers_do_not_have_is_refused_by_name_in_both_languages(typed: str, named: str) -> None:
    with pytest.raises(BadParameter) as refused:
        read_number(typed)
    assert (refused.value.code, refused.value.parameter) == ("number.sign", "number")
    assert named in refused.value.message.vi and named in refused.value.message.en
    assert "\u202e" not in refused.value.message.vi


def test_letters_with_accents_are_letters_of_a_number() -> None:
    written = ("12/GCN-ĐẮK LẮK", "12 gcn dak lak", "12/gcn-đa\u0306\u0301k lắk")
    assert {letters_of(one) for one in written} == {"12gcndaklak"}
    assert letters_of("VILAS 216ế") != letters_of("VILAS 216")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("vilas5oo1", "vilas5001"),
        ("vilas500l", "vilas5001"),
        ("vi1as5001", "vilas5001"),
        ("5001", "vilas5001"),
        ("vila5001", "vilas5001"),
        ("vilas5010", "vilas5001"),
        ("vilas501", "vilas5001"),
        ("vilas50011", "vilas5001"),
        ("vilas5002", "vilas5001"),
    ],
)
def test_one_slip_away(typed: str, meant: str) -> None:
    assert meant in near(typed, ["VILAS", "VIAS"])


def test_what_was_typed_is_never_among_what_was_meant_and_short_numbers_have_no_slips() -> None:
    assert "vilas5001" not in near("vilas5001", ["VILAS"])
    found = near("123", ["VILAS"])
    assert "vilas123" in found and not {"124", "213", "12"} & set(found)


def test_candidates_are_bounded_however_many_slips_there_are() -> None:
    assert len(near("0o1il8b5s2z" * 3, ["VILAS"] * 30)) == MOST_CANDIDATES
