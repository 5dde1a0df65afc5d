"""The types and packages a Kotlin file may need, and the package it declares, told without parsing it."""

from __future__ import annotations

import re

# Annotations and comments may stand before the package, so it is looked for in the head of the file only.
_HEAD = 20_000
_PACKAGE = re.compile(rb"^[ \t]*package[ \t]+([\w.`]+)", re.MULTILINE)
_IMPORT = re.compile(rb"^[ \t]*import[ \t]+([\w`]+(?:\.[\w`]+)*(?:\.\*)?)", re.MULTILINE)


def package(source: bytes) -> str:
    """The package a file declares, "" for the nameless one."""
    found = _PACKAGE.search(source, 0, _HEAD)
    return _name(found[1]) if found else ""


def imports(source: bytes) -> tuple[str, ...]:
    """
    The names that import statements speak of, sorted; `a.b.*` for all of a package.

    Texts and comments that look like code may add names that nothing imports.
    """
    if b"import" not in source:
        return ()
    return tuple(sorted({_name(name) for name in _IMPORT.findall(source)}))


def _name(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").replace("`", "")
