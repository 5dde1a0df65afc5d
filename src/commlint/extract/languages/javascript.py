"""JavaScript source files."""

from __future__ import annotations

from typing import ClassVar

from commlint.extract import javascript_file, javascript_pages, javascript_sketch
from commlint.extract.comments import Comment
from commlint.extract.javascript_grammar import JAVASCRIPT
from commlint.extract.port import LanguageReader, Sketch
from commlint.model.code import CodeFacts
from commlint.model.facts import Notice


class JavaScriptReader(LanguageReader):
    """
    Reads ES modules and CommonJS, with JSX; code that a tool bundled or shortened is left out.

    What a program only hands out to browsers is no sign of communication.
    """

    name: ClassVar[str] = "javascript"
    version: ClassVar[int] = 3
    suffixes: ClassVar[tuple[str, ...]] = (".js", ".jsx", ".mjs", ".cjs")
    comment: ClassVar[str] = "//"
    grammar: ClassVar[str] = ".".join(map(str, JAVASCRIPT.semantic_version or ()))

    def sketch(self, path: str, source: bytes) -> Sketch:
        if javascript_pages.is_page(path, source):
            return Sketch()
        return Sketch(javascript_sketch.imports(source))

    def read(self, path: str, source: bytes) -> tuple[CodeFacts, tuple[Notice, ...]]:
        return javascript_file.read(path, source, "javascript")

    def comments(self, path: str, source: bytes) -> tuple[Comment, ...]:
        return javascript_file.comments(path, source, "javascript")
