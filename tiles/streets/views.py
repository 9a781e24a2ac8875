"""Streets over HTTP."""

from django.http import HttpRequest, HttpResponse

from geodata.streets_file import StreetsFile
from geodata.streets_in_use import streets
from layers.errors import NotFound
from layers.filters import single_values
from layers.scope import read_only
from tiles.answers import FOREVER, known_tag, not_modified, stored_tile
from tiles.streets.serving import street_tile, streets_version
from tiles.tile import Tile, read_tile


@read_only
def streets_tile(request: HttpRequest, version: str, z: str, x: str, y: str) -> HttpResponse:
    """One filtered tile of streets: 200, 204 where nothing is shown, 304 where the caller has it.

    404 without a file, outside its zooms, and for any version but the present one, which `/style.json` names.
    """
    single_values(request.GET, known=set())
    found = streets()
    if found is None or version != streets_version(found):
        raise NotFound(
            "streets.version",
            "Không có đường phố ở phiên bản này; địa chỉ hiện hành có trong /style.json.",
            "There are no streets of this version; /style.json has the present address.",
        )
    tile = read_tile(z, x, y, zooms=found.zooms)
    response = _answer(request, found, tile, version)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _answer(request: HttpRequest, file: StreetsFile, tile: Tile, version: str) -> HttpResponse:
    tag = known_tag(request, version, "")
    made = None if tag else street_tile(file, tile, version)
    if not tag and made is None:
        # A disk that failed may answer the next time.
        return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
    response = stored_tile(request, made, "") if made else not_modified(tag)
    response["Cache-Control"] = FOREVER
    return response
