"""Texts without accents."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.text import search_key, without_accents
from geodata.units import province_units


@pytest.mark.parametrize("spelling", ["Hòa Bình", "Hoà Bình", "HOA  BINH", unicodedata.normalize("NFD", "Hòa Bình")])
def test_it_folds_spellings_of_one_name(spelling: str):
    assert search_key(spelling) == "hoa binh"


def test_it_knows_both_cases_of_d_with_stroke():
    assert search_key("Đắk Lắk, đặc khu") == "dak lak, dac khu"


def test_it_leaves_nothing_empty_but_the_empty():
    assert search_key("") == search_key(" \t\n") == ""


@given(st.text())
def test_a_key_is_its_own_key(text: str):
    assert search_key(search_key(text)) == search_key(text)


def test_english_names_keep_their_case():
    assert without_accents("Đà Nẵng") == "Da Nang"


@pytest.mark.parametrize("alias", ["tp.hcm", "tphcm", "sài gòn", "thừa thiên huế"])
def test_aliases_find_their_province(alias: str):
    assert any(search_key(alias) in unit.search_key for unit in province_units())
