"""How Python's operators, constants and collections read as values."""

from __future__ import annotations

import re
from functools import partial

import tree_sitter_python
from tree_sitter import Language, Node

from commlint.extract import combined, python_text
from commlint.extract.quick import new_attribute, new_compute, new_index, new_literal, new_reference, new_sequence
from commlint.extract.remembered import Remembered
from commlint.extract.syntax import decoded, field_number, kind, kinds
from commlint.extract.walker import MISSING, Reader, Walker
from commlint.model.values import (
    CallResult,
    Element,
    Literal,
    Mapping,
    Reference,
    Sequence,
    Unknown,
    Value,
)

PYTHON = Language(tree_sitter_python.language())

COMMENT = kind(PYTHON, "comment")
# What may stand between any two parts of a statement.
EXTRAS = kinds(PYTHON, "comment", "line_continuation")
IDENTIFIER = kind(PYTHON, "identifier")
WORDS = kinds(PYTHON, "identifier", "attribute")
CONSTANTS = kinds(PYTHON, "integer", "float", "true", "false", "none")
STRING = kind(PYTHON, "string")
SPREADS = kinds(PYTHON, "list_splat", "dictionary_splat", "parenthesized_list_splat")
_PAIR = kind(PYTHON, "pair")
_TUPLE = kinds(PYTHON, "tuple", "expression_list", "parenthesized_expression")
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*\Z", re.ASCII).match
_PREFIX = re.compile(r"[A-Za-z]*")
_NUMERIC = frozenset("0123456789.")
_QUOTES = ('"', "'")
_INTERPOLATED = frozenset("fFtT")
_TRUE, _FALSE, _NONE = Literal(True), Literal(False), Literal(None)


field = partial(field_number, PYTHON)
"""The number of a field of the grammar, by its name."""


_ARGUMENT = field("argument")
_ATTRIBUTE = field("attribute")
_EXPRESSION = field("expression")
_LEFT = field("left")
_NAME = field("name")
_OBJECT = field("object")
_OPERATOR = field("operator")
_RIGHT = field("right")
_SPECIFIER = field("format_specifier")
_VALUE = field("value")


class Values(Walker):
    """
    A walk over the parts of Python's expressions that call nothing themselves.

    A method whose name is that of a kind of node reads such a node.
    """

    def __init__(self, path: str, source: bytes, readers: dict[int, Reader], sound: bool = False) -> None:
        super().__init__(path, source, readers, sound)
        self.constants = _CONSTANTS.renewed()

    # names

    def identifier(self, node: Node) -> Value:
        raw = self.raw[node.start_byte : node.end_byte]
        # The parser may put an identifier of no letters where one is missing.
        return self.references[raw] if raw else MISSING

    def attribute(self, node: Node) -> Value:
        raw = self.raw[node.start_byte : node.end_byte]
        known = self.references.get(raw)
        if known is not None:
            return known
        if _DOTTED(raw):
            return self.references[raw]
        of = self.read(node.child_by_field_id(_OBJECT))
        name = node.child_by_field_id(_ATTRIBUTE)
        member = self.written(name) if name is not None else ""
        if not member:
            return MISSING
        if isinstance(of, Reference) and of.name[0] != "<":
            return new_reference(f"{of.name}.{member}")
        return new_attribute(of, member)

    def subscript(self, node: Node) -> Value:
        values = self.read_all(node)
        if len(values) < 2:
            return MISSING
        return new_index(values[0], values[1] if len(values) == 2 else new_sequence(tuple(values[1:])))

    def slice(self, node: Node) -> Value:
        self.read_all(node)
        return Unknown("slice")

    # constants

    def number(self, node: Node) -> Value:
        return self.constants[self.raw[node.start_byte : node.end_byte]]

    def true(self, node: Node) -> Value:
        return _TRUE

    def false(self, node: Node) -> Value:
        return _FALSE

    def none(self, node: Node) -> Value:
        return _NONE

    def ellipsis(self, node: Node) -> Value:
        return Unknown("ellipsis")

    def string(self, node: Node) -> Value:
        raw = self.raw[node.start_byte : node.end_byte]
        known = self.constants.get(raw)
        if known is not None:
            return known
        if raw[:1] not in _QUOTES:
            prefix = _PREFIX.match(raw)
            if prefix is not None and not _INTERPOLATED.isdisjoint(prefix[0]):
                return self._interpolated(node, prefix[0])
            if raw[:1] == "`":
                return Unknown("Python 2 representation")
        return self.constants[raw]

    def _interpolated(self, node: Node, prefix: str) -> Value:
        parts: list[Value] = []
        for child in node.named_children:
            kind = child.type
            if kind == "string_content":
                text = self.written(child).replace("{{", "{").replace("}}", "}")
                parts.append(Literal(python_text.unescape(text, prefix)))
            elif kind == "interpolation":
                parts.extend(self._interpolation(child))
        return combined.joined(parts)

    def _interpolation(self, node: Node) -> list[Value]:
        expression = node.child_by_field_id(_EXPRESSION)
        parts = [self.read(expression)]
        # `{name=}` writes the name as well.
        if expression is not None and node.child_count > 3 and any(child.type == "=" for child in node.children):
            parts.insert(0, Literal(f"{self.written(expression)}="))
        specifier = node.child_by_field_id(_SPECIFIER)
        if specifier is not None:
            self.read_all(specifier)
        return parts

    def concatenated_string(self, node: Node) -> Value:
        return combined.joined(self.read_all(node))

    # operators

    def await_(self, node: Node) -> Value:
        value = self.read_first(node)
        if isinstance(value, CallResult):
            self.calls[value.call].awaited = True
        return value

    def yield_(self, node: Node) -> Value:
        values = self.read_all(node)
        value = values[0] if values else None
        if value is not None and any(child.type == "from" for child in node.children):
            value = Element(value)
        self.is_generator = True
        self.add_exit("yield", value, node)
        return Unknown("yield")

    def boolean_operator(self, node: Node) -> Value:
        left_node, operator, right_node = _operation(node)
        left = self.read(left_node)
        right = self.read(right_node)
        if operator == "or":
            return combined.choice(left, right)
        return new_compute("and", (left, right))

    def conditional_expression(self, node: Node) -> Value:
        values = self.read_all(node)
        return combined.choice(values[0], values[2]) if len(values) == 3 else MISSING

    def not_operator(self, node: Node) -> Value:
        return new_compute("not", (self.read_first(node),))

    def unary_operator(self, node: Node) -> Value:
        value = self.read(node.child_by_field_id(_ARGUMENT))
        operator = self.raw[node.start_byte : node.start_byte + 1]
        if operator == "-" and isinstance(value, Literal):
            match value.value:
                case bool():
                    pass
                case int() | float() as positive:
                    return Literal(-positive)
        return new_compute(operator, (value,))

    def comparison_operator(self, node: Node) -> Value:
        parts = node.children
        if len(parts) == 3:
            left, operator, right = parts
            return new_compute(operator.type, (self.read(left), self.read(right)))
        operators = [child.type for child in parts if not child.is_named]
        return new_compute(" ".join(operators), tuple(self.read_all(node)))

    def binary_operator(self, node: Node) -> Value:
        left_node, operator, right_node = _operation(node)
        left = self.read(left_node)
        right = self.read(right_node)
        if operator == "+":
            return combined.plus(left, right)
        if operator == "%" and isinstance(left, Literal) and isinstance(left.value, str):
            is_tuple = right_node is not None and right_node.kind_id in _TUPLE
            items = right.items if is_tuple and isinstance(right, Sequence) and not right.open else None
            text = python_text.percent(left.value, right, items)
            if text is not None:
                return text
        return new_compute(operator, (left, right))

    def named_expression(self, node: Node) -> Value:
        name = node.child_by_field_id(_NAME)
        value = self.read(node.child_by_field_id(_VALUE))
        if name is not None:
            self.add_assignment(self.written(name), value, self.extent(node))
        return value

    # collections

    def sequence(self, node: Node) -> Value:
        readers = self.readers
        items: list[Value] = []
        is_open = False
        for child in node.named_children:
            number = child.kind_id
            value = readers[number](self, child)
            if value is None:
                continue
            if number in SPREADS:
                is_open = True
                value = Element(value)
            items.append(value)
        return new_sequence(tuple(items), is_open)

    def dictionary(self, node: Node) -> Value:
        entries: list[tuple[Value, Value]] = []
        is_open = False
        for child in node.named_children:
            number = child.kind_id
            if number == _PAIR:
                entries.append(self.pair(child))
            elif number in SPREADS:
                is_open = True
                entries.append((Unknown("spread"), self.read_first(child)))
            elif number not in EXTRAS:
                self.read(child)
        return Mapping(tuple(entries), is_open)

    def pair(self, node: Node) -> tuple[Value, Value]:
        readers = self.readers
        parts = node.children
        if len(parts) == 3:
            key, _, value = parts
            return readers[key.kind_id](self, key) or MISSING, readers[value.kind_id](self, value) or MISSING
        values = self.read_all(node)
        return (values[0], values[1]) if len(values) == 2 else (MISSING, MISSING)


class _Constants(Remembered[Value]):
    """What numbers and plain texts are worth."""

    def meaning(self, raw: str) -> Value:
        return python_text.number(raw) if raw[:1] in _NUMERIC else new_literal(python_text.content(decoded(raw)))


_CONSTANTS = _Constants()


def _operation(node: Node) -> tuple[Node | None, str, Node | None]:
    """Left side, operator and right side of a node that has these fields."""
    if node.child_count == 3:
        left, middle, right = node.children
        return left, middle.type, right
    operator = node.child_by_field_id(_OPERATOR)
    text = operator.type if operator is not None else ""
    return node.child_by_field_id(_LEFT), text, node.child_by_field_id(_RIGHT)


def parts_of(node: Node) -> list[Node]:
    """The named parts of `node`."""
    return [child for child in node.named_children if child.kind_id not in EXTRAS]


def first_of(node: Node) -> Node | None:
    """The first named part of `node`."""
    found = node.named_child(0)
    return found if found is None or found.kind_id not in EXTRAS else next(iter(parts_of(node)), None)
