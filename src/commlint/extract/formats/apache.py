"""Configuration of the Apache web server: `ProxyPass`."""

from __future__ import annotations

import re
from typing import ClassVar

from commlint.extract.durations import duration
from commlint.extract.port import FormatReader
from commlint.extract.yaml import decode
from commlint.model.declarations import Declarations
from commlint.model.facts import Notice
from commlint.model.places import Extent
from commlint.model.traffic import GatewayRoute, RouteMatch, TrafficPolicy
from commlint.model.values import Literal

SIZE_LIMIT = 1_000_000

_PASS = re.compile(
    r"^[ \t]*ProxyPass[ \t]+(?:\"?(?P<path>/[^\s\"]*)\"?[ \t]+)?\"?(?P<scheme>https?|ajp|wss?)://(?P<host>[^/\s\"]+)(?P<to>/[^\s\"]*)?\"?"
    r"(?P<rest>[^\n]*)",
    re.MULTILINE | re.IGNORECASE,
)
_DEFINE = re.compile(r"^[ \t]*Define[ \t]+(\w+)[ \t]+\"?([^\"\n]*?)\"?[ \t]*$", re.MULTILINE | re.IGNORECASE)
_NAMED = re.compile(r"\$\{(\w+)\}")
_LOCATION = re.compile(r"<Location\s+\"?(/[^\s\">]*)\"?\s*>", re.IGNORECASE)
_BOUND = re.compile(r"\btimeout=(\d+)")
_GENERAL = re.compile(r"^[ \t]*ProxyTimeout[ \t]+(\d+)", re.MULTILINE | re.IGNORECASE)


class ApacheReader(FormatReader):
    """Reads what a virtual host passes on to others."""

    name: ClassVar[str] = "apache"
    version: ClassVar[int] = 2
    names: ClassVar[tuple[str, ...]] = ("*.conf", "*.conf.*")

    def claims(self, path: str, source: bytes) -> bool:
        return re.search(rb"^[ \t]*ProxyPass[ \t]", source, re.MULTILINE | re.IGNORECASE) is not None

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        text, notices = decode(path, source[:SIZE_LIMIT])
        text = _filled(text)
        general = _GENERAL.search(text)
        routes: list[GatewayRoute] = []
        rules: list[TrafficPolicy] = []
        for found in _PASS.finditer(text):
            line = text.count("\n", 0, found.start("scheme")) + 1
            around = _LOCATION.findall(text, 0, found.start())
            prefix = (found["path"] or (around[-1] if around else "/")).rstrip("/") or "/"
            own = _BOUND.search(found["rest"])
            timeout = duration(own[1] if own else general[1] if general else "")
            extent = Extent(line, 1, line, 1)
            to = (found["to"] or "/").rstrip("/") or "/"
            routes.append(
                GatewayRoute("", "", prefix, "", "", None if to == prefix else to, extent, Literal(found["host"]))
            )
            rules.append(
                TrafficPolicy(
                    kind="apache",
                    name=prefix,
                    hosts=("*",),
                    extent=extent,
                    matches=(RouteMatch(prefix, "prefix"),),
                    destinations=(found["host"].partition(":")[0],),
                    gateways=("",),
                    timeout=(timeout,) if timeout is not None else (),
                )
            )
        return Declarations(self.name, routes=tuple(routes), traffic=tuple(rules)), notices


def _filled(text: str) -> str:
    """The text with what `Define` gives a name put where the name stands; lines stay where they are."""
    given = dict(_DEFINE.findall(text))
    return _NAMED.sub(lambda found: given.get(found[1], found[0]), text) if given else text
