"""Statements put before the one a call stands in, for what a call is given from the scope around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count

from tree_sitter import Node

from commlint.model.findings import Fix

Change = tuple[int, int, bytes]
"""From, to (byte offsets), and what stands there instead."""

_HOLE = re.compile(r"\{(\w+)\}")
_GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Shape:
    """Kinds of nodes: of lists of statements, of functions, of loops, in which nothing is put off, and of names."""

    statements: tuple[str, ...]
    functions: tuple[str, ...]
    loops: tuple[str, ...]
    names: tuple[str, ...]


class Scopes:
    """
    Writes what calls of one file are given.

    In the statements of a fix `{given}` is the argument as it was, and every other `{word}` a new name, with a number
    behind it where the function has that name already.
    """

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._taken: dict[int, set[str]] = {}

    def changes(self, call: Node, arguments: Node | None, fix: Fix) -> tuple[Change, ...]:
        """The statements, and the new name in the place of the argument; none where they cannot stand."""
        number, _, name = fix.name.partition(":")[2].partition("/")
        given = [child for child in arguments.named_children if child.type != "comment"] if arguments else []
        statement, function = self._around(call)
        if statement is None or function is None or len(given) <= int(number):
            return ()
        argument = given[int(number)]
        suffix = self._suffix(function, set(_HOLE.findall(fix.value)) - {_GIVEN})
        written = fix.value.replace(f"{{{_GIVEN}}}", _text(argument))
        written = _HOLE.sub(rf"\g<1>{suffix}", written)
        margin = margin_of(statement)
        lines = "".join(f"{line}\n{margin}" for line in written.splitlines())
        return (
            (statement.start_byte, statement.start_byte, lines.encode()),
            (argument.start_byte, argument.end_byte, f"{name}{suffix}".encode()),
        )

    def _around(self, call: Node) -> tuple[Node | None, Node | None]:
        """The statement of the call and the function it is in; no statement inside a loop."""
        statement: Node | None = None
        node = call
        while node.parent is not None:
            if statement is None and node.parent.type in self._shape.statements:
                statement = node
            if node.parent.type in self._shape.functions:
                return statement, node.parent
            if node.parent.type in self._shape.loops:
                return None, None
            node = node.parent
        return None, None

    def _suffix(self, function: Node, words: set[str]) -> str:
        """The first number that makes new names of all words."""
        taken = self._taken.setdefault(function.id, {_text(node) for node in _of_kinds(function, self._shape.names)})
        suffixes = chain([""], map(str, count(2)))
        suffix = next(each for each in suffixes if taken.isdisjoint(f"{word}{each}" for word in words))
        taken |= {f"{word}{suffix}" for word in words}
        return suffix


def margin_of(node: Node) -> str:
    """The blanks before a node on its line."""
    top = node
    while top.parent is not None:
        top = top.parent
    line = (top.text or b"").split(b"\n")[node.start_point.row].decode("utf-8", "replace")
    return line[: len(line) - len(line.lstrip())]


def _of_kinds(node: Node, kinds: tuple[str, ...]) -> Iterator[Node]:
    pending = [node]
    while pending:
        each = pending.pop()
        if each.type in kinds:
            yield each
        pending += each.named_children


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
