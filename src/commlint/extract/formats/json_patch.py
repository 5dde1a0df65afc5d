"""Files with lists of operations (RFC 6902) that kustomizations apply to objects."""

from __future__ import annotations

import re
from typing import ClassVar

from commlint.extract.port import FormatReader
from commlint.extract.yaml import decode
from commlint.model.declarations import Declarations, Manifest
from commlint.model.facts import Notice
from commlint.model.places import Extent

SIZE_LIMIT = 200_000
_START = re.compile(rb"\A(?:\s|#[^\n]*\n|---[^\n]*\n)*(?:-\s|\[)")
_OPERATION = re.compile(rb"""\bop["']?\s*:\s*["']?(?:add|replace|remove|move|copy|test)\b""")


class JsonPatchReader(FormatReader):
    """Keeps such a file as written; what it is applied to is known once all files are."""

    name: ClassVar[str] = "json-patch"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("*.yaml", "*.yml", "*.json")

    def claims(self, path: str, source: bytes) -> bool:
        return len(source) <= SIZE_LIMIT and _START.match(source) is not None and _OPERATION.search(source) is not None

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        text, notices = decode(path, source)
        whole = Extent(1, 1, text.count("\n") + 1, 1)
        return Declarations(self.name, manifests=(Manifest("", "", whole, text),)), notices
