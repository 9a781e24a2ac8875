"""nginx with the shipped configuration before the application."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from tests.conftest import ROOT, _free_port

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
_AROUND = """
daemon off; pid {home}/pid; error_log {home}/error.log warn; {user}
events {{ worker_connections 256; }}
http {{
    include mime.types; access_log {home}/access.log;
    client_body_temp_path {home}/1; proxy_temp_path {home}/2; fastcgi_temp_path {home}/3;
    uwsgi_temp_path {home}/4; scgi_temp_path {home}/5;
    include site.conf;
}}
"""


@contextmanager
def in_front_of(server: str, home: Path) -> Iterator[str]:
    """The address of nginx with deploy/nginx.conf before the server; only the three lines of the machine differ."""
    port = _free_port()
    (home / "clone" / "var").mkdir(parents=True)
    (home / "clone" / "var" / "tiles").symlink_to(settings.TILE_CACHE)
    (home / "clone" / "var" / "archives").symlink_to(settings.TILE_ARCHIVES)
    (home / "clone" / "var" / "full").symlink_to(settings.FULL_FILES)
    (home / "clone" / "var" / "static").symlink_to(settings.STATIC_EDITIONS)
    (home / "clone" / "static").symlink_to(ROOT / "static")
    site = (ROOT / "deploy" / "nginx.conf").read_text()
    for written, here in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("127.0.0.1:8000", server.removeprefix("http://")),
        ("/srv/map", str(home / "clone")),
    ):
        assert written in site
        site = site.replace(written, here)
    (home / "site.conf").write_text(site)
    (home / "nginx.conf").write_text(_AROUND.format(home=home, user="user root;" if os.geteuid() == 0 else ""))
    shutil.copy("/etc/nginx/mime.types", home)
    command = [str(NGINX), "-p", str(home), "-c", str(home / "nginx.conf"), "-e", str(home / "error.log")]
    process = subprocess.Popen(command)
    try:
        _wait_for(port, process, home / "error.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(100):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        assert process.poll() is None, log.read_text()
        time.sleep(0.05)
    raise AssertionError("nginx did not start")
