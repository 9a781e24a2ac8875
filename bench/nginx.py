"""nginx, from Debian, on a port of its own with all its files under var/bench."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from bench.installing import debian_packages, require
from bench.places import FOLDER, TILE_CACHE
from bench.running import WORKERS, Running, free_port, program
from scripts.places import ROOT, VAR

HOME = FOLDER / "nginx"
SHIPPED = ROOT / "deploy" / "nginx.conf"

_AROUND = """
daemon off;
{user}
worker_processes {workers};
pid {home}/{name}.pid;
error_log stderr warn;
events {{ worker_connections 512; }}
http {{
    include mime.types;
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
    {site}
}}
"""


def install() -> None:
    """By Debian's package. Raises Missing."""
    debian_packages("nginx-light", makes="nginx")


@contextmanager
def serve(server: str, *, name: str = "bench-nginx") -> Iterator[Running]:
    """nginx with that text in its one server block."""
    port = free_port()
    with _running(f"server {{ listen 127.0.0.1:{port}; {server} }}", name=name, port=port) as running:
        yield running


@contextmanager
def front(application: Running) -> Iterator[Running]:
    """nginx before the application as deploy/nginx.conf has it, but for the machine's own port, folder and address."""
    port, clone = free_port(), HOME / "clone"
    (clone / "var").mkdir(parents=True, exist_ok=True)
    for link, target in {"var/tiles": TILE_CACHE, "var/static": VAR / "static", "static": ROOT / "static"}.items():
        if not (clone / link).is_symlink():
            (clone / link).symlink_to(target)
    site = SHIPPED.read_text(encoding="utf-8")
    here = {
        "listen 80;": f"listen 127.0.0.1:{port};",
        "127.0.0.1:8000": application.address.removeprefix("http://"),
        "/srv/map": str(clone),
    }
    for written, meant in here.items():
        if written not in site:
            raise RuntimeError(f"{SHIPPED.name} has no line with {written}")
        site = site.replace(written, meant)
    with _running(site, name="bench-front", port=port) as running:
        yield running


@contextmanager
def _running(site: str, *, name: str, port: int) -> Iterator[Running]:
    HOME.mkdir(parents=True, exist_ok=True)
    shutil.copy("/etc/nginx/mime.types", HOME)  # Looked for beside the configuration.
    config = HOME / f"{name}.conf"
    user = "user root;" if os.geteuid() == 0 else ""  # Else it might not reach the folder of the clone.
    config.write_text(_AROUND.format(user=user, workers=WORKERS, home=HOME, name=name, site=site))
    command = [require("nginx"), "-c", str(config), "-p", str(HOME), "-e", "stderr"]
    with program(name, command, {}, port=port, ready="/") as running:
        yield running
