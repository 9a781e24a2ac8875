"""Features of WFS 2.0 by OWSLib: what there is, then what lies in a box, as GeoJSON. Needs owslib.

python wfs.py http://127.0.0.1:8000 inspection_sites 105.0 20.5 106.5 21.5
"""

import json
import sys

from owslib.wfs import WebFeatureService


def features(address: str, layer: str, box: tuple[float, float, float, float]) -> list[dict]:
    """All features in the box (west, south, east, north in degrees), page by page."""
    service = WebFeatureService(f"{address}/wfs", version="2.0.0")
    wanted = next(name for name in service.contents if name.endswith(f":{layer}"))
    west, south, east, north = box
    found: list[dict] = []
    while True:
        page = service.getfeature(
            typename=[wanted],
            bbox=(south, west, north, east, "urn:ogc:def:crs:EPSG::4326"),  # the URN puts the latitude first
            outputFormat="application/geo+json",
            startindex=len(found),
            maxfeatures=1000,
        )
        features = json.load(page)["features"]
        found += features
        if len(features) < 1000:
            return found


if __name__ == "__main__":
    west, south, east, north = map(float, sys.argv[3:7])
    found = features(sys.argv[1], sys.argv[2], (west, south, east, north))
    print(len(found), "features")
