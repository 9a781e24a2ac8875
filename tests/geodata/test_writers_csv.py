"""CSV: exact round trips, harmless in spreadsheets."""

import csv as standard
import io
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.writers import csv
from tests.geodata.rows import columns_of, lines

pytestmark = pytest.mark.django_db
COLUMNS = columns_of(id="integer", name="text", codes="list", day="date", share="number", open="flag")


def read(rows: list[tuple]) -> list[dict[str, str]]:
    """The file of these rows as Python's reader sees it."""
    return list(standard.DictReader(io.StringIO(written(rows).decode("utf-8-sig"), newline="")))


def written(rows: list[tuple], **options: bool) -> bytes:
    made = [lines(csv.row_sql(COLUMNS), COLUMNS, rows)] if rows else []
    return b"".join(csv.write(COLUMNS, made, **options))


def test_values_come_back():
    row = (7, "Đường Nguyễn Trãi", ["a", "b"], date(2026, 11, 22), 105.25, True)
    expected = {"id": "7", "name": "Đường Nguyễn Trãi", "codes": "a;b", "day": "2026-11-22"}
    assert read([row]) == [{**expected, "share": "105.25", "open": "true"}]


@pytest.mark.parametrize("text", ['a "b" c', "a,b", "a\nb", "a\r\nb", "a;b", "  a  ", "\\", '"', "☃ 𝔸"])
def test_a_text_comes_back_exactly(text: str):
    assert read([(1, text, None, None, None, None)])[0]["name"] == text


def test_no_value_is_nothing():
    assert written([(1, None, None, None, None, None)]).endswith(b"\r\n1,,,,,\r\n")


@pytest.mark.parametrize(
    "text", ["=1+1", "+84", "-5", "@cmd", "\tx", "\rx", "＝1", "－1", "＋1", "＠x", "'x", "'", "''x"]
)
def test_a_formula_is_made_harmless_and_one_apostrophe_less_gives_it_back(text: str):
    found = read([(1, text, [text], None, None, None)])[0]
    assert (found["name"], found["codes"]) == ("'" + text, "'" + text)
    assert found["name"].removeprefix("'") == text


HIDDEN = (
    *("ABC;=1+1;", 'a;"=1+1;', "a\n=1+1", "a\r\n+1", "a;\t=1", "a;\r=1", ";＝1"),
    *(";'x", ";", "\r=1", "'\r'=", ";;=1", 'a;"";"=1'),
)


@pytest.mark.parametrize("text", HIDDEN)
def test_neither_separator_makes_a_formula_of_what_stands_within_a_text(text: str):
    file = written([(1, text, [text], None, None, None)]).decode("utf-8-sig")
    assert [formulas(file, separator) for separator in ",;"] == [[], []]


@given(st.text(alphabet="a;,\"'=+-@\t\r\n＝ ", max_size=12))
@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_text_comes_back_and_is_harmless(text: str):
    file = written([(1, text, None, None, None, None)]).decode("utf-8-sig")
    (row,) = standard.DictReader(io.StringIO(file, newline=""))
    assert csv.original(row["name"]) == text
    assert formulas(file, ";") == []


def formulas(file: str, separator: str) -> list[str]:
    """What a spreadsheet with this separator would compute."""
    rows = standard.reader(io.StringIO(file, newline=""), delimiter=separator)
    return [cell for row in rows for cell in row if cell and cell[0] in csv.FORMULA]


def test_a_negative_number_stays_a_number():
    assert read([(-1, None, None, None, -2.5, None)])[0] | {} == {
        "id": "-1", "name": "", "codes": "", "day": "", "share": "-2.5", "open": ""
    }  # fmt: skip


def test_it_begins_with_a_byte_order_mark_unless_asked_not_to():
    assert written([]).startswith(b"\xef\xbb\xbfid,name")
    assert written([], bom=False) == b"id,name,codes,day,share,open\r\n"
