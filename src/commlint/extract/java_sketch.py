"""The types and packages a Java file may need, and the package it declares, told without parsing it."""

from __future__ import annotations

import re

# Annotations and comments may stand before the package, so it is looked for in the head of the file only.
_HEAD = 20_000
_PACKAGE = re.compile(rb"^[ \t]*package\s+([\w.]+)\s*;", re.MULTILINE)
_IMPORT = re.compile(rb"\bimport\s+(?:static\s+)?([\w.]+(?:\.\*)?)\s*;")


def package(source: bytes) -> str:
    """The package a file declares, "" for the nameless one."""
    found = _PACKAGE.search(source, 0, _HEAD)
    return found[1].decode("utf-8", "replace") if found else ""


def imports(source: bytes) -> tuple[str, ...]:
    """
    The names that import statements speak of, sorted; `a.b.*` for all of a package or type.

    Texts and comments that look like code may add names that nothing imports.
    """
    if b"import" not in source:
        return ()
    return tuple(sorted({name.decode("utf-8", "replace") for name in _IMPORT.findall(source)}))
