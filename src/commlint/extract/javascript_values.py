"""How the operators, constants and collections of JavaScript and TypeScript read as values."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod

from tree_sitter import Node

from commlint.extract import combined, javascript_text
from commlint.extract.combined import choice, joined, plus
from commlint.extract.javascript_grammar import EXTRAS, FUNCTIONS, Grammar
from commlint.extract.quick import new_compute, new_index, new_literal, new_sequence
from commlint.extract.remembered import Remembered
from commlint.extract.syntax import decoded
from commlint.extract.walker import MISSING, Walker
from commlint.model.values import CallResult, Element, Literal, Mapping, Unknown, Value

_DOTTED = re.compile(r"[A-Za-z_$\x80-\xff][\w$]*(?:(?:\?|!)?\.#?[A-Za-z_$][\w$]*)*\Z", re.ASCII).match
_MARKS = re.compile(r"[?!#]")
_NAME = re.compile(r"[A-Za-z_$][\w$]*\Z", re.ASCII).match
_QUOTES = frozenset("\"'")
_TRUE, _FALSE, _NULL = Literal(True), Literal(False), Literal(None)
_EQUAL = {"===": "==", "!==": "!="}


class Values(Walker, ABC):
    """
    A walk over the parts of expressions that call nothing themselves.

    A method whose name is that of a kind of node reads such a node.
    """

    def __init__(self, path: str, source: bytes, grammar: Grammar) -> None:
        super().__init__(path, source, grammar.readers)
        self.statements = grammar.statements
        self._constants = _CONSTANTS.renewed()
        self.keys = _KEYS.renewed()
        # The call that `then` makes of what another call promises → that call.
        self.promised: dict[int, int] = {}
        # The functions around, outermost first, each with the names it declares.
        self.declared: list[tuple[str, set[str]]] = [("", set())]

    def nothing(self, node: Node) -> None:
        """What says nothing: a comment, a type."""
        return

    # names

    def identifier(self, node: Node) -> Value:
        raw = self.raw[node.start_byte : node.end_byte]
        # The parser may put an identifier of no letters where one is missing.
        return self.references[raw] if raw else MISSING

    def member_expression(self, node: Node) -> Value:
        raw = self.raw[node.start_byte : node.end_byte]
        known = self.references.get(raw)
        if known is not None:
            return known
        if _DOTTED(raw):
            if "?" not in raw and "!" not in raw and "#" not in raw:
                return self.references[raw]
            plain = decoded(_MARKS.sub("", raw))
            found = self.references[raw] = self.references[plain]
            return found
        of = self.read(node.child_by_field_name("object"))
        name = node.child_by_field_name("property")
        return combined.member(of, self.written(name).lstrip("#")) if name is not None else MISSING

    def subscript_expression(self, node: Node) -> Value:
        of = self.read(node.child_by_field_name("object"))
        return entry(of, self.read(node.child_by_field_name("index")))

    # constants

    def number(self, node: Node) -> Value:
        return self._constants[self.raw[node.start_byte : node.end_byte]]

    string = number

    def true(self, node: Node) -> Value:
        return _TRUE

    def false(self, node: Node) -> Value:
        return _FALSE

    def null(self, node: Node) -> Value:
        return _NULL

    def regex(self, node: Node) -> Value:
        return Unknown("regular expression")

    def template_string(self, node: Node) -> Value:
        parts: list[Value] = []
        position = node.start_byte + 1
        for child in node.named_children:
            if child.type == "template_substitution":
                parts.append(self._cut(position, child.start_byte))
                parts.append(self.read_first(child))
                position = child.end_byte
        parts.append(self._cut(position, node.end_byte - 1))
        return joined(parts)

    def _cut(self, start: int, end: int) -> Literal:
        """The text of a template between two of its substitutions."""
        return new_literal(javascript_text.unescape(decoded(self.raw[start:end])))

    # operators

    def await_expression(self, node: Node) -> Value:
        value = self.read_first(node)
        if value.__class__ is CallResult:
            self.calls[value.call].awaited = True
        return value

    def yield_expression(self, node: Node) -> Value:
        values = self.read_all(node)
        self.is_generator = True
        self.add_exit("yield", values[0] if values else None, node)
        return Unknown("yield")

    def binary_expression(self, node: Node) -> Value:
        parts = node.children
        if len(parts) != 3:
            parts = [part for part in parts if part.type not in EXTRAS]
        if len(parts) != 3:
            return self.otherwise(node)
        left = self.read(parts[0])
        right = self.read(parts[2])
        operator = parts[1].type
        match operator:
            case "||" | "??":
                return choice(left, right)
            case "&&":
                return new_compute("and", (left, right))
            case "+":
                return plus(left, right)
            case _:
                return new_compute(_EQUAL.get(operator, operator), (left, right))

    def ternary_expression(self, node: Node) -> Value:
        values = self.read_all(node)
        return choice(values[1], values[2]) if len(values) == 3 else MISSING

    def unary_expression(self, node: Node) -> Value:
        value = self.read(node.child_by_field_name("argument"))
        operator = node.children[0].type
        if operator == "-" and isinstance(value, Literal):
            match value.value:
                case bool():
                    pass
                case int() | float() as positive:
                    return Literal(-positive)
        if operator == "+" and isinstance(value, Literal) and isinstance(value.value, str):
            return javascript_text.number(value.value.strip())
        return value if operator == "+" else new_compute("not" if operator == "!" else operator, (value,))

    def sequence_expression(self, node: Node) -> Value:
        """The last of several."""
        values = self.read_all(node)
        return values[-1] if values else MISSING

    # collections

    def array(self, node: Node) -> Value:
        items: list[Value] = []
        is_open = False
        for child in node.named_children:
            value = self.readers[child.kind_id](self, child)
            if value is None:
                continue
            if child.type == "spread_element":
                is_open = True
                value = Element(value)
            items.append(value)
        return new_sequence(tuple(items), is_open)

    def object(self, node: Node) -> Value:
        entries: list[tuple[Value, Value]] = []
        is_open = False
        for child in node.named_children:
            match child.type:
                case "pair":
                    entries.append(self._pair(child))
                case "shorthand_property_identifier":
                    value = self.identifier(child)
                    entries.append((self.keys[self.raw[child.start_byte : child.end_byte]], value))
                case "method_definition":
                    entries.append(self._method(child))
                case "spread_element":
                    is_open = True
                    entries.append((Unknown("spread"), self.read_first(child)))
                case kind if kind not in EXTRAS:
                    self.read(child)
        return Mapping(tuple(entries), is_open)

    def _pair(self, node: Node) -> tuple[Value, Value]:
        parts = node.children
        if len(parts) != 3:
            parts = [part for part in parts if part.type not in EXTRAS]
        key = self._key(parts[0])
        if len(parts) != 3:
            return key, MISSING
        value = parts[2]
        if value.type in FUNCTIONS:
            return key, self.function_value(value, _word(key))
        return key, self.readers[value.kind_id](self, value) or MISSING

    def _method(self, node: Node) -> tuple[Value, Value]:
        key = self._key(node.child_by_field_name("name"))
        return key, self.function_value(node, _word(key))

    def _key(self, node: Node | None) -> Value:
        if node is None:
            return MISSING
        kind = node.type
        if kind == "computed_property_name":
            return self.read_first(node)
        if kind in ("string", "number"):
            return self.read(node)
        return self.keys[self.raw[node.start_byte : node.end_byte]]

    @abstractmethod
    def function_value(self, node: Node, name: str) -> Value:
        """A function written as a value, told apart by `name` and its place."""


class _Constants(Remembered[Value]):
    """What numbers and plain texts are worth, by their raw text."""

    def meaning(self, raw: str) -> Value:
        if raw[:1] in _QUOTES:
            return new_literal(javascript_text.content(decoded(raw)))
        return javascript_text.number(raw)


class _Keys(Remembered[Literal]):
    """What the plain keys of objects are, by their raw text."""

    def meaning(self, raw: str) -> Literal:
        return new_literal(decoded(raw).lstrip("#"))


_CONSTANTS = _Constants()
_KEYS = _Keys()


def entry(of: Value, key: Value) -> Value:
    """The entry `key` of a value, which is the same as its member of that name."""
    if isinstance(key, Literal) and isinstance(key.value, str) and _NAME(key.value):
        return combined.member(of, key.value)
    return new_index(of, key)


def _word(key: Value) -> str:
    """The name a function has from the key it stands under."""
    return str(key.value) if isinstance(key, Literal) and _NAME(str(key.value)) else ""
