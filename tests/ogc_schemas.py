"""The schemas that answers of WFS are checked by: those of OGC, and WFS's own answers (tests/data/schemas)."""

from functools import cache
from pathlib import Path

from lxml import etree

from scripts.ogc_schemas import ROOT as OGC

OURS = Path(__file__).parent / "data" / "schemas"
_WITH_TYPES = """<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<xsd:import namespace="http://www.opengis.net/wfs/2.0" schemaLocation="wfs_2_0_answers.xsd"/>{others}</xsd:schema>"""


class _FromFiles(etree.Resolver):
    """Every address of a schema leads to a file: nothing is fetched."""

    def __init__(self, described: dict[str, bytes]) -> None:
        super().__init__()
        self._described = described

    def resolve(self, system_url: str, public_id: str | None, context: object) -> object:
        name = system_url.rpartition("/")[2]
        if name in self._described:
            return self.resolve_string(self._described[name], context, base_url=str(OURS / name))
        if name == "wfs_2_0_answers.xsd" or system_url.endswith("/wfs/2.0/wfs.xsd"):
            return self.resolve_filename(str(OURS / "wfs_2_0_answers.xsd"), context)
        for folder in ("ogc/", "w3c/"):
            if f"schemas/{folder}" in system_url and not Path(system_url).exists():
                return self.resolve_filename(
                    str(OGC.parent / folder / system_url.split(f"schemas/{folder}")[1]), context
                )
        return None


@cache
def wfs_schema() -> etree.XMLSchema:
    """The schema of WFS's answers without feature types: capabilities, stored queries, exceptions."""
    return _compiled(_WITH_TYPES.format(others=""), {})


def schema_with(described: bytes, namespace: str) -> etree.XMLSchema:
    """The schema of answers with features, as DescribeFeatureType told their types."""
    others = f'<xsd:import namespace="{namespace}" schemaLocation="described.xsd"/>'
    return _compiled(_WITH_TYPES.format(others=others), {"described.xsd": described})


def _compiled(text: str, described: dict[str, bytes]) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_FromFiles(described))
    return etree.XMLSchema(etree.fromstring(text, parser, base_url=str(OURS / "all.xsd")))
