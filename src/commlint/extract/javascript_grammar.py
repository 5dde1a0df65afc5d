"""The grammars of JavaScript, TypeScript and TSX, and what a walk asks of whichever it reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import tree_sitter_javascript
import tree_sitter_typescript
from tree_sitter import Language, Node

from commlint.extract.syntax import handlers
from commlint.extract.walker import Reader

JAVASCRIPT = Language(tree_sitter_javascript.language())
TYPESCRIPT = Language(tree_sitter_typescript.language_typescript())
TSX = Language(tree_sitter_typescript.language_tsx())

FUNCTIONS = frozenset({"arrow_function", "function_expression", "generator_function", "function"})
CLASSES = frozenset({"class", "class_declaration", "abstract_class_declaration"})
# What may stand between any two parts of a statement.
EXTRAS = frozenset({"comment", "html_comment"})

Statement = Callable[[Any, Node], None]


@dataclass(frozen=True, slots=True)
class Grammar:
    """
    One grammar with what to do for each of its kinds of nodes, by number.

    The three grammars share their names of kinds and fields, not their numbers.
    """

    language: Language
    readers: dict[int, Reader]
    statements: dict[int, Statement]


def grammar(
    language: Language,
    readers: Mapping[str, Reader],
    otherwise: Reader,
    statements: Mapping[str, Statement],
    loose: Statement,
) -> Grammar:
    """A grammar with readers and statements by the names of kinds; a name it does not have is left out."""
    return Grammar(language, handlers(language, readers, otherwise), handlers(language, statements, loose))


def parts_of(node: Node) -> list[Node]:
    """The named parts of `node`, comments left out."""
    return [child for child in node.named_children if child.type not in EXTRAS]


def first_of(node: Node) -> Node | None:
    """The first named part of `node`."""
    return next((child for child in node.named_children if child.type not in EXTRAS), None)


def has(node: Node, *words: str) -> bool:
    """Whether one of the keywords stands among the parts of `node`."""
    return any(child.type in words for child in node.children if not child.is_named)
