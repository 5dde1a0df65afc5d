"""Edits of languages that have a grammar and no writer of their own: text put in at the place the syntax tree tells."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from tree_sitter import Language, Node, Parser

from commlint.fix.port import Fixer
from commlint.fix.scope import Change, Scopes, Shape, margin_of
from commlint.model.findings import Fix

Insertion = tuple[int, bytes]
"""Byte offset and what is put in there."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal of named parts: the kinds of its node and of one part, and how a part is written."""

    kind: str
    part: str
    written: str


class GrammarFixer(Fixer):
    """
    Gives calls what they lack.

    `calls`: kinds of nodes that stand at the place of a fix. `arguments`: the kind of node with their arguments.
    `keyword`: how a named argument is written, "" where there are none.
    `entry`: the object that stands for named arguments (`{ timeout: 5 }`), `fields`: the literal that a call may be.
    `empty`: what stands in for an argument that is left out.
    `scope`: where statements stand, None where a fix writes none.
    """

    calls: ClassVar[tuple[str, ...]]
    arguments: ClassVar[tuple[str, ...]]
    keyword: ClassVar[str] = ""
    entry: ClassVar[Literal | None] = None
    fields: ClassVar[Literal | None] = None
    empty: ClassVar[str] = ""
    scope: ClassVar[Shape | None] = None

    @abstractmethod
    def grammar(self, path: str) -> Language:
        """The grammar of a file."""

    def imported(self, source: bytes, root: Node, needs: str) -> Insertion | None:
        """Where and how `needs` is imported; None when it is already."""
        return None

    def named(self, argument: Node) -> Node | None:
        """What an argument stands for that is a name; None when that is not written in one place."""
        return None

    def apply(self, source: str, fixes: Sequence[Fix]) -> str:
        before = source.encode("utf-8", "surrogatepass")
        parser = Parser(self.grammar(fixes[0].region.path))
        root = parser.parse(before).root_node
        scopes = Scopes(self.scope) if self.scope is not None else None
        changes: set[Change] = set()
        for fix in fixes:
            made = self._changes(before, root, fix, scopes)
            changes.update(made)
            needed = {each for name in fix.needs.split() if made and (each := self.imported(before, root, name))}
            changes.update((offset, offset, text) for offset, text in needed)
        after = before
        for start, end, text in sorted(changes, reverse=True):
            after = after[:start] + text + after[end:]
        # A fix that the grammar does not take is none.
        broken = parser.parse(after).root_node.has_error and not root.has_error
        return source if broken else after.decode("utf-8", "surrogatepass")

    def _changes(self, source: bytes, root: Node, fix: Fix, scopes: Scopes | None) -> tuple[Change, ...]:
        node = self._call(source, root, fix)
        if node is None:
            return ()
        if fix.kind == "add-scope" and scopes is not None:
            return scopes.changes(node, self._list(node), fix)
        made = self._argument(source, node, fix) if fix.kind == "add-argument" else None
        return ((made[0], made[0], made[1]),) if made else ()

    def _argument(self, source: bytes, node: Node, fix: Fix) -> Insertion | None:
        way, _, name = fix.name.partition(":")
        match way:
            case "before":
                return self._before(node, name, fix.value)
            case "kw" if self.fields and node.type == self.fields.kind:
                return _part(self.fields, node, name, fix.value)
            case "kw" if self.keyword:
                return self._named(source, node, name, fix.value)
            case "arg" if self.entry:
                number, _, key = name.partition("/")
                return self._entry(node, int(number), key, fix.value)
        return None

    def _call(self, source: bytes, root: Node, fix: Fix) -> Node | None:
        """The call that stands exactly where the fix says."""
        start, end = _offsets(source, fix)
        node = root.descendant_for_byte_range(start, max(end - 1, start))
        while node is not None and (node.start_byte, node.end_byte) != (start, end):
            node = node.parent if node.start_byte >= start and node.end_byte <= end else None
        while node is not None and node.type not in self.calls:
            inner = [child for child in node.named_children if (child.start_byte, child.end_byte) == (start, end)]
            node = inner[0] if inner else _only(node, self.calls)
        return node

    def _list(self, node: Node) -> Node | None:
        return next((child for child in node.named_children if child.type in self.arguments), None)

    def _named(self, source: bytes, node: Node, name: str, value: str) -> Insertion | None:
        listed = self._list(node)
        if listed is None:
            return None
        given = [child for child in listed.named_children if child.type != "comment"]
        written = self.keyword.format(name=name, value=value)
        mark = self.keyword.partition("{value}")[0].format(name=name).encode()
        if any(source[child.start_byte : child.end_byte].startswith(mark) for child in given):
            return None
        return _after(listed, given, written)

    def _entry(self, node: Node, number: int, name: str, value: str) -> Insertion | None:
        listed, entry = self._list(node), self.entry
        if listed is None or entry is None:
            return None
        given = [child for child in listed.named_children if child.type != "comment"]
        if len(given) > number:
            literal = given[number] if given[number].type == entry.kind else self.named(given[number])
            return _part(entry, literal, name, value) if literal is not None and literal.type == entry.kind else None
        if any(child.type == "spread_element" for child in given):
            return None
        absent = [self.empty] * (number - len(given))
        return _after(listed, given, ", ".join([*absent, f"{{ {entry.written.format(name=name, value=value)} }}"]))

    def _before(self, node: Node, name: str, value: str) -> Insertion | None:
        receiver = node.child_by_field_name("object")
        if receiver is None:
            return None
        return receiver.end_byte, f".{name}({value})".encode()


def _part(literal: Literal, node: Node, name: str, value: str) -> Insertion | None:
    """A part at the beginning of a literal, laid out as its first one; None when it is there already."""
    body = next((child for child in node.named_children if child.type == "literal_value"), node)
    parts = [child for child in body.named_children if child.type != "comment"]
    if any(_key(part) == name for part in parts) or any(part.type not in (literal.part, *_OTHERS) for part in parts):
        return None
    written = literal.written.format(name=name, value=value)
    opening = body.start_byte + 1
    if not parts:
        return opening, (written if literal.part == "keyed_element" else f" {written} ").encode()
    if parts[0].start_point.row == body.start_point.row:
        return parts[0].start_byte, f"{written}, ".encode()
    return parts[0].start_byte, f"{written},\n{margin_of(parts[0])}".encode()


_OTHERS = ("spread_element", "shorthand_property_identifier", "method_definition")


def _key(part: Node) -> str:
    key = part.child_by_field_name("key") or (part.named_children[0] if part.named_children else part)
    return (key.text or b"").decode("utf-8", "replace").strip("'\"")


def _after(listed: Node, given: Sequence[Node], written: str) -> Insertion:
    """Behind the last argument, or alone between the parentheses."""
    if not given:
        return listed.start_byte + 1, written.encode()
    return given[-1].end_byte, f", {written}".encode()


def _only(node: Node, kinds: tuple[str, ...]) -> Node | None:
    """The one call below a node that wraps it (an await, a statement); None when there are several."""
    found = list(_outermost(node, kinds))
    return found[0] if len(found) == 1 else None


def _outermost(node: Node, kinds: tuple[str, ...]) -> Iterator[Node]:
    for child in node.named_children:
        if child.type in kinds:
            yield child
        else:
            yield from _outermost(child, kinds)


def _offsets(source: bytes, fix: Fix) -> tuple[int, int]:
    """A region of characters as bytes."""
    lines = source.split(b"\n")
    region = fix.region

    def offset(line: int, column: int) -> int:
        before = sum(len(each) + 1 for each in lines[: line - 1])
        text = lines[line - 1].decode("utf-8", "replace") if line <= len(lines) else ""
        return before + len(text[: column - 1].encode("utf-8", "replace"))

    return offset(region.start_line, region.start_column), offset(region.end_line, region.end_column)
