"""The schemas of OGC that requests to WFS and its answers are checked by, from files alone (scripts/ogc_schemas.py)."""

from functools import cache

from lxml import etree

from scripts.ogc_schemas import FOLDER, PLACES

_DESCRIBED = "described.xsd"
_ALL = """<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<xsd:import namespace="http://www.opengis.net/wfs/2.0" schemaLocation="http://schemas.opengis.net/wfs/2.0/wfs.xsd"/>
<xsd:import namespace="http://www.opengis.net/gml/3.2" schemaLocation="http://schemas.opengis.net/gml/3.2.1/gml.xsd"/>
{}</xsd:schema>"""


class _FromFiles(etree.Resolver):
    """Every address of a schema leads to a file: nothing is fetched."""

    def __init__(self, described: bytes) -> None:
        super().__init__()
        self._described = described

    def resolve(self, system_url: str, public_id: str | None, context: object) -> object:
        if system_url.endswith(_DESCRIBED):
            return self.resolve_string(self._described, context, base_url=str(FOLDER / _DESCRIBED))
        for address, place in PLACES.items():
            if system_url.startswith(address):
                return self.resolve_filename(str(place / system_url.removeprefix(address)), context)
        return None


@cache
def wfs_schema() -> etree.XMLSchema:
    """The schema of WFS 2.0 without feature types: requests, capabilities, stored queries, exceptions."""
    return _compiled("", b"")


def schema_with(described: bytes, namespace: str) -> etree.XMLSchema:
    """The schema of answers with features, as DescribeFeatureType told their types."""
    return _compiled(f'<xsd:import namespace="{namespace}" schemaLocation="{_DESCRIBED}"/>', described)


def _compiled(others: str, described: bytes) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_FromFiles(described))
    return etree.XMLSchema(etree.fromstring(_ALL.format(others), parser, base_url=str(FOLDER / "all.xsd")))
