"""
YAML with positions: documents as trees of nodes that know where they stand.

Built from parser events, never from tags, so nothing of the file is constructed or run.
Trees are safe to walk: aliases that would expand without end, and nesting without end, are cut with a notice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from commlint.extract.nodes import ListNode, MapNode, Node, TextNode
from commlint.model.facts import Notice
from commlint.model.places import Extent

DEPTH_LIMIT = 100
EXPANSION_LIMIT = 200_000
BROKEN_LIMIT = 20
NOTICE_LIMIT = 50

SUFFIXES = (".yaml", ".yml")

_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SEPARATOR = re.compile(r"^---(?=\s|$)", re.MULTILINE)


def is_yaml(path: str) -> bool:
    """Whether the name says YAML."""
    return path.lower().endswith(SUFFIXES)


def has_top_key(source: bytes, key: str) -> bool:
    """Whether some document seems to have `key` at its top: a cheap look that parses nothing."""
    name = re.escape(key.encode())
    if re.search(rb"^(?:--- +)?[\"']?" + name + rb"[\"']?[ \t]*:", source, re.MULTILINE):
        return True
    return source.lstrip()[:1] == b"{" and f'"{key}"'.encode() in source


def decode(path: str, source: bytes) -> tuple[str, tuple[Notice, ...]]:
    """The text of a file; bytes that are no UTF-8 (or UTF-16 with a mark) are replaced, with a notice."""
    if source[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
    try:
        return source.decode(encoding), ()
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        notice = Notice(path, line, "not valid UTF-8 text, unreadable characters were replaced; save it as UTF-8")
        return source.decode(encoding, errors="replace"), (notice,)


def read_documents(path: str, source: bytes) -> tuple[tuple[Node, ...], tuple[Notice, ...]]:
    """
    The documents of a file, in order; total.

    A broken document costs itself only: those before it and after the next `---` are still read.
    """
    text, notices = decode(path, source)
    found = list(notices)
    documents: list[Node] = []
    begin = 0
    for _ in range(BROKEN_LIMIT):
        composer = _Composer(path, text.count("\n", 0, begin))
        broken: yaml.YAMLError | None = None
        try:
            composer.run(text[begin:])
        except yaml.YAMLError as error:
            broken = error
        documents.extend(composer.documents)
        found.extend(composer.notices)
        if broken is None:
            return tuple(documents), capped(path, found)
        line = _line_of(broken, text, begin)
        found.append(Notice(path, line, f"broken YAML: {_reason(broken)}"))
        following = _SEPARATOR.search(text, max(_offset_of_line(text, line), begin + 1))
        if following is None:
            return tuple(documents), capped(path, found)
        begin = following.start()
    found.append(Notice(path, 0, f"more than {BROKEN_LIMIT} broken YAML documents; the rest was not read"))
    return tuple(documents), capped(path, found)


def read_json(path: str, source: bytes) -> tuple[tuple[Node, ...], tuple[Notice, ...]]:
    """The one document of a JSON file, which is YAML as long as it is not indented with tabs."""
    return read_documents(path, source.replace(b"\t", b" "))


def capped(path: str, notices: list[Notice]) -> tuple[Notice, ...]:
    """The first of `notices`, and how many more there are."""
    if len(notices) <= NOTICE_LIMIT:
        return tuple(notices)
    return (*notices[:NOTICE_LIMIT], Notice(path, 0, f"{len(notices) - NOTICE_LIMIT} more notices of this file"))


def _offset_of_line(text: str, line: int) -> int:
    offset = 0
    for _ in range(line - 1):
        offset = text.find("\n", offset) + 1
        if offset == 0:
            return len(text)
    return offset


def _line_of(error: yaml.YAMLError, text: str, begin: int) -> int:
    before = text.count("\n", 0, begin)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        return before + int(mark.line) + 1
    position = getattr(error, "position", None)
    return before + (text.count("\n", begin, begin + position) if isinstance(position, int) else 0) + 1


def _reason(error: yaml.YAMLError) -> str:
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be parsed")
    context = str(getattr(error, "context", None) or "")
    said = f"{problem} {context}".strip()
    if "\\t" in said or "\t" in said or "cannot start any token" in said:
        return f"{said}; indent with spaces, and quote values that start with a special character"
    if said.startswith("nested"):
        return f"{said}; split it up"
    if "nesting depth" in said:
        # Newer parsers have a limit of their own, and it is reached before ours.
        return f"nested deeper than the parser reads ({said}); split it up"
    if "anchor" in said or "alias" in said:
        return f"{said}; define the anchor before it is used"
    return f"{said}; check indentation, quotes and brackets around this line"


@dataclass(slots=True)
class _Frame:
    """A collection being read: children so far, what opened it, and how much it expands to."""

    event: Any
    children: list[Node]
    anchor: str | None
    began: int
    height: int = 1


@dataclass(frozen=True, slots=True)
class _Anchor:
    node: Node
    size: int
    height: int


class _Composer:
    """Turns events into documents without recursion; `documents` are those finished so far."""

    def __init__(self, path: str, lines_before: int) -> None:
        self.path = path
        self.lines_before = lines_before
        self.notices: list[Notice] = []
        self.documents: list[Node] = []
        self._stack: list[_Frame] = []
        self._anchors: dict[str, _Anchor] = {}
        self._open: set[str] = set()
        self._read = 0
        self._aliased = 0
        self._root: Node | None = None

    def run(self, text: str) -> None:
        """
        Raises:
            yaml.YAMLError: the text is no YAML from some place on.
        """
        for event in yaml.parse(text, Loader=_PARSER):
            self._take(event)

    def _take(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._enter(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._leave(event)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._stack, self._root = [], None
            self._anchors.clear()
            self._open.clear()
        elif isinstance(event, yaml.DocumentEndEvent) and self._root is not None:
            self.documents.append(self._root)

    def _scalar(self, event: Any) -> None:
        self._read += 1
        plain = event.style in (None, "") and event.tag != "!reset"
        node = TextNode(
            "" if event.tag == "!reset" else event.value, self._extent(event, event), plain, event.tag or ""
        )
        if event.anchor:
            self._anchors[event.anchor] = _Anchor(node, 1, 0)
        self._add(node, 0)

    def _enter(self, event: Any) -> None:
        if len(self._stack) >= DEPTH_LIMIT:
            # The time the parser needs grows with the square of the depth, so the document ends here.
            raise yaml.MarkedYAMLError(None, None, f"nested deeper than {DEPTH_LIMIT} levels", event.start_mark)
        self._read += 1
        if event.anchor:
            self._open.add(event.anchor)
        self._stack.append(_Frame(event, [], event.anchor, self._read + self._aliased))

    def _leave(self, event: Any) -> None:
        frame = self._stack.pop()
        extent = self._extent(frame.event, event)
        if frame.children and not frame.event.flow_style:
            # Without brackets a collection ends with what is last in it, not where the next thing begins.
            extent = Extent(*extent[:2], *frame.children[-1].extent[2:])
        node: Node
        if isinstance(frame.event, yaml.SequenceStartEvent):
            node = ListNode(tuple(frame.children), extent, frame.event.tag or "")
        else:
            node = self._mapping(frame.children, extent, frame.event.tag or "")
        if frame.anchor:
            self._open.discard(frame.anchor)
            self._anchors[frame.anchor] = _Anchor(node, self._read + self._aliased - frame.began + 1, frame.height)
        self._add(node, frame.height)

    def _alias(self, event: Any) -> None:
        anchor = self._anchors.get(event.anchor)
        if event.anchor in self._open:
            self._say(event, f'alias "*{event.anchor}" stands inside its own anchor; it was read as null')
        elif anchor is None:
            self._say(event, f'alias "*{event.anchor}" has no anchor before it; it was read as null')
        elif len(self._stack) + anchor.height > DEPTH_LIMIT or self._aliased + anchor.size > EXPANSION_LIMIT:
            self._say(event, f'alias "*{event.anchor}" makes the document too big to read; it was read as null')
        else:
            self._aliased += anchor.size
            self._add(anchor.node, anchor.height)
            return
        self._add(self._nothing(event), 0)

    def _add(self, node: Node, height: int) -> None:
        if not self._stack:
            self._root = node
            return
        frame = self._stack[-1]
        frame.children.append(node)
        frame.height = max(frame.height, height + 1)

    def _mapping(self, children: list[Node], extent: Extent, tag: str) -> MapNode:
        own: dict[str, tuple[TextNode, Node]] = {}
        merged: list[MapNode] = []
        for key, node in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, TextNode):
                continue
            if key.text == "<<" and key.plain:
                merged.extend(_merge_sources(node))
                continue
            if key.text in own:
                line = key.extent.start_line
                self.notices.append(Notice(self.path, line, f'key "{key.text}" is given twice; the last one counts'))
            own[key.text] = (key, node)
        for source in merged:
            for key, node in source.entries:
                own.setdefault(key.text, (key, node))
        return MapNode(tuple(own.values()), extent, tag)

    def _nothing(self, event: Any) -> TextNode:
        self._read += 1
        return TextNode("", self._extent(event, event))

    def _extent(self, start: Any, end: Any) -> Extent:
        first, last = start.start_mark, end.end_mark
        before = self.lines_before
        if last.column == 0 and last.line > first.line:
            # The text of a block (`|`) is told to end where the next line begins.
            return Extent(before + first.line + 1, first.column + 1, before + last.line, 1)
        return Extent(before + first.line + 1, first.column + 1, before + last.line + 1, last.column + 1)

    def _say(self, event: Any, message: str) -> None:
        self.notices.append(Notice(self.path, self.lines_before + event.start_mark.line + 1, message))


def _merge_sources(node: Node) -> list[MapNode]:
    if isinstance(node, MapNode):
        return [node]
    if isinstance(node, ListNode):
        return [item for item in node.items if isinstance(item, MapNode)]
    return []
