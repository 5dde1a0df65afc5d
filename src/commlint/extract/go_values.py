"""How Go's operators and constants read as values."""

from __future__ import annotations

import re
from functools import partial

import tree_sitter_go
from tree_sitter import Language, Node

from commlint.extract import combined, go_text
from commlint.extract.quick import new_attribute, new_compute, new_element, new_index, new_reference
from commlint.extract.remembered import References, Remembered
from commlint.extract.syntax import decoded, field_number, kind, kinds
from commlint.extract.walker import MISSING, Reader, Walker
from commlint.model.values import Literal, Reference, Sequence, Unknown, Value

GO = Language(tree_sitter_go.language())

COMMENT = kind(GO, "comment")
EXTRAS = kinds(GO, "comment")
IDENTIFIERS = kinds(GO, "identifier")
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*\Z", re.ASCII).match
_TRUE, _FALSE, _NONE = Literal(True), Literal(False), Literal(None)


field = partial(field_number, GO)
"""The number of a field of the grammar, by its name."""


_FIELD = field("field")
_INDEX = field("index")
_LEFT = field("left")
_OPERAND = field("operand")
_OPERATOR = field("operator")
_RIGHT = field("right")


class Values(Walker):
    """
    A walk over the parts of Go's expressions that call nothing themselves.

    A method whose name is that of a kind of node reads such a node. Pointers and type assertions are seen through.
    """

    def __init__(self, path: str, source: bytes, readers: dict[int, Reader]) -> None:
        super().__init__(path, source, readers)
        # Those of this file alone, since they tell what its packages are called.
        self.references = References()
        self._constants = _CONSTANTS.renewed()
        self.place_in_list = 0

    # names

    def identifier(self, node: Node) -> Value:
        raw = self.raw[node.start_byte : node.end_byte]
        # The parser may put an identifier of no letters where one is missing.
        return self.references[raw] if raw else MISSING

    def selector_expression(self, node: Node) -> Value:
        raw = self.raw[node.start_byte : node.end_byte]
        if raw in self.references or _DOTTED(raw):
            return self.references[raw]
        of = self.read(node.child_by_field_id(_OPERAND))
        name = node.child_by_field_id(_FIELD)
        member = self.written(name) if name is not None else ""
        if not member:
            return MISSING
        if isinstance(of, Reference) and of.name[0] != "<":
            return new_reference(f"{of.name}.{member}")
        return new_attribute(of, member)

    def index_expression(self, node: Node) -> Value:
        of = self.read(node.child_by_field_id(_OPERAND))
        key = node.child_by_field_id(_INDEX)
        return new_index(of, self.read(key)) if key is not None else of

    def slice_expression(self, node: Node) -> Value:
        """`b[:]` is all of it; of less nobody knows what is left."""
        values = self.read_all(node)
        return values[0] if len(values) == 1 else Unknown("slice")

    def type_assertion_expression(self, node: Node) -> Value:
        return self.read(node.child_by_field_id(_OPERAND))

    # constants

    def number(self, node: Node) -> Value:
        return self._constants[self.raw[node.start_byte : node.end_byte]]

    def text(self, node: Node) -> Value:
        return self._constants[self.raw[node.start_byte : node.end_byte]]

    def true(self, node: Node) -> Value:
        return _TRUE

    def false(self, node: Node) -> Value:
        return _FALSE

    def nil(self, node: Node) -> Value:
        return _NONE

    def iota(self, node: Node) -> Value:
        return Literal(self.place_in_list)

    # operators

    def unary_expression(self, node: Node) -> Value:
        value = self.read(node.child_by_field_id(_OPERAND))
        operator = self.raw[node.start_byte : node.start_byte + 1]
        if operator in "&*":
            return value
        if operator == "<":
            return new_element(value)
        if operator == "-" and isinstance(value, Literal):
            match value.value:
                case bool():
                    pass
                case int() | float() as positive:
                    return Literal(-positive)
        return new_compute("not" if operator == "!" else operator, (value,))

    def binary_expression(self, node: Node) -> Value:
        left = self.read(node.child_by_field_id(_LEFT))
        right = self.read(node.child_by_field_id(_RIGHT))
        operator_node = node.child_by_field_id(_OPERATOR)
        operator = operator_node.type if operator_node is not None else ""
        if operator == "+":
            return combined.plus(left, right)
        return new_compute({"||": "or", "&&": "and"}.get(operator, operator), (left, right))

    def expression_list(self, node: Node) -> Value:
        values = self.read_all(node)
        return values[0] if len(values) == 1 else Sequence(tuple(values))


class _Constants(Remembered[Value]):
    """What numbers and texts are worth, by their raw text."""

    def meaning(self, raw: str) -> Value:
        return go_text.constant(decoded(raw))


_CONSTANTS = _Constants()


def parts_of(node: Node) -> list[Node]:
    """The named parts of `node`."""
    return [child for child in node.named_children if child.kind_id not in EXTRAS]


def first_of(node: Node) -> Node | None:
    """The first named part of `node`."""
    return next(iter(parts_of(node)), None)
