"""Terraform and OpenTofu: blocks and variable files, as resources that are worked out when all files are known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from tree_sitter import Node

from commlint.extract.hcl import BROKEN, DEPTH_LIMIT, Reader, parse
from commlint.extract.port import FormatReader
from commlint.extract.syntax import first_error
from commlint.model.declarations import Declarations, Resource
from commlint.model.facts import Notice
from commlint.model.values import Compute, Literal, Mapping, Sequence, Value

_LABELLED = {"resource": 2, "data": 2, "module": 1, "variable": 1, "output": 1}
_SUFFIXES = (".tf", ".tofu", ".tfvars")
_RUN_BY_ITSELF = frozenset({"backend", "cloud"})


class TerraformReader(FormatReader):
    """Reads the native syntax; what a block is worth depends on other files and is not asked here."""

    name: ClassVar[str] = "terraform"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("*.tf", "*.tofu", "*.tfvars")

    def claims(self, path: str, source: bytes) -> bool:
        return path.lower().endswith(_SUFFIXES)

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        reader = Reader(source)
        root = parse(source)
        wrong = first_error(root)
        notices: tuple[Notice, ...] = ()
        if wrong is not None:
            line = wrong.start_point[0] + 1
            notices = (Notice(path, line, BROKEN),)
        found: list[Resource] = []
        for child in _whole(root):
            if child.type == "block":
                found.extend(_block(reader, child))
            elif child.type == "attribute" and path.endswith(".tfvars"):
                name, value = _attribute(reader, child, 0)
                found.append(Resource("given", "", name, value, reader.extent(child)))
        if reader.cut:
            deep = "nested too deeply; what stands inside is unknown, flatten it"
            notices = (*notices, Notice(path, reader.cut, deep))
        return Declarations(self.name, resources=tuple(found)), notices


def _whole(root: Node) -> Iterator[Node]:
    """The blocks and attributes of a file; beside a mistake those that are whole stand under the error."""
    for child in root.children:
        if child.type == "body" or child.is_error:
            yield from _whole(child)
        elif child.type in ("block", "attribute"):
            yield child


def _block(reader: Reader, node: Node) -> Iterator[Resource]:
    kind, labels, body = _parts(reader, node)
    reader.places = {}
    extent = reader.extent(node)
    settings = _settings(reader, body, "", 0)
    entries = {str(key.value): value for key, value in settings.entries if isinstance(key, Literal)}
    places = tuple(sorted(reader.places.items()))
    if kind == "locals":
        for name, value in entries.items():
            yield Resource("local", "", name, value, extent)
    elif kind == "provider" or (kind == "terraform" and not _RUN_BY_ITSELF.isdisjoint(entries)):
        yield Resource("root", "", labels[0] if labels else "", None, extent)
    elif kind not in _LABELLED or len(labels) != _LABELLED[kind]:
        return
    elif kind == "variable":
        yield Resource(kind, "", labels[0], entries.get("default"), extent)
    elif kind == "output":
        yield Resource(kind, "", labels[0], entries.get("value"), extent)
    elif kind == "module":
        source = entries.get("source")
        written = str(source.value) if isinstance(source, Literal) else ""
        yield Resource(kind, written, labels[0], settings, extent, places)
    else:
        yield Resource(kind, labels[0], labels[1], settings, extent, places)


def _parts(reader: Reader, node: Node) -> tuple[str, list[str], Node | None]:
    """The kind, the labels and the body of a block."""
    words: list[str] = []
    body: Node | None = None
    for child in node.children:
        if child.type in ("identifier", "string_lit"):
            words.append(reader.text(child).strip('"'))
        elif child.type == "body":
            body = child
    return (words[0] if words else ""), words[1:], body


def _settings(reader: Reader, body: Node | None, path: str, depth: int) -> Mapping:
    """Attributes as values, blocks as sequences of mappings."""
    single: dict[str, Value] = {}
    blocks: dict[str, list[Value]] = {}
    if body is not None and depth >= DEPTH_LIMIT:
        reader.too_deep(body)
        return Mapping((), open=True)
    for child in body.children if body is not None else ():
        if child.type == "attribute":
            name, value = _attribute(reader, child, depth, path)
            single[name] = value
        elif child.type == "block":
            kind, labels, inner = _parts(reader, child)
            name = labels[0] if kind == "dynamic" and labels else kind
            items = blocks.setdefault(name, [])
            place = f"{path}/{name}/{len(items)}".lstrip("/")
            reader.places[place] = reader.extent(child)
            given = _settings(reader, inner, place, depth + 1)
            items.append(_dynamic(name, given) if kind == "dynamic" else given)
    single.update({name: Sequence(tuple(items)) for name, items in blocks.items()})
    return Mapping(tuple((Literal(name), value) for name, value in single.items()))


def _dynamic(name: str, settings: Mapping) -> Value:
    """A block that is written once for each element: `dynamic` of the elements, its content and their name in it."""
    entries = {str(key.value): value for key, value in settings.entries if isinstance(key, Literal)}
    content = entries.get("content")
    inner = content.items[0] if isinstance(content, Sequence) and content.items else Mapping(())
    iterator = entries.get("iterator")
    named = Literal(getattr(iterator, "name", name))
    return Compute("dynamic", (entries.get("for_each", Literal(None)), inner, named))


def _attribute(reader: Reader, node: Node, depth: int, path: str = "") -> tuple[str, Value]:
    name = next((reader.text(child) for child in node.children if child.type == "identifier"), "")
    expression = next((child for child in node.children if child.type == "expression"), None)
    place = f"{path}/{name}".lstrip("/")
    return name, reader.value(expression, place, depth) if expression is not None else Literal(None)
