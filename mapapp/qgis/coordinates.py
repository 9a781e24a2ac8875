"""Systems of coordinates in a project, and the one transformation to those of VN-2000, whatever PROJ would choose."""

from functools import cache
from xml.etree.ElementTree import Element

from geodata.crs import VN2000_CODES, WEB_MERCATOR, WGS84, official_wkt, pipeline
from mapapp.qgis.elements import element, texts

# QGIS looks for a code only where the number that its own table has for the system stands beside it.
_NUMBERS = {WEB_MERCATOR: 3857, WGS84: 3452}


def spatial_reference(code: int) -> Element:
    """WGS 84 or Web Mercator, by the code of EPSG."""
    return element("spatialrefsys", {}, *texts(srsid=_NUMBERS[code], srid=code, authid=f"EPSG:{code}"))


def transformations() -> Element:
    """From WGS 84 and Web Mercator to each system of VN-2000, and back, by EPSG:6960 alone."""
    pairs = ((source, target) for target in VN2000_CODES for source in _NUMBERS)
    return element("transformContext", {}, *(_transformation(*pair) for pair in pairs))


@cache
def _transformation(source: int, target: int) -> Element:
    described = element("spatialrefsys", {}, *texts(wkt=official_wkt(target)))
    return element(
        "srcDest",
        {"coordinateOp": pipeline(source, target), "allowFallback": 0},
        element("src", {}, spatial_reference(source)),
        element("dest", {}, described),
    )
