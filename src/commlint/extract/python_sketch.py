"""The modules a Python file may need, told without parsing it."""

from __future__ import annotations

import re
from collections.abc import Iterator

_BEFORE = 500
_AFTER = 20_000

# A pattern that starts with plain letters is searched ten times as fast as one that starts with a boundary.
_IMPORT = re.compile(rb"import\b")
_FROM = re.compile(rb"(?:^|[;:])[ \t\f]*from\b[ \t]*(\.*[ \t]*[\w.]*)[ \t]*(?<!\w)\Z", re.ASCII)
_FIRST = re.compile(rb"(?:^|[;:])[ \t\f]*\Z")
_CONTINUED = re.compile(rb"\\\r?\n")
_COMMENT = re.compile(rb"#[^\n]*")
_PARENTHESES = re.compile(rb"[ \t]*\(((?:[^)#]|#[^\n]*)*)")
_NAMES = re.compile(rb"[^\n;#]*")
_NAME = re.compile(rb"[\w.]+", re.ASCII)
_ALIAS = re.compile(rb"\bas\s+\w+", re.ASCII)
# `include("app.urls")`, `import_module("app.tasks")`, `"app.main:api"`: a text that may name a module.
_DOTTED_TEXT = re.compile(rb"""["'](\.{0,8}[A-Za-z_]\w*(?:\.\w+)+|\w+(?=:\w+["']))(?::[\w.]+)?["']""", re.ASCII)
_LOADED = re.compile(rb"""import(?:_module|_string|__)\s*\(\s*["']([\w.]+)["']""", re.ASCII)


def imports(source: bytes) -> tuple[str, ...]:
    """
    The modules that import statements, and texts that look like module names, speak of; sorted.

    `from a import b` gives `a` and `a.b`, since `b` may be a module; texts and comments that look like
    code may add names that nothing imports.
    """
    found: set[bytes] = set()
    if b"\\\n" in source or b"\\\r" in source:
        source = _CONTINUED.sub(b" ", source)
    for keyword in _IMPORT.finditer(source):
        found.update(_imported(source, keyword.start(), keyword.end()))
    found.update(_LOADED.findall(source))
    found.update(_DOTTED_TEXT.findall(source))
    return tuple(sorted({name.decode("utf-8", "replace") for name in found if name}))


def _imported(source: bytes, start: int, end: int) -> Iterator[bytes]:
    """The modules of the statement whose word `import` stands there, nothing when it is no statement."""
    # The bounds keep a file of one endless line from being looked through once per word.
    before = source[max(source.rfind(b"\n", 0, start) + 1, start - _BEFORE) : start]
    if not before or before.isspace() or _FIRST.search(before):
        # A name may be left out for an alias, but an alias is never a module.
        yield from _NAME.findall(_ALIAS.sub(b"", _line(source[end : end + _AFTER])))
        return
    origin = _FROM.search(before)
    if origin is None:
        return
    module = b"".join(origin[1].split())
    yield module
    prefix = module if module.endswith(b".") or not module else module + b"."
    for name in _NAME.findall(_ALIAS.sub(b"", _line(source[end : end + _AFTER]))):
        yield prefix + name


def _line(text: bytes) -> bytes:
    """What `text` holds on its first line, or inside the parentheses that open there."""
    inside = _PARENTHESES.match(text)
    if inside is not None:
        return _COMMENT.sub(b"", inside[1])
    rest = _NAMES.match(text)
    return rest[0] if rest else b""
