"""Jobs of Nomad: their tasks with images, environments and the names they are found under."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from tree_sitter import Node

from commlint.extract.hcl import BROKEN, DEPTH_LIMIT, Reader, parse
from commlint.extract.images import kind_of
from commlint.extract.port import FormatReader
from commlint.extract.syntax import first_error
from commlint.model.declarations import Declarations
from commlint.model.deployments import Binding, Port, ServiceDeclaration
from commlint.model.facts import Notice
from commlint.model.places import Extent
from commlint.model.values import Literal, Sequence, Unknown, Value


@dataclass(frozen=True, slots=True)
class _Block:
    """A block with its labels; `depth` of it in the file."""

    reader: Reader
    node: Node
    depth: int = 0

    @property
    def words(self) -> list[str]:
        parts = (child for child in self.node.children if child.type in ("identifier", "string_lit"))
        return [self.reader.text(child).strip('"') for child in parts]

    @property
    def label(self) -> str:
        return self.words[1] if len(self.words) > 1 else ""

    @property
    def extent(self) -> Extent:
        return self.reader.extent(self.node)

    def _inside(self, kind: str) -> Iterator[Node]:
        for body in self.node.children if self.depth < DEPTH_LIMIT else ():
            if body.type == "body":
                yield from (child for child in body.children if child.type == kind)

    def blocks(self, name: str) -> Iterator[_Block]:
        for child in self._inside("block"):
            found = _Block(self.reader, child, self.depth + 1)
            if found.words[:1] == [name]:
                yield found

    def values(self) -> Iterator[tuple[str, Value, Extent]]:
        for child in self._inside("attribute"):
            name = next((self.reader.text(each) for each in child.children if each.type == "identifier"), "")
            expression = next((each for each in child.children if each.type == "expression"), None)
            if expression is not None:
                yield name, self.reader.value(expression), self.reader.extent(child)

    def text(self, name: str) -> str:
        found = next((value for key, value, _ in self.values() if key == name), None)
        return str(found.value) if isinstance(found, Literal) and found.value is not None else ""


class NomadReader(FormatReader):
    """Reads job specifications in HCL."""

    name: ClassVar[str] = "nomad"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("*.nomad", "*.nomad.hcl", "*.hcl", "*.nomad.tpl")

    def claims(self, path: str, source: bytes) -> bool:
        return b'job "' in source and b"task " in source and b"group " in source

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        tree = parse(source)
        root = _Block(Reader(source), tree)
        wrong = first_error(tree)
        notices = (Notice(path, wrong.start_point[0] + 1, BROKEN),) if wrong is not None else ()
        services: list[ServiceDeclaration] = []
        bindings: list[Binding] = []
        for job in root.blocks("job"):
            for group in job.blocks("group"):
                for task in group.blocks("task"):
                    services.append(_service(task, group))
                    bindings.extend(_environment(task))
        return Declarations(self.name, tuple(services), tuple(bindings)), notices


def _service(task: _Block, group: _Block) -> ServiceDeclaration:
    """A task; the services of its group are its names on the network when it is the only one there."""
    alone = sum(1 for _ in group.blocks("task")) == 1
    named = [*task.blocks("service"), *(group.blocks("service") if alone else ())]
    config = next(task.blocks("config"), None)
    image = config.text("image") if config is not None else ""
    return ServiceDeclaration(
        name=task.label,
        origin="nomad",
        extent=task.extent,
        kind=kind_of(task.label, image),
        image=image,
        command=_command(config) if config is not None else (),
        aliases=tuple(sorted({each.text("name") for each in named} - {"", task.label})),
        ports=tuple(_ports(group)),
    )


def _command(config: _Block) -> tuple[str, ...]:
    given = {name: value for name, value, _ in config.values()}
    arguments = given.get("args")
    words = [given.get("command"), *(arguments.items if isinstance(arguments, Sequence) else ())]
    return tuple(str(word.value) for word in words if isinstance(word, Literal))


def _ports(group: _Block) -> Iterator[Port]:
    for network in group.blocks("network"):
        for port in network.blocks("port"):
            inner, outer = port.text("to") or port.text("static"), port.text("static")
            if inner.isdigit():
                yield Port(int(inner), int(outer) if outer.isdigit() else None, port.label)


def _environment(task: _Block) -> Iterator[Binding]:
    for block in task.blocks("env"):
        for name, value, extent in block.values():
            known = value if isinstance(value, Literal) else Unknown("known when it is deployed")
            yield Binding(f"service:{task.label}", name, known, "nomad", extent)
