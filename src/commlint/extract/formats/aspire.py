"""The application host of .NET Aspire: C# that says which programs run, under which names, beside what."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from commlint.extract.paths import folder_of
from commlint.extract.port import FormatReader
from commlint.extract.yaml import decode
from commlint.model.declarations import Declarations
from commlint.model.deployments import Binding, ServiceDeclaration
from commlint.model.facts import Notice
from commlint.model.places import Extent
from commlint.model.values import Literal

SIZE_LIMIT = 1_000_000

_ORIGIN = "aspire"
_MARK = b"DistributedApplication.CreateBuilder"
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_TEXT = r'"([^"\\\n]*)"'
_ADDED = re.compile(
    r"\.Add(\w+)\s*(?:<\s*(?:global::)?(?:Projects\.)?([\w.]+)\s*>)?\s*\(\s*" + _TEXT + r"(?:\s*,\s*" + _TEXT + ")?"
)
_HELD = re.compile(r"(?:^|[{};])\s*(?:var|[\w<>.?]+)\s+(\w+)\s*=")
_ENDPOINT = re.compile(r"^\s*(?:var|[\w<>.?]+)\s+(\w+)\s*=\s*(\w+)\s*\.\s*GetEndpoint\b")
_REFERENCE = re.compile(r"\.WithReference\s*\(\s*(\w+)")
_SET = re.compile(
    r"\.WithEnvironment\s*\(\s*" + _TEXT + r"\s*,\s*(?:" + _TEXT + r"|(\w+)(?:\s*\.\s*GetEndpoint\s*\([^()]*\))?)\s*\)"
)
_OWNER = re.compile(r"^\s*(\w+)\s*\.")
_KINDS = {
    "Redis": "cache", "Valkey": "cache", "Garnet": "cache", "RabbitMQ": "broker", "Kafka": "broker", "Nats": "broker",
    "AzureServiceBus": "broker", "AzureEventHubs": "broker", "Postgres": "database", "SqlServer": "database",
    "MySql": "database", "MongoDB": "database", "Oracle": "database", "AzureCosmosDB": "database",
    "AzurePostgresFlexibleServer": "database", "AzureSqlServer": "database", "Elasticsearch": "database",
    "Qdrant": "database", "Milvus": "database", "Seq": "observability", "Keycloak": "identity", "Yarp": "gateway",
}  # fmt: skip
_FOLDERS = frozenset(
    {"Project", "NpmApp", "NodeApp", "JavaScriptApp", "ViteApp", "PythonApp", "Dockerfile", "GolangApp"}
)


class AspireReader(FormatReader):
    """Reads the programs that an application host starts, the names they find each other by, and their environment."""

    name: ClassVar[str] = _ORIGIN
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("program.cs", "apphost.cs")

    def claims(self, path: str, source: bytes) -> bool:
        return path.endswith(".cs") and _MARK in source

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        if len(source) > SIZE_LIMIT:
            much = Notice(path, 0, f"more than {SIZE_LIMIT} bytes are no application host; it was not read")
            return Declarations(self.name), (much,)
        text, notices = decode(path, source)
        host = _Host(folder_of(path))
        for line, statement in _statements(_COMMENT.sub(_blank, text)):
            host.take(line, statement)
        return Declarations(self.name, tuple(host.services()), tuple(host.bindings)), notices


def _blank(comment: re.Match[str]) -> str:
    """A comment gives way, its lines stay; what looks like one in an address is none."""
    whole = comment.string
    inside = comment.start() > 0 and whole[comment.start() - 1] == ":"
    return comment[0] if inside else "\n" * comment[0].count("\n")


def _statements(text: str) -> Iterator[tuple[int, str]]:
    line = 1
    for statement in text.split(";"):
        start = len(statement) - len(statement.lstrip())
        yield line + statement.count("\n", 0, start), statement
        line += statement.count("\n")


class _Host:
    """What one application host says, gathered statement by statement."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._found: dict[str, ServiceDeclaration] = {}
        self._held: dict[str, str] = {}
        self._uses: dict[str, list[str]] = {}
        self.bindings: list[Binding] = []

    def take(self, line: int, statement: str) -> None:
        endpoint = _ENDPOINT.match(statement)
        if endpoint is not None:
            self._held[endpoint[1]] = self._held.get(endpoint[2], "")
            return
        added = _ADDED.search(statement)
        if added is not None:
            name = self._add(line, added)
            held = _HELD.search(statement)
            if held is not None:
                self._held[held[1]] = name
        else:
            owner = _OWNER.match(statement)
            name = self._held.get(owner[1], "") if owner is not None else ""
        if name in self._found:
            self._tell(name, line, statement)

    def _add(self, line: int, added: re.Match[str]) -> str:
        kind, project, name, second = added[1], added[2] or "", added[3], added[4] or ""
        if kind != "Project" and kind not in _KINDS and kind not in _FOLDERS and kind != "Container":
            # A database on a server, a parameter, a text: nothing that runs.
            return name
        root = None
        if kind in _FOLDERS and second and not project:
            where = posixpath.normpath(posixpath.join(self._folder, second.replace("\\", "/")))
            root = folder_of(where) if where.endswith("proj") else where
        self._found.setdefault(
            name,
            ServiceDeclaration(
                name=name,
                origin=_ORIGIN,
                extent=Extent(line, 1, line, 1),
                kind=_KINDS.get(kind, ""),
                image=second if kind == "Container" else project.rpartition(".")[2],
                source_root=None if root is None or root.startswith("..") else root,
            ),
        )
        return name

    def _tell(self, name: str, line: int, statement: str) -> None:
        for used in _REFERENCE.findall(statement):
            self._uses.setdefault(name, []).append(self._held.get(used, ""))
        for key, text, given in _SET.findall(statement):
            other = self._held.get(given, "")
            if text or other:
                value = Literal(text or f"http://{other}")
                self.bindings.append(Binding(name, key, value, _ORIGIN, Extent(line, 1, line, 1)))

    def services(self) -> Iterator[ServiceDeclaration]:
        for name, service in self._found.items():
            used = [each for each in self._uses.get(name, ()) if each in self._found]
            yield replace(service, depends_on=tuple(dict.fromkeys(used)))
