"""GML 3.2.1 as members of a collection of WFS 2.0; the text of each member is made in the database."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from geodata.writers.columns import Column, text_sql

MEDIA_TYPE = "application/gml+xml; version=3.2"
# What XML 1.0 cannot hold in any form (Char, section 2.2), in UTF-8; a database does not hold the others it forbids.
_CONTROLS = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0D})
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")


def feature_sql(columns: Sequence[Column], *, element: str, id_sql: str, geometry_sql: str | None) -> str:
    """SQL of one feature: `element` with its prefix, elements of the same namespace within; none for no value.

    `geometry_sql` gives the text of its geometry; None for none.
    """
    prefix, _, name = element.partition(":")
    shape = f" || coalesce('<{prefix}:geom>' || {geometry_sql} || '</{prefix}:geom>', '')" if geometry_sql else ""
    return (
        f"""'<{element} gml:id="{name}.' || {id_sql} || '">' || {_values(prefix, columns)}{shape} || '</{element}>'"""
    )


def value_sql(column: Column, *, prefix: str) -> str:
    """SQL of the element of one value; where there is none it says so."""
    empty = f"'<{prefix}:{column.name} xsi:nil=\"true\"/>'"
    return f"coalesce(nullif({_forest(prefix, [column])}, ''), {empty})"


def write(head: str, tail: str, chunks: Iterable[Sequence[str]], *, around: str = "wfs:member") -> Iterator[bytes]:
    """The collection piece by piece, each member in an element of its own."""
    before, begin, end = head, f"<{around}>", f"</{around}>\n"
    for members in chunks:
        yield _allowed(f"{before}{begin}{(end + begin).join(members)}{end}")
        before = ""
    yield (before + tail).encode()


def alone(text: str) -> bytes:
    """A document of one feature, `text` with its declarations."""
    return _allowed(text)


def _allowed(text: str) -> bytes:
    made = text.encode().translate(None, _CONTROLS)
    for sign in _NO_CHARACTERS:
        made = made.replace(sign, b"")
    return made


def _values(prefix: str, columns: Sequence[Column]) -> str:
    """The elements of the values in their order."""
    made: list[str] = []
    for nil, some in groupby(columns, key=lambda column: column.nil):
        run = list(some)
        made += [value_sql(one, prefix=prefix) for one in run] if nil else [_forest(prefix, run)]
    return " || ".join(made) or "''"


def _forest(prefix: str, columns: Sequence[Column]) -> str:
    """The same of those that have a value; the database escapes them."""
    values = (f'{text_sql(one) if one.kind == "list" else one.sql} AS "{prefix}:{one.name}"' for one in columns)
    return f"coalesce(xmlforest({', '.join(values)})::text, '')"
