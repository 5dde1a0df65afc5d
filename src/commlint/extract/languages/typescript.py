"""TypeScript source files."""

from __future__ import annotations

from typing import ClassVar

from commlint.extract import javascript_file, javascript_sketch
from commlint.extract.comments import Comment
from commlint.extract.javascript_grammar import TYPESCRIPT
from commlint.extract.port import LanguageReader, Sketch
from commlint.model.code import CodeFacts
from commlint.model.facts import Notice


class TypeScriptReader(LanguageReader):
    """Reads TypeScript and TSX; files that only declare types are left out."""

    name: ClassVar[str] = "typescript"
    version: ClassVar[int] = 3
    suffixes: ClassVar[tuple[str, ...]] = (".ts", ".tsx", ".mts", ".cts")
    comment: ClassVar[str] = "//"
    grammar: ClassVar[str] = ".".join(map(str, TYPESCRIPT.semantic_version or (TYPESCRIPT.abi_version,)))

    def sketch(self, path: str, source: bytes) -> Sketch:
        return Sketch() if _only_types(path) else Sketch(javascript_sketch.imports(source))

    def read(self, path: str, source: bytes) -> tuple[CodeFacts, tuple[Notice, ...]]:
        if _only_types(path):
            return CodeFacts(javascript_file.LANGUAGE, ""), ()
        return javascript_file.read(path, source, _grammar(path))

    def comments(self, path: str, source: bytes) -> tuple[Comment, ...]:
        return javascript_file.comments(path, source, _grammar(path))


def _grammar(path: str) -> str:
    return "tsx" if path.endswith("x") else "typescript"


def _only_types(path: str) -> bool:
    return path.endswith((".d.ts", ".d.mts", ".d.cts"))
