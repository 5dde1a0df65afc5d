"""`host.json` and `local.settings.json` of Azure Functions: folders that run functions, and what these are given."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import ClassVar, Final

from commlint.extract.nodes import MapNode, TextNode, as_map
from commlint.extract.paths import folder_of
from commlint.extract.port import FormatReader
from commlint.extract.yaml import read_json
from commlint.model.declarations import Declarations
from commlint.model.deployments import PORT, PREFIX, Binding, ServiceDeclaration
from commlint.model.facts import Notice
from commlint.model.places import Extent
from commlint.model.values import Literal

_HOST: Final = "host.json"
_SETTINGS: Final = ("local.settings.json", "local.settings.sample.json", "local.settings.json.sample")
# What holds where nothing else is written: below which path functions answer, and on which port when they run alone.
_ROUTES: Final = "api"
_LOCAL: Final = 7071


class AzureFunctionsReader(FormatReader):
    """Reads the folder of a function app as a program; its settings are the environment it has when it runs alone."""

    name: ClassVar[str] = "azure-functions"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = (_HOST, *_SETTINGS)

    def claims(self, path: str, source: bytes) -> bool:
        name = posixpath.basename(path)
        return b'"Values"' in source if name in _SETTINGS else name == _HOST and b'"version"' in source

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        documents, notices = read_json(path, source)
        document, folder = as_map(documents[0] if documents else None), folder_of(path)
        if posixpath.basename(path) != _HOST:
            return Declarations(self.name, bindings=tuple(_settings(folder, document))), notices
        written = document.at("extensions", "http").get("routePrefix")
        prefix = written.text if isinstance(written, TextNode) else _ROUTES
        here = Extent(1, 1, 1, 1)
        app = ServiceDeclaration(
            posixpath.basename(folder), "azure-functions-application", here, source_root=folder or "."
        )
        scope = f"settings:{path}"
        bindings = (
            Binding(scope, PREFIX, Literal(prefix), self.name, here),
            Binding(scope, PORT, Literal(_LOCAL), self.name, here),
        )
        return Declarations(self.name, (app,), bindings), notices


def _settings(folder: str, document: MapNode) -> Iterator[Binding]:
    """The values as those of a dotenv file in the same folder."""
    scope = f"file:{posixpath.join(folder, '.env')}"
    for key, node in document.at("Values").entries:
        if isinstance(node, TextNode):
            yield Binding(scope, key.text, Literal(node.text), "dotenv", key.extent)
