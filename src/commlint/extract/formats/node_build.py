"""`package.json`: a folder that is a Node project, its name, and what its scripts start."""

from __future__ import annotations

import posixpath
import re
from typing import ClassVar

from commlint.extract import module_names, node_libraries
from commlint.extract.build_json import parsed
from commlint.extract.paths import folder_of
from commlint.extract.port import FormatReader
from commlint.model.declarations import Declarations
from commlint.model.deployments import ServiceDeclaration
from commlint.model.facts import Notice
from commlint.model.places import Extent

# What runs a file of the folder, against what only runs other scripts.
_RUNNING = re.compile(
    r"(?:^|[\s;&])(?:node|nodemon|ts-node|ts-node-dev|tsnd|tsx|bun|pm2(?: start)?|nest start)(?=\s|$)"
)
_RUNNING_OTHERS = re.compile(r"\b(?:concurrently|turbo|nx|lerna|npm-run-all|run-[ps]|docker|docker-compose|wsrun)\b")
_STARTING = ("start", "start:prod", "start:production", "serve", "dev", "start:dev")


class NodeBuildReader(FormatReader):
    """
    Reads `package.json` as evidence of a service in its folder.

    One that only ties the packages of a workspace together (`workspaces`, or nothing to run) counts for nothing.
    """

    name: ClassVar[str] = "node-build"
    version: ClassVar[int] = 3
    names: ClassVar[tuple[str, ...]] = ("package.json",)
    names_modules: ClassVar[bool] = True

    def claims(self, path: str, source: bytes) -> bool:
        return posixpath.basename(path) == "package.json" and b"{" in source

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        text, data, notices = parsed(path, source)
        known = data if isinstance(data, dict) else {}
        folder = folder_of(path)
        modules = module_names.of_package(folder, known)
        if known.get("workspaces") or not known.get("name"):
            return Declarations(self.name, modules=modules), notices
        name = str(known["name"])
        line = next((at for at, each in enumerate(text.splitlines(), 1) if '"name"' in each), 1)
        service = ServiceDeclaration(
            name=name.rpartition("/")[2],
            origin="node-program-build" if _is_program(_commands(known)) else self.name,
            extent=Extent(line, 1, line, 1),
            kind=node_libraries.kind_of(_dependencies(known)),
            source_root=folder,
            command=_commands(known),
        )
        return Declarations(self.name, (service,), modules=modules), notices


def _is_program(commands: tuple[str, ...]) -> bool:
    """Whether a script starts a file of the folder."""
    return any(_RUNNING.search(each) and not _RUNNING_OTHERS.search(each) for each in commands)


def _dependencies(data: dict[str, object]) -> tuple[str, ...]:
    """The libraries it takes along when it runs."""
    found = data.get("dependencies")
    return tuple(found) if isinstance(found, dict) else ()


def _commands(data: dict[str, object]) -> tuple[str, ...]:
    """What its scripts start, and the file it names as its own entry."""
    scripts = data.get("scripts")
    known = scripts if isinstance(scripts, dict) else {}
    found = [str(known[name]) for name in _STARTING if isinstance(known.get(name), str)]
    return tuple(found)
