"""Dockerfiles line by line: instructions with their flags, continued lines joined."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from commlint.model.places import Extent

_INSTRUCTION = re.compile(r"^\s*([A-Za-z]+)\s+(.*)$", re.DOTALL)
_HEREDOC = re.compile(r"<<-?\s*[\"']?([A-Za-z_][A-Za-z0-9_]*)[\"']?")
_FLAG = re.compile(r"^--([a-z-]+)(?:=(\S*))?\s*")
_PAIR = re.compile(r"""\s*([A-Za-z_][A-Za-z0-9_.-]*)=((?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])*)""", re.DOTALL)
_ESCAPE = re.compile(r"^#\s*escape\s*=\s*`", re.IGNORECASE)
_WITH_HEREDOC = frozenset({"RUN", "COPY", "ADD"})


@dataclass(frozen=True, slots=True)
class Instruction:
    """`word` in capitals, `flags` such as `--from=builder`, `rest` what follows them; `extent` is the first line."""

    word: str
    rest: str
    flags: dict[str, str]
    extent: Extent


def instructions(text: str) -> Iterator[Instruction]:
    """The instructions in order; what is none is passed over, and so is what heredocs hold."""
    lines = text.splitlines()
    endings = _places(lines) if "<<" in text else {}
    escape = "`" if _ESCAPE.match(text) else "\\"
    index = 0
    while index < len(lines):
        first, index, joined = _joined(lines, index, escape)
        match = _INSTRUCTION.match(joined)
        if match is None:
            continue
        word, rest = match[1].upper(), match[2].strip()
        for ending in _HEREDOC.findall(rest) if word in _WITH_HEREDOC else ():
            places = endings.get(ending, [])
            after = bisect_left(places, index)
            index = places[after] + 1 if after < len(places) else index
        flags: dict[str, str] = {}
        while (flag := _FLAG.match(rest)) is not None:
            flags[flag[1]] = flag[2] or ""
            rest = rest[flag.end() :]
        column = len(lines[first]) - len(lines[first].lstrip()) + 1
        yield Instruction(word, rest, flags, Extent(first + 1, column, first + 1, len(lines[first]) + 1))


def pairs(rest: str) -> Iterator[tuple[str, str]]:
    """Names and values of both forms of ENV: `A=1 B="2"`, and the old `A 1`."""
    if "=" not in rest.split(maxsplit=1)[0]:
        name, _, value = rest.partition(" ")
        yield name, value.strip()
        return
    position = 0
    while (match := _PAIR.match(rest, position)) is not None:
        yield match[1], unquoted(match[2])
        position = match.end()


def exec_form(rest: str) -> tuple[str, ...] | None:
    """The words of a JSON list, None when it is none."""
    if not rest.startswith("["):
        return None
    try:
        items = json.loads(rest)
    except (ValueError, RecursionError):
        return None
    return tuple(str(item) for item in items) if isinstance(items, list) else None


def unquoted(text: str) -> str:
    """`text` without the quotes around it."""
    stripped = text.strip()
    if len(stripped) > 1 and stripped[0] == stripped[-1] and stripped[0] in "\"'":
        return stripped[1:-1]
    return stripped


def _places(lines: list[str]) -> dict[str, list[int]]:
    """Where each short line stands, to find the ends of heredocs."""
    found: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        found.setdefault(line.strip(), []).append(index)
    return found


def _joined(lines: list[str], index: int, escape: str) -> tuple[int, int, str]:
    """The line at `index` with those that continue it: where it begins, where the next one does, and the text."""
    first = index
    parts: list[str] = []
    going_on = True
    while index < len(lines) and going_on:
        line = lines[index].rstrip()
        index += 1
        if line.lstrip().startswith("#") or (parts and not line):
            continue
        if not parts:
            first = index - 1
        going_on = line.endswith(escape)
        parts.append(line[:-1] if going_on else line)
    return first, index, " ".join(parts)
