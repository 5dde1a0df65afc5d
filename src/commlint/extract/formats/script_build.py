"""`tsconfig.json` and `jsconfig.json`: by what names the files around them bring each other in."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import ClassVar

from commlint.extract.json import read_object
from commlint.extract.nodes import MapNode, as_text
from commlint.extract.paths import folder_of, inside
from commlint.extract.port import FormatReader
from commlint.model.declarations import Declarations, ModuleName
from commlint.model.facts import Notice

MAX_NAMES = 400
SIZE_LIMIT = 400_000
_NAME = re.compile(r"(?:ts|js)config(?:\.[\w.-]+)?\.json")


class ScriptBuildReader(FormatReader):
    """Reads `paths` and `baseUrl`; what another file is extended by holds for its own folder and all below it."""

    name: ClassVar[str] = "script-build"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("tsconfig*.json", "jsconfig*.json")
    names_modules: ClassVar[bool] = True

    def claims(self, path: str, source: bytes) -> bool:
        told = b'"paths"' in source or b'"baseUrl"' in source
        return told and _NAME.fullmatch(posixpath.basename(path)) is not None and len(source) <= SIZE_LIMIT

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        document, notices = read_object(path, source)
        found = _names(folder_of(path), document.at("compilerOptions"))
        return Declarations(self.name, modules=tuple(found)[:MAX_NAMES]), notices


def _names(folder: str, options: MapNode) -> Iterator[ModuleName]:
    base = inside(folder, options.text("baseUrl") or ".")
    if base is None:
        return
    for key, _ in options.at("paths").entries:
        written = (as_text(each) for each in options.at("paths").items(key.text))
        targets = tuple(target for each in written if each and (target := inside(base, each)) is not None)
        if targets and key.text.count("*") <= 1:
            yield ModuleName(key.text, targets, folder)
    if options.text("baseUrl"):
        yield ModuleName("*", (posixpath.normpath(posixpath.join(base, "*")),), folder)
