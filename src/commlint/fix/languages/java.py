"""Java."""

from __future__ import annotations

from typing import ClassVar

import tree_sitter_java
from tree_sitter import Language

from commlint.fix.grammar import GrammarFixer


class JavaFixer(GrammarFixer):
    """Adds a call on the receiver of a call, as builders and stubs take it; types are written with their package."""

    suffixes: ClassVar[tuple[str, ...]] = (".java",)
    calls: ClassVar[tuple[str, ...]] = ("method_invocation",)
    arguments: ClassVar[tuple[str, ...]] = ("argument_list",)

    def grammar(self, path: str) -> Language:
        return Language(tree_sitter_java.language())
