"""Java source files."""

from __future__ import annotations

from typing import ClassVar

from tree_sitter import Parser

from commlint.extract import java_sketch, own_fields
from commlint.extract.comments import Comment, named, of_nodes
from commlint.extract.java_definitions import Definitions
from commlint.extract.java_values import COMMENTS, JAVA
from commlint.extract.port import LanguageReader, Sketch
from commlint.extract.syntax import syntax_notices
from commlint.extract.utf8 import as_utf8
from commlint.model.code import CodeFacts
from commlint.model.facts import Notice


class JavaReader(LanguageReader):
    """Reads Java up to its current version; what a newer one adds is a syntax error that costs only itself."""

    name: ClassVar[str] = "java"
    version: ClassVar[int] = 1
    suffixes: ClassVar[tuple[str, ...]] = (".java",)
    comment: ClassVar[str] = "//"
    grammar: ClassVar[str] = ".".join(map(str, JAVA.semantic_version or ()))

    def sketch(self, path: str, source: bytes) -> Sketch:
        if java_sketch.is_compiled(source):
            return Sketch(())
        return Sketch(java_sketch.imports(source), java_sketch.package(source))

    def read(self, path: str, source: bytes) -> tuple[CodeFacts, tuple[Notice, ...]]:
        if java_sketch.is_compiled(source):
            return CodeFacts(self.name, ""), ()
        text, found = as_utf8(path, source)
        root = Parser(JAVA).parse(text).root_node
        walk = Definitions(path, text)
        walk.body(root)
        notices = list(found)
        notices.extend(syntax_notices(path, root))
        code = own_fields.placed(walk.facts(self.name, walk.package), walk.bare)
        return code, tuple(sorted({*notices, *walk.notices}))

    def comments(self, path: str, source: bytes) -> tuple[Comment, ...]:
        text, _ = as_utf8(path, source)
        return of_nodes(text, named(Parser(JAVA).parse(text).root_node, COMMENTS))
