"""Java properties: keys and values with the lines they stand on, in documents that `#---` divides."""

from __future__ import annotations

import re
from collections.abc import Iterator

from commlint.extract.settings import Setting
from commlint.model.places import Extent

_KEY = re.compile(r"[ \t\f]*((?:\\.|[^\\\s:=])+)[ \t\f]*[:=]?[ \t\f]*")
_DIVIDER = re.compile(r"[#!]---[ \t]*$")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}


def documents(text: str) -> Iterator[list[Setting]]:
    """The settings of each document, in the order written."""
    found: list[Setting] = []
    for number, line in _logical_lines(text):
        if _DIVIDER.match(line):
            yield found
            found = []
        match = _KEY.match(line)
        if match is not None and line.lstrip()[:1] not in ("#", "!"):
            column = match.start(1) + 1
            extent = Extent(number, column, number, column + len(match[1]))
            found.append(Setting(_unescaped(match[1]), _unescaped(line[match.end() :].rstrip()), extent))
    yield found


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with those that a backslash continues joined, each with the number of its first."""
    begun, first = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        whole = begun + (line.lstrip() if begun else line)
        first = first or number
        backslashes = len(line) - len(line.rstrip("\\"))
        if backslashes % 2 and line.lstrip()[:1] not in ("#", "!"):
            begun = whole[:-1]
            continue
        yield first, whole
        begun, first = "", 0
    if begun:
        yield first, begun


def _unescaped(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        escaped = match[1]
        return chr(int(escaped[1:], 16)) if len(escaped) > 1 else _CONTROLS.get(escaped, escaped)

    return _ESCAPE.sub(one, text) if "\\" in text else text
