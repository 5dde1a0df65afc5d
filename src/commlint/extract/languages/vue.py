"""Single-file components of Vue and Svelte: the scripts in them."""

from __future__ import annotations

import re
from typing import ClassVar

from commlint.extract import javascript_file, javascript_sketch
from commlint.extract.comments import Comment
from commlint.extract.javascript_grammar import TYPESCRIPT
from commlint.extract.port import LanguageReader, Sketch
from commlint.model.code import CodeFacts
from commlint.model.facts import Notice

_SCRIPT = re.compile(rb"<script\b([^>]*)>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_TYPED = re.compile(rb"""\blang\s*=\s*["']?ts""", re.IGNORECASE)
_BETWEEN = re.compile(rb"[^\n]")


class VueReader(LanguageReader):
    """Reads what stands in `<script>` as JavaScript or TypeScript; templates and styles are left out."""

    name: ClassVar[str] = "vue"
    version: ClassVar[int] = 1
    suffixes: ClassVar[tuple[str, ...]] = (".vue", ".svelte")
    comment: ClassVar[str] = "//"
    grammar: ClassVar[str] = ".".join(map(str, TYPESCRIPT.semantic_version or (TYPESCRIPT.abi_version,)))

    def sketch(self, path: str, source: bytes) -> Sketch:
        return Sketch(javascript_sketch.imports(_scripts(source)[0]))

    def read(self, path: str, source: bytes) -> tuple[CodeFacts, tuple[Notice, ...]]:
        return javascript_file.read(path, *_scripts(source))

    def comments(self, path: str, source: bytes) -> tuple[Comment, ...]:
        return javascript_file.comments(path, *_scripts(source))


def _scripts(source: bytes) -> tuple[bytes, str]:
    """The source with blanks for all that stands outside of scripts, so that places stay, and the grammar of these."""
    parts: list[bytes] = []
    end, typed = 0, False
    for found in _SCRIPT.finditer(source):
        parts += (_BETWEEN.sub(b" ", source[end : found.start(2)]), found[2])
        end, typed = found.end(2), typed or _TYPED.search(found[1]) is not None
    return b"".join((*parts, _BETWEEN.sub(b" ", source[end:]))), "typescript" if typed else "javascript"
