"""What the rules of one language on the shelf `resolve/languages/` tell the resolver."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import ClassVar

from commlint.model.code import FunctionFacts, Import


class ModuleIndex:
    """
    Finds files of the tree by path endings, nearest to the asking file first.

    `libraries`: top names of modules that are known to be libraries, whatever the tree calls its folders.
    """

    def __init__(self, paths: Collection[str], libraries: Collection[str] = ()) -> None:
        self.paths = frozenset(paths)
        self.libraries = frozenset(libraries)
        self._by_name: dict[str, list[str]] = {}
        for path in sorted(self.paths):
            self._by_name.setdefault(path.rsplit("/", 1)[-1], []).append(path)

    def ending(self, suffix: str) -> list[str]:
        """All files whose path ends with `suffix` at a folder border."""
        candidates = self._by_name.get(suffix.rsplit("/", 1)[-1], ())
        return [path for path in candidates if path == suffix or path.endswith("/" + suffix)]

    def nearest(self, suffix: str, asking: str) -> str | None:
        """The one of `ending(suffix)` that shares the longest folder prefix with `asking`."""
        best: tuple[int, int, str] | None = None
        here = asking.split("/")
        for path in self.ending(suffix):
            there = path.split("/")
            shared = 0
            for mine, its in zip(here, there, strict=False):
                if mine != its:
                    break
                shared += 1
            rank = (-shared, len(there), path)
            if best is None or rank < best:
                best = rank
        return best[2] if best else None


class LanguageRules(ABC):
    """The few things the resolver must know of a language."""

    language: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]
    constructor: ClassVar[str]

    @abstractmethod
    def module_files(self, module: str, level: int, asking: str, index: ModuleIndex) -> tuple[str, ...]:
        """The files of the tree a module name written in `asking` means; none when it is a library."""

    @abstractmethod
    def resolve_import(self, entry: Import, asking: str, index: ModuleIndex) -> tuple[str | None, str]:
        """(file of the tree or None, member inside it or the external dotted name)."""

    @abstractmethod
    def receiver(self, function: FunctionFacts) -> str | None:
        """The name by which a method's body calls its own object, None for plain and static functions."""
