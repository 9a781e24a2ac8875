"""A server in front of ours that passes everything on and remembers what was asked: the log of a client's requests."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

_BY_HOP = ("connection", "transfer-encoding", "keep-alive")


class Seen(str):
    """The address to ask at; `requests` are the paths with their queries, `bodies` what was posted."""

    requests: list[str]
    bodies: list[bytes]


@contextmanager
def seen(server: str) -> Iterator[Seen]:
    """The address that stands for `server`: it keeps the Host, so that our answers name it too."""
    target, requests, bodies = urlsplit(server).netloc, [], []

    class Passing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            bodies.append(sent)
            onward = http.client.HTTPConnection(target, timeout=60)
            onward.request(self.command, self.path, sent or None, dict(self.headers))
            answer = onward.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in (*_BY_HOP, "content-length"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(BrokenPipeError):  # who has seen enough leaves
                self.wfile.write(body)
            onward.close()

        do_POST = do_HEAD = do_GET

        def log_message(self, *told: object) -> None:
            pass

    passing = ThreadingHTTPServer(("127.0.0.1", 0), Passing)
    Thread(target=passing.serve_forever, daemon=True).start()
    address = Seen(f"http://127.0.0.1:{passing.server_address[1]}")
    address.requests, address.bodies = requests, bodies
    try:
        yield address
    finally:
        passing.shutdown()
        passing.server_close()
