"""JavaScript and TypeScript."""

from __future__ import annotations

from typing import ClassVar

import tree_sitter_javascript
import tree_sitter_typescript
from tree_sitter import Language

from commlint.fix.grammar import GrammarFixer, Literal


class JavascriptFixer(GrammarFixer):
    """Adds entries to the options of a call, and the options where there are none."""

    suffixes: ClassVar[tuple[str, ...]] = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
    calls: ClassVar[tuple[str, ...]] = ("call_expression", "new_expression")
    arguments: ClassVar[tuple[str, ...]] = ("arguments",)
    entry: ClassVar[Literal | None] = Literal("object", "pair", "{name}: {value}")
    empty: ClassVar[str] = "undefined"

    def grammar(self, path: str) -> Language:
        if path.endswith(".tsx"):
            return Language(tree_sitter_typescript.language_tsx())
        if path.endswith((".ts", ".mts", ".cts")):
            return Language(tree_sitter_typescript.language_typescript())
        return Language(tree_sitter_javascript.language())
