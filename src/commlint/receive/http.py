"""OTLP over HTTP: protobuf and JSON, compressed or not."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from commlint.receive.journal import MESSAGE, FullError, Journal

TRACES: Final = "/v1/traces"
PASSED_OVER: Final = ("/v1/metrics", "/v1/logs")
"""Taken so that nobody complains, and forgotten."""

PROTOBUF: Final = "application/x-protobuf"
JSON: Final = "application/json"
AT_ONCE: Final = 64
"""Requests that are taken in at the same time."""

LINE: Final = 1024


class HttpReceiver:
    """Listens until it is stopped; `port` is the one it got when it asked for any."""

    def __init__(self, host: str, port: int, journal: Journal) -> None:
        room = threading.BoundedSemaphore(AT_ONCE)

        class Handler(_Handler):
            pass

        Handler.journal, Handler.room = journal, room
        self._server = ThreadingHTTPServer((host, port), Handler)
        # Requests that are being taken in are answered before the end.
        self._server.daemon_threads = False
        self._server.block_on_close = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Answer what is on its way, and listen no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 5
    journal: Journal
    room: threading.BoundedSemaphore

    def do_POST(self) -> None:
        path = self.path.partition("?")[0].rstrip("/")
        if path not in (TRACES, *PASSED_OVER):
            self.close_connection = True
            self._answer(404, b"")
            return
        kind = JSON if JSON in self.headers.get("Content-Type", "") else PROTOBUF
        with self.room:
            body = self._body()
            if body is None:
                return
            if path == TRACES:
                try:
                    self.journal.append(body.strip() if kind == JSON and body[:1].isspace() else body)
                except FullError:
                    self._answer(503, b"", ("Retry-After", "5"))
                    return
        self._answer(200, b"{}" if kind == JSON else b"", ("Content-Type", kind))

    def _body(self) -> bytes | None:
        """What was sent; None when that was refused, and the connection ends."""
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            body = self._chunks()
        else:
            length = self.headers.get("Content-Length", "")
            if not length.isdecimal() or int(length) > MESSAGE:
                self._refuse(413 if length.isdecimal() else 411)
                return None
            body = self.rfile.read(int(length))
            if len(body) < int(length):
                # The sender has gone; what is half here is not acknowledged.
                self.close_connection = True
                return None
        if body is None:
            self._refuse(413)
        return body

    def _chunks(self) -> bytes | None:
        body = bytearray()
        while True:
            size = self.rfile.readline(LINE).partition(b";")[0].strip()
            try:
                length = int(size, 16)
            except ValueError:
                return None
            if length < 0 or len(body) + length > MESSAGE:
                return None
            if not length:
                break
            body += self.rfile.read(length)
            self.rfile.readline(LINE)
        while self.rfile.readline(LINE).strip():
            pass
        return bytes(body)

    def _refuse(self, status: int) -> None:
        self.close_connection = True
        self._answer(status, b"")

    def _answer(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what matters is told at the end."""
