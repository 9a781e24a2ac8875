"""XLSX: other programs read the same values; nothing is cut silently, nothing is a formula."""

import io
import re
import subprocess
import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from geodata.writers import xlsx
from tests.geodata.rows import columns_of, lines

pytestmark = pytest.mark.django_db
COLUMNS = columns_of(id="integer", name="text", codes="list", day="date", share="number", open="flag")
ABOUT = (("Source", "the map <&>"), ("Day", "2026-11-22"))


def written(rows: list[tuple], *, title: str = "places") -> bytes:
    made = [lines(xlsx.row_sql(COLUMNS), COLUMNS, rows)] if rows else []
    return b"".join(xlsx.write(COLUMNS, made, title=title, about=ABOUT))


def read(body: bytes, sheet: int = 0) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(sheet).to_python()


def of_text(text: str) -> object:
    return read(written([(1, text, None, None, None, None)]))[1][1]


def test_values_come_back_with_their_kinds():
    body = written([(7, "Đường Nguyễn Trãi", ["a", "b"], date(2026, 11, 22), 105.25, True)])
    head, row = read(body)
    assert head == ["id", "name", "codes", "day", "share", "open"]
    assert row == [7, "Đường Nguyễn Trãi", "a;b", date(2026, 11, 22), 105.25, True]


def test_no_value_leaves_the_others_in_their_columns():
    assert read(written([(1, None, None, None, 2.5, None)]))[1] == [1, "", "", "", 2.5, ""]


@pytest.mark.parametrize(
    "text", ["=1+1", "+84", "-5", "@cmd", "＝1", "'x", "a & b < c > d", ' "q" ', "]]>", "a\nb", "☃ 𝔸"]
)
def test_a_text_comes_back_exactly(text: str):
    assert of_text(text) == text


def test_a_carriage_return_and_an_escape_that_nobody_meant_stay_what_they_are():
    sheet = zipfile.ZipFile(io.BytesIO(written([(1, "a\rb _x0041_ c", None, None, None, None)])))
    text = sheet.read("xl/worksheets/sheet1.xml").decode()
    assert "a&#13;b _x005F_x0041_ c" in text


def test_signs_that_xml_cannot_hold_are_left_out():
    assert of_text("a\x01b\x0bc") == "abc"


def test_no_cell_holds_a_formula_and_every_text_is_marked_as_text():
    archive = zipfile.ZipFile(io.BytesIO(written([(1, "=1+1", None, None, None, None)])))
    sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f" not in sheet and re.search(r'<c t="inlineStr" s="1"><is><t[^>]*>=1\+1<', sheet)
    styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
    formats = styles.find("{*}cellXfs")
    assert formats[1].get("quotePrefix") == "1"


def test_a_text_too_long_for_a_cell_says_that_it_was_cut():
    text = of_text("x" * 40_000)
    assert len(text) == xlsx.MOST_TEXT and text.endswith(xlsx.CUT)


def test_a_day_before_spreadsheets_agree_is_text():
    assert read(written([(1, None, None, date(1899, 5, 1), None, None)]))[1][3] == "1899-05-01"


def test_the_line_of_names_is_frozen_and_the_last_sheet_says_what_the_file_is():
    body = written([(1, "a", None, None, None, None)])
    assert 'state="frozen"' in zipfile.ZipFile(io.BytesIO(body)).read("xl/worksheets/sheet1.xml").decode()
    assert CalamineWorkbook.from_filelike(io.BytesIO(body)).sheet_names == ["places", "about"]
    assert read(body, 1) == [list(line) for line in ABOUT]


def test_rows_beyond_a_sheet_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 4)
    body = written([(n, "a", None, None, None, None) for n in range(8)])
    assert CalamineWorkbook.from_filelike(io.BytesIO(body)).sheet_names == ["places", "places 2", "places 3", "about"]
    assert [[row[0] for row in read(body, n)[1:]] for n in range(3)] == [[0, 1, 2], [3, 4, 5], [6, 7]]


def test_bytes_beyond_a_sheet_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(xlsx, "MOST_SHEET_BYTES", 10)
    made = [
        [line] for line in lines(xlsx.row_sql(COLUMNS), COLUMNS, [(n, "a", None, None, None, None) for n in (1, 2)])
    ]
    body = b"".join(xlsx.write(COLUMNS, made, title="places", about=ABOUT))
    assert [row[0] for n in range(2) for row in read(body, n)[1:]] == [1, 2]


def test_a_full_last_sheet_is_followed_by_no_empty_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)
    body = written([(n, "a", None, None, None, None) for n in range(2)])
    assert CalamineWorkbook.from_filelike(io.BytesIO(body)).sheet_names == ["places", "about"]


def test_without_rows_there_is_a_sheet_of_names():
    assert read(written([])) == [["id", "name", "codes", "day", "share", "open"]]


@pytest.mark.parametrize("title", ["a" * 40, "x[]:*?/\\'y", "Đo lường"])
def test_any_title_gives_a_name_that_a_sheet_may_have(title: str):
    name = CalamineWorkbook.from_filelike(io.BytesIO(written([], title=title))).sheet_names[0]
    assert 0 < len(name) <= 31 and not set(name) & set("[]:*?/\\'")


def test_gdal_reads_it(tmp_path: Path):
    (tmp_path / "x.xlsx").write_bytes(
        written([(n, f"Đường {n}", None, date(2026, 11, 22), None, None) for n in (1, 2)])
    )
    told = subprocess.run(["ogrinfo", "-al", str(tmp_path / "x.xlsx")], capture_output=True, text=True, check=True)
    assert "day (Date) = 2026/11/22" in told.stdout and "name (String) = Đường 2" in told.stdout
    assert not told.stderr


def test_it_is_written_forward_only():
    body = written([(1, "a", None, None, None, None)])
    assert zipfile.ZipFile(io.BytesIO(body)).testzip() is None
    assert int.from_bytes(body[6:8], "little") & 8, "sizes stand behind the member"
