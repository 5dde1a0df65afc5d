"""
The interface of a ClickHouse server over HTTP in front of its engine in this process, for clients as they are.

Run as a program with a folder for its data; it prints its port.
"""

from __future__ import annotations

import base64
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from chdb.session import Session

FORMAT = re.compile(r"\s+FORMAT\s+(\w+)\s*;?\s*$", re.IGNORECASE)
PASSWORD = "s3cret"


class Handler(BaseHTTPRequestHandler):
    """Answers one query a request, as its user and password allow."""

    session: Session
    lock = threading.Lock()

    def do_GET(self) -> None:
        self._answer("")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

    def _answer(self, body: str) -> None:
        given = {name: values[-1] for name, values in parse_qs(urlsplit(self.path).query).items()}
        query = given.get("query", "") + body
        if not query:
            self._send(200, b"Ok.\n")
            return
        if not self._allowed():
            self._send(403, b"Code: 516. DB::Exception: Authentication failed. (AUTHENTICATION_FAILED)\n")
            return
        found = FORMAT.search(query)
        form = found[1] if found else given.get("default_format", "TSV")
        try:
            with self.lock:
                told = self.session.query(FORMAT.sub("", query), form)
                content = told.bytes() if told is not None else b""
        except Exception as error:
            self._send(500, str(error).encode())
            return
        self._send(200, content or b"")

    def _allowed(self) -> bool:
        expected = base64.b64encode(f"reader:{PASSWORD}".encode()).decode()
        return self.headers.get("Authorization") == f"Basic {expected}"

    def _send(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


if __name__ == "__main__":
    Handler.session = Session(sys.argv[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
