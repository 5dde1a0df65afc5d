"""What a Go file or a go.mod file may need and declares, told without parsing it."""

from __future__ import annotations

import re

# Imports come before everything else a file declares.
_DECLARED = re.compile(rb"^(?:func|type|var|const)\b", re.MULTILINE)
_IMPORT = re.compile(rb"import[ \t\r\n]*(?:\(|[\w.]*[ \t]*[\"`]([^\"`\n]+)[\"`])")
_COMMENT = re.compile(rb"/\*.*?\*/|//[^\n]*", re.DOTALL)
_LISTED = re.compile(rb"[\"`]([^\"`\n]+)[\"`]|(\))")
_MODULE = re.compile(rb"^[ \t]*module[ \t\r\n(]+\"?([^\s\"()]+)", re.MULTILINE)


def imports(source: bytes) -> tuple[str, ...]:
    """The packages that import declarations name; sorted."""
    if b"import" not in source:
        return ()
    declared = _DECLARED.search(source)
    head = source[: declared.start()] if declared is not None else source
    head = _COMMENT.sub(b"", head) if b"/" in head else head
    found: set[bytes] = set()
    for statement in _IMPORT.finditer(head):
        if statement[1] is not None:
            found.add(statement[1])
            continue
        for listed in _LISTED.finditer(head, statement.end()):
            if listed[2] is not None:
                break
            found.add(listed[1])
    return tuple(sorted(name.decode("utf-8", "replace") for name in found))


def module(source: bytes) -> str:
    """The path that a go.mod file gives to the module of its folder."""
    found = _MODULE.search(_COMMENT.sub(b"", source[:100_000]) if b"//" in source[:100_000] else source[:100_000])
    return found[1].decode("utf-8", "replace") if found is not None else ""
