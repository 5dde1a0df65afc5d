"""Which of many patterns may speak of a path, told by the names in it: for nearly all paths none does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

_FOLDER_MARK = re.compile(r"\(\?P<\w+>")
_SPECIAL = re.compile(r"[*?\[\\]")
# `[Bb]in`: either case of a letter.
_EITHER_CASE = re.compile(r"\[([A-Za-z])([A-Za-z])\]")


@dataclass(slots=True)
class Hints:
    """
    For each pattern a condition that a path meets if the pattern speaks of it, cheap to ask of all at once.

    `names`: segments in lower case; `endings`, `beginnings`: of segments; each with the numbers of its patterns.
    `rest`: the numbers of those that are not told that simply, and one expression for all of them.
    """

    names: dict[str, list[int]] = field(default_factory=dict)
    endings: dict[str, list[int]] = field(default_factory=dict)
    beginnings: dict[str, list[int]] = field(default_factory=dict)
    rest: list[int] = field(default_factory=list)
    _expression: re.Pattern[str] | None = None
    _ends: tuple[str, ...] = ()
    _begins: tuple[str, ...] = ()
    _segments: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: Iterable[str]) -> Hints:
        """
        Raises:
            ValueError: a line is no pattern.
        """
        hints = cls()
        expressions: list[str] = []
        for number, line in enumerate(lines):
            expression, _ = GitIgnoreSpecPattern.pattern_to_regex(line)
            if expression is not None and not hints._take(number, line):
                hints.rest.append(number)
                # A pattern without an anchor is looked for anywhere.
                found = _FOLDER_MARK.sub("(?:", expression)
                expressions.append(found if found.startswith("^") else f"(?s:.*){found}")
        hints._expression = re.compile("|".join(expressions)) if expressions else None
        hints._ends, hints._begins = tuple(hints.endings), tuple(hints.beginnings)
        return hints

    def _take(self, number: int, line: str) -> bool:
        """Whether the pattern has a segment that tells paths apart; the last such one is taken."""
        segments = [part for part in reversed(line.rstrip().removeprefix("!").split("/")) if part and part != "**"]
        last = segments[0] if segments else ""
        plain = next((name for part in segments if (name := _plain(part))), "")
        if plain:
            self.names.setdefault(plain, []).append(number)
        elif last.startswith("*") and last[1:] and not _SPECIAL.search(last, 1):
            self.endings.setdefault(last[1:], []).append(number)
        elif last.endswith("*") and last[:-1] and not _SPECIAL.search(last[:-1]):
            self.beginnings.setdefault(last[:-1], []).append(number)
        else:
            return False
        return True

    def speaking(self, path: str) -> tuple[int, ...]:
        """The numbers of the patterns that may speak of `path`, in order; of no other does one."""
        known = self._segments
        found: tuple[int, ...] = ()
        for segment in path.split("/"):
            numbers = known.get(segment)
            if numbers is None:
                numbers = known[segment] = tuple(self._told_by(segment))
            found += numbers
        if self._expression is not None and self._expression.match(path) is not None:
            found += tuple(self.rest)
        return tuple(sorted(set(found))) if found else found

    def _told_by(self, segment: str) -> Iterator[int]:
        yield from self.names.get(segment.lower(), ())
        if segment.endswith(self._ends):
            yield from (each for end, numbers in self.endings.items() if segment.endswith(end) for each in numbers)
        if segment.startswith(self._begins):
            for beginning, numbers in self.beginnings.items():
                yield from numbers if segment.startswith(beginning) else ()


def _plain(segment: str) -> str:
    """A segment that matches one name in any case at most, in lower case; "" for one with wildcards."""
    plain = _EITHER_CASE.sub(lambda pair: pair[1] if pair[1].lower() == pair[2].lower() else pair[0], segment)
    return "" if _SPECIAL.search(plain) else plain.lower()
