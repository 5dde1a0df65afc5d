"""How Python's functions and classes read, and with them whole files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tree_sitter import Node

from commlint.extract.python_match import Matches
from commlint.extract.python_values import PYTHON, field, first_of
from commlint.extract.quick import new_function
from commlint.extract.syntax import handlers, kinds
from commlint.model.code import TypeFacts
from commlint.model.values import Value

_BODY = field("body")
_DEFINITION = field("definition")
_FUNCTION = kinds(PYTHON, "function_definition")
_NAME = field("name")
_PARAMETERS = field("parameters")
_RETURNS = field("return_type")
_SUPERCLASSES = field("superclasses")


class Definitions(Matches):
    """A walk over a whole Python file."""

    def __init__(self, path: str, source: bytes, sound: bool = False) -> None:
        super().__init__(path, source, STATEMENTS, sound)

    def decorated_definition(self, node: Node) -> None:
        definition = node.child_by_field_id(_DEFINITION)
        if definition is None:
            self.parts(node)
        elif definition.kind_id in _FUNCTION:
            self.function_definition(definition, self._decorators(node))
        else:
            self.class_definition(definition, self._decorators(node))

    def _decorators(self, node: Node) -> tuple[Value, ...]:
        return tuple(self.expression(first_of(child)) for child in node.children if child.type == "decorator")

    def function_definition(self, node: Node, decorators: tuple[Value, ...] = ()) -> None:
        name = node.child_by_field_id(_NAME)
        parameters = self.parameters(node.child_by_field_id(_PARAMETERS))
        written = node.child_by_field_id(_RETURNS)
        returns = self.annotation(written) if written is not None else None
        index, qualified, owner = self.open_function(self.written(name) if name is not None else "")
        self.body(node.child_by_field_id(_BODY))
        is_async = node.children[0].type == "async"
        extent = self.extent(node)
        facts = new_function(qualified, owner, parameters, decorators, returns, is_async, self.is_generator, extent)
        self.close_function(index, facts)

    def class_definition(self, node: Node, decorators: tuple[Value, ...] = ()) -> None:
        name = node.child_by_field_id(_NAME)
        arguments = self.arguments(node.child_by_field_id(_SUPERCLASSES))
        bases = tuple(entry.value for entry in arguments if entry.name is None and not entry.spread)
        keywords = tuple((entry.name, entry.value) for entry in arguments if entry.name is not None)
        index, qualified = self.open_type(self.written(name) if name is not None else "")
        self.body(node.child_by_field_id(_BODY))
        self.close_type(index, TypeFacts(qualified, bases, decorators, keywords, self.extent(node)))


STATEMENTS: dict[int, Callable[[Any, Node], None]] = handlers(
    PYTHON,
    {
        "ERROR": Definitions.body,
        "assert_statement": Definitions.parts,
        "assignment": Definitions.assignment,
        "augmented_assignment": Definitions.augmented_assignment,
        "block": Definitions.body,
        "break_statement": Definitions.break_statement,
        "class_definition": Definitions.class_definition,
        "comment": Definitions.skip,
        "continue_statement": Definitions.continue_statement,
        "decorated_definition": Definitions.decorated_definition,
        "delete_statement": Definitions.parts,
        "exec_statement": Definitions.parts,
        "expression_statement": Definitions.expression_statement,
        "for_statement": Definitions.for_statement,
        "function_definition": Definitions.function_definition,
        "future_import_statement": Definitions.import_from_statement,
        "global_statement": Definitions.global_statement,
        "if_statement": Definitions.if_statement,
        "import_from_statement": Definitions.import_from_statement,
        "import_statement": Definitions.import_statement,
        "line_continuation": Definitions.skip,
        "match_statement": Definitions.match_statement,
        "nonlocal_statement": Definitions.nonlocal_statement,
        "pass_statement": Definitions.skip,
        "print_statement": Definitions.parts,
        "raise_statement": Definitions.raise_statement,
        "return_statement": Definitions.return_statement,
        "try_statement": Definitions.try_statement,
        "type_alias_statement": Definitions.type_alias_statement,
        "while_statement": Definitions.while_statement,
        "with_statement": Definitions.with_statement,
    },
    Definitions.loose,
)
