"""Terraform and OpenTofu: attributes of a block, and blocks beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

import tree_sitter_hcl
from tree_sitter import Language, Node, Parser

from commlint.fix.blocks import Block, NoEdit, before_last, filled
from commlint.fix.port import Fixer
from commlint.model.findings import Fix

_REPEATED = {"for_each": "[each.key]", "count": "[count.index]"}
_MARGIN = "  "
_ATTRIBUTE = re.compile(r"^(?P<name> *\w+) *= (?P<value>.*[^{[(\s])$")


class TerraformFixer(Fixer):
    """Gives resources what they lack."""

    suffixes: ClassVar[tuple[str, ...]] = (".tf", ".tofu")

    def apply(self, source: str, fixes: Sequence[Fix]) -> str:
        before = source.encode("utf-8", "surrogatepass")
        parser = Parser(Language(tree_sitter_hcl.language()))
        root = parser.parse(before).root_node
        if root.has_error:
            return source
        blocks = {(block.start_point.row, block.end_point.row): _Resource(block) for block in _blocks(root)}
        labels = {block.label for block in blocks.values()}
        insertions: list[tuple[int, bytes]] = []
        for fix in fixes:
            block = blocks.get((fix.region.start_line - 1, fix.region.end_line - 1))
            if block is not None and fix.kind == "add-block":
                insertions += _given(block, fix, labels)
        after = before
        for offset, text in sorted(insertions, reverse=True):
            after = after[:offset] + text + after[offset:]
        return source if parser.parse(after).root_node.has_error else after.decode("utf-8", "surrogatepass")


class _Resource(Block):
    """One block with its labels and attributes."""

    def __init__(self, node: Node) -> None:
        self.node = node
        labels = [_text(child).strip('"') for child in node.named_children if child.type == "string_lit"]
        self.label = labels[-1] if labels else ""
        self.body = next((child for child in node.named_children if child.type == "body"), None)
        self.attributes: dict[str, Node] = {}
        for child in self.body.named_children if self.body is not None else ():
            if child.type == "attribute":
                self.attributes[_text(child.named_children[0])] = child
        self.index = next((index for name, index in _REPEATED.items() if name in self.attributes), "")

    def copied(self, name: str) -> str | None:
        node = self.attributes.get(name)
        return _text(node) if node is not None else None

    def renamed(self, name: str, suffix: str, last: str) -> str | None:
        written = self._value(name)
        if written is None or not (written.startswith('"') and written.endswith('"') and "\n" not in written):
            return None
        return f'"{before_last(written[1:-1], suffix, last)}"'

    def computed(self, name: str, suffix: str) -> str | None:
        written = self._value(name)
        return f'"${{{written}}}{suffix}"' if written is not None else None

    def _value(self, name: str) -> str | None:
        node = self.attributes.get(name)
        return _text(node.named_children[-1]) if node is not None else None


def _given(block: _Resource, fix: Fix, labels: set[str]) -> Iterator[tuple[int, bytes]]:
    """What goes into the block, before its closing brace, and what goes behind it."""
    name = fix.value.partition(" ")[0]
    closing = block.node.children[-1]
    if name in block.attributes or _text(closing) != "}" or closing.start_point.row == block.node.start_point.row:
        return
    try:
        inside, beside = filled(fix.value, block), filled(fix.needs, block)
    except NoEdit:
        return
    if any(f'"{label}"' in beside for label in labels):
        return
    margin = " " * block.node.start_point.column
    yield closing.start_byte - len(margin), f"{_indented(inside, margin + _MARGIN)}\n".encode()
    yield block.node.end_byte, f"\n\n{_indented(beside, margin)}".encode()


def _indented(text: str, margin: str) -> str:
    """Lines at a margin, the equals signs of attributes that follow each other below one another, as `fmt` has them."""
    lines: list[str] = []
    group: list[re.Match[str]] = []

    def settle() -> None:
        width = max((len(found["name"]) for found in group), default=0)
        lines.extend(f"{found['name']:<{width}} = {found['value']}" for found in group)
        group.clear()

    for line in text.splitlines():
        found = _ATTRIBUTE.match(line)
        if found is not None:
            group.append(found)
            continue
        settle()
        lines.append(line)
    settle()
    return "\n".join(f"{margin}{line}" for line in lines)


def _blocks(root: Node) -> Iterator[Node]:
    for body in root.named_children:
        yield from (child for child in body.named_children if child.type == "block")


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
