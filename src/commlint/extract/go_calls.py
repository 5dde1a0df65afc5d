"""How Go's calls, struct literals and written collections read."""

from __future__ import annotations

from tree_sitter import Node

from commlint.extract.go_types import Types
from commlint.extract.go_values import GO, IDENTIFIERS, field, first_of, parts_of
from commlint.extract.quick import new_argument, new_element, new_sequence
from commlint.extract.syntax import kind, kinds
from commlint.extract.walker import MISSING
from commlint.model.code import Argument
from commlint.model.values import CallResult, Literal, Mapping, Output, Reference, Sequence, Unknown, Value

_ARGUMENTS = field("arguments")
_BODY = field("body")
_ELEMENT = field("element")
_FUNCTION = field("function")
_KEY = field("key")
_OPERAND = field("operand")
_TYPE = field("type")
_VALUE = field("value")
_COLLECTIONS = kinds(GO, "array_type", "slice_type", "implicit_length_array_type", "map_type")
_GENERIC = kind(GO, "generic_type")
_KEYED = kind(GO, "keyed_element")
_LITERAL = kind(GO, "literal_value")
_MAP = kind(GO, "map_type")
_SPREAD = kind(GO, "variadic_argument")
STRUCT = kind(GO, "struct_type")
_TYPES = kinds(
    GO, "array_type", "slice_type", "map_type", "channel_type", "pointer_type", "function_type", "struct_type",
    "interface_type",
)  # fmt: skip
_UNARY = kind(GO, "unary_expression")
_VARIABLES = kinds(GO, "identifier", "selector_expression")
# Conversions that leave a value what it is.
_CONVERSIONS = frozenset((
    "string", "byte", "rune", "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64",
    "float32", "float64", "any",
))  # fmt: skip


class Calls(Types):
    """A walk that knows calls and composite literals too."""

    def call_expression(self, node: Node) -> Value:
        function = node.child_by_field_id(_FUNCTION)
        written = node.child_by_field_id(_ARGUMENTS)
        if function is None:
            return self.otherwise(node)
        if function.kind_id in IDENTIFIERS:
            known = self._built_in(self.raw[function.start_byte : function.end_byte], written, node)
            if known is not None:
                return known
        elif function.type == "parenthesized_expression" or function.kind_id in _TYPES:
            inner = function if function.kind_id in _TYPES else first_of(function)
            if inner is not None and (inner.kind_id in _TYPES or inner.kind_id == _UNARY):
                return self.read_first(written) if written is not None else MISSING
        callee = self.read(function)
        return self._called(callee, written, node)

    def _called(self, callee: Value, written: Node | None, node: Node) -> CallResult:
        arguments = self._arguments(written)
        result = self.add_call(callee, arguments, node)
        for place, child in enumerate(parts_of(written) if written is not None else ()):
            if child.kind_id == _UNARY and self.raw[child.start_byte] == "&":
                self._given_away(child, result.call, place)
        return result

    def _given_away(self, node: Node, call: int, place: int) -> None:
        """A variable whose address is an argument: the call may have given it a value."""
        operand = node.child_by_field_id(_OPERAND)
        if operand is not None and operand.kind_id in _VARIABLES:
            value = self.read(operand)
            if isinstance(value, Reference):
                self.add_assignment(value.name, Output(call, place), self.extent(node))

    def _built_in(self, name: str, written: Node | None, node: Node) -> Value | None:
        """What the functions of the language itself give, None for any other."""
        if name in _CONVERSIONS and written is not None:
            return self.read_first(written)
        if name == "new" and written is not None:
            made = first_of(written)
            return self.add_call(self.type(made), (), node)
        if name == "make" and written is not None:
            parts = parts_of(written)
            made = parts[0] if parts else None
            for child in parts[1:]:
                self.read(child)
            if made is not None and made.kind_id in _COLLECTIONS:
                return Mapping((), open=True) if made.kind_id == _MAP else new_sequence((), True)
            return Unknown("a channel") if made is not None and made.type == "channel_type" else None
        if name == "append" and written is not None:
            return self._appended(written)
        if name == "panic" and written is not None:
            self.add_exit("raise", self.read_first(written), node)
            return MISSING
        return None

    def _appended(self, written: Node) -> Value:
        first, *rest = self._arguments(written) or (new_argument(None, MISSING),)
        items = [new_element(entry.value) if entry.spread else entry.value for entry in rest]
        earlier = first.value
        if isinstance(earlier, Sequence) and not earlier.open:
            return new_sequence((*earlier.items, *items), any(entry.spread for entry in rest))
        return new_sequence((new_element(earlier), *items), True)

    def _arguments(self, node: Node | None) -> tuple[Argument, ...]:
        readers = self.readers
        found: list[Argument] = []
        for child in node.named_children if node is not None else ():
            number = child.kind_id
            if number == _SPREAD:
                found.append(new_argument(None, self.read_first(child), "*"))
            elif number in _TYPES or number == _GENERIC:
                found.append(new_argument(None, self.type(child)))
            else:
                value = readers[number](self, child)
                if value is not None:
                    found.append(new_argument(None, value))
        return tuple(found)

    def type_conversion_expression(self, node: Node) -> Value:
        """A conversion leaves the value what it is; a call with type arguments looks the same to the parser."""
        written, operand = node.child_by_field_id(_TYPE), node.child_by_field_id(_OPERAND)
        value = self.read(operand)
        if written is None or written.kind_id != _GENERIC:
            return value
        of = self.type(written.child_by_field_id(_TYPE))
        return self.add_call(of, (new_argument(None, value),), node)

    # composite literals

    def composite_literal(self, node: Node) -> Value:
        written, body = node.child_by_field_id(_TYPE), node.child_by_field_id(_BODY)
        if written is None or body is None:
            return self.otherwise(node)
        return self._literal(written, body, node)

    def _literal(self, written: Node | None, body: Node, node: Node) -> Value:
        """What stands in braces, of the type `written`, None where it is not visible."""
        if written is not None and written.type == "pointer_type":
            written = first_of(written)
        elements = parts_of(body)
        if written is None or written.kind_id in _COLLECTIONS or written.kind_id == STRUCT:
            is_map = written is not None and written.kind_id == _MAP
            inner = self._element_type(written)
            if is_map or (any(child.kind_id == _KEYED for child in elements) and not self._is_list(written)):
                return self._mapping(elements, inner, named=not is_map)
            return new_sequence(tuple(self._element(child, inner) for child in elements))
        if any(self._is_plain_key(child) for child in elements):
            # A named map, such as `bson.M`: its keys are values.
            return self._mapping(elements, None, named=False)
        callee = self.type(written)
        return self.add_call(callee, tuple(self._field(child) for child in elements), node)

    def _is_list(self, written: Node | None) -> bool:
        return written is not None and written.kind_id in _COLLECTIONS and written.kind_id != _MAP

    def _element_type(self, written: Node | None) -> Node | None:
        """The written type of the elements of a collection."""
        if written is None or written.kind_id == STRUCT:
            return None
        return written.child_by_field_id(_VALUE if written.kind_id == _MAP else _ELEMENT)

    def _is_plain_key(self, node: Node) -> bool:
        key = node.child_by_field_id(_KEY) if node.kind_id == _KEYED else None
        inside = first_of(key) if key is not None else None
        return inside is not None and inside.kind_id not in IDENTIFIERS

    def _mapping(self, elements: list[Node], inner: Node | None, named: bool) -> Value:
        entries: list[tuple[Value, Value]] = []
        for child in elements:
            if child.kind_id == _KEYED:
                key = child.child_by_field_id(_KEY)
                name = Literal(self.written(key)) if named and key is not None else self._element(key, None)
                entries.append((name, self._element(child.child_by_field_id(_VALUE), inner)))
            else:
                entries.append((Unknown("no key"), self._element(child, inner)))
        return Mapping(tuple(entries))

    def _element(self, node: Node | None, inner: Node | None) -> Value:
        """One element, whose type may be left out where the collection tells it."""
        if node is None:
            return MISSING
        if node.kind_id == _KEYED:
            return self._element(node.child_by_field_id(_VALUE), inner)
        content = first_of(node) if node.type == "literal_element" else node
        if content is not None and content.kind_id == _LITERAL:
            return self._literal(inner, content, content)
        return self.read(content)

    def _field(self, node: Node) -> Argument:
        if node.kind_id == _KEYED:
            key = node.child_by_field_id(_KEY)
            name = self.written(key) if key is not None else ""
            return new_argument(name or None, self._element(node.child_by_field_id(_VALUE), None))
        return new_argument(None, self._element(node, None))
