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
    `shapes`: the numbers of those that speak of one segment in another way, and one expression for all of them.
    `rest`: the same for those that speak of several segments.
    """

    names: dict[str, list[int]] = field(default_factory=dict)
    endings: dict[str, list[int]] = field(default_factory=dict)
    beginnings: dict[str, list[int]] = field(default_factory=dict)
    shapes: list[int] = field(default_factory=list)
    rest: list[int] = field(default_factory=list)
    _shape: re.Pattern[str] | None = None
    _rest: re.Pattern[str] | None = None
    _ends: tuple[str, ...] = ()
    _begins: tuple[str, ...] = ()
    _segments: dict[str, tuple[int, ...]] = field(default_factory=dict)
    _folders: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: Iterable[str]) -> Hints:
        """Each line is a pattern, as git understands it."""
        hints = cls()
        shapes: list[str] = []
        rest: list[str] = []
        for number, line in enumerate(lines):
            # Translating costs more than all the rest, and most patterns are told by a name or an ending.
            if hints._take(number, line) or (expression := _expression(line)) is None:
                continue
            is_shape = "/" not in line.rstrip().removesuffix("/")
            (hints.shapes if is_shape else hints.rest).append(number)
            (shapes if is_shape else rest).append(expression)
        hints._shape, hints._rest = _any_of(shapes), _any_of(rest)
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
        folder, _, name = path.removesuffix("/").rpartition("/")
        found = self._of_folder(folder) + self._of_segment(name)
        if self._rest is not None and self._rest.match(path) is not None:
            found += tuple(self.rest)
        return tuple(sorted(set(found))) if found else found

    def _of_folder(self, folder: str) -> tuple[int, ...]:
        """The numbers that the names of the folders on the way tell; the same for all that stands in one folder."""
        known = self._folders.get(folder)
        if known is None:
            above, _, name = folder.rpartition("/")
            known = self._folders[folder] = (self._of_folder(above) if above else ()) + self._of_segment(name)
        return known

    def _of_segment(self, segment: str) -> tuple[int, ...]:
        known = self._segments.get(segment)
        if known is None:
            known = self._segments[segment] = tuple(self._told_by(segment))
        return known

    def _told_by(self, segment: str) -> Iterator[int]:
        yield from self.names.get(segment.lower(), ())
        if segment.endswith(self._ends):
            yield from (each for end, numbers in self.endings.items() if segment.endswith(end) for each in numbers)
        if segment.startswith(self._begins):
            for beginning, numbers in self.beginnings.items():
                yield from numbers if segment.startswith(beginning) else ()
        # As a folder it may be spoken of too.
        if self._shape is not None and self._shape.match(f"{segment}/") is not None:
            yield from self.shapes


def _expression(line: str) -> str | None:
    """What matches a path that the pattern may speak of; None for a blank line or a comment."""
    expression, _ = GitIgnoreSpecPattern.pattern_to_regex(line)
    if expression is None:
        return None
    # A pattern without an anchor is looked for anywhere.
    found = _FOLDER_MARK.sub("(?:", expression)
    return found if found.startswith("^") else f"(?s:.*){found}"


def _any_of(expressions: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(expressions)) if expressions else None


def _plain(segment: str) -> str:
    """A segment that matches one name in any case at most, in lower case; "" for one with wildcards."""
    plain = _EITHER_CASE.sub(lambda pair: pair[1] if pair[1].lower() == pair[2].lower() else pair[0], segment)
    return "" if _SPECIAL.search(plain) else plain.lower()
