"""Patterns of `.gitignore` files and of `exclude`, read once and asked often."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

from commlint.store.hints import Hints

MOST_STARS = 8


class Patterns:
    """
    The patterns of one file; paths are relative to its folder, those of folders end in a slash.

    Args:
        lines: each of them a pattern.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = tuple(lines)
        self._hints = Hints.of(self._lines)
        self._specs: dict[tuple[int, ...], GitIgnoreSpec] = {}

    @classmethod
    def strict(cls, lines: Iterable[str]) -> Patterns:
        """
        Raises:
            ValueError: a line is no pattern.
        """
        given = tuple(lines)
        GitIgnoreSpec.from_lines(given, backend="simple")
        return cls(given)

    @classmethod
    def tolerant(cls, source: bytes) -> Patterns:
        """The patterns of a `.gitignore`; like git, lines that are no pattern are passed over."""
        return cls(line for line in source.decode("utf-8", "replace").splitlines() if _is_pattern(line))

    def decide(self, path: str) -> bool | None:
        """Whether `path` is ignored; None when no pattern speaks of it."""
        numbers = self._hints.speaking(path)
        if not numbers:
            return None
        spec = self._specs.get(numbers)
        if spec is None:
            spec = GitIgnoreSpec.from_lines([self._lines[number] for number in numbers], backend="simple")
            self._specs[numbers] = spec
        return spec.check_file(path).include


@dataclass(frozen=True, slots=True)
class Ignores:
    """
    All patterns that hold in one folder.

    `levels`: each with the length of its folder's path, to cut it off; the strongest last.
    """

    levels: tuple[tuple[int, Patterns], ...] = ()

    def within(self, folder: str, patterns: Patterns) -> Ignores:
        """Those of a folder further down (its path ending in a slash) that has patterns of its own."""
        return Ignores((*self.levels, (len(folder), patterns)))

    def decide(self, path: str) -> bool | None:
        """Whether `path`, in a folder that is not ignored, is; None when no pattern speaks of it."""
        for cut, patterns in reversed(self.levels):
            decision = patterns.decide(path[cut:])
            if decision is not None:
                return decision
        return None


def outer_ignores(root: Path) -> tuple[str, Ignores]:
    """
    What the repository around `root` ignores, and the path from its top to `root` (ending in a slash).

    A root that is itself ignored was named on purpose; the patterns above it then do not count.
    """
    top = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), None)
    if top is None:
        return "", Ignores()
    ignores = Ignores()
    exclude = _read(top / ".git" / "info" / "exclude")
    if exclude is not None:
        ignores = ignores.within("", exclude)
    prefix = ""
    for part in root.relative_to(top).parts:
        patterns = _read(top / prefix / ".gitignore")
        if patterns is not None:
            ignores = ignores.within(prefix, patterns)
        prefix += part + "/"
        if ignores.decide(prefix):
            return "", Ignores()
    return prefix, ignores


def _read(path: Path) -> Patterns | None:
    try:
        return Patterns.tolerant(path.read_bytes())
    except OSError:
        return None


def _is_pattern(line: str) -> bool:
    # Each wildcard multiplies the ways to match: more than anybody writes would keep us busy for ever.
    return line.count("*") <= MOST_STARS and line.strip() != "!" and not line.endswith("\\")
