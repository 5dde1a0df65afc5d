"""Expressions of HCL as values; total, and bounded in depth."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

import tree_sitter_hcl
from tree_sitter import Language, Node, Parser

from commlint.model.places import Extent
from commlint.model.values import (
    Attribute,
    Compute,
    Index,
    Literal,
    Mapping,
    Reference,
    Scalar,
    Sequence,
    Template,
    Unknown,
    Value,
)

LANGUAGE: Final = Language(tree_sitter_hcl.language())
DEPTH_LIMIT: Final = 60
BROKEN: Final = "broken HCL; check brackets and quotes around this line"
TOO_DEEP: Final = Unknown("nested too deeply")

_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
_CONSTANTS: Final[dict[str, Scalar]] = {"true": True, "false": False, "null": None}


def parse(source: bytes) -> Node:
    """The syntax tree of a file; what is broken in it stands under ERROR nodes."""
    return Parser(LANGUAGE).parse(source).root_node


@dataclass(slots=True)
class Reader:
    """
    Reads expressions of one file.

    `places` collects where mappings stand, by the path they are read at; `cut` is the first line that is nested too
    deeply, 0 when none is.
    """

    source: bytes
    places: dict[str, Extent] = field(default_factory=dict)
    cut: int = 0

    def too_deep(self, node: Node) -> Value:
        self.cut = self.cut or node.start_point[0] + 1
        return TOO_DEEP

    def text(self, node: Node) -> str:
        return self.source[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def extent(self, node: Node) -> Extent:
        (row, column), (end_row, end_column) = node.start_point, node.end_point
        return Extent(row + 1, column + 1, end_row + 1, end_column + 1)

    def value(self, node: Node, path: str = "", depth: int = 0) -> Value:
        """What an expression says; `path` is where it stands in its block, "" when nobody asks for places."""
        if depth > DEPTH_LIMIT:
            return self.too_deep(node)
        parts = [child for child in node.children if child.is_named and child.type != "comment"]
        if node.type in ("expression", "unary_operation", "binary_operation", "operation", "collection_value"):
            return self._expression(node, parts, path, depth)
        read = _READERS.get(node.type)
        return read(self, node, parts, path, depth + 1) if read is not None else Unknown("syntax not understood")

    def _expression(self, node: Node, parts: list[Node], path: str, depth: int) -> Value:
        """Operands with what is asked of each (`.name`, `[0]`), joined by an operator when there is one."""
        operands: list[Value] = []
        for part in parts:
            if part.type in ("get_attr", "index", "splat"):
                if operands:
                    operands[-1] = self._asked(operands[-1], part, depth + 1)
            else:
                operands.append(self.value(part, path, depth + 1))
        if node.type in ("unary_operation", "binary_operation"):
            operator = next((child.type for child in node.children if not child.is_named), "")
            return Compute(operator, tuple(operands))
        return operands[0] if operands else Unknown("syntax error")

    def _asked(self, of: Value, part: Node, depth: int) -> Value:
        if depth > DEPTH_LIMIT:
            return self.too_deep(part)
        if part.type == "get_attr":
            name = self.text(part).lstrip(". \t\r\n")
            return Reference(f"{of.name}.{name}") if isinstance(of, Reference) else Attribute(of, name)
        if part.type == "splat":
            found: Value = Index(of, Literal("*"))
            for inner in part.children:
                for asked in inner.children:
                    if asked.type in ("get_attr", "index"):
                        found = self._asked(found, asked, depth + 1)
            return found
        inner = next((child for child in part.children if child.is_named), part)
        key = next((child for child in inner.children if child.type == "expression"), None)
        if key is not None:
            return Index(of, self.value(key, "", depth + 1))
        return Index(of, Literal(_number(self.text(inner).strip("[]. "))))

    def _call(self, node: Node, parts: list[Node], path: str, depth: int) -> Value:
        arguments = next((part for part in parts if part.type == "function_arguments"), None)
        given = [child for child in arguments.children if child.type == "expression"] if arguments else []
        name = self.text(parts[0]) if parts else ""
        # What is encoded or merged stands where it is written.
        inner = path if name in ("jsonencode", "tolist", "toset", "tomap", "concat", "merge") else ""
        return Compute(f"{name}()", tuple(self.value(child, inner, depth) for child in given))

    def _conditional(self, node: Node, parts: list[Node], path: str, depth: int) -> Value:
        return Compute("?:", tuple(self.value(part, "", depth) for part in parts))

    def _object(self, node: Node, parts: list[Node], path: str, depth: int) -> Value:
        entries: list[tuple[Value, Value]] = []
        for part in parts:
            sides = [child for child in part.children if child.type == "expression"]
            if part.type != "object_elem" or len(sides) != 2:
                continue
            key = self.value(sides[0], "", depth)
            key = Literal(key.name) if isinstance(key, Reference) and "." not in key.name else key
            inner = f"{path}/{key.value}" if path and isinstance(key, Literal) else ""
            entries.append((key, self.value(sides[1], inner, depth)))
            if inner and _holds_object(sides[1]):
                self.places[inner] = self.extent(part)
        return Mapping(tuple(entries))

    def _tuple(self, node: Node, parts: list[Node], path: str, depth: int) -> Value:
        items: list[Value] = []
        for number, part in enumerate(each for each in parts if each.type == "expression"):
            inner = f"{path}/{number}" if path else ""
            if inner:
                self.places[inner] = self.extent(part)
            items.append(self.value(part, inner, depth))
        return Sequence(tuple(items))

    def _for(self, node: Node, parts: list[Node], path: str, depth: int) -> Value:
        intro = next((part for part in parts if part.type == "for_intro"), None)
        if intro is None:
            return Unknown("syntax error")
        names = Sequence(tuple(Literal(self.text(child)) for child in intro.children if child.type == "identifier"))
        over = next((child for child in intro.children if child.type == "expression"), intro)
        bodies = [part for part in parts if part.type == "expression"]
        condition = next((child for part in parts if part.type == "for_cond" for child in part.children
                          if child.type == "expression"), None)  # fmt: skip
        only = self.value(condition, "", depth) if condition is not None else Literal(True)
        kind = "for{}" if node.type == "for_object_expr" else "for[]"
        read = tuple(self.value(body, "", depth) for body in bodies)
        return Compute(kind, (names, self.value(over, "", depth), only, *read))

    def _template(self, node: Node, parts: list[Node], path: str, depth: int) -> Value:
        return _joined(self._parts(parts, depth))

    def _heredoc(self, node: Node, parts: list[Node], path: str, depth: int) -> Value:
        found = _joined(self._parts(parts, depth, escapes=False))
        if isinstance(found, Literal) and self.text(node).startswith("<<-"):
            return Literal(textwrap.dedent(str(found.value)))
        return found

    def _parts(self, parts: Iterable[Node], depth: int, escapes: bool = True) -> list[Value]:
        found: list[Value] = []
        for part in parts:
            if part.type == "template_literal":
                found.append(Literal(_unescaped(self.text(part)) if escapes else self.text(part)))
            elif part.type == "template_interpolation":
                inner = next((child for child in part.children if child.type == "expression"), None)
                found.append(self.value(inner, "", depth) if inner is not None else Unknown("syntax error"))
            elif part.type == "template_directive":
                found.append(Unknown("a template directive"))
        return found

    def _literal(self, node: Node, parts: list[Node], path: str, depth: int) -> Value:
        if parts and parts[0].type == "string_lit":
            return self._template(parts[0], list(parts[0].children), path, depth)
        written = self.text(node)
        return Literal(_CONSTANTS[written] if written in _CONSTANTS else _number(written))

    def _inner(self, node: Node, parts: list[Node], path: str, depth: int) -> Value:
        return self.value(parts[0], path, depth) if parts else Unknown("syntax error")

    def _variable(self, node: Node, parts: list[Node], path: str, depth: int) -> Value:
        return Reference(self.text(node))


_READERS: Final[dict[str, Callable[[Reader, Node, list[Node], str, int], Value]]] = {
    "variable_expr": Reader._variable,
    "literal_value": Reader._literal,
    "template_expr": Reader._inner,
    "quoted_template": Reader._template,
    "heredoc_template": Reader._heredoc,
    "function_call": Reader._call,
    "conditional": Reader._conditional,
    "object": Reader._object,
    "tuple": Reader._tuple,
    "for_expr": Reader._inner,
    "for_tuple_expr": Reader._for,
    "for_object_expr": Reader._for,
}


def _holds_object(node: Node) -> bool:
    """Whether an expression is an object that is written out."""
    for kind in ("collection_value", "object"):
        inner = next((child for child in node.children if child.type == kind), None)
        if inner is None:
            return False
        node = inner
    return True


def _joined(parts: list[Value]) -> Value:
    merged: list[Value] = []
    for part in parts:
        if isinstance(part, Literal) and merged and isinstance(merged[-1], Literal):
            merged[-1] = Literal(f"{merged[-1].value}{part.value}")
        else:
            merged.append(part)
    if not merged:
        return Literal("")
    return merged[0] if len(merged) == 1 else Template(tuple(merged))


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text.replace("$${", "${").replace("%%{", "%{")
    pieces: list[str] = []
    position = 0
    while position < len(text):
        character = text[position]
        if character == "\\" and position + 1 < len(text):
            position += 1
            character = _ESCAPES.get(text[position], "\\" + text[position])
        pieces.append(character)
        position += 1
    return "".join(pieces).replace("$${", "${")


def _number(text: str) -> Scalar:
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() and "e" not in text.lower() and len(text) < 16 else number
