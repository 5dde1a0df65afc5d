"""YAML: entries of a mapping, and resources of a template with what stands beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

import yaml

from commlint.fix.blocks import Block, NoEdit, before_last, filled
from commlint.fix.port import Fixer
from commlint.model.findings import Fix

Change = tuple[int, int, str]
"""From, to, and what stands there instead; in characters."""

_PROPERTIES = "Properties"
_WRITTEN = ("tag:yaml.org,2002:str", "!Sub")
_STEP = 2


class YamlFixer(Fixer):
    """Sets entries at their place and leaves every other byte as it is; text that is no YAML stays as it is."""

    suffixes: ClassVar[tuple[str, ...]] = (".yaml", ".yml")

    def apply(self, source: str, fixes: Sequence[Fix]) -> str:
        documents = _documents(source)
        mappings = [node for document in documents for node in _mappings(document)]
        changes: list[Change] = []
        for fix in fixes:
            place = (fix.region.start_line - 1, fix.region.start_column - 1)
            if fix.kind == "set-entry":
                here = (node for node in mappings if (node.start_mark.line, node.start_mark.column) == place)
                for node in list(here)[:1]:
                    changes += _entry(source, node, fix.name.split("/"), fix.value)
            elif fix.kind == "add-block":
                changes += _resource(source, mappings, place, fix)
        after = source
        # Of changes at one place the last is made first, so that they stand in their order.
        for _, (start, end, text) in sorted(enumerate(changes), key=lambda each: (each[1][0], each[0]), reverse=True):
            after = after[:start] + text + after[end:]
        return after if after == source or len(_documents(after)) == len(documents) else source


def _documents(source: str) -> list[yaml.Node]:
    """The documents of a text; none when it does not parse."""
    try:
        return [node for node in yaml.compose_all(source, Loader=yaml.SafeLoader) if node is not None]
    except (yaml.YAMLError, RecursionError):
        return []


def _mappings(document: yaml.Node) -> Iterator[yaml.MappingNode]:
    """All mappings, each once, whatever aliases lead to it."""
    seen: set[int] = set()
    pending = [document]
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            yield node
            pending += [child for entry in node.value for child in entry]
        elif isinstance(node, yaml.SequenceNode):
            pending += node.value


def _entries(node: yaml.MappingNode) -> dict[str, tuple[yaml.Node, yaml.Node]]:
    return {str(key.value): (key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode)}


# -- entries ---------------------------------------------------------------------------------------------


def _entry(source: str, node: yaml.MappingNode, path: list[str], value: str) -> Iterator[Change]:
    """An entry set where it stands, or put in front of the others."""
    name, *deeper = path
    entries = _entries(node)
    if name in entries:
        given = entries[name][1]
        if deeper and isinstance(given, yaml.MappingNode):
            yield from _entry(source, given, deeper, value)
        elif not deeper and isinstance(given, yaml.ScalarNode) and given.style in (None, "'", '"'):
            yield given.start_mark.index, given.end_mark.index, value
    elif node.flow_style:
        written = f"{name}: {value}" if not deeper else f"{name}: {{{deeper[0]}: {value}}}"
        yield node.start_mark.index + 1, node.start_mark.index + 1, f"{written}, " if node.value else written
    elif node.value:
        first = node.value[0][0].start_mark
        margin = " " * first.column
        written = f"{name}: {value}" if not deeper else f"{name}:\n{margin}{' ' * _STEP}{deeper[0]}: {value}"
        yield first.index, first.index, f"{written}{_newline(source)}{margin}"


# -- resources -------------------------------------------------------------------------------------------


class _Resource(Block):
    """A resource of a template: its name and its properties."""

    def __init__(self, source: str, label: str, node: yaml.MappingNode) -> None:
        self.source, self.label = source, label
        self.own = _entries(node)
        properties = self.own.get(_PROPERTIES)
        self.properties = properties[1] if properties else None
        self.given = _entries(self.properties) if isinstance(self.properties, yaml.MappingNode) else {}

    def copied(self, name: str) -> str | None:
        key, value = self.given.get(name) or self.own.get(name) or (None, None)
        if key is None or not isinstance(value, yaml.ScalarNode) or value.style in ("|", ">"):
            return None
        return self.source[key.start_mark.index : value.end_mark.index]

    def renamed(self, name: str, suffix: str, last: str) -> str | None:
        value = self.given.get(name, (None, None))[1]
        if not isinstance(value, yaml.ScalarNode) or value.tag not in _WRITTEN or value.style in ("|", ">"):
            return None
        written = self.source[value.start_mark.index : value.end_mark.index]
        quote = value.style or ""
        text = written.removesuffix(quote)
        return f"{before_last(text, suffix, last)}{quote}"

    def computed(self, name: str, suffix: str) -> str | None:
        return None


def _resource(source: str, mappings: Iterable[yaml.MappingNode], place: tuple[int, int], fix: Fix) -> Iterator[Change]:
    """What goes into the properties of the resource whose name stands at a place, and what stands behind it."""
    for parent in mappings:
        for number, (key, value) in enumerate(parent.value):
            if (key.start_mark.line, key.start_mark.column) == place and isinstance(value, yaml.MappingNode):
                block = _Resource(source, str(key.value), value)
                try:
                    inside, beside = filled(fix.value, block), filled(fix.needs, block)
                except NoEdit:
                    return
                names = _entries(parent)
                if inside.partition(":")[0] in block.given or beside.partition(":")[0] in names or parent.flow_style:
                    return
                into = _into(source, block, key, value, inside)
                if into is not None:
                    step = value.start_mark.column - key.start_mark.column
                    yield into
                    yield _behind(source, parent, number, _indented(beside, key.start_mark.column, step))
                return


def _into(source: str, block: _Resource, key: yaml.Node, node: yaml.MappingNode, inside: str) -> Change | None:
    """Behind the last property; behind the last entry of the resource where there are no properties."""
    properties = block.properties
    step = node.start_mark.column - key.start_mark.column
    if isinstance(properties, yaml.MappingNode) and properties.value and not properties.flow_style:
        column = properties.value[0][0].start_mark.column
        inner = column - block.own[_PROPERTIES][0].start_mark.column
        return _behind(source, properties, len(properties.value) - 1, _indented(inside, column, inner), apart=False)
    if properties is None and not node.flow_style and node.value:
        column = node.start_mark.column
        lines = [f"{' ' * column}{_PROPERTIES}:", *_indented(inside, column + step, step)]
        return _behind(source, node, len(node.value) - 1, lines, apart=False)
    return None


def _behind(source: str, parent: yaml.MappingNode, number: int, lines: list[str], apart: bool = True) -> Change:
    """Behind an entry of a mapping, before the blank lines and comments of what follows; `apart` as entries are."""
    rows = source.splitlines(keepends=True)
    key, value = parent.value[number]
    following: Any = parent.value[number + 1][0].start_mark if number + 1 < len(parent.value) else value.end_mark
    begun = rows[following.line][: following.column] if following.line < len(rows) else ""
    end = row = min(following.line + bool(begun.strip()), len(rows))
    while row > key.start_mark.line + 1 and _passes(rows[row - 1], key.start_mark.column):
        row -= 1
    offset, newline = sum(map(len, rows[:row])), _newline(source)
    written = newline.join(lines)
    if apart and any(not line.strip() for line in rows[row:end]):
        written = f"{newline}{written}"
    closed = source[offset - 1 : offset] == "\n"
    return offset, offset, f"{written}{newline}" if closed else f"{newline}{written}"


def _passes(line: str, column: int) -> bool:
    """Blank, or a comment of the mapping itself rather than text of the entry before."""
    body = line.strip()
    return not body or (body.startswith("#") and len(line) - len(line.lstrip()) <= column) or body in ("---", "...")


def _indented(text: str, column: int, step: int) -> list[str]:
    """Lines written with two blanks for each step, at their column and with the steps of the file."""
    found = []
    for line in text.splitlines():
        body = line.lstrip(" ")
        depth = (len(line) - len(body)) // _STEP
        found.append(f"{' ' * (column + depth * step)}{body}")
    return found


def _newline(source: str) -> str:
    return "\r\n" if "\r\n" in source else "\n"
