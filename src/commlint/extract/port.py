"""What a reader on the shelves `languages/` and `formats/` does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from commlint.extract import comments
from commlint.extract.comments import Comment
from commlint.model.code import CodeFacts
from commlint.model.declarations import Declarations
from commlint.model.facts import Ignore, Notice


@dataclass(frozen=True, slots=True)
class Sketch:
    """
    What a cheap scan of a source file tells without parsing: the modules it imports, as written
    (`httpx`, `..clients.inventory`), and the package or namespace it declares, "" where its path decides.
    """

    imports: tuple[str, ...] = ()
    module: str = ""


class LanguageReader(ABC):
    """
    Reads source files of one language; total: bad input gives notices and what was understood.

    `version` grows whenever the same bytes give other facts; `grammar` is the version of what parses them.
    """

    name: ClassVar[str]
    version: ClassVar[int]
    suffixes: ClassVar[tuple[str, ...]]
    comment: ClassVar[str]
    grammar: ClassVar[str] = ""

    @abstractmethod
    def sketch(self, path: str, source: bytes) -> Sketch:
        """Scan for imports, fast and without parsing; may name too much, must not miss a plain import."""

    @abstractmethod
    def read(self, path: str, source: bytes) -> tuple[CodeFacts, tuple[Notice, ...]]:
        """Parse one file. Pure and deterministic."""

    def comments(self, path: str, source: bytes) -> tuple[Comment, ...]:
        """The comments of one file; asked only when it holds a word to commlint. A syntax tree tells them best."""
        return comments.in_text(source)


class FormatReader(ABC):
    """
    Reads files of one format around the code; total like a language reader.

    `names`: patterns of file names (`*.yaml`, `Dockerfile*`, in any case); no other file is opened for it.
    `names_modules`: its files may tell by what names code brings in files, which decides what code is read.
    """

    name: ClassVar[str]
    version: ClassVar[int]
    names: ClassVar[tuple[str, ...]] = ("*",)
    names_modules: ClassVar[bool] = False

    @abstractmethod
    def claims(self, path: str, source: bytes) -> bool:
        """Whether this file is of this format, by its name and a cheap look at its content."""

    @abstractmethod
    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        """Parse one file. Pure and deterministic."""

    def ignores(self, path: str, source: bytes) -> tuple[Ignore, ...]:
        """Suppressions that are no comments; asked only when the file holds a word to commlint."""
        return ()
