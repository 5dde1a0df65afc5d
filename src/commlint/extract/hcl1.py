"""HCL of its first version as a tree of nodes: blocks may stand in lists there, and JSON is a part of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from commlint.extract.nodes import ListNode, MapNode, Node, TextNode
from commlint.model.places import Extent

DEPTH_LIMIT = 30
TOKEN_LIMIT = 100_000

_TOKEN = re.compile(
    r"""[\s,]+|\#[^\n]*|//[^\n]*|/\*.*?(?:\*/|\Z)|(?P<mark>[{}\[\]=:])|"(?P<quoted>(?:\\.|[^"\\])*)"
    |<<-?(?P<label>\w+)[^\n]*|(?P<word>[^\s,{}\[\]=:"\#]+)|(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)")
_WRITTEN = {"n": "\n", "t": "\t"}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int
    end: int


def parse(text: str) -> tuple[MapNode, int]:
    """What a file says, and the line from which on there was too much to read, 0 when there was not."""
    reader = _Reader(_tokens(text))
    root = reader.map("", 0, 1)
    return root, reader.cut


def _tokens(text: str) -> Iterator[_Token]:
    line, place = 1, 0
    while (found := _TOKEN.match(text, place)) is not None:
        kind, place = found.lastgroup or "", found.end()
        value = found[kind] if kind else ""
        if kind == "label":
            # A text that nothing ends goes on to the end of the file.
            ending = re.compile(rf"\n[ \t]*{value}\b").search(text, place)
            value, place = text[place : ending.start() if ending else None], ending.end() if ending else len(text)
        elif kind == "quoted":
            value = _ESCAPE.sub(lambda each: _WRITTEN.get(each[1], each[1]), value)
        end = line + text.count("\n", found.start(), place)
        if kind in ("mark", "word", "quoted", "label"):
            yield _Token("quoted" if kind == "label" else kind, value, line, end)
        line = end


class _Reader:
    def __init__(self, tokens: Iterator[_Token]) -> None:
        self._tokens, self._left = tokens, TOKEN_LIMIT
        self.cut = 0
        self._next = next(tokens, None)
        self._line = 1

    def _take(self) -> _Token | None:
        token, self._left = self._next, self._left - 1
        self._line = token.end if token is not None else self._line
        if self._left < 0:
            self._stop()
        self._next = next(self._tokens, None)
        return token

    def _stop(self) -> None:
        """Nothing is read from here on."""
        self.cut = self.cut or self._line
        self._tokens, self._next = iter(()), None

    def _is(self, *marks: str) -> bool:
        return self._next is not None and self._next.kind == "mark" and self._next.text in marks

    def map(self, closing: str, depth: int, line: int) -> MapNode:
        """Keys with what they are given, up to the mark that closes the mapping; a key given twice holds a list."""
        entries: dict[str, tuple[TextNode, list[Node]]] = {}
        while self._next is not None and not (closing and self._is(closing)):
            token = self._take()
            if token is None or token.kind == "mark":
                continue
            key = TextNode(token.text, _at(token.line, token.end))
            value = self._given(depth + 1)
            if value is not None:
                entries.setdefault(key.text, (key, []))[1].append(value)
        self._take()
        extent = _at(line, self._line)
        return MapNode(tuple((key, _one(values)) for key, values in entries.values()), extent)

    def _given(self, depth: int) -> Node | None:
        """The value behind a key: after a sign, or a block with its labels."""
        if self._is("=", ":"):
            self._take()
            return self._value(depth)
        labels: list[TextNode] = []
        while self._next is not None and self._next.kind == "quoted":
            token = self._take()
            labels += [TextNode(token.text, _at(token.line, token.end))] if token is not None else []
        if not self._is("{"):
            return None
        node: Node | None = self._value(depth)
        for label in reversed(labels):
            node = MapNode(((label, node),), node.extent) if node is not None else None
        return node

    def _value(self, depth: int) -> Node | None:
        token = self._take()
        if token is None:
            return None
        if depth > DEPTH_LIMIT:
            self._stop()
            return None
        if token.kind != "mark":
            return TextNode(token.text, _at(token.line, token.end), plain=token.kind == "word")
        if token.text == "{":
            return self.map("}", depth + 1, token.line)
        if token.text != "[":
            return None
        items: list[Node] = []
        while self._next is not None and not self._is("]"):
            item = self._value(depth + 1)
            items += [item] if item is not None else []
        self._take()
        return ListNode(tuple(items), _at(token.line, self._line))


def _one(values: list[Node]) -> Node:
    if len(values) == 1:
        return values[0]
    return ListNode(tuple(values), _at(values[0].extent.start_line, values[-1].extent.end_line))


def _at(line: int, end: int) -> Extent:
    return Extent(line, 1, end, 1)
