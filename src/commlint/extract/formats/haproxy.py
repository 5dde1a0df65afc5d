"""Configuration of HAProxy."""

from __future__ import annotations

from typing import ClassVar

from commlint.extract import haproxy_routes
from commlint.extract.port import FormatReader
from commlint.extract.yaml import decode
from commlint.model.declarations import Declarations
from commlint.model.facts import Notice

SIZE_LIMIT = 1_000_000


class HaproxyReader(FormatReader):
    """Reads `haproxy.cfg` and its like: frontends with their conditions, backends with their servers."""

    name: ClassVar[str] = "haproxy"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("haproxy*", "*.cfg", "*.cfg.*")

    def claims(self, path: str, source: bytes) -> bool:
        return haproxy_routes.is_haproxy(source)

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        if len(source) > SIZE_LIMIT:
            much = Notice(path, 0, f"more than {SIZE_LIMIT} bytes are no configuration of HAProxy; it was not read")
            return Declarations(self.name), (much,)
        text, notices = decode(path, source)
        found = haproxy_routes.routes_in(text)
        return Declarations(self.name, routes=found.routes, traffic=found.rules), (*notices, *found.notices(path))
