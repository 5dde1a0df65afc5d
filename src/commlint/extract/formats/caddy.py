"""Caddyfiles."""

from __future__ import annotations

from typing import ClassVar

from commlint.extract import caddy_routes
from commlint.extract.port import FormatReader
from commlint.extract.yaml import decode
from commlint.model.declarations import Declarations
from commlint.model.facts import Notice

SIZE_LIMIT = 1_000_000


class CaddyReader(FormatReader):
    """Reads a Caddyfile: sites, `handle`, `handle_path`, named matchers and `reverse_proxy`."""

    name: ClassVar[str] = "caddy"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("caddyfile*", "*.caddyfile", "*.caddy")

    def claims(self, path: str, source: bytes) -> bool:
        return caddy_routes.is_caddy(source)

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        if len(source) > SIZE_LIMIT:
            much = Notice(path, 0, f"more than {SIZE_LIMIT} bytes are no configuration of Caddy; it was not read")
            return Declarations(self.name), (much,)
        text, notices = decode(path, source)
        found = caddy_routes.routes_in(text)
        return Declarations(self.name, routes=found.routes, traffic=found.rules), (*notices, *found.notices(path))
