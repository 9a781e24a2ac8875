"""A layer as a GeoDataFrame in VN-2000, zone 105°45′ (EPSG:9210), from the GeoParquet download. Needs geopandas.

python frame.py http://127.0.0.1:8000 laboratories "province=01"
"""

import io
import sys
from urllib.request import urlopen

import geopandas


def frame(address: str, layer: str, filters: str) -> geopandas.GeoDataFrame:
    """The rows that the filters choose; eastings and northings in metres."""
    with urlopen(f"{address}/data/{layer}.parquet?{filters}&crs=EPSG:9210") as answer:
        return geopandas.read_parquet(io.BytesIO(answer.read()))


if __name__ == "__main__":
    found = frame(*sys.argv[1:4])
    print(found.crs)
    print(found.head(3))
    print(len(found), "features")
