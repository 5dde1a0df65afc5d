"""How Java's statements read: where names are given values, what runs under which condition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tree_sitter import Node

from commlint.extract import combined
from commlint.extract.java_calls import Calls
from commlint.extract.java_values import COMMENTS, IDENTIFIER, JAVA, field
from commlint.extract.quick import new_compute, new_element
from commlint.extract.syntax import kinds
from commlint.extract.targets import Keyed
from commlint.extract.walker import MAX_BLOCK_DEPTH, MISSING, Reader
from commlint.model.values import CallResult, Compute, Literal, Reference, Value

_ALTERNATIVE = field("alternative")
_ARRAY = field("array")
_BODY = field("body")
_CONDITION = field("condition")
_CONSEQUENCE = field("consequence")
_DECLARATOR = field("declarator")
_INDEX = field("index")
_INIT = field("init")
_LEFT = field("left")
_NAME = field("name")
_OPERATOR = field("operator")
_RESOURCES = field("resources")
_RIGHT = field("right")
_TYPE = field("type")
_UPDATE = field("update")
_VALUE = field("value")
_IF = kinds(JAVA, "if_statement")
_LABEL = kinds(JAVA, "switch_label")
_COMPARING = ("<", "<=", ">", ">=", "!=")


class Statements(Calls):
    """A walk over the bodies of Java's methods. A method named like a kind of node reads such a statement."""

    def __init__(
        self,
        path: str,
        source: bytes,
        readers: dict[int, Reader],
        statements: dict[int, Callable[[Any, Node], None]],
    ) -> None:
        super().__init__(path, source, readers)
        self.statements = statements
        # The numbers of the assignments that declare nothing.
        self.bare: set[int] = set()
        self._yielded: list[list[Value]] = []

    def body(self, node: Node | None) -> None:
        """Read the statements of a block, or the one statement that stands instead of one."""
        if node is None:
            return
        if self.depth >= MAX_BLOCK_DEPTH:
            self.notice(node, "blocks nested too deeply to be read; what stands inside is left out")
            return
        self.depth += 1
        if node.kind_id in BLOCKS:
            statements = self.statements
            for child in node.named_children:
                statements[child.kind_id](self, child)
        else:
            self.statements[node.kind_id](self, node)
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
        for child in node.named_children:
            if child.kind_id not in COMMENTS:
                value = self.expression(child)
                if value.__class__ is CallResult:
                    self.calls[value.call].used = False

    def local_variable_declaration(self, node: Node) -> None:
        annotation = self.declared(node.child_by_field_id(_TYPE))
        for child in node.children_by_field_id(_DECLARATOR):
            name, value = child.child_by_field_id(_NAME), child.child_by_field_id(_VALUE)
            if name is not None:
                worth = self.expression(value) if value is not None else None
                self.add_assignment(self.written(name), worth, self.extent(node), annotation=annotation)

    def assignment_expression(self, node: Node) -> Value:
        """An assignment, which is a value too."""
        value = self.read(node.child_by_field_id(_RIGHT))
        operator = node.child_by_field_id(_OPERATOR)
        left = node.child_by_field_id(_LEFT)
        target = self._target(left) if left is not None else None
        if target is not None and left is not None:
            text = operator.type.rstrip("=") if operator is not None else ""
            key = target.key if isinstance(target, Keyed) else None
            name = target.name if isinstance(target, Keyed) else target
            self.bare.add(len(self.assignments))
            self.add_assignment(name, value, self.extent(node), key=key, augmented=text)
        return value

    def _target(self, node: Node) -> str | Keyed | None:
        if node.kind_id == IDENTIFIER:
            return self.written(node)
        if node.type == "array_access":
            of = self.read(node.child_by_field_id(_ARRAY))
            key = self.read(node.child_by_field_id(_INDEX))
            return Keyed(f"{of.name}[]", key) if isinstance(of, Reference) else None
        value = self.read(node)
        return value.name if isinstance(value, Reference) else None

    def update_expression(self, node: Node) -> Value:
        return new_compute("+", (self.read_first(node), Literal(1)))

    def return_statement(self, node: Node) -> None:
        self._exit("return", node)

    def throw_statement(self, node: Node) -> None:
        self._exit("raise", node)

    def break_statement(self, node: Node) -> None:
        self.add_exit("break", None, node)

    def continue_statement(self, node: Node) -> None:
        self.add_exit("continue", None, node)

    def yield_statement(self, node: Node) -> None:
        """What a switch is worth on one of its ways."""
        values = [self.expression(child) for child in node.named_children if child.kind_id not in COMMENTS]
        if self._yielded:
            self._yielded[-1].extend(values)

    def _exit(self, kind: str, node: Node) -> None:
        values = [self.expression(child) for child in node.named_children if child.kind_id not in COMMENTS]
        self.add_exit(kind, values[0] if values else None, node)

    # blocks

    def nested(self, node: Node) -> None:
        """A block that only bounds names, or a statement with a label."""
        self.body(node if node.kind_id in BLOCKS else node.named_child(node.named_child_count - 1))

    def if_statement(self, node: Node) -> None:
        first = -1
        current: Node | None = node
        # A long row of `else if` nests in the tree, but is one choice.
        while current is not None and current.kind_id in _IF:
            body = current.child_by_field_id(_CONSEQUENCE)
            value = self.expression(current.child_by_field_id(_CONDITION))
            block = self.open_block()
            self.body(body)
            self.close_block(block, "branch", value, self.span(current, body or current), first)
            first = block if first < 0 else first
            current = current.child_by_field_id(_ALTERNATIVE)
        if current is not None:
            block = self.open_block()
            self.body(current)
            self.close_block(block, "branch", None, self.extent(current), first)

    def enhanced_for_statement(self, node: Node) -> None:
        name, body = node.child_by_field_id(_NAME), node.child_by_field_id(_BODY)
        annotation = self.declared(node.child_by_field_id(_TYPE))
        value = self.expression(node.child_by_field_id(_VALUE))
        block = self.open_block()
        if name is not None:
            self.add_assignment(self.written(name), new_element(value), self.extent(name), annotation=annotation)
        self.body(body)
        self.close_block(block, "loop", value, self.span(node, body or node))

    def for_statement(self, node: Node) -> None:
        """A loop that counts goes over what bounds it; one without a bound is a `while`."""
        for child in node.children_by_field_id(_INIT):
            self.statements[child.kind_id](self, child)
        condition, body = node.child_by_field_id(_CONDITION), node.child_by_field_id(_BODY)
        block = self.open_block()
        value = self.expression(condition) if condition is not None else Literal(True)
        for child in node.children_by_field_id(_UPDATE):
            self.expression(child)
        self.body(body)
        counts = isinstance(value, Compute) and value.operator in _COMPARING and node.child_by_field_id(_UPDATE)
        kind, over = ("loop", value.operands[1]) if counts and isinstance(value, Compute) else ("while", value)
        self.close_block(block, kind, over, self.span(node, body or node))

    def while_statement(self, node: Node) -> None:
        body = node.child_by_field_id(_BODY)
        block = self.open_block()
        value = self.expression(node.child_by_field_id(_CONDITION))
        self.body(body)
        self.close_block(block, "while", value, self.span(node, body or node))

    def synchronized_statement(self, node: Node) -> None:
        value = self.expression(node.named_child(0))
        block = self.open_block()
        self.body(node.child_by_field_id(_BODY))
        self.close_block(block, "with", value, self.extent(node))

    def try_statement(self, node: Node) -> None:
        """What is opened for the time of the body stands around it."""
        extent = self.extent(node)
        opened = [
            self._resource(child)
            for child in (node.child_by_field_id(_RESOURCES) or node).named_children
            if child.type == "resource"
        ]
        body = node.child_by_field_id(_BODY)
        block = self.open_block()
        self.body(body)
        self.close_block(block, "try", None, self.span(node, body or node))
        for resource, value in reversed(opened):
            self.close_block(resource, "with", value, extent)
        for child in node.named_children:
            if child.type == "catch_clause":
                self._catch(child, block)
            elif child.type == "finally_clause":
                self._clause("finally", child, child.named_child(child.named_child_count - 1), None, block)

    def _resource(self, node: Node) -> tuple[int, Value]:
        name, written = node.child_by_field_id(_NAME), node.child_by_field_id(_VALUE)
        value = self.expression(written if written is not None else node.named_child(0))
        block = self.open_block()
        if name is not None and written is not None:
            annotation = self.declared(node.child_by_field_id(_TYPE))
            self.add_assignment(self.written(name), value, self.extent(node), annotation=annotation)
        return block, value

    def _catch(self, node: Node, of: int) -> None:
        parameter = next((child for child in node.named_children if child.type == "catch_formal_parameter"), None)
        parts = parameter.named_children if parameter is not None else []
        caught = next((self.type_of(child) for child in parts if child.type == "catch_type"), MISSING)
        name = parameter.child_by_field_id(_NAME) if parameter is not None else None
        block = self.open_block()
        if name is not None:
            self.add_assignment(self.written(name), None, self.extent(name), annotation=caught)
        self.body(node.child_by_field_id(_BODY))
        self.close_block(block, "except", caught, self.extent(node), of)

    def _clause(self, kind: str, node: Node, body: Node | None, value: Value | None, of: int) -> None:
        block = self.open_block()
        self.body(body)
        self.close_block(block, kind, value, self.extent(node), of)

    # switch

    def switch_expression(self, node: Node) -> Value:
        """A switch is a row of branches; where it gives a value, one of what they give."""
        subject = self.read(node.child_by_field_id(_CONDITION))
        body = node.child_by_field_id(_BODY)
        first = -1
        self._yielded.append([])
        for case in body.named_children if body is not None else ():
            if case.kind_id in COMMENTS:
                continue
            block = self.open_block()
            tests: list[Value] = []
            for child in case.named_children:
                if child.kind_id in _LABEL:
                    tests.extend(self.read_all(child))
                else:
                    self._way(case, child)
            value = new_compute("match", (subject, *tests)) if tests else None
            self.close_block(block, "branch", value, self.extent(case), first)
            first = block if first < 0 else first
        values = self._yielded.pop()
        return combined.choice(*values) if len(values) > 1 else values[0] if values else MISSING

    def _way(self, case: Node, node: Node) -> None:
        """What stands behind the label of a case: `-> value`, or statements."""
        given = node.named_child(0) if node.type == "expression_statement" else None
        if case.type == "switch_rule" and given is not None:
            self._yielded[-1].append(self.read(given))
        else:
            self.body(node)


BLOCKS = kinds(JAVA, "block", "constructor_body", "program", "ERROR", "switch_block")
