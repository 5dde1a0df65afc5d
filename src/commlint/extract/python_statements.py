"""How Python's statements read: where names are given values, what runs under which condition, what is defined."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tree_sitter import Node

from commlint.extract.python_expressions import EXPRESSIONS, Expressions
from commlint.extract.python_values import EXTRAS, PYTHON, STRING, field, first_of, parts_of
from commlint.extract.quick import new_element, new_import
from commlint.extract.remembered import Remembered
from commlint.extract.syntax import kinds
from commlint.extract.targets import taken_apart
from commlint.extract.walker import MAX_BLOCK_DEPTH
from commlint.model.values import CallResult, Value

_ASSIGNMENTS = kinds(PYTHON, "assignment", "augmented_assignment")
# A name and what is set, when no other target stands between.
_TARGET = re.compile(r"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*){0,9})\s*=", re.ASCII).match
_Imported = tuple[str, str, str | None, int]
_IMPORTS = Remembered[list[_Imported]]()
_ALIAS = field("alias")
_ALTERNATIVE = field("alternative")
_BODY = field("body")
_CONDITION = field("condition")
_CONSEQUENCE = field("consequence")
_LEFT = field("left")
_MODULE = field("module_name")
_NAME = field("name")
_OPERATOR = field("operator")
_RIGHT = field("right")
_TYPE = field("type")
_VALUE = field("value")


class Statements(Expressions):
    """A walk over a whole Python file. A method whose name is that of a kind of node reads such a statement."""

    def __init__(
        self, path: str, source: bytes, statements: dict[int, Callable[[Any, Node], None]], sound: bool = False
    ) -> None:
        super().__init__(path, source, EXPRESSIONS, sound)
        self.statements = statements
        self._imports = self.remembered(_IMPORTS)

    def body(self, node: Node | None) -> None:
        """Read the statements of a block one by one."""
        if node is None:
            return
        if self.depth >= MAX_BLOCK_DEPTH:
            self.notice(node, "blocks nested too deeply to be read; what stands inside is left out")
            return
        self.depth += 1
        statements = self.statements
        for child in node.named_children:
            statements[child.kind_id](self, child)
        self.depth -= 1

    def skip(self, node: Node) -> None:
        """A statement that says nothing."""

    def loose(self, node: Node) -> None:
        """An expression where a statement is expected, as after a syntax error."""
        self.expression(node)

    def parts(self, node: Node) -> None:
        """A statement of which only the expressions count."""
        for child in node.named_children:
            self.expression(child)

    # plain statements

    def expression_statement(self, node: Node) -> None:
        for child in (node.child(0),) if node.child_count == 1 else node.named_children:
            number = child.kind_id
            if number in _ASSIGNMENTS:
                self.statements[number](self, child)
            # Most texts standing alone are documentation; a plain one has a start, a content and an end.
            elif number not in EXTRAS and (number != STRING or child.descendant_count > 4):
                value = self.expression(child)
                if value.__class__ is CallResult:
                    self.calls[value.call].used = False

    def assignment(self, node: Node) -> None:
        if node.child_count == 3:
            target = _TARGET(self.raw, node.start_byte, node.end_byte)
            right = node.child(2)
            if target is not None and right.kind_id not in _ASSIGNMENTS:
                value = self.expression(right)
                self.add_assignment(target[1], value, self.extent(node))
                return
        self._assign(node)

    def _assign(self, node: Node) -> None:
        """An assignment of any form: with several targets, patterns, an annotation."""
        targets = []
        annotation: Value | None = None
        right: Node | None = node
        while right is not None and right.kind_id in _ASSIGNMENTS:
            targets.append(self.target(right.child_by_field_id(_LEFT)))
            written = right.child_by_field_id(_TYPE)
            if written is not None:
                annotation = self.annotation(written)
            right = right.child_by_field_id(_RIGHT)
        value = None if right is None and annotation is not None else self.expression(right)
        extent = self.extent(node)
        for target in targets:
            if isinstance(target, str):
                self.add_assignment(target, value, extent, annotation=annotation)
            elif value is not None:
                self.bind(target, value, extent)

    def augmented_assignment(self, node: Node) -> None:
        target = self.target(node.child_by_field_id(_LEFT))
        value = self.expression(node.child_by_field_id(_RIGHT))
        operator = node.child_by_field_id(_OPERATOR)
        text = operator.type.rstrip("=") if operator is not None else ""
        for name, key, part in taken_apart(target, value):
            self.add_assignment(name, part, self.extent(node), key=key, augmented=text)

    def return_statement(self, node: Node) -> None:
        self._exit("return", node)

    def raise_statement(self, node: Node) -> None:
        self._exit("raise", node)

    def break_statement(self, node: Node) -> None:
        self.add_exit("break", None, node)

    def continue_statement(self, node: Node) -> None:
        self.add_exit("continue", None, node)

    def _exit(self, kind: str, node: Node) -> None:
        if node.child_count == 2:
            value: Value | None = self.expression(node.child(1))
        else:
            values = [self.expression(child) for child in parts_of(node)]
            value = values[0] if values else None
        self.add_exit(kind, value, node)

    def global_statement(self, node: Node) -> None:
        for child in node.named_children:
            self.move_to_module(self.written(child))

    def nonlocal_statement(self, node: Node) -> None:
        for child in node.named_children:
            self.move_outward(self.written(child))

    def type_alias_statement(self, node: Node) -> None:
        name, value = node.child_by_field_id(_LEFT), node.child_by_field_id(_RIGHT)
        if name is not None and value is not None:
            text = self.written(name).partition("[")[0].strip()
            worth = self.annotation(value)
            if text.isidentifier():
                self.add_assignment(text, worth, self.extent(node))

    # imports

    def import_statement(self, node: Node) -> None:
        self._import(node, self._modules)

    def import_from_statement(self, node: Node) -> None:
        self._import(node, self._members)

    def _import(self, node: Node, read: Callable[[Node], list[_Imported]]) -> None:
        extent = self.extent(node)
        raw = self.raw[node.start_byte : node.end_byte]
        known = self._imports.get(raw)
        if known is None:
            known = self._imports.keep(raw, read(node))
        for local, module, name, level in known:
            self.imports.append(new_import(local, module, name, level, self.function, extent))

    def _modules(self, node: Node) -> list[_Imported]:
        found: list[_Imported] = []
        for child in node.named_children:
            module, alias = self._imported(child)
            if module:
                found.append((alias or module.partition(".")[0], module, None, 0))
        return found

    def _members(self, node: Node) -> list[_Imported]:
        found: list[_Imported] = []
        origin = node.child_by_field_id(_MODULE)
        written = _dotted(self.written(origin)) if origin is not None else "__future__"
        module = written.lstrip(".")
        level = len(written) - len(module)
        for child in node.named_children:
            if child == origin:
                continue
            if child.type == "wildcard_import":
                found.append(("*", module, "*", level))
                continue
            name, alias = self._imported(child)
            if name:
                found.append((alias or name, module, name, level))
        return found

    def _imported(self, node: Node) -> tuple[str, str]:
        """The name that is brought in, and what it is called here if not the same."""
        if node.type == "dotted_name":
            return _dotted(self.written(node)), ""
        name, alias = node.child_by_field_id(_NAME), node.child_by_field_id(_ALIAS)
        if node.type != "aliased_import" or name is None or alias is None:
            return "", ""
        return _dotted(self.written(name)), self.written(alias)

    # blocks

    def if_statement(self, node: Node) -> None:
        value = self.expression(node.child_by_field_id(_CONDITION))
        body = node.child_by_field_id(_CONSEQUENCE)
        first = self.open_block()
        self.body(body)
        self.close_block(first, "branch", value, self.span(node, body or node))
        # `if`, condition, `:` and block: there is no alternative.
        for child in node.children_by_field_id(_ALTERNATIVE) if node.child_count > 4 else ():
            condition = child.child_by_field_id(_CONDITION)
            value_of_other = self.expression(condition) if condition is not None else None
            block = self.open_block()
            self.body(child.child_by_field_id(_CONSEQUENCE) or child.child_by_field_id(_BODY))
            self.close_block(block, "branch", value_of_other, self.extent(child), first)

    def for_statement(self, node: Node) -> None:
        left = node.child_by_field_id(_LEFT)
        target = self.target(left)
        value = self.expression(node.child_by_field_id(_RIGHT))
        body = node.child_by_field_id(_BODY)
        block = self.open_block()
        if left is not None:
            self.bind(target, new_element(value), self.extent(left))
        self.body(body)
        self.close_block(block, "loop", value, self.span(node, body or node))
        self._else(node, block)

    def while_statement(self, node: Node) -> None:
        body = node.child_by_field_id(_BODY)
        block = self.open_block()
        value = self.expression(node.child_by_field_id(_CONDITION))
        self.body(body)
        self.close_block(block, "while", value, self.span(node, body or node))
        self._else(node, block)

    def _else(self, node: Node, of: int) -> None:
        for child in node.children_by_field_id(_ALTERNATIVE):
            self._clause("else", None, child, of)

    def _clause(self, kind: str, value: Value | None, node: Node, of: int) -> None:
        block = self.open_block()
        for child in node.named_children:
            if child.type == "block":
                self.body(child)
        self.close_block(block, kind, value, self.extent(node), of)

    def with_statement(self, node: Node) -> None:
        extent = self.extent(node)
        opened: list[tuple[int, Value]] = []
        for clause in node.named_children:
            if clause.type == "with_clause":
                for item in clause.named_children:
                    if item.type == "with_item":
                        opened.append(self._with_item(item))
        self.body(node.child_by_field_id(_BODY))
        for block, value in reversed(opened):
            self.close_block(block, "with", value, extent)

    def _with_item(self, item: Node) -> tuple[int, Value]:
        node = item.child_by_field_id(_VALUE)
        while node is not None and node.type == "parenthesized_expression" and node.named_child_count == 1:
            node = first_of(node)
        alias = node.child_by_field_id(_ALIAS) if node is not None and node.type == "as_pattern" else None
        value = self.expression(first_of(node) if node is not None and alias is not None else node)
        block = self.open_block()
        if alias is not None:
            self.bind(self.target(alias), value, self.extent(alias))
        return block, value

    def try_statement(self, node: Node) -> None:
        body = node.child_by_field_id(_BODY)
        block = self.open_block()
        self.body(body)
        self.close_block(block, "try", None, self.span(node, body or node))
        for child in node.named_children:
            if child.type in ("except_clause", "except_group_clause"):
                self._except(child, block)
            elif child.type == "else_clause":
                self._clause("else", None, child, block)
            elif child.type == "finally_clause":
                self._clause("finally", None, child, block)

    def _except(self, node: Node, of: int) -> None:
        caught = node.children_by_field_id(_VALUE)
        alias = caught[0].child_by_field_id(_ALIAS) if caught and caught[0].type == "as_pattern" else None
        value: Value | None = None
        if caught:
            value = self.expression(first_of(caught[0]) if alias is not None else caught[0])
        # Python 2 writes `except Error, name:`.
        alias = caught[1] if alias is None and len(caught) > 1 else alias
        block = self.open_block()
        if alias is not None and value is not None:
            self.bind(self.target(alias), value, self.extent(alias))
        for child in node.named_children:
            if child.type == "block":
                self.body(child)
        self.close_block(block, "except", value, self.extent(node), of)


def _dotted(text: str) -> str:
    """A dotted name without the space that may stand around its dots."""
    return "".join(text.split())
