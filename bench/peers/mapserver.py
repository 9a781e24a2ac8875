"""MapServer, from Debian: its FastCGI program behind nginx."""

import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from urllib.parse import quote, urlsplit

from bench import asking, database, nginx
from bench.installing import debian_packages, require
from bench.peers import source
from bench.places import FOLDER
from bench.running import Running
from bench.tile_lists import Tile
from scripts import processes

TITLE = "MapServer (Debian)"
FORMS: tuple[str, ...] = ("geojson", "gml")

HOME, NAME = FOLDER / "mapserver", "devices"


def install() -> None:
    """By Debian's packages."""
    debian_packages("cgi-mapserver", makes="mapserv")
    nginx.install()


@contextmanager
def serve(*, tuned: bool) -> Iterator[Running]:
    """FastCGI processes that share one listening socket, and nginx before them."""
    HOME.mkdir(parents=True, exist_ok=True)
    (HOME / "devices.map").write_text(_mapfile(tuned=tuned))
    (HOME / "mapserver.conf").write_text(f'CONFIG\n  ENV\n    MS_MAP_PATTERN "^{HOME}/"\n  END\nEND\n')
    with ExitStack() as stack:
        port = stack.enter_context(_processes(2 if tuned else 1))
        location = f"location / {{ include /etc/nginx/fastcgi_params; fastcgi_pass 127.0.0.1:{port}; }}"
        compressing = "gzip on; gzip_types *; gzip_proxied any;"
        yield stack.enter_context(nginx.serve(f"{compressing} {location}", name="bench-mapserver-nginx"))


def path(tile: Tile) -> str:
    """The path and query of a tile's address."""
    place = f"tile={tile.x}+{tile.y}+{tile.z}"
    return f"/?map={HOME}/devices.map&mode=tile&tilemode=gmap&layers=devices&map.imagetype=mvt&{place}"


def page(form: str, *, count: int, start: int) -> str:
    """The path and query of a page of features by WFS, in the order in which the database reads them.

    Its OGC API (8.0.0) counts by reading every row and gives the first page whatever `offset` says; `sortby` sorts
    numbers as text.
    """
    wanted = "&outputformat=geojson" if form == "geojson" else ""
    return f"{_features()}&count={count}&startindex={start}{wanted}"


def hits(asked: Mapping[str, Sequence[str]]) -> str:
    """The path and query of the number of features that match."""
    return f"{_features()}&resulttype=hits&filter={quote(asking.fes(asked))}"


def _features() -> str:
    question = f"service=WFS&version=2.0.0&request=GetFeature&typenames={source.RECORDS}"
    return f"/?map={HOME}/{NAME}.map&{question}"


@contextmanager
def _processes(number: int) -> Iterator[int]:
    """The port of FastCGI programs, which take requests from the socket that is their standard input."""
    environment = {"MAPSERVER_CONFIG_FILE": str(HOME / "mapserver.conf"), "MS_ERRORFILE": "stderr"}
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        started = []
        try:
            for n in range(number):
                command = [require("mapserv")]
                started.append(processes.start(f"bench-mapserver-{n}", command, environment, stdin=listener.fileno()))
            yield listener.getsockname()[1]
        finally:
            for n, process in enumerate(started):
                process.kill()  # Asked politely it would wait for one more request.
                processes.end(process)
                processes.forget(f"bench-mapserver-{n}")


def _mapfile(*, tuned: bool) -> str:
    return f"""
MAP
  NAME "{NAME}"
  EXTENT -20037508 -20037508 20037508 20037508
  SIZE 256 256
  PROJECTION "init=epsg:3857" END
  OUTPUTFORMAT
    NAME "mvt"
    DRIVER "MVT"
    FORMATOPTION "EXTENT=4096"
    FORMATOPTION "EDGE_BUFFER=0"
  END
  OUTPUTFORMAT
    NAME "geojson"
    DRIVER "OGR/GEOJSON"
    MIMETYPE "application/json"
    FORMATOPTION "STORAGE=stream"
    FORMATOPTION "FORM=simple"
  END
  WEB METADATA
    "wfs_enable_request" "*"
    "wfs_srs" "EPSG:4326"
    "wfs_title" "{NAME}"
    "wfs_onlineresource" "http://127.0.0.1/{NAME}"
  END END
  {_layer(source.VIEW, source.COLUMNS, tuned=tuned)}
  {_layer(source.RECORDS, ("id", *source.record_columns()), tuned=tuned, more=_SERVED)}
END
"""


# Types from the database: else a code of digits would be asked for as a number.
_SERVED = """
    EXTENT 102 8 118 24
    TEMPLATE "served"
    METADATA "wfs_title" "records" "gml_types" "auto" "wfs_getfeature_formatlist" "gml,geojson" END
"""


def _layer(view: str, items: Sequence[str], *, tuned: bool, more: str = "") -> str:
    listed = ",".join(items)
    rows = f"(select {','.join(dict.fromkeys(('id', *items)))},geom from {source.SCHEMA}.{view}) as shown"
    url = urlsplit(database.address(open_role=True))
    login = f"host={url.hostname} port={url.port} dbname={url.path.lstrip('/')} user={url.username}"
    secret = f"password={url.password} options='{source.options(tuned=tuned)}'"
    return f"""
  LAYER
    NAME "{view}"
    TYPE POINT
    STATUS ON
    PROJECTION "init=epsg:4326" END
    CONNECTIONTYPE POSTGIS
    CONNECTION "{login} {secret}"
    DATA "geom from {rows} using unique id using srid=4326"
    {'PROCESSING "CLOSE_CONNECTION=DEFER"' if tuned else ""}
    METADATA "gml_include_items" "{listed}" "gml_featureid" "id" END
    {more}
    CLASS STYLE COLOR 0 0 0 SIZE 1 END END
  END
"""
