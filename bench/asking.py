"""The same combination of filters in the languages of features: CQL for OGC API, FES for WFS."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

Asked = Mapping[str, Sequence[str]]

_FES = "http://www.opengis.net/fes/2.0"


def values(query: str) -> Asked:
    """The values of each filter of a query string such as `bench.filters.combinations` gives."""
    return {name: listed.split(",") for name, listed in parse_qsl(query)}


def cql(asked: Asked) -> str:
    """As CQL text, the same in its older and newer form."""
    lists = {name: ", ".join(f"'{code}'" for code in codes) for name, codes in asked.items()}
    return " AND ".join(f"{name} IN ({listed})" for name, listed in lists.items())


def fes(asked: Asked) -> str:
    """As a filter of FES 2.0."""
    parts = [_joined("Or", [_equal(name, code) for code in codes]) for name, codes in asked.items()]
    return f'<fes:Filter xmlns:fes="{_FES}">{_joined("And", parts)}</fes:Filter>'


def _joined(word: str, parts: Sequence[str]) -> str:
    return f"<fes:{word}>{''.join(parts)}</fes:{word}>" if len(parts) > 1 else parts[0]


def _equal(name: str, code: str) -> str:
    named, literal = f"<fes:ValueReference>{name}</fes:ValueReference>", f"<fes:Literal>{escape(code)}</fes:Literal>"
    return f"<fes:PropertyIsEqualTo>{named}{literal}</fes:PropertyIsEqualTo>"
