"""How Java's names, constants, operators and written types read as values."""

from __future__ import annotations

import re
from functools import partial

import tree_sitter_java
from tree_sitter import Language, Node

from commlint.extract import combined, java_text
from commlint.extract.quick import new_compute, new_index, new_literal, new_reference, new_sequence
from commlint.extract.remembered import Remembered
from commlint.extract.syntax import decoded, field_number, kind, kinds
from commlint.extract.walker import MISSING, Reader, Walker
from commlint.model.values import Literal, Reference, Sequence, Unknown, Value

JAVA = Language(tree_sitter_java.language())

COMMENTS = kinds(JAVA, "line_comment", "block_comment")
IDENTIFIER = kind(JAVA, "identifier")
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*\Z", re.ASCII).match
_TRUE, _FALSE, _NULL = Literal(True), Literal(False), Literal(None)
_ARRAY = Reference("[]")
_NO_TYPE = Reference("?")
MAX_TYPE_DEPTH = 100


field = partial(field_number, JAVA)
"""The number of a field of the grammar, by its name."""


_ELEMENT = field("element")
_FIELD = field("field")
_LEFT = field("left")
_NAME = field("name")
_OBJECT = field("object")
_OPERAND = field("operand")
_OPERATOR = field("operator")
_RIGHT = field("right")
_VALUE = field("value")


class Values(Walker):
    """
    A walk over the parts of Java's expressions that call nothing themselves.

    A method whose name is that of a kind of node reads such a node.
    """

    def __init__(self, path: str, source: bytes, readers: dict[int, Reader]) -> None:
        super().__init__(path, source, readers)
        self._constants = _CONSTANTS.renewed()
        self._types: dict[str, Value] = {}

    # names

    def identifier(self, node: Node) -> Value:
        raw = self.raw[node.start_byte : node.end_byte]
        return self.references[raw] if raw else MISSING

    def field_access(self, node: Node) -> Value:
        raw = self.raw[node.start_byte : node.end_byte]
        if raw in self.references or _DOTTED(raw):
            # `Outer.this` is the object around; what it has is found through its class as well.
            return self.references[raw.removesuffix(".this").replace(".this.", ".").replace(".super.", ".")]
        of = self.read(node.child_by_field_id(_OBJECT))
        name = node.child_by_field_id(_FIELD)
        return combined.member(of, self.written(name) if name is not None else "")

    def array_access(self, node: Node) -> Value:
        values = self.read_all(node)
        return new_index(values[0], values[1]) if len(values) == 2 else MISSING

    def class_literal(self, node: Node) -> Value:
        return self.type_of(node.named_child(0))

    # constants

    def number(self, node: Node) -> Value:
        return self._constants[self.raw[node.start_byte : node.end_byte]]

    string = number

    def true(self, node: Node) -> Value:
        return _TRUE

    def false(self, node: Node) -> Value:
        return _FALSE

    def null_literal(self, node: Node) -> Value:
        return _NULL

    # operators

    def ternary_expression(self, node: Node) -> Value:
        values = self.read_all(node)
        return combined.choice(values[1], values[2]) if len(values) == 3 else MISSING

    def unary_expression(self, node: Node) -> Value:
        value = self.read(node.child_by_field_id(_OPERAND))
        operator = self.raw[node.start_byte : node.start_byte + 1]
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
        return combined.plus(left, right) if operator == "+" else new_compute(operator, (left, right))

    def instanceof_expression(self, node: Node) -> Value:
        """`o instanceof Order order` gives the name as well."""
        value = self.read(node.child_by_field_id(_LEFT))
        of_type = self.type_of(node.child_by_field_id(_RIGHT))
        name = node.child_by_field_id(_NAME)
        if name is not None:
            self.add_assignment(self.written(name), None, self.extent(name), annotation=of_type)
        return new_compute("instanceof", (value, of_type))

    def cast_expression(self, node: Node) -> Value:
        return self.read(node.child_by_field_id(_VALUE))

    def array_initializer(self, node: Node) -> Value:
        return new_sequence(tuple(self.read_all(node)))

    def array_creation_expression(self, node: Node) -> Value:
        written = node.child_by_field_id(_VALUE)
        for child in node.named_children if written is None else ():
            if child.type == "dimensions_expr":
                self.read_all(child)
        return self.read(written) if written is not None else Unknown("an array made elsewhere")

    # types

    def type_of(self, node: Node | None) -> Value:
        """A written type: `List<Order>` is an Index, `Order[]` one of `[]`, `? extends Order` an Order."""
        if node is None:
            return MISSING
        raw = self.raw[node.start_byte : node.end_byte]
        known = self._types.get(raw)
        if known is None:
            known = self._types[raw] = self._type(node, 0)
        return known

    def _type(self, node: Node, depth: int) -> Value:
        kind = node.type
        if depth > MAX_TYPE_DEPTH:
            self.notice(node, "a type nested too deeply to be read; it counts as unknown")
            return Unknown("nested too deeply")
        parts = [child for child in node.named_children if child.kind_id not in COMMENTS]
        if kind == "generic_type":
            return self._generic(parts, depth)
        if kind == "array_type":
            element = node.child_by_field_id(_ELEMENT)
            return new_index(_ARRAY, self._type(element, depth + 1) if element is not None else MISSING)
        if kind == "annotated_type" and parts:
            return self._type(parts[-1], depth + 1)
        if kind == "wildcard":
            return self._type(parts[-1], depth + 1) if parts and parts[-1].type != "super" else _NO_TYPE
        if kind == "catch_type" and len(parts) == 1:
            return self._type(parts[0], depth + 1)
        if kind == "catch_type":
            return Sequence(tuple(self._type(part, depth + 1) for part in parts))
        return new_reference("".join(self.written(node).split()))

    def _generic(self, parts: list[Node], depth: int) -> Value:
        of = self._type(parts[0], depth + 1) if parts else MISSING
        arguments = [self._type(child, depth + 1) for child in (parts[1].named_children if len(parts) > 1 else ())
                     if child.kind_id not in COMMENTS]  # fmt: skip
        if not arguments:
            return of
        return new_index(of, arguments[0] if len(arguments) == 1 else new_sequence(tuple(arguments)))


class _Constants(Remembered[Value]):
    """What numbers and plain texts are worth, by their raw text."""

    def meaning(self, raw: str) -> Value:
        is_text = raw[:1] in ('"', "'")
        return new_literal(java_text.content(decoded(raw))) if is_text else java_text.number(raw)


_CONSTANTS = _Constants()
