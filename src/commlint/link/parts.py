"""Folders that are built by themselves: which of them a program is made of, and which it is not."""

from __future__ import annotations

from collections.abc import Iterable

from commlint.link.groups import clean
from commlint.link.names import around, within
from commlint.model.declarations import BuildPart


class Parts:
    """The parts of a tree, as its build files tell them."""

    def __init__(self, parts: Iterable[BuildPart]) -> None:
        self._parts = {clean(part.folder): part for part in parts}
        self._named = {part.name: folder for folder, part in self._parts.items()}

    def taken(self, roots: Iterable[str]) -> frozenset[str]:
        """The folders of the parts that programs in these folders are made of, their own included."""
        found: set[str] = set()
        left = [folder for root in roots for folder in self._parts if within(folder, root)]
        while left:
            folder = left.pop()
            if folder in found or folder not in self._parts:
                continue
            found.add(folder)
            part = self._parts[folder]
            left += [*map(clean, part.takes), *(self._named[name] for name in part.packages if name in self._named)]
        return frozenset(found)

    def apart(self, taken: frozenset[str]) -> frozenset[str]:
        """The folders of all other parts; none where the build may take in more than it names."""
        if not taken or any(self._parts[folder].whole for folder in taken):
            return frozenset()
        return frozenset(self._parts.keys() - taken)


def left_out(path: str, taken: frozenset[str], apart: frozenset[str]) -> bool:
    """Whether a file belongs to a part that a program is not made of."""
    return next((folder in apart for folder in around(path) if folder in apart or folder in taken), False)
