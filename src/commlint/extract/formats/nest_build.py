"""`nest-cli.json`: the programs of a NestJS monorepo, each with the folder of its code."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import ClassVar

from commlint.extract.build_json import parsed
from commlint.extract.paths import folder_of
from commlint.extract.port import FormatReader
from commlint.model.declarations import Declarations
from commlint.model.deployments import ServiceDeclaration
from commlint.model.facts import Notice
from commlint.model.places import Extent


class NestBuildReader(FormatReader):
    """Reads `nest-cli.json` as evidence of a service in the folder of each project that is an application."""

    name: ClassVar[str] = "nest-build"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("nest-cli.json", ".nestcli.json", ".nest-cli.json")

    def claims(self, path: str, source: bytes) -> bool:
        return posixpath.basename(path) in self.names and b'"projects"' in source

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        text, data, notices = parsed(path, source)
        projects = data.get("projects") if isinstance(data, dict) else None
        known = projects if isinstance(projects, dict) else {}
        return Declarations(self.name, tuple(_services(folder_of(path), known, text))), notices


def _services(folder: str, projects: dict[str, object], text: str) -> Iterator[ServiceDeclaration]:
    """One service for each application whose folder lies in the tree, sorted by name."""
    lines = text.splitlines()
    for name, project in sorted(projects.items()):
        if not isinstance(project, dict) or project.get("type", "application") != "application":
            continue
        root = project.get("root") or str(project.get("sourceRoot") or "").removesuffix("/src")
        own = posixpath.normpath(posixpath.join(folder, root)) if root and isinstance(root, str) else "."
        if own == "." or own.startswith(("..", "/")):
            continue
        line = next((at for at, each in enumerate(lines, 1) if f'"{name}"' in each), 1)
        yield ServiceDeclaration(
            name=name,
            origin="nest-application",
            extent=Extent(line, 1, line, 1),
            source_root=own,
        )
