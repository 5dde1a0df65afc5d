"""A whole file of JavaScript or TypeScript: decoded, parsed, walked, or passed over when no person wrote it."""

from __future__ import annotations

import codecs
import re

from tree_sitter import Parser

from commlint.extract.comments import Comment, named, of_nodes
from commlint.extract.javascript_definitions import GRAMMARS, Definitions
from commlint.extract.syntax import kinds, syntax_notices
from commlint.model.code import CodeFacts
from commlint.model.facts import Notice

LANGUAGE = "javascript"
"""One family: files of both languages import each other and use the same libraries."""

_SUFFIX = re.compile(r"\.[cm]?[jt]sx?\Z")
_BUNDLE = re.compile(rb"__webpack_require__|webpackBootstrap|webpackJsonp|parcelRequire|System\.register\(")
_SMALL = 20_000
_TAIL = 400
_LONG_LINES = 400
"""Characters a line on average, beyond which no person reads the code."""


def read(path: str, source: bytes, grammar: str) -> tuple[CodeFacts, tuple[Notice, ...]]:
    """The facts of one file in the grammar of this name."""
    text, notices = _as_utf8(path, source)
    if is_bundle(text):
        message = "minified or bundled code, left out: exclude the folder it is built into"
        return CodeFacts(LANGUAGE, _module(path)), (Notice(path, 0, message, minor=True),)
    known = GRAMMARS[grammar]
    root = Parser(known.language).parse(text).root_node
    walk = Definitions(path, text, known)
    walk.body(root)
    notices.extend(syntax_notices(path, root))
    return walk.facts(LANGUAGE, _module(path)), tuple(sorted({*notices, *walk.notices}))


def comments(path: str, source: bytes, grammar: str) -> tuple[Comment, ...]:
    text, _ = _as_utf8(path, source)
    language = GRAMMARS[grammar].language
    return of_nodes(text, named(Parser(language).parse(text).root_node, kinds(language, "comment")))


def is_bundle(source: bytes) -> bool:
    """Whether the file was compiled, put together or shortened by a tool."""
    if b"sourceMappingURL=" in source[-_TAIL:]:
        return True
    if len(source) < _SMALL:
        return False
    return len(source) // (source.count(b"\n") + 1) > _LONG_LINES or _BUNDLE.search(source) is not None


def _module(path: str) -> str:
    return _SUFFIX.sub("", path)


def _as_utf8(path: str, source: bytes) -> tuple[bytes, list[Notice]]:
    """The same text without a byte order mark; what cannot be decoded is replaced and noticed."""
    source = source.removeprefix(codecs.BOM_UTF8)
    if source.isascii():
        return source, []
    try:
        source.decode("utf-8")
        return source, []
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        message = "not valid utf-8; unreadable characters are replaced: save it as UTF-8"
        return source.decode("utf-8", "replace").encode("utf-8"), [Notice(path, line, message)]
