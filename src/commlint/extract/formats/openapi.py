"""OpenAPI 2 and 3: the operations an HTTP interface declares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from commlint.extract.json import read_object
from commlint.extract.nodes import MapNode, as_map
from commlint.extract.port import FormatReader
from commlint.extract.yaml import has_top_key, is_yaml, read_documents
from commlint.model.declarations import Contract, ContractMethod, Declarations
from commlint.model.facts import Notice

SIZE_LIMIT = 10_000_000

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class OpenApiReader(FormatReader):
    """Reads documents with `openapi` or `swagger` at their top, in YAML or JSON."""

    name: ClassVar[str] = "openapi"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("*.yaml", "*.yml", "*.json")

    def claims(self, path: str, source: bytes) -> bool:
        if b"paths" not in source:
            return False
        return any(has_top_key(source, key) for key in ("openapi", "swagger"))

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        if len(source) > SIZE_LIMIT:
            much = Notice(path, 0, f"more than {SIZE_LIMIT} bytes of an interface were not read; split it up")
            return Declarations(self.name), (much,)
        if is_yaml(path):
            documents, notices = read_documents(path, source)
            root = as_map(documents[0]) if documents else MapNode()
        else:
            root, notices = read_object(path, source)
        methods = tuple(_methods(root))
        title = root.at("info").text("title")
        contracts = (Contract("openapi", title, methods, root.extent),) if methods else ()
        return Declarations(self.name, contracts=contracts), notices


def _methods(root: MapNode) -> Iterator[ContractMethod]:
    """Every operation under its whole path."""
    base = _base(root)
    for key, node in root.at("paths").entries:
        if not key.text.startswith("/"):
            continue
        for method, _ in as_map(node).entries:
            if method.text.lower() in _METHODS:
                yield ContractMethod(f"{method.text.upper()} {base}{key.text}", method.extent)


def _base(root: MapNode) -> str:
    """The path that all operations stand below."""
    told = root.text("basePath")
    servers = root.maps("servers")
    if not told and servers:
        told = re.sub(r"^\w+://[^/]*", "", servers[0].text("url"))
    return "" if "{" in told else told.rstrip("/") if told.startswith("/") else ""
