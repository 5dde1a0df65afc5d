"""JavaScript and TypeScript."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import tree_sitter_javascript
import tree_sitter_typescript
from tree_sitter import Language, Node

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

    def named(self, argument: Node) -> Node | None:
        """The value of the one constant of that name in the innermost function that has any."""
        if argument.type != "identifier":
            return None
        scope = argument.parent
        while scope is not None:
            if argument.text in _parameters(scope):
                return None
            if scope.type in _SCOPES:
                found = [each for each in _constants(scope) if _name(each) == argument.text]
                if found:
                    return found[0].child_by_field_name("value") if len(found) == 1 else None
            scope = scope.parent
        return None


_SCOPES = ("statement_block", "program")


def _parameters(scope: Node) -> set[bytes | None]:
    """The names a function gives its arguments."""
    found: set[bytes | None] = set()
    pending = [scope.child_by_field_name("parameters"), scope.child_by_field_name("parameter")]
    while pending:
        node = pending.pop()
        if node is not None:
            found.add(node.text)
            pending += node.named_children
    return found


def _constants(scope: Node) -> Iterator[Node]:
    """What the statements of a scope themselves declare as constants."""
    for statement in scope.named_children:
        declaration = statement.child_by_field_name("declaration") or statement
        if declaration.type == "lexical_declaration" and declaration.children[0].type == "const":
            yield from (child for child in declaration.named_children if child.type == "variable_declarator")


def _name(declarator: Node) -> bytes | None:
    name = declarator.child_by_field_name("name")
    return name.text if name is not None else None
