"""Compose files: services with their builds, names, ports and environment."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import ClassVar

from commlint.extract.compose_service import ComposeService, keys, known
from commlint.extract.images import product_of
from commlint.extract.interpolation import flat, interpolate
from commlint.extract.nodes import MapNode, Node, as_map, as_text
from commlint.extract.paths import folder_of, inside
from commlint.extract.port import FormatReader
from commlint.extract.traefik_rules import LABELS_ARE_READ_BY
from commlint.extract.traffic import Traffic
from commlint.extract.yaml import capped, has_top_key, is_yaml, read_documents
from commlint.model.declarations import Declarations
from commlint.model.deployments import Binding, ServiceDeclaration
from commlint.model.facts import Notice

EXTENDS_LIMIT = 20

_NAME = re.compile(r"^(?:docker-)?compose\b.*\.ya?ml$")
_ENTRY = re.compile(
    rb"^[ \t]+[\"']?(?:image|build)[\"']?[ \t]*:|[{,][ \t]*[\"']?(?:image|build)[\"']?[ \t]*:", re.MULTILINE
)
# What stands beside `services`, and by a slip of indentation sometimes among them.
_BESIDE = frozenset({"networks", "volumes", "configs", "secrets"})
_OF_SERVICES = frozenset({"image", "build", "extends", "command", "environment", "env_file", "ports", "depends_on"})


class ComposeReader(FormatReader):
    """
    Reads compose files, by name or by a top-level `services` with images or builds.

    Those of a development container describe somebody's desk and no system.
    """

    name: ClassVar[str] = "compose"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("*.yaml", "*.yml")

    def claims(self, path: str, source: bytes) -> bool:
        if not is_yaml(path) or has_top_key(source, "apiVersion") or ".devcontainer" in path.split("/"):
            return False
        if _NAME.match(posixpath.basename(path)):
            return True
        if posixpath.basename(path).lower().startswith("values"):
            # Values of a chart may look alike.
            return False
        return has_top_key(source, "services") and _ENTRY.search(source) is not None

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        documents, notices = read_documents(path, source)
        services: list[ServiceDeclaration] = []
        bindings: list[Binding] = []
        more: list[Notice] = []
        traffic = Traffic()
        for document in documents:
            file = _File.of(path, as_map(document), more)
            for service in file.services():
                services.append(file.declaration(service))
                bindings.extend(service.bindings(path))
                traffic += service.traffic(file.reader_of_labels())
        found = Declarations(self.name, tuple(services), tuple(bindings), traffic.routes, traffic=traffic.rules)
        return found, (*notices, *capped(path, more))


@dataclass(frozen=True, slots=True)
class _File:
    """One document: its entries under `services`, and what links call them."""

    path: str
    project: str
    entries: MapNode
    by_name: dict[str, MapNode]
    nicknames: dict[str, list[str]]
    notices: list[Notice]

    @classmethod
    def of(cls, path: str, document: MapNode, notices: list[Notice]) -> _File:
        entries = document.at("services")
        if document.get("services") is None and document.get("version") is None:
            # The first compose format had the services themselves at the top.
            old = tuple(entry for entry in document.entries if {"image", "build"} & keys(entry[1]))
            entries = MapNode(old, document.extent)
        nicknames: dict[str, list[str]] = {}
        for _, entry in entries.entries:
            for link in as_map(entry).items("links"):
                target, _, nickname = as_text(link).partition(":")
                if nickname:
                    nicknames.setdefault(target, []).append(nickname)
        by_name = {key.text: entry for key, entry in entries.entries if isinstance(entry, MapNode)}
        return cls(path, known(document.text("name")), entries, by_name, nicknames, notices)

    def services(self) -> list[ComposeService]:
        return [
            ComposeService(key.text, key.extent, self._layers(key.text, entry, ()))
            for key, entry in self.entries.entries
            if isinstance(entry, MapNode) and not (key.text in _BESIDE and not keys(entry) & _OF_SERVICES)
        ]

    def declaration(self, service: ComposeService) -> ServiceDeclaration:
        nicknames, extends = self.nicknames.get(service.name, []), self.elsewhere(service.layers)
        return service.declaration(self.path, self.project, nicknames, extends)

    def reader_of_labels(self) -> str:
        """The gateway that takes its routes from the labels of the others."""
        images = ((name, flat(interpolate(entry.text("image")))) for name, entry in self.by_name.items())
        return next((name for name, image in images if product_of(image) == LABELS_ARE_READ_BY), LABELS_ARE_READ_BY)

    def _layers(self, name: str, entry: MapNode, seen: tuple[str, ...]) -> tuple[MapNode, ...]:
        """What `name` extends, furthest first, then its own entry."""
        base = entry.get("extends")
        if base is None:
            return (entry,)
        wanted = as_map(base).text("service") or as_text(base)
        if self._is_elsewhere(base):
            return (entry,)
        extended = self.by_name.get(wanted)
        if extended is None or wanted in (*seen, name) or len(seen) >= EXTENDS_LIMIT:
            line = base.extent.start_line
            problem = f'"{wanted}", which this file does not have' if extended is None else "itself, or too many others"
            self.notices.append(Notice(self.path, line, f'"{name}" extends {problem}'))
            return (entry,)
        return (*self._layers(wanted, extended, (*seen, name)), entry)

    def elsewhere(self, layers: tuple[MapNode, ...]) -> str:
        """The service of another file that the furthest layer extends, as `PATH#NAME`."""
        base = layers[0].get("extends")
        if base is None or not self._is_elsewhere(base):
            return ""
        other = as_map(base).text("file")
        path = inside(folder_of(self.path), other)
        if path is None:
            line = base.extent.start_line
            self.notices.append(Notice(self.path, line, f"{other} is outside of what is read; nothing was taken in"))
        return f"{path}#{as_map(base).text('service')}" if path else ""

    def _is_elsewhere(self, base: Node) -> bool:
        other = as_map(base).text("file")
        return bool(other) and inside(folder_of(self.path), other) != self.path
