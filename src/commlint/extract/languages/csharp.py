"""C# source files."""

from __future__ import annotations

import codecs
from typing import ClassVar

from tree_sitter import Node, Parser

from commlint.extract import csharp_sketch
from commlint.extract.comments import Comment, named, of_nodes
from commlint.extract.csharp_definitions import Definitions
from commlint.extract.csharp_statement_table import STATEMENTS
from commlint.extract.csharp_values import COMMENT, CSHARP
from commlint.extract.port import LanguageReader, Sketch
from commlint.extract.syntax import kinds, syntax_notices
from commlint.model.code import CodeFacts
from commlint.model.facts import Notice

_NAMESPACES = kinds(CSHARP, "namespace_declaration", "file_scoped_namespace_declaration")
_GENERATED = (".designer.cs", ".g.cs", ".g.i.cs", ".generated.cs")


class CSharpReader(LanguageReader):
    """Reads C# up to the newest version its grammar understands; what generators wrote says nothing."""

    name: ClassVar[str] = "csharp"
    version: ClassVar[int] = 3
    suffixes: ClassVar[tuple[str, ...]] = (".cs",)
    comment: ClassVar[str] = "//"
    grammar: ClassVar[str] = ".".join(map(str, CSHARP.semantic_version or ()))

    def sketch(self, path: str, source: bytes) -> Sketch:
        if _is_generated(path):
            return Sketch()
        return Sketch(csharp_sketch.imports(source), csharp_sketch.namespace(source))

    def read(self, path: str, source: bytes) -> tuple[CodeFacts, tuple[Notice, ...]]:
        if _is_generated(path):
            return CodeFacts(self.name, ""), ()
        text, notices = _as_utf8(path, source)
        root = Parser(CSHARP).parse(text).root_node
        walk = Definitions(path, text, STATEMENTS)
        walk.body(root)
        notices.extend(syntax_notices(path, root))
        return walk.facts(self.name, _namespace(walk, root)), tuple(sorted({*notices, *walk.notices}))

    def comments(self, path: str, source: bytes) -> tuple[Comment, ...]:
        text, _ = _as_utf8(path, source)
        return of_nodes(text, named(Parser(CSHARP).parse(text).root_node, frozenset({COMMENT})))


def _is_generated(path: str) -> bool:
    return path.lower().endswith(_GENERATED)


def _namespace(walk: Definitions, root: Node) -> str:
    """The first namespace a file declares, with the names of those around it."""
    names: list[str] = []
    node: Node | None = root
    while node is not None:
        inner = next((child for child in node.named_children if child.kind_id in _NAMESPACES), None)
        if inner is None:
            break
        told = inner.child_by_field_name("name")
        names.append("".join(walk.written(told).split()) if told is not None else "")
        node = inner.child_by_field_name("body")
    return ".".join(filter(None, names))


def _as_utf8(path: str, source: bytes) -> tuple[bytes, list[Notice]]:
    """The same text in UTF-8 without a byte order mark; what cannot be decoded is replaced and noticed."""
    if source.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return source.decode("utf-16", "replace").encode("utf-8", "replace"), []
    source = source.removeprefix(codecs.BOM_UTF8)
    try:
        source.decode("utf-8")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        message = "not valid UTF-8; unreadable characters are replaced: save it as UTF-8"
        return source.decode("utf-8", "replace").encode("utf-8"), [Notice(path, line, message)]
    return source, []
