"""Go source files, and the go.mod files that say what their packages are called."""

from __future__ import annotations

import codecs
from typing import ClassVar

from tree_sitter import Node, Parser

from commlint.extract import go_sketch
from commlint.extract.comments import Comment, in_text, named, of_nodes
from commlint.extract.go_definitions import Definitions
from commlint.extract.go_values import COMMENT, GO
from commlint.extract.port import LanguageReader, Sketch
from commlint.extract.syntax import syntax_notices
from commlint.model.code import CodeFacts
from commlint.model.facts import Notice


class GoReader(LanguageReader):
    """
    Reads Go, and of a go.mod file the path of its module.

    `CodeFacts.module` is the name in the package clause; of a go.mod file it is the path of the module.
    """

    name: ClassVar[str] = "go"
    version: ClassVar[int] = 1
    suffixes: ClassVar[tuple[str, ...]] = (".go", "go.mod")
    comment: ClassVar[str] = "//"
    grammar: ClassVar[str] = ".".join(map(str, GO.semantic_version or ()))

    def sketch(self, path: str, source: bytes) -> Sketch:
        if path.endswith(".mod"):
            return Sketch(module=go_sketch.module(source))
        return Sketch(go_sketch.imports(source))

    def read(self, path: str, source: bytes) -> tuple[CodeFacts, tuple[Notice, ...]]:
        if path.endswith(".mod"):
            return CodeFacts(self.name, go_sketch.module(source)), ()
        text, notices = _as_utf8(path, source)
        root = Parser(GO).parse(text).root_node
        walk = Definitions(path, text)
        walk.file(root)
        notices.extend(syntax_notices(path, root))
        facts = walk.facts(self.name, _package(root))
        return facts, tuple(sorted({*notices, *walk.notices}))

    def comments(self, path: str, source: bytes) -> tuple[Comment, ...]:
        if path.endswith(".mod"):
            return in_text(source)
        text, _ = _as_utf8(path, source)
        return of_nodes(text, named(Parser(GO).parse(text).root_node, frozenset({COMMENT})))


def _package(root: Node) -> str:
    """The name in the package clause."""
    for child in root.named_children:
        if child.type == "package_clause":
            text = next((each.text for each in child.named_children if each.type == "package_identifier"), None)
            return (text or b"").decode("utf-8", "replace")
    return ""


def _as_utf8(path: str, source: bytes) -> tuple[bytes, list[Notice]]:
    """The same text without a byte order mark; what is no UTF-8 is replaced and noticed."""
    source = source.removeprefix(codecs.BOM_UTF8)
    try:
        source.decode()
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        message = "not valid utf-8; unreadable characters are replaced: save it as UTF-8"
        return source.decode("utf-8", "replace").encode() + b"\n", [Notice(path, line, message)]
    # The grammar wants a line to end, the last one too.
    return source if source.endswith(b"\n") else source + b"\n", []
