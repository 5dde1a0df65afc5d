"""Python source files."""

from __future__ import annotations

import codecs
import re
from typing import ClassVar

from tree_sitter import Parser

from commlint.extract import python_sketch
from commlint.extract.comments import Comment, named, of_nodes
from commlint.extract.port import LanguageReader, Sketch
from commlint.extract.python_definitions import Definitions
from commlint.extract.python_values import COMMENT, PYTHON
from commlint.extract.syntax import syntax_notices
from commlint.model.code import CodeFacts
from commlint.model.facts import Notice

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_SAMPLE = b'def f(a.b): "..c"\n'


class PythonReader(LanguageReader):
    """
    Reads Python 3, and of Python 2 what the grammar still understands.

    Bytes are decoded as Python does it: a byte order mark or a coding cookie is obeyed, else UTF-8.
    """

    name: ClassVar[str] = "python"
    version: ClassVar[int] = 2
    suffixes: ClassVar[tuple[str, ...]] = (".py",)
    comment: ClassVar[str] = "#"
    grammar: ClassVar[str] = ".".join(map(str, PYTHON.semantic_version or ()))

    def sketch(self, path: str, source: bytes) -> Sketch:
        return Sketch(python_sketch.imports(source))

    def read(self, path: str, source: bytes) -> tuple[CodeFacts, tuple[Notice, ...]]:
        text, notices = _as_utf8(path, source)
        root = Parser(PYTHON).parse(text).root_node
        walk = Definitions(path, text, sound=not root.has_error)
        walk.body(root)
        notices.extend(syntax_notices(path, root))
        facts = walk.facts(self.name, _module(path))
        return facts, tuple(sorted({*notices, *walk.notices}))

    def comments(self, path: str, source: bytes) -> tuple[Comment, ...]:
        text, _ = _as_utf8(path, source)
        return of_nodes(text, named(Parser(PYTHON).parse(text).root_node, frozenset({COMMENT})))


def _module(path: str) -> str:
    """The dotted name a file would be imported by from the root."""
    parts = path.removesuffix(".py").split("/")
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _as_utf8(path: str, source: bytes) -> tuple[bytes, list[Notice]]:
    """The same text in UTF-8 without a byte order mark; what cannot be decoded is replaced and noticed."""
    source = source.removeprefix(codecs.BOM_UTF8)
    if source.isascii():
        return source, []
    encoding, notices = _encoding(path, source)
    try:
        text = source.decode(encoding)
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        message = f"not valid {encoding}; unreadable characters are replaced: save it as UTF-8 or declare its encoding"
        notices.append(Notice(path, line, message))
        text = source.decode(encoding, "replace")
    # A codec may answer half a surrogate pair, which UTF-8 cannot carry.
    return text.encode("utf-8", "replace"), notices


def _encoding(path: str, source: bytes) -> tuple[str, list[Notice]]:
    """The name of the encoding a file declares, UTF-8 when Python could not read its source by that name."""
    for line in source.split(b"\n", 2)[:2]:
        cookie = _COOKIE.match(line)
        if cookie is None:
            continue
        name = cookie[1].decode("ascii", "replace")
        try:
            # Codecs such as rot13, idna or utf-16 exist too, but no source that declares them reads as written.
            if (_SAMPLE + b"\x80").decode(name, "replace").startswith(_SAMPLE.decode("ascii")):
                return codecs.lookup(name).name, []
        except (LookupError, ValueError):
            pass
        message = f"declares the encoding {name}, which no Python source can have; read as UTF-8: name another one"
        return "utf-8", [Notice(path, 1, message)]
    return "utf-8", []
