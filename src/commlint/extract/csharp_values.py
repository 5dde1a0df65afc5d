"""How C#'s names, constants, operators and collections read as values."""

from __future__ import annotations

import re
from functools import partial

import tree_sitter_c_sharp
from tree_sitter import Language, Node

from commlint.extract import combined, csharp_text
from commlint.extract.combined import choice, joined, plus
from commlint.extract.quick import new_compute, new_index, new_literal, new_reference, new_sequence
from commlint.extract.syntax import decoded, field_number, kind
from commlint.extract.walker import MISSING, Reader, Walker
from commlint.model.values import CallResult, Literal, Reference, Unknown, Value

CSHARP = Language(tree_sitter_c_sharp.language())

COMMENT = kind(CSHARP, "comment")
GENERIC = kind(CSHARP, "generic_name")
IDENTIFIER = kind(CSHARP, "identifier")
INTERPOLATED = kind(CSHARP, "interpolated_string_expression")
_THROW = kind(CSHARP, "throw_expression")
_DOTTED = re.compile(r"(?:this|base|[^\W\d]\w*)(?:\.[^\W\d]\w*)*\Z", re.ASCII).match
_TRUE, _FALSE, _NULL = Literal(True), Literal(False), Literal(None)


field = partial(field_number, CSHARP)
"""The number of a field of the grammar, by its name."""


CONDITION = field("condition")
EXPRESSION = field("expression")
LEFT = field("left")
NAME = field("name")
OPERATOR = field("operator")
RIGHT = field("right")
SUBSCRIPT = field("subscript")
TYPE = field("type")
VALUE = field("value")


class Values(Walker):
    """
    A walk over the parts of C#'s expressions that call nothing themselves.

    A method whose name is that of a kind of node reads such a node.
    """

    def __init__(self, path: str, source: bytes, readers: dict[int, Reader]) -> None:
        super().__init__(path, source, readers)
        self._constants = _Constants()

    # names

    def identifier(self, node: Node) -> Value:
        raw = self.raw[node.start_byte : node.end_byte]
        # The parser may put an identifier of no letters where one is missing.
        return self.references[raw.lstrip("@")] if raw else MISSING

    def this(self, node: Node) -> Value:
        """`this` and `base`."""
        return self.references[self.raw[node.start_byte : node.end_byte]]

    def generic_name(self, node: Node) -> Value:
        first = node.named_child(0)
        return self.read(first)

    def qualified_name(self, node: Node) -> Value:
        raw = self.raw[node.start_byte : node.end_byte]
        if _DOTTED(raw):
            return self.references[raw]
        parts = [self.read(child) for child in node.named_children if child.kind_id != COMMENT]
        names = [part.name for part in parts if isinstance(part, Reference)]
        return new_reference(".".join(names)) if names else MISSING

    def alias_qualified_name(self, node: Node) -> Value:
        return self.read(node.child_by_field_id(NAME))

    def member_access_expression(self, node: Node) -> Value:
        raw = self.raw[node.start_byte : node.end_byte]
        if raw in self.references or _DOTTED(raw):
            return self.references[raw]
        return self.member(self.read(node.child_by_field_id(EXPRESSION)), node.child_by_field_id(NAME))

    def conditional_access_expression(self, node: Node) -> Value:
        of = self.read(node.child_by_field_id(CONDITION))
        binding = node.named_child(node.named_child_count - 1)
        if binding is None:
            return of
        if binding.type == "element_binding_expression":
            values = self.read_all(binding)
            return new_index(of, values[0] if values else MISSING)
        if binding.type == "member_binding_expression":
            return self.member(of, binding.child_by_field_id(NAME))
        self.read(binding)
        return MISSING

    def member(self, of: Value, name: Node | None) -> Value:
        """The member `name` of a value; type arguments are left to the call."""
        told = self.read(name)
        if not isinstance(told, Reference):
            return MISSING
        return combined.member(of, told.name)

    def element_access_expression(self, node: Node) -> Value:
        of = self.read(node.child_by_field_id(EXPRESSION))
        keys = self.keys(node.child_by_field_id(SUBSCRIPT))
        return new_index(of, keys[0] if len(keys) == 1 else new_sequence(tuple(keys)))

    def keys(self, node: Node | None) -> list[Value]:
        """The values between square brackets."""
        return self.read_all(node) if node is not None else []

    def predefined_type(self, node: Node) -> Value:
        return self.references[self.raw[node.start_byte : node.end_byte]]

    def typeof_expression(self, node: Node) -> Value:
        named = node.child_by_field_id(TYPE)
        return self.read(named) if named is not None else MISSING

    # constants

    def number(self, node: Node) -> Value:
        raw = self.raw[node.start_byte : node.end_byte]
        return self._constants.get(raw) or self._constants.number(raw)

    def boolean_literal(self, node: Node) -> Value:
        return _TRUE if self.raw[node.start_byte] == "t" else _FALSE

    def null_literal(self, node: Node) -> Value:
        return _NULL

    def string(self, node: Node) -> Value:
        return self._constants[self.raw[node.start_byte : node.end_byte]]

    def interpolated_string_expression(self, node: Node) -> Value:
        start = self.raw[node.start_byte : node.start_byte + 12]
        is_raw, is_verbatim = '"""' in start, "@" in start.partition('"')[0]
        parts: list[Value] = []
        for child in node.named_children:
            kind = child.type
            if kind == "interpolation":
                parts.append(self.read(child.children[1]) if child.child_count > 1 else MISSING)
            elif kind == "escape_sequence":
                parts.append(Literal(csharp_text.unescape(self.written(child))))
            elif kind == "string_content":
                parts.append(Literal(_piece(self.written(child), is_raw, is_verbatim)))
        return joined(parts)

    # operators

    def await_expression(self, node: Node) -> Value:
        value = self.read_first(node)
        if isinstance(value, CallResult):
            self.calls[value.call].awaited = True
        return value

    def binary_expression(self, node: Node) -> Value:
        left = self.read(node.child_by_field_id(LEFT))
        right_node = node.child_by_field_id(RIGHT)
        right = self.read(right_node)
        operator_node = node.child_by_field_id(OPERATOR)
        operator = operator_node.type if operator_node is not None else ""
        if operator == "??":
            return left if right_node is not None and right_node.kind_id == _THROW else choice(left, right)
        return plus(left, right) if operator == "+" else new_compute(operator, (left, right))

    def conditional_expression(self, node: Node) -> Value:
        parts = [child for child in node.named_children if child.kind_id != COMMENT]
        values = [self.read(child) for child in parts]
        if len(values) != 3:
            return MISSING
        told = [value for value, part in zip(values[1:], parts[1:], strict=True) if part.kind_id != _THROW]
        return told[0] if len(told) == 1 else choice(*told) if told else MISSING

    def prefix_unary_expression(self, node: Node) -> Value:
        value = self.read_first(node)
        operator = self.raw[node.start_byte : node.start_byte + 1]
        if operator == "-" and isinstance(value, Literal):
            match value.value:
                case bool():
                    pass
                case int() | float() as positive:
                    return Literal(-positive)
        return new_compute("not" if operator == "!" else operator, (value,))

    def postfix_unary_expression(self, node: Node) -> Value:
        """`x!` is `x`; `x++` counts."""
        value = self.read_first(node)
        last = node.children[-1].type
        return new_compute(last, (value,)) if last in ("++", "--") else value

    def default_expression(self, node: Node) -> Value:
        return _NULL

    def throw_expression(self, node: Node) -> Value:
        value = self.read_first(node)
        self.add_exit("raise", value, node)
        return Unknown("raises")

    def as_expression(self, node: Node) -> Value:
        return self.read(node.child_by_field_id(LEFT))

    def cast_expression(self, node: Node) -> Value:
        return self.read(node.child_by_field_id(VALUE))

    def parenthesized_expression(self, node: Node) -> Value:
        inner = [child for child in node.children[1:] if child.kind_id != COMMENT]
        return self.read(inner[0]) if inner else MISSING


class _Constants(dict[str, Value]):
    """What the numbers and plain texts of a file are worth, by their raw text."""

    def __missing__(self, raw: str) -> Value:
        found = self[raw] = new_literal(csharp_text.content(decoded(raw)))
        return found

    def number(self, raw: str) -> Value:
        found = self[raw] = csharp_text.number(raw)
        return found


def _piece(text: str, is_raw: bool, is_verbatim: bool) -> str:
    """A plain piece of an interpolated text."""
    if is_raw:
        return text
    text = text.replace("{{", "{").replace("}}", "}")
    return text.replace('""', '"') if is_verbatim else csharp_text.unescape(text)


def parts_of(node: Node) -> list[Node]:
    """The named parts of `node`, comments left out."""
    return [child for child in node.named_children if child.kind_id != COMMENT]
