"""Configuration of nginx: locations that pass requests on, with their timeouts."""

from __future__ import annotations

from typing import ClassVar

from commlint.extract import nginx_routes
from commlint.extract.port import FormatReader
from commlint.extract.yaml import decode
from commlint.model.declarations import Declarations
from commlint.model.facts import Notice

SIZE_LIMIT = 1_000_000


class NginxReader(FormatReader):
    """Reads `nginx.conf` and its parts, also as templates that the image fills in from the environment."""

    name: ClassVar[str] = "nginx"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("*.conf", "*.conf.*", "*.nginx", "nginx*", "default*", "*.template")

    def claims(self, path: str, source: bytes) -> bool:
        return nginx_routes.is_nginx(source) and not path.lower().endswith((".md", ".yaml", ".yml"))

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        if len(source) > SIZE_LIMIT:
            much = Notice(path, 0, f"more than {SIZE_LIMIT} bytes are no configuration of nginx; it was not read")
            return Declarations(self.name), (much,)
        text, notices = decode(path, source)
        found = nginx_routes.routes_in(text)
        return Declarations(self.name, routes=found.routes, traffic=found.rules), (*notices, *found.notices(path))
