"""One service of a compose file: its build, names, ports, environment and what labels say of it."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from itertools import islice

from commlint.extract.images import kind_of
from commlint.extract.interpolation import flat, interpolate, is_known
from commlint.extract.nodes import ListNode, MapNode, Node, TextNode, as_map, as_text
from commlint.extract.paths import folder_of, inside, split_command
from commlint.extract.traefik_rules import routers_of, traffic_of
from commlint.extract.traffic import Traffic
from commlint.model.deployments import Binding, Build, Port, ServiceDeclaration
from commlint.model.places import Extent
from commlint.model.values import ConfigRead, EnvironmentRead, Value

PORT_LIMIT = 100

_RANGE = re.compile(r"^(\d{1,5})(?:-(\d{1,5}))?$")


@dataclass(frozen=True, slots=True)
class ComposeService:
    """One service as its layers state it; a later layer beats an earlier one."""

    name: str
    extent: Extent
    layers: tuple[MapNode, ...]

    def declaration(self, path: str, project: str, nicknames: list[str], extends: str) -> ServiceDeclaration:
        """The service of a file; `nicknames`: what links call it, `extends`: what it takes over from elsewhere."""
        image = flat(interpolate(self._text("image")))
        build = self._build(path)
        return ServiceDeclaration(
            name=self.name,
            origin="compose",
            extent=self.extent,
            kind="" if self._last("build") is not None else kind_of(self.name, image),
            namespace=project,
            image=image,
            source_root=build.source_root if build is not None else None,
            command=self._command("entrypoint") + self._command("command"),
            aliases=self._aliases(nicknames),
            ports=self._ports(),
            depends_on=self._depends_on(),
            build=build,
            mounts=self._mounts(path),
            extends=extends,
            profiles=tuple(dict.fromkeys(filter(None, (known(as_text(each)) for each in self._every("profiles"))))),
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
        arguments = {name: flat(value) for name, value, _ in _environment(options.get("args"))}
        return Build(context, dockerfile, options.text("target"), tuple(sorted(arguments.items())))

    def _command(self, key: str) -> tuple[str, ...]:
        node = self._last(key)
        if isinstance(node, ListNode):
            return tuple(flat(interpolate(as_text(item))) for item in node.items)
        return split_command(flat(interpolate(as_text(node))))

    def _aliases(self, nicknames: list[str]) -> tuple[str, ...]:
        names = [known(self._text("container_name")), known(self._text("hostname")), *nicknames]
        for layer in self.layers:
            for _, network in layer.at("networks").entries:
                names.extend(known(as_text(alias)) for alias in as_map(network).items("aliases"))
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
        return _port_range(target, flat(interpolate(node.text("published"))), known(node.text("name")))
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


def known(text: str) -> str:
    """A text with what is said of its variables put in, "" when that is not known."""
    value = interpolate(text)
    return flat(value) if is_known(value) else ""


def keys(node: Node) -> set[str]:
    """The keys of a mapping, none of anything else."""
    return {key.text for key, _ in as_map(node).entries}


def _is_null(node: Node) -> bool:
    return isinstance(node, TextNode) and node.is_null
