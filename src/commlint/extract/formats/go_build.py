"""`go.mod`: a folder that is a Go module, and its name."""

from __future__ import annotations

import posixpath
import re
from typing import ClassVar

from commlint.extract.paths import folder_of
from commlint.extract.port import FormatReader
from commlint.extract.yaml import decode
from commlint.model.declarations import Declarations
from commlint.model.deployments import ServiceDeclaration
from commlint.model.facts import Notice
from commlint.model.places import Extent

_MODULE = re.compile(r"^[ \t]*module[ \t]+\"?(?P<path>[^\s\"]+)", re.MULTILINE)
_VERSION = re.compile(r"/v\d+$")


class GoBuildReader(FormatReader):
    """
    Reads `go.mod` as evidence of a service in its folder, called like the last part of the module's path.

    One module for the whole tree is no service: what its programs are, their start modules tell.
    """

    name: ClassVar[str] = "go-build"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("go.mod",)

    def claims(self, path: str, source: bytes) -> bool:
        return posixpath.basename(path) == "go.mod"

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        text, notices = decode(path, source)
        found = _MODULE.search(text)
        if found is None or folder_of(path) == ".":
            return Declarations(self.name), notices
        line = text.count("\n", 0, found.start("path")) + 1
        name = _VERSION.sub("", found["path"]).rpartition("/")[2]
        service = ServiceDeclaration(name, self.name, Extent(line, 1, line, 1), source_root=folder_of(path))
        return Declarations(self.name, (service,)), notices
