"""What is asked of syntax trees in every language: kinds by number, depth, errors, source text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from tree_sitter import Language, Node

from commlint.model.facts import Notice

MAX_EXPRESSION_DEPTH = 200
ERROR_KIND = 0xFFFF

Handler = TypeVar("Handler")


def decoded(raw: str) -> str:
    """The text that a cut of `Walker.raw` stands for."""
    return raw if raw.isascii() else raw.encode("latin-1").decode("utf-8", "replace")


def handlers(language: Language, by_name: Mapping[str, Handler], otherwise: Handler) -> dict[int, Handler]:
    """
    What to do with a node of each kind, by its number; total, errors included.

    Args:
        by_name: handlers by the names of named kinds.
        otherwise: for every kind that has none.
    """
    table = {ERROR_KIND: by_name.get("ERROR", otherwise)}
    for number in range(language.node_kind_count):
        name = language.node_kind_for_id(number)
        named = language.node_kind_is_named(number)
        table[number] = by_name.get(name, otherwise) if name is not None and named else otherwise
    return table


def kind(language: Language, name: str) -> int:
    """The number of the only named kind with this name."""
    (number,) = kinds(language, name)
    return number


def kinds(language: Language, *names: str) -> frozenset[int]:
    """The numbers of the named kinds with one of these names."""
    return frozenset(
        number
        for number in range(language.node_kind_count)
        if language.node_kind_is_named(number) and language.node_kind_for_id(number) in names
    )


def field_number(language: Language, name: str) -> int:
    """The number of a field of a grammar."""
    number = language.field_id_for_name(name)
    assert number is not None, name
    return number


def is_deep(node: Node) -> bool:
    """Whether the tree under `node` nests deeper than expressions that people write."""
    pending = [(node, MAX_EXPRESSION_DEPTH)]
    while pending:
        parent, left = pending.pop()
        if left == 0:
            return True
        # A tree of few nodes cannot be deep, so of a long table only the surface is looked at.
        pending.extend((child, left - 1) for child in parent.children if child.descendant_count >= left)
    return False


def syntax_notices(path: str, root: Node) -> tuple[Notice, ...]:
    """What is told of a file that is no correct code: where the first mistake stands."""
    error = first_error(root)
    if error is None:
        return ()
    line = error.start_point[0] + 1
    return (Notice(path, line, f"syntax error near line {line}; the rest of the file is still used"),)


def first_error(root: Node) -> Node | None:
    """The first place in the source that is no correct code, if there is one."""
    if not root.has_error:
        return None
    node = root
    while not (node.is_error or node.is_missing):
        for child in node.children:
            if child.has_error or child.is_missing:
                node = child
                break
        else:
            return node
    return node
