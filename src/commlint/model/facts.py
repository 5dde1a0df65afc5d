"""What is known of single files, and of many of them together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from commlint.errors import ConflictingFacts
from commlint.model.code import CodeFacts
from commlint.model.declarations import Declarations, FolderImport, ModuleName
from commlint.model.notices import Notice as Notice
from commlint.model.places import Extent


@dataclass(frozen=True, slots=True)
class Ignore:
    """
    A suppression comment.

    `line` is the line it speaks for (0: the whole file), up to the line `until` where it speaks for several;
    `codes` empty means every rule.
    """

    codes: tuple[str, ...]
    reason: str
    line: int
    extent: Extent
    until: int = 0


@dataclass(frozen=True, slots=True)
class FileFacts:
    """All that one file says; either `code` or `declarations`, or neither when it could not be read."""

    path: str
    digest: str
    code: CodeFacts | None = None
    declarations: Declarations | None = None
    ignores: tuple[Ignore, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class FactSet:
    """Facts of files, sorted by path; `merge` is associative, commutative and idempotent."""

    files: tuple[FileFacts, ...] = ()

    @classmethod
    def of(cls, files: Iterable[FileFacts]) -> FactSet:
        """
        Raises:
            ConflictingFacts: two of them know the same path with different content.
        """
        by_path: dict[str, FileFacts] = {}
        for facts in files:
            known = by_path.setdefault(facts.path, facts)
            if known != facts:
                raise ConflictingFacts(facts.path)
        return cls(tuple(by_path[path] for path in sorted(by_path)))

    def merge(self, other: FactSet) -> FactSet:
        """
        Join the facts of two sets; order and repetition make no difference.

        Raises:
            ConflictingFacts: both know the same file with different content.
        """
        return FactSet.of((*self.files, *other.files))

    @property
    def modules(self) -> tuple[ModuleName, ...]:
        """The names that build files give to files, in order of the build files."""
        return tuple(name for file in self.files if file.declarations for name in file.declarations.modules)

    @property
    def imports(self) -> tuple[FolderImport, ...]:
        """What build files bring into all files of a folder, in order of the build files."""
        return tuple(each for file in self.files if file.declarations for each in file.declarations.imports)

    def __iter__(self) -> Iterator[FileFacts]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)
