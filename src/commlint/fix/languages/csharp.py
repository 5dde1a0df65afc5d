"""C#."""

from __future__ import annotations

from typing import ClassVar

import tree_sitter_c_sharp
from tree_sitter import Language

from commlint.fix.grammar import GrammarFixer


class CsharpFixer(GrammarFixer):
    """Adds named arguments to calls."""

    suffixes: ClassVar[tuple[str, ...]] = (".cs",)
    calls: ClassVar[tuple[str, ...]] = ("invocation_expression", "object_creation_expression")
    arguments: ClassVar[tuple[str, ...]] = ("argument_list",)
    keyword: ClassVar[str] = "{name}: {value}"

    def grammar(self, path: str) -> Language:
        return Language(tree_sitter_c_sharp.language())
