"""The names that requests and answers of WFS are written with."""

from xml.sax.saxutils import quoteattr

WFS, FES = "http://www.opengis.net/wfs/2.0", "http://www.opengis.net/fes/2.0"
GML, OWS = "http://www.opengis.net/gml/3.2", "http://www.opengis.net/ows/1.1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
FEATURES = "urn:x-map:features"
"""The namespace of our feature types: the same wherever the map is installed, so that saved projects keep working."""
PREFIX = "map"
NAMESPACES = {
    "wfs": WFS,
    "gml": GML,
    "fes": FES,
    "ows": OWS,
    "xlink": "http://www.w3.org/1999/xlink",
    "xsi": XSI,
    "xsd": "http://www.w3.org/2001/XMLSchema",
    PREFIX: FEATURES,
}
VERSION = "2.0.0"
GML_TYPE = "application/gml+xml; version=3.2"
GML_ID = "@gml:id"
"""The reference to the identifier of a feature, whatever prefix GML has in a request."""
BY_ID = "urn:ogc:def:query:OGC-WFS::GetFeatureById"
SCHEMAS = {WFS: "http://schemas.opengis.net/wfs/2.0/wfs.xsd", GML: "http://schemas.opengis.net/gml/3.2.1/gml.xsd"}


def declared(*prefixes: str) -> str:
    """The declarations of these prefixes, as attributes."""
    return " ".join(f'xmlns:{prefix}="{NAMESPACES[prefix]}"' for prefix in prefixes)


def attributes(values: dict[str, object]) -> str:
    """Attributes with a space before each; None is left out."""
    return "".join(f" {name}={quoteattr(str(value))}" for name, value in values.items() if value is not None)


def local(tag: str, namespace: str) -> str:
    """The name within that namespace; empty for a name of another one."""
    return tag.removeprefix(f"{{{namespace}}}") if tag.startswith(f"{{{namespace}}}") else ""
