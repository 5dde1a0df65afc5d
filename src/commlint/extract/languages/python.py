"""Python source files."""

from __future__ import annotations

import codecs
import re
from typing import ClassVar

from tree_sitter import Parser

from commlint.extract.port import LanguageReader, Sketch
from commlint.extract.python_definitions import Definitions
from commlint.extract.python_values import PYTHON
from commlint.extract.walker import first_error
from commlint.model.code import CodeFacts
from commlint.model.facts import Notice

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_FAMILIAR = frozenset({"utf-8", "ascii"})


class PythonReader(LanguageReader):
    """
    Reads Python 3, and of Python 2 what the grammar still understands.

    Bytes are decoded as Python does it: a byte order mark or a coding cookie is obeyed, else UTF-8.
    """

    name: ClassVar[str] = "python"
    version: ClassVar[int] = 1
    suffixes: ClassVar[tuple[str, ...]] = (".py",)
    comment: ClassVar[str] = "#"

    def sketch(self, path: str, source: bytes) -> Sketch:
        return Sketch()

    def read(self, path: str, source: bytes) -> tuple[CodeFacts, tuple[Notice, ...]]:
        text, notices = _as_utf8(path, source)
        root = Parser(PYTHON).parse(text).root_node
        walk = Definitions(path, text)
        walk.body(root)
        error = first_error(root)
        if error is not None:
            line = error.start_point[0] + 1
            notices.append(Notice(path, line, f"syntax error near line {line}; the rest of the file is still used"))
        facts = walk.facts(self.name, _module(path))
        return facts, tuple(sorted({*notices, *walk.notices}))


def _module(path: str) -> str:
    """The dotted name a file would be imported by from the root."""
    parts = path.removesuffix(".py").split("/")
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _as_utf8(path: str, source: bytes) -> tuple[bytes, list[Notice]]:
    """The same text in UTF-8 without a byte order mark; what cannot be decoded is replaced and noticed."""
    source = source.removeprefix(codecs.BOM_UTF8)
    if source.isascii():
        return source, []
    encoding, problem = _encoding(source)
    try:
        text = source.decode(encoding)
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        message = f"not valid {encoding}; unreadable characters are replaced: save it as UTF-8 or declare its encoding"
        return source.decode(encoding, "replace").encode(), [Notice(path, line, message)]
    # A codec may answer half a surrogate pair, which UTF-8 cannot carry.
    converted = source if encoding == "utf-8" else text.encode("utf-8", "replace")
    return converted, [Notice(path, 1, problem)] if problem else []


def _encoding(source: bytes) -> tuple[str, str]:
    """The name of the encoding a file declares, and what is wrong with it if something is."""
    for line in source.split(b"\n", 2)[:2]:
        cookie = _COOKIE.match(line)
        if cookie is None:
            continue
        name = cookie[1].decode("ascii", "replace")
        try:
            found = codecs.lookup(name)
            # Codecs such as rot13 and zlib exist too, and do not make text of bytes.
            b"".decode(found.name)
        except LookupError:
            return "utf-8", f"declares the unknown encoding {name}; read as UTF-8: name one that Python knows"
        return found.name, ""
    return "utf-8", ""
