"""GeoJSON (RFC 7946), one collection or a feature a line; the text of each feature is made in the database."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from geodata.writers.columns import Column, quoted

MEDIA_TYPE = "application/geo+json"
LINES_MEDIA_TYPE = "application/geo+json-seq"
# Seven decimals of a degree are about a centimetre.
DECIMALS = 7
SURVEYED_DECIMALS, METRE_DECIMALS = 8, 3


def row_sql(columns: Sequence[Column], *, id_sql: str, geometry_sql: str) -> str:
    """SQL of one feature. `geometry_sql` gives its geometry as the text of GeoJSON, or NULL."""
    named = ", ".join(f"{column.sql} AS {quoted(column.name)}" for column in columns)
    properties = f"(SELECT row_to_json(properties) FROM (SELECT {named}) AS properties)"
    return (
        f"""'{{"type":"Feature","id":' || {id_sql} || ',"geometry":' || coalesce({geometry_sql}, 'null')"""
        f""" || ',"properties":' || {properties} || '}}'"""
    )


def write(
    members: Mapping[str, object],
    chunks: Iterable[Sequence[str]],
    *,
    then: Callable[[], Mapping[str, object]] = dict,
) -> Iterator[bytes]:
    """The collection piece by piece; `members` stand before its features, and behind them those that `then` gives."""
    head = json.dumps({"type": "FeatureCollection", **members}, ensure_ascii=False)
    before = f'{head[:-1]}, "features": [\n'
    for features in chunks:
        yield (before + ",\n".join(features)).encode()
        before = ",\n"
    last = "".join(f",\n{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in then().items())
    yield (("" if before == ",\n" else before) + f"\n]{last}}}\n").encode()


def write_lines(chunks: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """A feature a line: for programs that read line by line."""
    for features in chunks:
        yield ("\n".join(features) + "\n").encode()
