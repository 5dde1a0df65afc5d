"""Compose files: services with their builds, names, ports and environment."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from commlint.extract.images import kind_of_image, product_of
from commlint.extract.interpolation import flat, interpolate, is_known
from commlint.extract.nodes import ListNode, MapNode, Node, TextNode, as_map, as_text
from commlint.extract.paths import folder_of, inside, split_command
from commlint.extract.port import FormatReader
from commlint.extract.traefik_rules import LABELS_ARE_READ_BY, routers_of, traffic_of
from commlint.extract.traffic import Traffic
from commlint.extract.yaml import capped, has_top_key, is_yaml, read_documents
from commlint.model.declarations import Binding, Build, Declarations, Port, ServiceDeclaration
from commlint.model.facts import Notice
from commlint.model.places import Extent
from commlint.model.values import ConfigRead, EnvironmentRead, Value

PORT_LIMIT = 100
EXTENDS_LIMIT = 20

_NAME = re.compile(r"^(?:docker-)?compose\b.*\.ya?ml$")
_ENTRY = re.compile(
    rb"^[ \t]+[\"']?(?:image|build)[\"']?[ \t]*:|[{,][ \t]*[\"']?(?:image|build)[\"']?[ \t]*:", re.MULTILINE
)
# What stands beside `services`, and by a slip of indentation sometimes among them.
_BESIDE = frozenset({"networks", "volumes", "configs", "secrets"})
_OF_SERVICES = frozenset({"image", "build", "extends", "command", "environment", "env_file", "ports", "depends_on"})
_RANGE = re.compile(r"^(\d{1,5})(?:-(\d{1,5}))?$")


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
                services.append(service.declaration(file))
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
            old = tuple(entry for entry in document.entries if {"image", "build"} & _keys(entry[1]))
            entries = MapNode(old, document.extent)
        nicknames: dict[str, list[str]] = {}
        for _, entry in entries.entries:
            for link in as_map(entry).items("links"):
                target, _, nickname = as_text(link).partition(":")
                if nickname:
                    nicknames.setdefault(target, []).append(nickname)
        by_name = {key.text: entry for key, entry in entries.entries if isinstance(entry, MapNode)}
        return cls(path, _known(document.text("name")), entries, by_name, nicknames, notices)

    def services(self) -> list[_Service]:
        return [
            _Service(key.text, key.extent, self._layers(key.text, entry, ()))
            for key, entry in self.entries.entries
            if isinstance(entry, MapNode) and not (key.text in _BESIDE and not _keys(entry) & _OF_SERVICES)
        ]

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


@dataclass(frozen=True, slots=True)
class _Service:
    """One service as its layers state it; a later layer beats an earlier one."""

    name: str
    extent: Extent
    layers: tuple[MapNode, ...]

    def declaration(self, file: _File) -> ServiceDeclaration:
        image = flat(interpolate(self._text("image")))
        build = self._build(file.path)
        return ServiceDeclaration(
            name=self.name,
            origin="compose",
            extent=self.extent,
            kind="" if self._last("build") is not None else kind_of_image(image),
            namespace=file.project,
            image=image,
            source_root=build.source_root if build is not None else None,
            command=self._command("entrypoint") + self._command("command"),
            aliases=self._aliases(file.nicknames.get(self.name, [])),
            ports=self._ports(),
            depends_on=self._depends_on(),
            build=build,
            mounts=self._mounts(file.path),
            extends=file.elsewhere(self.layers),
        )

    def traffic(self, gateway: str) -> Traffic:
        """What labels for a gateway that looks for them say of the way to the service."""
        labels: dict[str, tuple[str, Extent]] = {}
        for layer in self.layers:
            for node in (layer.get("labels"), layer.at("deploy").get("labels")):
                labels.update({name: (flat(value), extent) for name, value, extent in _environment(node)})
        found = Traffic()
        for router in routers_of(labels, self.name, gateway):
            found += traffic_of(router)
        return found

    def _mounts(self, path: str) -> tuple[str, ...]:
        """The files and folders of the tree that the container finds in places of its own."""
        found: list[str] = []
        for node in (*self._every("volumes"), *self._every("configs")):
            written = flat(interpolate(as_map(node).text("source") or as_text(node))).split(":", 1)[0]
            place = inside(folder_of(path), written) if "/" in written or written.endswith(".conf") else None
            if place is not None:
                found.append(place)
        return tuple(dict.fromkeys(found))

    def bindings(self, path: str) -> list[Binding]:
        scope = f"service:{self.name}"
        found: list[Binding] = []
        for node in self._every("env_file"):
            written = flat(interpolate(as_map(node).text("path") or as_text(node)))
            file = inside(folder_of(path), written) if written else None
            if file is not None:
                found.append(Binding(scope, "*", ConfigRead(f"file:{file}"), "compose", node.extent))
        variables: dict[str, Binding] = {}
        for layer in self.layers:
            for name, value, extent in _environment(layer.get("environment")):
                variables.pop(name, None)
                variables[name] = Binding(scope, name, value, "compose", extent)
        return [*found, *variables.values()]

    def _build(self, path: str) -> Build | None:
        node = self._last("build")
        if node is None:
            return None
        options = as_map(node)
        written = flat(interpolate(as_text(node) or options.text("context") or "."))
        # Who writes ${PWD} starts compose from elsewhere than the file's folder, and that is mostly the root.
        folder = "." if written.startswith("${PWD}") else folder_of(path)
        written = written.replace("${PWD}", ".", 1) if folder == "." else written
        open_path = posixpath.normpath(posixpath.join(folder, written))
        context = open_path if "$" in written else inside(folder, written)
        if context is None:
            return None
        # One that is told from the root of the machine was meant to be told from that of the context.
        named = flat(interpolate(options.text("dockerfile") or "Dockerfile")).lstrip("/")
        # Some write it as seen from the compose file, which leads out of the root when seen from the context.
        dockerfile = (
            inside(context, named)
            or inside(folder_of(path), named)
            or posixpath.normpath(posixpath.join(context, named))
        )
        return Build(context, dockerfile, options.text("target"))

    def _command(self, key: str) -> tuple[str, ...]:
        node = self._last(key)
        if isinstance(node, ListNode):
            return tuple(flat(interpolate(as_text(item))) for item in node.items)
        return split_command(flat(interpolate(as_text(node))))

    def _aliases(self, nicknames: list[str]) -> tuple[str, ...]:
        names = [_known(self._text("container_name")), _known(self._text("hostname")), *nicknames]
        for layer in self.layers:
            for _, network in layer.at("networks").entries:
                names.extend(_known(as_text(alias)) for alias in as_map(network).items("aliases"))
        return tuple(sorted({name for name in names if name and name != self.name}))

    def _ports(self) -> tuple[Port, ...]:
        found = list(islice((port for node in self._every("ports") for port in _ports(node)), PORT_LIMIT))
        published = {port.number for port in found}
        for node in self._every("expose"):
            found.extend(port for port in _ports(node) if port.number not in published)
            if len(found) >= PORT_LIMIT:
                break
        return tuple(dict.fromkeys(found))[:PORT_LIMIT]

    def _depends_on(self) -> tuple[str, ...]:
        names = [as_text(item) for item in self._every("depends_on")]
        names += [key.text for layer in self.layers for key, _ in layer.at("depends_on").entries]
        names += [as_text(link).partition(":")[0] for link in self._every("links")]
        return tuple(sorted({name for name in names if name}))

    def _text(self, key: str) -> str:
        return as_text(self._last(key))

    def _last(self, key: str) -> Node | None:
        stated = (layer.get(key) for layer in reversed(self.layers))
        return next((node for node in stated if node is not None and not _is_null(node)), None)

    def _every(self, key: str) -> list[Node]:
        """The items of the lists under `key` in all layers; a single scalar is a list of one."""
        found: list[Node] = []
        for layer in self.layers:
            node = layer.get(key)
            if isinstance(node, TextNode) and not node.is_null:
                found.append(node)
            found.extend(layer.items(key))
        return found


def _environment(node: Node | None) -> list[tuple[str, Value, Extent]]:
    """Names with values of both forms; a name without a value is handed through from where compose runs."""
    if isinstance(node, MapNode):
        return [
            (key.text, EnvironmentRead(key.text) if _is_null(value) else interpolate(as_text(value)), key.extent)
            for key, value in node.entries
            if isinstance(value, TextNode)
        ]
    found: list[tuple[str, Value, Extent]] = []
    for item in node.items if isinstance(node, ListNode) else ():
        name, given, text = as_text(item).partition("=")
        if name:
            found.append((name.strip(), interpolate(text) if given else EnvironmentRead(name.strip()), item.extent))
    return found


def _ports(node: Node) -> list[Port]:
    if isinstance(node, MapNode):
        target = flat(interpolate(node.text("target")))
        return _port_range(target, flat(interpolate(node.text("published"))), _known(node.text("name")))
    text = flat(interpolate(as_text(node))).partition("/")[0]
    before, _, target = text.rpartition(":")
    return _port_range(target, before.rpartition(":")[2], "")


def _port_range(target: str, published: str, name: str) -> list[Port]:
    inner = _numbers(target)
    outer = _numbers(published)
    return [
        Port(number, outer[index] if index < len(outer) and len(outer) >= len(inner) else None, name)
        for index, number in enumerate(inner)
    ]


def _numbers(text: str) -> range:
    match = _RANGE.match(text.strip())
    if match is None:
        return range(0)
    first = int(match[1])
    last = int(match[2] or first)
    return range(first, min(last + 1, first + PORT_LIMIT, 65536))


def _known(text: str) -> str:
    value = interpolate(text)
    return flat(value) if is_known(value) else ""


def _keys(node: Node) -> set[str]:
    return {key.text for key, _ in as_map(node).entries}


def _is_null(node: Node) -> bool:
    return isinstance(node, TextNode) and node.is_null
