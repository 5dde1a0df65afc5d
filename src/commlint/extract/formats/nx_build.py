"""`project.json` and `workspace.json`: the programs of an Nx workspace, each with the folder of its code."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import ClassVar

from commlint.extract.build_json import parsed
from commlint.extract.paths import folder_of, inside
from commlint.extract.port import FormatReader
from commlint.model.declarations import Declarations
from commlint.model.deployments import ServiceDeclaration
from commlint.model.facts import Notice
from commlint.model.places import Extent

_TESTING = ("-e2e", "-e2e-tests")


class NxBuildReader(FormatReader):
    """Reads them as evidence of a service in the folder of each project that is an application and no test of one."""

    name: ClassVar[str] = "nx-build"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("project.json", "workspace.json")

    def claims(self, path: str, source: bytes) -> bool:
        return posixpath.basename(path) in self.names and b'"projectType"' in source

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        text, data, notices = parsed(path, source)
        known = data if isinstance(data, dict) else {}
        found = tuple(_services(folder_of(path), known, text.splitlines()))
        return Declarations(self.name, found), notices


def _services(folder: str, data: dict[str, object], lines: list[str]) -> Iterator[ServiceDeclaration]:
    """One service for each application whose folder lies in the tree."""
    projects = data.get("projects")
    if not isinstance(projects, dict):
        yield from _service(str(data.get("name") or posixpath.basename(folder)), folder, data, lines)
        return
    for name, project in sorted(projects.items()):
        root = inside(folder, str(project.get("root") or "")) if isinstance(project, dict) else None
        if root is not None:
            yield from _service(str(name), root, project, lines)


def _service(name: str, folder: str, project: dict[str, object], lines: list[str]) -> Iterator[ServiceDeclaration]:
    if project.get("projectType") != "application" or name.endswith(_TESTING) or folder == ".":
        return
    line = next((at for at, each in enumerate(lines, 1) if '"projectType"' in each or f'"{name}"' in each), 1)
    yield ServiceDeclaration(name=name, origin="nx-application", extent=Extent(line, 1, line, 1), source_root=folder)
