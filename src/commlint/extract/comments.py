"""The comments of a file, as far as they speak to commlint."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tree_sitter import Node

from commlint.model.places import Extent

MARK = b"commlint:"

_QUOTED_OR_MARK = re.compile(r"""(?<!\w)(["'])(?:\\.|(?!\1|\\).)*\1|(?:^|(?<=\s))(?P<mark>/\*|//|\#|--)""")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment with its marks; `alone` when nothing else stands on its lines."""

    text: str
    extent: Extent
    alone: bool


def of_nodes(source: bytes, nodes: Iterable[Node]) -> tuple[Comment, ...]:
    """The comments that these nodes of a syntax tree of `source` are."""
    lines = source.split(b"\n")
    found: list[Comment] = []
    for node in nodes:
        (row, column), (end_row, end_column) = node.start_point, node.end_point
        before, after = lines[row][:column], lines[end_row][end_column:]
        extent = Extent(row + 1, _length(before) + 1, end_row + 1, _length(lines[end_row][:end_column]) + 1)
        text = source[node.start_byte : node.end_byte].decode("utf-8", "replace")
        found.append(Comment(text, extent, not before.strip() and not after.strip()))
    return tuple(found)


def _length(line: bytes) -> int:
    return len(line.decode("utf-8", "replace"))


def named(root: Node, kinds: frozenset[int]) -> Iterator[Node]:
    """The nodes of these kinds below `root`, in the order written."""
    cursor = root.walk()
    while True:
        node = cursor.node
        if node is not None and node.kind_id in kinds:
            yield node
        if cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return


def in_text(source: bytes) -> tuple[Comment, ...]:
    """
    The comments of a file without a syntax tree: `#`, `//` and `--` to the end of a line, `/* … */` on one line.

    A mark inside quotes is text, and so is one in the middle of a word or an address.
    """
    found: list[Comment] = []
    for row, line in enumerate(source.decode("utf-8", "replace").split("\n")):
        for match in _QUOTED_OR_MARK.finditer(line):
            mark = match["mark"]
            if mark is None:
                continue
            start = match.start("mark")
            closing = line.find("*/", start + 2) if mark == "/*" else -1
            end = closing + 2 if closing >= 0 else len(line.rstrip())
            alone = not line[:start].strip() and not line[end:].strip()
            found.append(Comment(line[start:end], Extent(row + 1, start + 1, row + 1, end + 1), alone))
            break
    return tuple(found)
