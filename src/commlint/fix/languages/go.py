"""Go."""

from __future__ import annotations

from typing import ClassVar

import tree_sitter_go
from tree_sitter import Language, Node

from commlint.fix.grammar import GrammarFixer, Insertion, Literal
from commlint.fix.scope import Shape


class GoFixer(GrammarFixer):
    """Adds fields to struct literals and bounds to contexts, and the imports they need."""

    suffixes: ClassVar[tuple[str, ...]] = (".go",)
    calls: ClassVar[tuple[str, ...]] = ("composite_literal", "call_expression")
    arguments: ClassVar[tuple[str, ...]] = ("argument_list",)
    scope: ClassVar[Shape | None] = Shape(
        statements=("statement_list",),
        functions=("function_declaration", "method_declaration", "func_literal"),
        loops=("for_statement",),
        names=("identifier",),
    )
    fields: ClassVar[Literal | None] = Literal("composite_literal", "keyed_element", "{name}: {value}")

    def grammar(self, path: str) -> Language:
        return Language(tree_sitter_go.language())

    def imported(self, source: bytes, root: Node, needs: str) -> Insertion | None:
        written = f'"{needs}"'
        declarations = [child for child in root.named_children if child.type == "import_declaration"]
        if any(written.encode() in (child.text or b"") for child in declarations):
            return None
        for child in declarations:
            specs = next((part for part in child.named_children if part.type == "import_spec_list"), None)
            if specs is not None and specs.named_children:
                # gofmt sorts the group the next time it runs.
                return specs.named_children[-1].end_byte, f"\n\t{written}".encode()
        after = declarations[-1] if declarations else root.named_children[0]
        return after.end_byte, f"\n\nimport {written}".encode() if not declarations else f"\nimport {written}".encode()
