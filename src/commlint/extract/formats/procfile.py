"""Procfiles: the processes of an application and how each is started."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from typing import ClassVar

from commlint.extract.paths import folder_of, inside, split_command
from commlint.extract.port import FormatReader
from commlint.extract.yaml import decode, is_yaml
from commlint.model.declarations import Declarations
from commlint.model.deployments import ServiceDeclaration
from commlint.model.facts import Notice
from commlint.model.places import Extent

_PROCESS = re.compile(r"^([A-Za-z0-9_-]+):\s*(\S.*)$")
# A program that was built is started where the build puts it, below its code.
_BUILT = re.compile(r"^([^\s:$]+)/(?:build/libs|build/install|target|bin/Release|bin/Debug)/")
_CHANGES_FOLDER = re.compile(r"^cd[ \t]+([^\s;&|]+)[ \t]*(?:&&|;)[ \t]*")


class ProcfileReader(FormatReader):
    """
    Reads Procfiles; a process that begins with `cd FOLDER &&` has its code there, one that starts what was built from a
    folder has it in that folder.
    """

    name: ClassVar[str] = "procfile"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("procfile*",)

    def claims(self, path: str, source: bytes) -> bool:
        return posixpath.basename(path).partition(".")[0] == "Procfile" and not is_yaml(path)

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        text, notices = decode(path, source)
        found: list[ServiceDeclaration] = []
        for line, written in enumerate(text.splitlines(), start=1):
            match = _PROCESS.match(written)
            if match is None:
                continue
            command, folder = match[2].strip(), folder_of(path)
            moved = _CHANGES_FOLDER.match(command)
            words = split_command(command[moved.end() :] if moved else command)
            home = inside(folder, moved[1]) if moved else folder
            found.append(
                ServiceDeclaration(
                    name=match[1],
                    origin=self.name,
                    extent=Extent(line, 1, line, len(match[1]) + 1),
                    source_root=_built_from(home, words) or home,
                    command=words,
                )
            )
        return Declarations(self.name, tuple(found)), notices


def _built_from(folder: str | None, words: Iterable[str]) -> str | None:
    """The folder that a command starts something built from, None when it starts nothing such."""
    found = next(filter(None, map(_BUILT.match, words)), None)
    return inside(folder, found[1]) if found is not None and folder is not None else None
