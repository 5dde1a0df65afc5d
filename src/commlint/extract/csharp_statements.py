"""How C#'s statements and using directives read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tree_sitter import Node

from commlint.extract.csharp_expression_table import EXPRESSIONS
from commlint.extract.csharp_expressions import Expressions
from commlint.extract.csharp_values import COMMENT, CONDITION, CSHARP, LEFT, NAME, RIGHT, TYPE, VALUE, field, parts_of
from commlint.extract.quick import new_element, new_import
from commlint.extract.syntax import kind, kinds
from commlint.extract.targets import taken_apart
from commlint.extract.walker import MAX_BLOCK_DEPTH
from commlint.model.values import CallResult, Literal, Reference, Value

_BODY = field("body")
_ALTERNATIVE = field("alternative")
_CONSEQUENCE = field("consequence")
_INITIALIZER = field("initializer")
_UPDATE = field("update")
_ASSIGNMENT = kind(CSHARP, "assignment_expression")
_BLOCK = kind(CSHARP, "block")
_DECLARATIONS = kinds(CSHARP, "variable_declaration")
_DECLARATORS = kinds(CSHARP, "variable_declarator")
_IF = kind(CSHARP, "if_statement")
_LOCAL = kind(CSHARP, "local_declaration_statement")


class Statements(Expressions):
    """A walk over a whole C# file. A method whose name is that of a kind of node reads such a statement."""

    def __init__(self, path: str, source: bytes, statements: dict[int, Callable[[Any, Node], None]]) -> None:
        super().__init__(path, source, EXPRESSIONS)
        self.statements = statements
        self.returns: Value | None = None

    def body(self, node: Node | None) -> None:
        """Read the statements of a block one by one; what `using` declares is open until its end."""
        if node is None:
            return
        if self.depth >= MAX_BLOCK_DEPTH:
            self.notice(node, "blocks nested too deeply to be read; what stands inside is left out")
            return
        self.depth += 1
        opened: list[tuple[int, Value, Node]] = []
        for child in node.named_children:
            if child.kind_id == _LOCAL and any(part.type == "using" for part in child.children[:2]):
                opened.extend((block, value, child) for block, value in self._used(child))
            else:
                self.statements[child.kind_id](self, child)
        for block, value, start in reversed(opened):
            self.close_block(block, "with", value, self.span(start, node))
        self.depth -= 1

    def statement(self, node: Node | None) -> None:
        """A block, or the one statement that stands in its place."""
        if node is not None:
            if node.kind_id == _BLOCK:
                self.body(node)
            elif self.depth < MAX_BLOCK_DEPTH:
                self.depth += 1
                self.statements[node.kind_id](self, node)
                self.depth -= 1
            else:
                self.notice(node, "blocks nested too deeply to be read; what stands inside is left out")

    def skip(self, node: Node) -> None:
        """A statement that says nothing."""

    def loose(self, node: Node) -> None:
        """An expression where a statement is expected, as after a syntax error."""
        self.expression(node)

    def inside(self, node: Node) -> None:
        """A statement around others: `lock`, a label, what is compiled on a condition."""
        for child in node.named_children:
            self.statements[child.kind_id](self, child)

    # plain statements

    def expression_statement(self, node: Node) -> None:
        for child in node.named_children:
            if child.kind_id == COMMENT:
                continue
            value = self.expression(child)
            if value.__class__ is CallResult and child.kind_id != _ASSIGNMENT:
                call = self.calls[value.call]
                call.used, call.dropped = False, not (call.awaited or call.blocked)

    def local_declaration_statement(self, node: Node) -> None:
        for child in node.named_children:
            if child.kind_id in _DECLARATIONS:
                self.variables(child)

    def declared_variables(self, node: Node) -> None:
        """A declaration that stands alone, as in `fixed (…)`."""
        self.variables(node)

    def variables(self, node: Node, decorators: tuple[Value, ...] = ()) -> list[Value]:
        """Declared names with their values; gives the values."""
        annotation = self.written_type(node.child_by_field_id(TYPE))
        values: list[Value] = []
        for child in node.named_children:
            if child.kind_id in _DECLARATORS:
                value = self._variable(child, annotation, decorators)
                if value is not None:
                    values.append(value)
        return values

    def _variable(self, node: Node, annotation: Value | None, decorators: tuple[Value, ...]) -> Value | None:
        name = node.child_by_field_id(NAME)
        parts = node.children
        value: Value | None = None
        if len(parts) > 1 and parts[-2].type == "=":
            value = self.of_type(parts[-1], annotation)
        elif name is not None and name != parts[-1]:
            self.read(parts[-1])
        if name is None:
            self.bind(self.target(parts[0]), value or Literal(None), self.extent(node))
        else:
            text = self.written(name).lstrip("@")
            self.declare(text)
            self.add_assignment(text, value, self.extent(node), annotation=annotation, decorators=decorators)
        return value

    def return_statement(self, node: Node) -> None:
        parts = [child for child in node.children[1:] if child.kind_id != COMMENT and child.type != ";"]
        value = self.of_type(parts[0], self.returns) if parts else None
        self.add_exit("return", value, node)

    def throw_statement(self, node: Node) -> None:
        parts = parts_of(node)
        self.add_exit("raise", self.expression(parts[0]) if parts else None, node)

    def yield_statement(self, node: Node) -> None:
        self.is_generator = True
        parts = parts_of(node)
        if parts:
            self.add_exit("yield", self.expression(parts[0]), node)
        else:
            self.add_exit("return", None, node)

    def break_statement(self, node: Node) -> None:
        self.add_exit("break", None, node)

    def continue_statement(self, node: Node) -> None:
        self.add_exit("continue", None, node)

    # using directives

    def using_directive(self, node: Node) -> None:
        extent = self.extent(node)
        words = {child.type for child in node.children if not child.is_named}
        alias = node.child_by_field_id(NAME)
        named = [child for child in parts_of(node) if child != alias]
        meant = self.read(named[-1]) if named else None
        if not isinstance(meant, Reference):
            return
        if alias is not None:
            module, _, last = meant.name.rpartition(".")
            self.imports.append(new_import(self.written(alias), module, last, 0, "", extent, "global" in words))
        else:
            self.imports.append(new_import("*", meant.name, "*", 0, "", extent, "global" in words, "static" in words))

    # blocks

    def if_statement(self, node: Node) -> None:
        first, current = -1, node
        while True:
            value = self.expression(current.child_by_field_id(CONDITION))
            body = current.child_by_field_id(_CONSEQUENCE)
            block = self.open_block()
            self.statement(body)
            self.close_block(block, "branch", value, self.span(current, body or current), first)
            first = block if first < 0 else first
            other = current.child_by_field_id(_ALTERNATIVE)
            if other is None:
                return
            if other.kind_id != _IF:
                block = self.open_block()
                self.statement(other)
                self.close_block(block, "branch", None, self.extent(other), first)
                return
            current = other

    def switch_statement(self, node: Node) -> None:
        subject = self.expression(node.child_by_field_id(VALUE))
        first = -1
        body = node.child_by_field_id(_BODY)
        for section in body.named_children if body is not None else ():
            block = self.open_block()
            compared: Value | None = None
            for child in section.named_children:
                if child.type.endswith("_pattern") or child.type == "discard":
                    compared = self.pattern(child, subject)
                elif child.type == "when_clause":
                    self.expression(child)
                else:
                    self.statement(child)
            self.close_block(block, "branch", compared, self.extent(section), first)
            first = block if first < 0 else first

    def foreach_statement(self, node: Node) -> None:
        left = node.child_by_field_id(LEFT)
        target = self.target(left)
        value = self.expression(node.child_by_field_id(RIGHT))
        annotation = self.written_type(node.child_by_field_id(TYPE))
        block = self.open_block()
        for name, _, _ in taken_apart(target, Literal(None)):
            self.declare(name)
        if left is not None and isinstance(target, str):
            self.add_assignment(target, new_element(value), self.extent(left), annotation=annotation)
        elif left is not None:
            self.bind(target, new_element(value), self.extent(left))
        self.statement(node.child_by_field_id(_BODY))
        self.close_block(block, "loop", value, self.extent(node))

    def for_statement(self, node: Node) -> None:
        for child in node.children_by_field_id(_INITIALIZER):
            if child.kind_id in _DECLARATIONS:
                self.variables(child)
            else:
                self.expression(child)
        condition = node.child_by_field_id(CONDITION)
        block = self.open_block()
        value = self.expression(condition) if condition is not None else Literal(True)
        self.statement(node.child_by_field_id(_BODY))
        for child in node.children_by_field_id(_UPDATE):
            self.expression(child)
        self.close_block(block, "loop" if condition is not None else "while", value, self.extent(node))

    def while_statement(self, node: Node) -> None:
        """`while`, and `do` whose condition comes last."""
        block = self.open_block()
        value = self.expression(node.child_by_field_id(CONDITION))
        self.statement(node.child_by_field_id(_BODY))
        self.close_block(block, "while", value, self.extent(node))

    def using_statement(self, node: Node) -> None:
        opened = self._used(node)
        self.statement(node.child_by_field_id(_BODY))
        for block, value in reversed(opened):
            self.close_block(block, "with", value, self.extent(node))

    def _used(self, node: Node) -> list[tuple[int, Value]]:
        """What `using` opens: each value with the block that stands open for it."""
        body = node.child_by_field_id(_BODY)
        values: list[Value] = []
        for child in parts_of(node):
            if child.kind_id in _DECLARATIONS:
                values.extend(self.variables(child))
            elif child != body and child.type != "modifier":
                values.append(self.expression(child))
        return [(self.open_block(), value) for value in values]

    def try_statement(self, node: Node) -> None:
        body = node.child_by_field_id(_BODY)
        block = self.open_block()
        self.body(body)
        self.close_block(block, "try", None, self.span(node, body or node))
        for child in node.named_children:
            if child.type == "catch_clause":
                self._catch(child, block)
            elif child.type == "finally_clause":
                inner = self.open_block()
                for part in parts_of(child):
                    self.statement(part)
                self.close_block(inner, "finally", None, self.extent(child), block)

    def _catch(self, node: Node, of: int) -> None:
        caught: Value | None = None
        name: Node | None = None
        for child in node.named_children:
            if child.type == "catch_declaration":
                caught = self.written_type(child.child_by_field_id(TYPE))
                name = child.child_by_field_id(NAME)
        block = self.open_block()
        if name is not None:
            self.declare(self.written(name))
            self.add_assignment(self.written(name), None, self.extent(name), annotation=caught)
        for child in node.named_children:
            if child.type == "catch_filter_clause":
                self.expression(child)
        self.body(node.child_by_field_id(_BODY))
        self.close_block(block, "except", caught, self.extent(node), of)
