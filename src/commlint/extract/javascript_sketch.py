"""The modules a JavaScript or TypeScript file may need, told without parsing it."""

from __future__ import annotations

import re

# Patterns that start with plain letters are searched many times as fast as those that start with a choice.
_FROM = re.compile(rb"""from\s*["']([^"'\n]{1,300})["']""")
_IMPORT = re.compile(rb"""import\s*\(?\s*["'`]([^"'`\n$]{1,300})["'`]""")
_REQUIRE = re.compile(rb"""require\s*\(\s*["'`]([^"'`\n$]{1,300})["'`]""")
# What needs no import but talks to others.
_GLOBALS = (b"fetch", b"XMLHttpRequest", b"WebSocket", b"EventSource")
_GLOBAL = re.compile(rb"(?<![\w$])(fetch|XMLHttpRequest|WebSocket|EventSource)\s*\(")


def imports(source: bytes) -> tuple[str, ...]:
    """
    The modules that imports and requires speak of, and `builtins.NAME` for what talks without an import; sorted.

    Texts and comments that look like code may add names that nothing imports.
    """
    found: set[bytes] = set()
    if b"from" in source:
        found.update(_FROM.findall(source))
    if b"import" in source:
        found.update(_IMPORT.findall(source))
    if b"require" in source:
        found.update(_REQUIRE.findall(source))
    if any(word in source for word in _GLOBALS):
        found.update(b"builtins." + name for name in _GLOBAL.findall(source))
    return tuple(sorted(name.decode("utf-8", "replace") for name in found))
