"""Configuration entries of Consul: routers, resolvers and defaults of services, in HCL or JSON."""

from __future__ import annotations

import re
from typing import ClassVar

from commlint.extract import hcl1, mesh_consul
from commlint.extract.port import FormatReader
from commlint.extract.traffic import Traffic
from commlint.extract.yaml import decode
from commlint.model.declarations import Declarations
from commlint.model.facts import Notice

_SIGN = re.compile(rb"""\bkind["']?\s*[=:]\s*"service-(?:router|resolver|defaults)\"""", re.IGNORECASE)


class ConsulReader(FormatReader):
    """Reads what `consul config write` takes, also where the configuration of an agent brings entries with it."""

    name: ClassVar[str] = "consul"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("*.hcl", "*.json")

    def claims(self, path: str, source: bytes) -> bool:
        return path.lower().endswith((".hcl", ".json")) and _SIGN.search(source) is not None

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        text, notices = decode(path, source)
        root, cut = hcl1.parse(text)
        found = Traffic(cut=cut)
        brought = mesh_consul.plain_keys(root).at("configentries")
        for written in (root, *brought.maps("bootstrap")):
            found += mesh_consul.entry(written)
        return Declarations(self.name, routes=found.routes, traffic=found.rules), (*notices, *found.notices(path))
