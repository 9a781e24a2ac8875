"""XLSX (ISO/IEC 29500), written forward only: rows are deflated and sent as they come.

The usual writers keep a sheet in memory or in a file until it is whole. A ZIP need not: its members are written with
data descriptors behind them, and the parts that tell how many sheets there are come last. Every text is an inline
string with the style `quotePrefix`: never a formula, also after somebody has edited the cell.
"""

import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from geodata.writers.archive import Archive
from geodata.writers.columns import Column, text_sql

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_576
"""Rows of a sheet, its line of names included."""
MOST_TEXT = 32_767
"""Signs that a cell holds; a longer text ends with CUT."""
CUT = " […]"
# A member beyond 2^31 bytes would need ZIP64, which some spreadsheets refuse.
MOST_SHEET_BYTES = 2_000_000_000
# Days are numbers from 1900 on; before March 1900 spreadsheets disagree about them, so such a day is text.
_FIRST_DAY = "1900-03-01"
_TEXT, _DAY, _HEAD = 1, 2, 3
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DOCUMENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

Rows = Iterator[Sequence[str]]


def row_sql(columns: Sequence[Column]) -> str:
    """SQL of a row's cells: one for each column, empty ones too, for cells are told by their order."""
    return " || ".join(f"coalesce({_cell(column)}, '<c/>')" for column in columns)


def write(
    columns: Sequence[Column], chunks: Iterable[Sequence[str]], *, title: str, about: Sequence[tuple[str, str]]
) -> Iterator[bytes]:
    """The file piece by piece: sheets of at most MOST_ROWS rows, then a sheet of what `about` says, term by term."""
    archive = Archive()
    names: list[str] = []
    rows: Rows | None = iter(chunks)
    while rows is not None:
        names.append(_sheet_name(f"{title} {len(names) + 1}" if names else title))
        rows = yield from _sheet(archive, f"xl/worksheets/sheet{len(names)}.xml", columns, rows)
    names.append("about")
    archive.put(f"xl/worksheets/sheet{len(names)}.xml", _about(about))
    for path, text in _frame(names):
        archive.put(path, text)
    yield archive.end()


def _sheet(archive: Archive, path: str, columns: Sequence[Column], chunks: Rows) -> Generator[bytes, None, Rows | None]:
    """Sends a sheet; gives the rows that did not find room in it, or None."""
    written, size = 1, 0
    left: Rows | None = None
    with archive.open(path) as member:
        member.write(_head(columns).encode())
        for rows in chunks:
            fits = len(rows) if size < MOST_SHEET_BYTES else 0
            fits = min(fits, MOST_ROWS - written)
            body = _clean("".join(_numbered(rows[:fits], written + 1))).encode()
            written, size = written + fits, size + len(body)
            member.write(body)
            yield archive.taken()
            if fits < len(rows):
                left = _again(rows[fits:], chunks)
                break
        member.write(b"</sheetData></worksheet>")
    return left


def _numbered(rows: Sequence[str], first: int) -> Iterator[str]:
    """Rows with their numbers in the sheet: GDAL reads none without."""
    return (f'<row r="{number}">{cells}</row>' for number, cells in enumerate(rows, first))


def _again(rows: Sequence[str], chunks: Rows) -> Rows:
    yield rows
    yield from chunks


def _clean(xml: str) -> str:
    """The rows without the signs that XML cannot hold, line ends kept, and escapes that nobody meant made harmless."""
    return _ESCAPE.sub("_x005F_", _FORBIDDEN.sub("", xml)).replace("\r", "&#13;")


def _cell(column: Column) -> str:
    value = text_sql(column)
    if column.kind in ("integer", "number"):
        return f"'<c><v>' || {value} || '</v></c>'"
    if column.kind == "flag":
        return f"'<c t=\"b\"><v>' || ({column.sql})::int || '</v></c>'"
    if column.kind == "date":
        day = f"'<c s=\"{_DAY}\"><v>' || (({column.sql}) - DATE '1899-12-30') || '</v></c>'"
        return f"CASE WHEN {column.sql} >= DATE '{_FIRST_DAY}' THEN {day} ELSE {_text_cell(value)} END"
    short = f"left({value}, {MOST_TEXT - len(CUT)}) || '{CUT}'"
    return _text_cell(f"CASE WHEN length({value}) > {MOST_TEXT} THEN {short} ELSE {value} END")


def _text_cell(value: str) -> str:
    escaped = f"replace(replace(replace({value}, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')"
    opened = f'<c t="inlineStr" s="{_TEXT}"><is><t xml:space="preserve">'
    return f"'{opened}' || {escaped} || '</t></is></c>'"


def _head(columns: Sequence[Column]) -> str:
    names = "".join(_text(column.name, _HEAD) for column in columns)
    frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{min(max(len(column.name) + 3, 12), 28)}" customWidth="1"/>'
        for n, column in enumerate(columns, 1)
    )
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{frozen}</sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>{''.join(_numbered([names], 1))}"
    )


def _about(lines: Sequence[tuple[str, str]]) -> str:
    rows = "".join(_numbered([_text(term, _HEAD) + _text(said, _TEXT) for term, said in lines], 1))
    widths = "".join(f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in ((1, 28), (2, 90)))
    return f'{_XML}<worksheet xmlns="{_MAIN}"><cols>{widths}</cols><sheetData>{rows}</sheetData></worksheet>'


def _text(text: str, style: int) -> str:
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{_clean(escape(text))}</t></is></c>'


def _sheet_name(title: str) -> str:
    """A name that a sheet may have: 31 signs, none of []:*?/\\, no apostrophe."""
    words = re.sub(r"[\[\]:*?/\\']", " ", title)
    number = re.search(r" \d+$", words)
    ending = number[0] if number else ""
    return words.removesuffix(ending)[: 31 - len(ending)] + ending


def _frame(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The parts that tell a reader what sheets there are and how cells look."""
    numbered = list(enumerate(names, 1))
    sheets = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered)
    yield "xl/workbook.xml", f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{sheets}</sheets></workbook>'
    links = "".join(_link(n, "worksheet", f"worksheets/sheet{n}.xml") for n, _ in numbered)
    styles = _link(len(names) + 1, "styles", "styles.xml")
    yield "xl/_rels/workbook.xml.rels", _relationships(links + styles)
    yield "xl/styles.xml", _STYLES
    yield "_rels/.rels", _relationships(_link(1, "officeDocument", "xl/workbook.xml"))
    parts = "".join(_part(f"/xl/worksheets/sheet{n}.xml", "worksheet") for n, _ in numbered)
    parts += _part("/xl/workbook.xml", "sheet.main") + _part("/xl/styles.xml", "styles")
    relations = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    yield "[Content_Types].xml", f'{_XML}<Types xmlns="{_PACKAGE}/content-types">{relations}{parts}</Types>'


def _relationships(links: str) -> str:
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _link(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_LINKS}/{kind}" Target="{target}"/>'


def _part(path: str, kind: str) -> str:
    return f'<Override PartName="{path}" ContentType="{_DOCUMENT}.{kind}+xml"/>'


_PLAIN = 'fillId="0" borderId="0" xfId="0"'
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
    '</fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    f'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4">'
    f'<xf numFmtId="0" fontId="0" {_PLAIN}/><xf numFmtId="0" fontId="0" {_PLAIN} quotePrefix="1"/>'
    f'<xf numFmtId="164" fontId="0" {_PLAIN} applyNumberFormat="1"/>'
    f'<xf numFmtId="0" fontId="1" {_PLAIN} quotePrefix="1"/>'
    "</cellXfs></styleSheet>"
)
