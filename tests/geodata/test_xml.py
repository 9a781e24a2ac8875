"""The one XML reader: what it refuses, how cheaply, and that there is no other."""

import ast
import time
from collections.abc import Mapping
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from geodata import xml
from geodata.xml import Unreadable, read

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = ("accounts", "geodata", "layers", "mapapp", "services", "tiles")
OTHER_READERS = ("xml.etree", "xml.dom", "xml.sax", "xml.parsers", "defusedxml", "lxml", "bs4", "xmlschema")


def make(tag: str, attributes: dict[str, str], namespaces: Mapping[str, str]) -> Element:
    return Element(tag, {**attributes, "namespaces": repr(sorted(namespaces.items()))})


def why(data: bytes | str) -> str:
    with pytest.raises(Unreadable) as refused:
        read(data, make)
    return refused.value.why


def test_elements_have_their_names_texts_and_the_namespaces_that_hold_there() -> None:
    root = read(
        b'<a:b xmlns:a="u" xmlns="d" q="1"><c xmlns:z="zz">x&amp;\xc4\x90</c><!-- no --><?no no?><c/></a:b>', make
    )
    assert (root.tag, root.attrib["q"], [one.tag for one in root]) == ("{u}b", "1", ["{d}c", "{d}c"])
    assert (root[0].text, root[1].text) == ("x&Đ", None)
    assert root[0].attrib["namespaces"] == "[('', 'd'), ('a', 'u'), ('z', 'zz')]"
    assert root[1].attrib["namespaces"] == root.attrib["namespaces"] == "[('', 'd'), ('a', 'u')]"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"<!DOCTYPE a><a/>", id="W01 any doctype"),
        pytest.param(b'<!doctype a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>', id="W02 external"),
        pytest.param(b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', id="W02 file"),
        pytest.param(b'<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///etc/hostname">%x;]><a/>', id="W02 parameter"),
        pytest.param(
            b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 100_000 + b'">]><a>' + b"&b;" * 10_000 + b"</a>", id="W03 quadratic"
        ),
        pytest.param("\ufeff<!DOCTYPE a><a/>".encode("utf-16-le"), id="W01 in UTF-16"),
    ],
)
def test_a_document_type_is_refused_before_anything_parses(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml.etree, "XMLParser", None)
    assert why(data) == "declaration"


@pytest.mark.parametrize(
    ("reason", "data"),
    [
        ("size", b"<a>" + b"x" * xml.MAX_BYTES + b"</a>"),
        ("depth", b"<a>" * 100_000 + b"</a>" * 100_000),
        ("elements", b"<a>" + b"<b/>" * 100_000 + b"</a>"),
        ("attributes", b"<a " + b" ".join(b"a%d='>'" % one for one in range(80_000)) + b"/>"),
        ("namespaces", b"<a " + b" ".join(b"xmlns:a%d='u%d'" % (one, one) for one in range(40_000)) + b"/>"),
    ],
)
def test_what_is_too_much_is_refused_for_little(reason: str, data: bytes) -> None:
    """W04. Processor time, for others work on the same machine."""
    began = time.process_time()
    assert why(data) == reason
    assert time.process_time() - began < 2


BLANKS = b" \t\r\n" * (xml.MAX_BYTES // 4 - 100)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(BLANKS + b"<a/>", id="in front"),
        pytest.param(BLANKS + b"<?xml version='1.0'?><a/>", id="before the declaration"),
        pytest.param(b"<?xml version='1.0'?>" + BLANKS + b"<a/>", id="behind the declaration"),
        pytest.param(b"<a>" + BLANKS + b"</a>", id="inside"),
        pytest.param(b"<a" + BLANKS + b"/>", id="in a tag"),
        pytest.param(b"<a/>" + BLANKS, id="behind"),
        pytest.param("\ufeff<a/>".encode("utf-16-le") + " \n".encode("utf-16-le") * 240_000, id="in UTF-16"),
    ],
)
def test_a_million_blanks_are_read_for_little(data: bytes) -> None:
    """W04. Wherever they stand, they cost time in proportion."""
    assert len(data) > 0.9 * xml.MAX_BYTES
    began = time.process_time()
    assert read(data, make).tag == "a"
    assert time.process_time() - began < 2


def test_a_million_blanks_alone_are_refused_for_little() -> None:
    began = time.process_time()
    assert why(BLANKS) == why(b"<!" + BLANKS) == "syntax"
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("most", "one_more"),
    [
        (b"<a>" * xml.MAX_DEPTH + b"</a>" * xml.MAX_DEPTH, b"<a>%s</a>"),
        (b"<a>" + b"<b/>" * (xml.MAX_ELEMENTS - 1) + b"</a>", b"<c>%s</c>"),
        (b"<a " + b" ".join(b"a%d=''" % one for one in range(xml.MAX_ATTRIBUTES)) + b"/>", b""),
        (b"<a " + b" ".join(b"xmlns:a%d='u'" % one for one in range(xml.MAX_NAMESPACES)) + b"/>", b""),
    ],
)
def test_each_limit_is_where_it_is_said_to_be(most: bytes, one_more: bytes) -> None:
    assert read(most, make).tag == "a"
    more = one_more % most if one_more else most.replace(b"/>", b" xmlns:y='y' z=''/>")
    assert why(more) in ("depth", "elements", "attributes", "namespaces")


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"<a><b>", b"<a/><b/>", b"x<?xml version='1.0'?><a/>", b"<a>\0</a>", b"<a>&#1;</a>", b"<a>&x;</a>"],
)
def test_what_is_no_xml_is_refused(data: bytes) -> None:
    """W05."""
    assert why(data) == "syntax"


def test_utf_8_and_utf_16_are_read_and_nothing_else() -> None:
    """W06."""
    head = '<?xml version="1.0" encoding="{}"?><a>Đà Nẵng</a>'
    for data in (
        head.format("UTF-8").encode(),
        head.format("utf-8").encode("utf-8-sig"),
        head.format("UTF-16").encode("utf-16"),
        b"\xfe\xff" + head.format("UTF-16").encode("utf-16-be"),
        "<a>Đà Nẵng</a>".encode(),
    ):
        assert read(data, make).text == "Đà Nẵng"
    assert why(head.format("UTF-8").encode("cp1258", "replace").replace(b"?<a", b"\xd0<a")) == "encoding"
    assert why(head.format("windows-1258").encode("cp1258", "replace")) == "encoding"
    for encoding in ("UTF-7", "no-such", "UTF-16"):
        assert why(f'<?xml version="1.0" encoding="{encoding}"?><a/>'.encode()) == "encoding"
    assert why('<?xml version="1.0" encoding="cp037"?><a/>'.encode("cp037")) in ("encoding", "syntax")
    assert why("<a/>".encode("utf-16-le")) == "syntax"


WRITERS = {
    *(f"xml.sax.saxutils.{name}" for name in ("escape", "quoteattr")),
    *(f"xml.etree.ElementTree.{name}" for name in ("Element", "SubElement", "indent", "tostring")),
}


def test_no_other_module_reads_xml() -> None:
    """Bad inputs, section 5, rule 2. What only writes is no reader."""
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        if path != Path(xml.__file__)
        for name in _imported(path)
        if name.startswith(OTHER_READERS) and name not in WRITERS
    }
    assert found == set()


def _imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {
        f"{node.module}.{one.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for one in node.names
    }
    return named | {one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}
