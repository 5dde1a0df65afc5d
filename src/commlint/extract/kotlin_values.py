"""How Kotlin's names, constants, operators and written types read as values."""

from __future__ import annotations

import re
from functools import partial

import tree_sitter_kotlin
from tree_sitter import Language, Node

from commlint.extract import combined, java_text
from commlint.extract.quick import new_compute, new_index, new_reference, new_sequence
from commlint.extract.syntax import decoded, field_number, kind, kinds
from commlint.extract.walker import MISSING, Reader, Walker
from commlint.model.values import Literal, Reference, Unknown, Value

KOTLIN = Language(tree_sitter_kotlin.language())

COMMENTS = kinds(KOTLIN, "line_comment", "block_comment")
IDENTIFIER = kind(KOTLIN, "identifier")
INTERPOLATION = kinds(KOTLIN, "interpolation")
STRING = kinds(KOTLIN, "string_literal", "multiline_string_literal")
_ESCAPE = kinds(KOTLIN, "escape_sequence")
_NAMED = re.compile(r"\$([^\W\d]\w*)")
_WORDS: dict[str, Value] = {"true": Literal(True), "false": Literal(False), "null": Literal(None)}
MAX_TYPE_DEPTH = 100


field = partial(field_number, KOTLIN)
"""The number of a field of the grammar, by its name."""


_ARGUMENT = field("argument")
_LEFT = field("left")
_OPERATOR = field("operator")
_RIGHT = field("right")


class Values(Walker):
    """
    A walk over the parts of Kotlin's expressions that call nothing themselves.

    A method whose name is that of a kind of node reads such a node.
    """

    def __init__(self, path: str, source: bytes, readers: dict[int, Reader]) -> None:
        super().__init__(path, source, readers)
        self._constants = _Constants()
        self._types: dict[str, Value] = {}

    # names

    def identifier(self, node: Node) -> Value:
        raw = self.raw[node.start_byte : node.end_byte]
        if not raw:
            return MISSING
        return _WORDS.get(raw) or self.references[raw.replace("`", "")]

    def navigation_expression(self, node: Node) -> Value:
        """`a.b`, `a?.b` and `a::b` alike; `A::class` and `A::class.java` are A itself."""
        parts = self.meant(node)
        if not parts:
            return MISSING
        of = self.readers[parts[0].kind_id](self, parts[0]) or MISSING
        if len(parts) < 2:
            return of
        name = self.written(parts[-1]).replace("`", "")
        return (
            of
            if name == "class" or (name == "java" and parts[0].type == "navigation_expression")
            else combined.member(of, name)
        )

    def callable_reference(self, node: Node) -> Value:
        """`::transform` is the function itself."""
        return self.read_first(node)

    def index_expression(self, node: Node) -> Value:
        values = self.read_all(node)
        return new_index(values[0], values[1]) if len(values) == 2 else MISSING

    def this_expression(self, node: Node) -> Value:
        return Reference("this")

    def super_expression(self, node: Node) -> Value:
        return Reference("super")

    # constants

    def number(self, node: Node) -> Value:
        return self._constants[self.raw[node.start_byte : node.end_byte]]

    def character(self, node: Node) -> Value:
        return Literal(java_text.content(self.written(node)))

    def string(self, node: Node) -> Value:
        """A text with `$name` and `${…}` in it; the parser leaves some of the former inside the text."""
        parts: list[Value] = []
        text = ""
        for child in node.named_children:
            number = child.kind_id
            if number in INTERPOLATION:
                parts.extend(self._named(text))
                text = ""
                parts.append(self.read_first(child))
            elif number in _ESCAPE:
                parts.extend(self._named(text))
                text = ""
                parts.append(Literal(java_text.unescape(self.written(child))))
            elif number not in COMMENTS:
                text += self.written(child)
        parts.extend(self._named(text))
        return combined.joined(parts)

    def _named(self, text: str) -> list[Value]:
        """The parts of a text around the names that `$name` puts into it."""
        found: list[Value] = []
        end = 0
        for each in _NAMED.finditer(text):
            if each.start() > end:
                found.append(Literal(text[end : each.start()]))
            found.append(self.references[each[1]] if each[1].isascii() else Reference(each[1]))
            end = each.end()
        if end < len(text):
            found.append(Literal(text[end:]))
        return found

    # operators

    def unary_expression(self, node: Node) -> Value:
        """`a!!` is a; `-1` is a number."""
        value = self.read(node.child_by_field_id(_ARGUMENT) or node.named_child(0))
        written = node.child_by_field_id(_OPERATOR)
        operator = written.type if written is not None else "!!"
        if operator == "-" and isinstance(value, Literal):
            match value.value:
                case bool():
                    pass
                case int() | float() as positive:
                    return Literal(-positive)
        return value if operator == "!!" else new_compute("not" if operator == "!" else operator, (value,))

    def binary_expression(self, node: Node) -> Value:
        left = self.read(node.child_by_field_id(_LEFT))
        right = self.read(node.child_by_field_id(_RIGHT))
        written = node.child_by_field_id(_OPERATOR)
        operator = written.type if written is not None else ""
        if operator == "?:":
            return combined.choice(left, right) if right is not MISSING else left
        return combined.plus(left, right) if operator == "+" else new_compute(operator, (left, right))

    def infix_expression(self, node: Node) -> Value:
        """`a to b` is a pair, any other word a call of the function of that name."""
        values = self.read_all(node)
        if len(values) != 3 or not isinstance(values[1], Reference):
            return MISSING
        return (
            new_sequence((values[0], values[2]))
            if values[1].name == "to"
            else new_compute(values[1].name, (values[0], values[2]))
        )

    def as_expression(self, node: Node) -> Value:
        return self.read(node.child_by_field_id(_LEFT) or node.named_child(0))

    def is_expression(self, node: Node) -> Value:
        parts = self.meant(node)
        values = [self.read(parts[0])] if parts else []
        values.extend(self.type_of(part) for part in parts[1:])
        return new_compute("is", tuple(values))

    def type_test(self, node: Node) -> Value:
        """`is Foo` as a case of a `when`."""
        return self.type_of(node.named_child(0))

    def collection_literal(self, node: Node) -> Value:
        return new_sequence(tuple(self.read_all(node)))

    # types

    def type_of(self, node: Node | None) -> Value:
        """A written type: `List<Order>` is an Index, `Order?` an Order."""
        if node is None:
            return MISSING
        raw = self.raw[node.start_byte : node.end_byte]
        known = self._types.get(raw)
        if known is None:
            known = self._types[raw] = self._type(node, 0)
        return known

    def _type(self, node: Node, depth: int) -> Value:
        if depth > MAX_TYPE_DEPTH:
            return Unknown("nested too deeply")
        parts = self.meant(node)
        if node.type in ("nullable_type", "non_nullable_type", "parenthesized_type", "type_projection"):
            inner = [part for part in parts if "modifier" not in part.type]
            return self._type(inner[0], depth + 1) if inner else Reference("?")
        if node.type != "user_type":
            return Reference("".join(self.written(node).split()))
        names = [self.written(part).replace("`", "") for part in parts if part.kind_id == IDENTIFIER]
        of: Value = new_reference(".".join(names)) if names else MISSING
        given = [part for part in parts if part.type == "type_arguments"]
        arguments = [self._type(part, depth + 1) for part in (self.meant(given[-1]) if given else ())]
        if not arguments:
            return of
        return new_index(of, arguments[0] if len(arguments) == 1 else new_sequence(tuple(arguments)))

    def meant(self, node: Node) -> list[Node]:
        """The named parts of a node without comments."""
        return [child for child in node.named_children if child.kind_id not in COMMENTS]


class _Constants(dict[str, Value]):
    """What the numbers of a file are worth, by their raw text."""

    def __missing__(self, raw: str) -> Value:
        found = self[raw] = java_text.number(decoded(raw).rstrip("uU"))
        return found


TYPES = frozenset({"user_type", "nullable_type", "non_nullable_type", "parenthesized_type", "function_type"})
