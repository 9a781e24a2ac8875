"""MapServer, from Debian: its FastCGI program behind nginx."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

from bench import database, nginx
from bench.installing import debian_packages, require
from bench.peers import source
from bench.places import FOLDER
from bench.running import Running
from bench.tile_lists import Tile
from scripts import processes

TITLE = "MapServer (Debian)"

HOME = FOLDER / "mapserver"


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
    items = ",".join(source.COLUMNS)
    rows = f"(select id,{items},geom from {source.SCHEMA}.{source.VIEW}) as shown"
    url = urlsplit(database.address(open_role=True))
    login = f"host={url.hostname} port={url.port} dbname={url.path.lstrip('/')} user={url.username}"
    secret = f"password={url.password} options='{source.options(tuned=tuned)}'"
    return f"""
MAP
  NAME "devices"
  EXTENT -20037508 -20037508 20037508 20037508
  SIZE 256 256
  PROJECTION "init=epsg:3857" END
  OUTPUTFORMAT
    NAME "mvt"
    DRIVER "MVT"
    FORMATOPTION "EXTENT=4096"
    FORMATOPTION "EDGE_BUFFER=0"
  END
  LAYER
    NAME "devices"
    TYPE POINT
    STATUS ON
    PROJECTION "init=epsg:4326" END
    CONNECTIONTYPE POSTGIS
    CONNECTION "{login} {secret}"
    DATA "geom from {rows} using unique id using srid=4326"
    {'PROCESSING "CLOSE_CONNECTION=DEFER"' if tuned else ""}
    METADATA "gml_include_items" "{items}" "gml_featureid" "id" END
    CLASS STYLE COLOR 0 0 0 SIZE 1 END END
  END
END
"""
