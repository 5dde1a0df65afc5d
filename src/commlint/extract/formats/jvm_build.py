"""Build files of the Java world: `pom.xml`, `build.gradle`, `build.gradle.kts`."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import ClassVar

from commlint.extract.jvm_libraries import kind_of, uses_of
from commlint.extract.paths import folder_of
from commlint.extract.port import FormatReader
from commlint.extract.yaml import decode
from commlint.model.declarations import Declarations
from commlint.model.deployments import NOTHING_ELSE, ServiceDeclaration
from commlint.model.facts import Notice
from commlint.model.places import Extent

SIZE_LIMIT = 2_000_000

_XML_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_GRADLE_COMMENT = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)
_ASIDE = re.compile(r"<(dependencyManagement|pluginManagement|profiles|parent)>.*?</\1>", re.DOTALL)
_DEPENDENCIES = re.compile(r"<dependency>(.*?)</dependency>", re.DOTALL)
_ARTIFACT = re.compile(r"<artifactId>\s*([^<\s]+)\s*</artifactId>")
_NESTED = re.compile(r"<(dependencies|build|reporting|exclusions)>.*?</\1>", re.DOTALL)
_TEST = re.compile(r"<scope>\s*test\s*</scope>")
_GATHERS = re.compile(r"<modules>|<packaging>\s*pom\s*</packaging>")
_PARENT = re.compile(r"<parent>(.*?)</parent>", re.DOTALL)
_FOREIGN = re.compile(
    r"<artifactId>\s*(?:spring-boot-starter-parent|[^<]*-dependencies(?:-parent)?)\s*<|<relativePath\s*/>"
)
_NOTATION = re.compile(
    r"\b(?:implementation|compile|api|runtimeOnly|runtime|compileOnly)\b[ \t(]*(?:platform\()?[ \t]*[\"']"
    r"[^\"':\s]+:(?P<name>[^\"':\s]+)"
)
_NAMED = re.compile(
    r"\b(?:implementation|compile|api|runtimeOnly|runtime)\b[ \t(]*group:[^\n]*?name:[ \t]*[\"'](?P<name>[^\"']+)"
)
_MODULE = re.compile(
    r"\b(?:implementation|compile|api|runtimeOnly|runtime|compileOnly)\b[ \t(]*project[ \t]*\("
    r"[ \t]*(?:path[ \t]*[:=][ \t]*)?[\"'](?P<path>[^\"'$]+)[\"']"
)
_GROUP = re.compile(r"<groupId>\s*([^<\s]+)\s*</groupId>")
_OWN_GROUPS = frozenset(("${project.groupId}", "${pom.groupId}", "${project.parent.groupId}"))
_PROGRAM = re.compile(r"\bapplicationName\b\s*(?:=|\.set\()\s*[\"'](?P<name>[^\"'$]+)[\"']")
_PLUGINS = re.compile(r"<plugin>(.*?)</plugin>", re.DOTALL)
_RUNNING = re.compile(r"<artifactId>\s*(?:spring-boot|quarkus|micronaut|jib)-maven-plugin\s*<")
_SKIPPED = re.compile(r"<skip>\s*true\s*</skip>")
_APPLIED = re.compile(
    r"\b(?:id|plugin:)[ \t(]*[\"']"
    r"(?:org\.springframework\.boot|io\.quarkus|io\.micronaut\.application|com\.google\.cloud\.tools\.jib|application)"
    r"[\"'](?![^\n]*\bapply[ (]+false)|^\s*application\s*(?:\{|$)",
    re.MULTILINE,
)
_NO_PROGRAM = re.compile(r"\bbootJar\b[^}]*\benabled\s*=\s*false", re.DOTALL)
_SHARED = re.compile(r"^\s*(?:subprojects|allprojects)\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Project:
    """
    What a build file says: name, line of the name, libraries, whether a file of the tree may add to them.

    `runs`: what it builds is one program that can be started. `needs`: what may be other modules of the same build.
    """

    name: str
    line: int
    artifacts: tuple[str, ...]
    inherits: bool
    runs: bool
    needs: tuple[str, ...]


class JvmBuildReader(FormatReader):
    """Reads build files as evidence of a service in their folder, and of what it talks to by its libraries."""

    name: ClassVar[str] = "jvm-build"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("pom.xml", "build.gradle", "build.gradle.kts")

    def claims(self, path: str, source: bytes) -> bool:
        return posixpath.basename(path).lower() in self.names

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        if len(source) > SIZE_LIMIT:
            much = Notice(path, 0, f"more than {SIZE_LIMIT} bytes are no build file; it was not read")
            return Declarations(self.name), (much,)
        text, notices = decode(path, source)
        project = _maven(text) if posixpath.basename(path).lower() == "pom.xml" else _gradle(text)
        if project is None:
            return Declarations(self.name), notices
        folder = folder_of(path)
        name = project.name or posixpath.basename(folder).lstrip(".")
        service = ServiceDeclaration(
            name=name,
            origin="jvm-program-build" if project.runs else self.name,
            extent=Extent(project.line, 1, project.line, 1),
            kind=kind_of(project.artifacts, f"{name} {posixpath.basename(folder)}"),
            source_root=folder,
            needs=project.needs,
            uses=(*uses_of(project.artifacts), *(() if project.inherits else (NOTHING_ELSE,))),
        )
        return Declarations(self.name, (service,)), notices


def _maven(text: str) -> _Project | None:
    """None for a file that only gathers others."""
    plain = _XML_COMMENT.sub(_blank, text)
    if _GATHERS.search(plain):
        return None
    parent = _PARENT.search(plain)
    inherits = parent is not None and _FOREIGN.search(parent[1]) is None
    plain = _ASIDE.sub(_blank, plain)
    bare = _NESTED.sub(_blank, plain)
    own = _ARTIFACT.search(bare)
    blocks = [block for block in _DEPENDENCIES.findall(plain) if not _TEST.search(block)]
    named = [(found[1], _GROUP.search(block)) for block in blocks if (found := _ARTIFACT.search(block)) is not None]
    artifacts = tuple(name for name, _ in named)
    groups = _OWN_GROUPS.union(
        found[1] for found in (_GROUP.search(bare), parent and _GROUP.search(parent[1])) if found
    )
    needs = tuple(name for name, group in named if group is not None and group[1] in groups)
    line = plain.count("\n", 0, own.start()) + 1 if own else 1
    plugins = (block for block in _PLUGINS.findall(plain) if _RUNNING.search(block))
    runs = any(not _SKIPPED.search(block) for block in plugins)
    return _Project(own[1] if own else "", line, artifacts, inherits, runs, needs)


def _gradle(text: str) -> _Project | None:
    plain = _GRADLE_COMMENT.sub(_blank, text)
    if _SHARED.search(plain):
        return None
    artifacts = tuple(found["name"] for pattern in (_NOTATION, _NAMED) for found in pattern.finditer(plain))
    program = _PROGRAM.search(plain)
    line = plain.count("\n", 0, program.start()) + 1 if program else 1
    # Blocks for all projects of a build may add to each of them.
    runs = _APPLIED.search(plain) is not None and not _NO_PROGRAM.search(plain)
    needs = tuple(f":{found['path'].strip(':')}" for found in _MODULE.finditer(plain))
    return _Project(program["name"] if program else "", line, artifacts, True, runs, needs)


def _blank(found: re.Match[str]) -> str:
    """As many lines of nothing, so that places stay."""
    return "\n" * found[0].count("\n")
