"""Python build files: a folder that is a Python project, its name and what its scripts start."""

from __future__ import annotations

import configparser
import posixpath
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.extract.paths import folder_of
from commlint.extract.port import FormatReader
from commlint.extract.yaml import decode
from commlint.model.declarations import Declarations
from commlint.model.deployments import ServiceDeclaration
from commlint.model.facts import Notice
from commlint.model.places import Extent

SIZE_LIMIT = 200_000

_REQUIREMENTS = re.compile(r"^requirements(?:[-_.].*)?\.txt$")
_FILES = frozenset({"pyproject.toml", "setup.py", "setup.cfg", "Pipfile"})
_SETUP_LIBRARIES = (b"setuptools", b"distutils", b"skbuild", b"numpy.distutils", b"Cython")
_SETUP_NAME = re.compile(r"""\bname\s*=\s*["']([^"']+)["']""")
_ENTRY_POINT = re.compile(r"""^[ \t]*["']?[\w.-]+\s*=\s*([\w.]+:[\w.]+)""", re.MULTILINE)
_SETUP_ENTRY_POINT = re.compile(r"""["'][\w.-]+\s*=\s*([\w.]+:[\w.]+)\s*["']""")


class PythonBuildReader(FormatReader):
    """
    Reads the build files of Python projects as evidence of a service in their folder.

    A file that names no project counts by its folder's name; one that only configures tools counts for nothing.
    """

    name: ClassVar[str] = "python-build"
    version: ClassVar[int] = 2
    names: ClassVar[tuple[str, ...]] = ("pyproject.toml", "setup.py", "setup.cfg", "pipfile", "requirements*.txt")

    def claims(self, path: str, source: bytes) -> bool:
        base = posixpath.basename(path)
        if base == "setup.py":
            # Any module may be called so; a build file takes in what builds.
            return any(word in source for word in _SETUP_LIBRARIES)
        return base in _FILES or _REQUIREMENTS.match(base) is not None

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        text, notices = decode(path, source)
        if len(text) > SIZE_LIMIT and not _REQUIREMENTS.match(posixpath.basename(path)):
            much = Notice(path, 0, f"more than {SIZE_LIMIT} characters are no build file; it was not read")
            return Declarations(self.name), (*notices, much)
        try:
            project = _READERS.get(posixpath.basename(path), _plain)(text)
        except (tomllib.TOMLDecodeError, configparser.Error, RecursionError) as error:
            broken = Notice(path, _line_of(error), f"the build file is broken and was not read: {_one_line(error)}")
            return Declarations(self.name), (*notices, broken)
        if project is None:
            return Declarations(self.name), notices
        folder = folder_of(path)
        service = ServiceDeclaration(
            name=project.name or posixpath.basename(folder).lstrip("."),
            origin=self.name,
            extent=Extent(project.line, 1, project.line, 1),
            source_root=folder,
            command=project.commands,
        )
        return Declarations(self.name, (service,)), notices


@dataclass(frozen=True, slots=True)
class _Project:
    """Name and script targets a build file states, and the line of the name."""

    name: str = ""
    commands: tuple[str, ...] = ()
    line: int = 1


def _plain(text: str) -> _Project | None:
    return _Project()


def _pyproject(text: str) -> _Project | None:
    """
    Raises:
        tomllib.TOMLDecodeError: it is no TOML.
    """
    data = tomllib.loads(text)
    tool = data.get("tool")
    poetry = tool.get("poetry") if isinstance(tool, dict) else None
    tables = [table for table in (data.get("project"), poetry) if isinstance(table, dict)]
    if not tables:
        return None
    name = next((table["name"] for table in tables if isinstance(table.get("name"), str)), "")
    commands = tuple(target for table in tables for target in _targets(table.get("scripts")))
    return _Project(name, commands, _line_matching(text, rf"^[ \t]*name\s*=\s*[\"']{re.escape(name)}[\"']"))


def _targets(scripts: object) -> Iterator[str]:
    for target in scripts.values() if isinstance(scripts, dict) else ():
        if isinstance(target, dict):
            target = target.get("callable") or target.get("reference")
        if isinstance(target, str):
            yield target


def _setup_py(text: str) -> _Project | None:
    named = _SETUP_NAME.search(text)
    commands = tuple(_SETUP_ENTRY_POINT.findall(text))
    return _Project(named[1], commands, text.count("\n", 0, named.start()) + 1) if named else _Project("", commands)


def _setup_cfg(text: str) -> _Project | None:
    """
    Raises:
        configparser.Error: it is no configuration file.
    """
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.read_string(text)
    if not parser.has_section("metadata"):
        return None
    scripts = parser.get("options.entry_points", "console_scripts", fallback="")
    name = parser.get("metadata", "name", fallback="").strip()
    return _Project(name, tuple(_ENTRY_POINT.findall(scripts)), _line_matching(text, r"^name\s*="))


def _line_matching(text: str, pattern: str) -> int:
    match = re.search(pattern, text, re.MULTILINE)
    return text.count("\n", 0, match.start()) + 1 if match else 1


def _line_of(error: Exception) -> int:
    match = re.search(r"\bline:?\s+(\d+)", str(error))
    return int(match[1]) if match else 0


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


_READERS: dict[str, Callable[[str], _Project | None]] = {
    "pyproject.toml": _pyproject,
    "setup.cfg": _setup_cfg,
    "setup.py": _setup_py,
}
