"""GML 3.2.1 as members of a collection of WFS 2.0; the text of each member is made in the database."""

import re
from collections.abc import Iterable, Iterator, Sequence

from geodata.writers.columns import Column, text_sql

MEDIA_TYPE = "application/gml+xml; version=3.2"
# What XML 1.0 cannot hold in any form (Char, section 2.2); a database does not hold the others that it forbids.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


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
    return f"coalesce(nullif({_values(prefix, [column])}, ''), {empty})"


def write(head: str, tail: str, chunks: Iterable[Sequence[str]], *, around: str = "wfs:member") -> Iterator[bytes]:
    """The collection piece by piece, each member in an element of its own."""
    before, begin, end = head, f"<{around}>", f"</{around}>\n"
    for members in chunks:
        yield _allowed(before + "".join([f"{begin}{member}{end}" for member in members])).encode()
        before = ""
    yield (before + tail).encode()


def alone(text: str) -> bytes:
    """A document of one feature, `text` with its declarations."""
    return _allowed(text).encode()


def _allowed(text: str) -> str:
    return _FORBIDDEN.sub("", text)


def _values(prefix: str, columns: Sequence[Column]) -> str:
    """The elements of the values, which the database escapes."""
    if not columns:
        return "''"
    values = (f'{text_sql(one) if one.kind == "list" else one.sql} AS "{prefix}:{one.name}"' for one in columns)
    return f"coalesce(xmlforest({', '.join(values)})::text, '')"
