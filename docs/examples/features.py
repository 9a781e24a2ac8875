"""Every feature that a condition chooses, page by page, from OGC API Features. Nothing but Python is needed.

python features.py http://127.0.0.1:8000 measuring_devices "status='overdue' AND device_type='fuel_dispenser'"
"""

import json
import sys
from collections.abc import Iterator
from urllib.parse import urlencode
from urllib.request import urlopen


def features(address: str, layer: str, condition: str) -> Iterator[dict]:
    """The features one by one, in the order of their ids: `next` leads from page to page."""
    asked = urlencode({"filter": condition, "limit": 1000, "f": "json"})
    page: str | None = f"{address}/ogc/collections/{layer}/items?{asked}"
    while page:
        with urlopen(page) as answer:
            found = json.load(answer)
        yield from found["features"]
        page = next((link["href"] for link in found["links"] if link["rel"] == "next"), None)


if __name__ == "__main__":
    number = 0
    for feature in features(*sys.argv[1:4]):
        number += 1
        if number <= 3:
            print(feature["id"], feature["geometry"]["coordinates"], feature["properties"])
    print(number, "features")
