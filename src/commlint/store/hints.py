"""What a path must have for patterns to speak of it: nearly all paths have nothing of it, and one look tells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

_FOLDER_MARK = re.compile(r"\(\?P<\w+>")
_SPECIAL = re.compile(r"[*?\[\\]")
# `[Bb]in`: either case of a letter.
_EITHER_CASE = re.compile(r"\[([A-Za-z])([A-Za-z])\]")


@dataclass(frozen=True, slots=True)
class Hints:
    """
    Conditions of which a path meets at least one if any of the patterns speaks of it, cheap to ask.

    `names`: segments, in lower case. `endings`, `beginnings`: of segments. `rest`: what is not told that simply.
    """

    names: frozenset[str]
    endings: tuple[str, ...]
    beginnings: tuple[str, ...]
    rest: re.Pattern[str] | None

    @classmethod
    def of(cls, lines: Iterable[str]) -> Hints:
        """
        Raises:
            ValueError: a line is no pattern.
        """
        names: set[str] = set()
        endings: set[str] = set()
        beginnings: set[str] = set()
        rest: list[str] = []
        for line in lines:
            expression, _ = GitIgnoreSpecPattern.pattern_to_regex(line)
            if expression is None:
                continue
            # All segments of a pattern have to be there; the last is the one that most tells paths apart.
            segments = [part for part in reversed(line.rstrip().removeprefix("!").split("/")) if part and part != "**"]
            plain = next((name for part in segments if (name := _plain(part))), "")
            first = segments[0] if segments else ""
            if plain:
                names.add(plain)
            elif first.startswith("*") and not _SPECIAL.search(first, 1) and first[1:]:
                endings.add(first[1:])
            elif first.endswith("*") and not _SPECIAL.search(first[:-1]) and first[:-1]:
                beginnings.add(first[:-1])
            else:
                # A pattern without an anchor is looked for anywhere.
                found = _FOLDER_MARK.sub("(?:", expression)
                rest.append(found if found.startswith("^") else f"(?s:.*){found}")
        return cls(
            frozenset(names),
            tuple(sorted(endings)),
            tuple(sorted(beginnings)),
            re.compile("|".join(rest)) if rest else None,
        )

    def may_match(self, path: str) -> bool:
        """Whether a pattern may speak of `path`."""
        for part in path.split("/"):
            if part.lower() in self.names or part.endswith(self.endings) or part.startswith(self.beginnings):
                return True
        return self.rest is not None and self.rest.match(path) is not None


def _plain(segment: str) -> str:
    """A segment that matches one name in any case at most, in lower case; "" for one with wildcards."""
    plain = _EITHER_CASE.sub(lambda pair: pair[1] if pair[1].lower() == pair[2].lower() else pair[0], segment)
    return "" if _SPECIAL.search(plain) else plain.lower()
