"""nginx, from Debian, with one server on a port of its own and all its files under var/bench."""

from collections.abc import Iterator
from contextlib import contextmanager

from bench.installing import debian_packages, require
from bench.places import FOLDER
from bench.running import WORKERS, Running, free_port, program

HOME = FOLDER / "nginx"

_CONFIG = """
daemon off;
worker_processes {workers};
pid {home}/{name}.pid;
error_log stderr warn;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    types {{ application/vnd.mapbox-vector-tile mvt; }}
    access_log off;
    sendfile on;
    tcp_nopush on;
    open_file_cache max=1000;
    keepalive_requests 1000000;
    client_body_temp_path {home}/body;
    fastcgi_temp_path {home}/fastcgi;
    proxy_temp_path {home}/proxy;
    scgi_temp_path {home}/scgi;
    uwsgi_temp_path {home}/uwsgi;
    {http}
    server {{
        listen 127.0.0.1:{port};
        {server}
    }}
}}
"""


def install() -> None:
    """By Debian's package. Raises Missing."""
    debian_packages("nginx-light", makes="nginx")


@contextmanager
def serve(server: str, *, http: str = "", name: str = "bench-nginx") -> Iterator[Running]:
    """nginx with that text in its server block, and `http` beside it."""
    port = free_port()
    HOME.mkdir(parents=True, exist_ok=True)
    config = HOME / f"{name}.conf"
    values = {"workers": WORKERS, "home": HOME, "name": name, "port": port, "server": server, "http": http}
    config.write_text(_CONFIG.format(**values))
    command = [require("nginx"), "-c", str(config), "-p", str(HOME), "-e", "stderr"]
    with program(name, command, {}, port=port, ready="/") as running:
        yield running
