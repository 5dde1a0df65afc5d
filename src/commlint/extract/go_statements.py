"""How Go's statements read: where names are given values, what runs under which condition."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from tree_sitter import Node

from commlint.extract.go_calls import STRUCT, Calls
from commlint.extract.go_values import EXTRAS, GO, IDENTIFIERS, field, first_of, parts_of
from commlint.extract.quick import new_argument, new_attribute, new_element, new_index
from commlint.extract.syntax import kind, kinds
from commlint.extract.targets import Keyed, Target
from commlint.extract.walker import MAX_BLOCK_DEPTH, Reader
from commlint.model.values import CallResult, Compute, Index, Literal, Reference, Sequence, Unknown, Value, walk

_ALTERNATIVE = field("alternative")
_BODY = field("body")
_CHANNEL = field("channel")
_CONDITION = field("condition")
_CONSEQUENCE = field("consequence")
_FIELD = field("field")
_INDEX = field("index")
_INITIALIZER = field("initializer")
_LEFT = field("left")
_NAME = field("name")
_OPERAND = field("operand")
_OPERATOR = field("operator")
_RIGHT = field("right")
_TYPE = field("type")
_UPDATE = field("update")
_VALUE = field("value")
_CLAUSES = kinds(GO, "for_clause", "range_clause")
_CONSTANTS = kind(GO, "const_spec")
_SPECS = kinds(GO, "const_spec", "var_spec", "var_spec_list")
_GROUPED = kind(GO, "var_spec_list")
_LIST = kind(GO, "expression_list")
_SELECTOR = kind(GO, "selector_expression")
_SUBSCRIPT = kind(GO, "index_expression")
_SEEN_THROUGH = kinds(GO, "unary_expression", "parenthesized_expression")
# As far behind a declaration, in characters, what fills the variable is looked for.
_NEAR = 4000
_FILLED = re.compile(r"(\w+)\.[\w.]+ *=[^=]").finditer
_ERROR = re.compile(r"(?:\w*[eE]rr(?:or)?|err\w*)\Z").match

Statement = Callable[[Any, Node], None]


class Statements(Calls, ABC):
    """A walk that knows statements. A method whose name is that of a kind of node reads such a statement."""

    def __init__(self, path: str, source: bytes, readers: dict[int, Reader], statements: dict[int, Statement]) -> None:
        super().__init__(path, source, readers)
        self.statements = statements
        self.results_of: list[tuple[str, ...]] = []
        # Places of assignments that declare nothing.
        self.plain: set[int] = set()

    def body(self, node: Node | None) -> None:
        """Read the statements of a block one by one."""
        if node is None:
            return
        if self.depth >= MAX_BLOCK_DEPTH:
            self.notice(node, "blocks nested too deeply to be read; what stands inside is left out")
            return
        self.depth += 1
        for child in node.named_children:
            self.statements[child.kind_id](self, child)
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
            if child.kind_id not in EXTRAS:
                self._unused(self.expression(child))

    def _unused(self, value: Value) -> None:
        if value.__class__ is CallResult:
            self.calls[value.call].used = False

    def labeled_statement(self, node: Node) -> None:
        for child in parts_of(node)[1:]:
            self.statements[child.kind_id](self, child)

    def go_statement(self, node: Node) -> None:
        """`go f(x)` is a call of `go` with the call that it starts."""
        value = self.expression(first_of(node))
        self._unused(self.add_call(Reference("go"), (new_argument(None, value),), node))

    def defer_statement(self, node: Node) -> None:
        """What is deferred runs on every way out, as in a finally."""
        block = self.open_block()
        self._unused(self.expression(first_of(node)))
        self.close_block(block, "finally", None, self.extent(node))

    def send_statement(self, node: Node) -> None:
        """`channel <- x` is a call of `send`, a member that no channel has, with what is sent."""
        channel = self.expression(node.child_by_field_id(_CHANNEL))
        value = self.expression(node.child_by_field_id(_VALUE))
        plain = isinstance(channel, Reference) and channel.name[0] != "<"
        callee = Reference(f"{channel.name}.send") if plain else new_attribute(channel, "send")  # type: ignore[attr-defined]
        self._unused(self.add_call(callee, (new_argument(None, value),), node))

    def return_statement(self, node: Node) -> None:
        listed = first_of(node)
        value: Value | None = None
        if listed is not None:
            value = self.expression(listed)
        elif self.results_of and self.results_of[-1]:
            named = tuple(Reference(name) for name in self.results_of[-1])
            value = named[0] if len(named) == 1 else Sequence(named)
        self.add_exit("return", value, node)

    def break_statement(self, node: Node) -> None:
        self.add_exit("break", None, node)

    def continue_statement(self, node: Node) -> None:
        self.add_exit("continue", None, node)

    # names

    def declaration(self, node: Node) -> None:
        """Variables and constants; a constant without a value repeats the one before it."""
        self.place_in_list = 0
        before: tuple[Node | None, Node | None] = (None, None)
        for child in node.named_children:
            for spec in child.named_children if child.kind_id == _GROUPED else (child,):
                if spec.kind_id not in _SPECS:
                    continue
                told = (spec.child_by_field_id(_TYPE), spec.child_by_field_id(_VALUE))
                before = before if spec.kind_id == _CONSTANTS and told == (None, None) else told
                self._specification(spec, *before)
                self.place_in_list += 1

    def _specification(self, node: Node, written: Node | None, value: Node | None) -> None:
        names = [self.written(name) for name in node.children_by_field_id(_NAME) if name.is_named]
        annotation = self._declared(names, node, written)
        extent = self.extent(node)
        values: list[Value | None] = [None] * len(names)
        if value is not None:
            values = list(self._values(value, len(names)))
        elif len(names) == 1 and isinstance(annotation, Reference) and self._is_filled(names[0], node):
            values = [self.add_call(annotation, (), node)]
        for name, each in zip(names, values, strict=True):
            if name != "_":
                self.add_assignment(name, each, extent, annotation=annotation)

    def _declared(self, names: list[str], node: Node, written: Node | None) -> Value | None:
        """The type that variables are declared of; one written out on the spot is called like the variable."""
        if written is not None and written.kind_id == STRUCT and names:
            return Reference(self.struct(names[0], node, written))
        return self.type(written) if written is not None else None

    def _is_filled(self, name: str, node: Node) -> bool:
        """Whether fields of a variable are given values after it is declared: it holds a struct, made there."""
        after = self.raw[node.end_byte : node.end_byte + _NEAR]
        return any(found[1] == name for found in _FILLED(after)) if f"{name}." in after else False

    @abstractmethod
    def struct(self, name: str, node: Node, written: Node) -> str:
        """A struct that is written out; what it is called in full."""

    def assignment(self, node: Node) -> None:
        left = node.child_by_field_id(_LEFT)
        targets = [self.target(child) for child in parts_of(left)] if left is not None else []
        values = self._values(node.child_by_field_id(_RIGHT), len(targets))
        operator = node.child_by_field_id(_OPERATOR)
        augmented = operator.type.rstrip("=") if operator is not None and operator.type != ":=" else ""
        extent = self.extent(node)
        first = len(self.assignments)
        for target, value in zip(targets, values, strict=True):
            if isinstance(target, Keyed):
                self.add_assignment(target.name, value, extent, key=target.key, augmented=augmented)
            elif isinstance(target, str) and target != "_":
                self.add_assignment(target, value, extent, augmented=augmented)
        if operator is not None and operator.type == "=":
            self.plain.update(range(first, len(self.assignments)))

    def _values(self, node: Node | None, count: int) -> list[Value]:
        """What each of `count` names on the left is given."""
        value = self.expression(node)
        if count < 2:
            return [value] * count
        if isinstance(value, Sequence) and not value.open and len(value.items) == count:
            return list(value.items)
        if isinstance(value, CallResult):
            return [new_index(value, Literal(place)) for place in range(count)]
        # `v, ok := m[k]`, a type assertion, a receive: whether there was one comes second.
        return [value, *(Unknown("whether there was one") for _ in range(count - 1))]

    def target(self, node: Node) -> Target:
        """The left side of an assignment; pointers are seen through."""
        number = node.kind_id
        if number in IDENTIFIERS:
            return self.written(node)
        if number in _SEEN_THROUGH:
            inner = first_of(node)
            return self.target(inner) if inner is not None else None
        value = self.expression(node)
        if isinstance(value, Reference):
            return value.name
        if isinstance(value, Index) and isinstance(value.of, Reference):
            return Keyed(f"{value.of.name}[]", value.key)
        return None

    # blocks

    def if_statement(self, node: Node) -> None:
        first = -1
        current: Node | None = node
        while current is not None and current.type == "if_statement":
            self._initializer(current)
            value = self.expression(current.child_by_field_id(_CONDITION))
            is_error = self._asks_for_an_error(value)
            body = current.child_by_field_id(_CONSEQUENCE)
            block = self.open_block()
            self.body(body)
            whole = self.span(current, body or current)
            if is_error:
                self.close_block(block, "except", None, whole)
            else:
                self.close_block(block, "branch", value, whole, first)
                first = block if first < 0 else first
            current = current.child_by_field_id(_ALTERNATIVE)
        if current is not None:
            block = self.open_block()
            self.body(current)
            self.close_block(block, "branch", None, self.extent(current), first)

    def _initializer(self, node: Node) -> None:
        started = node.child_by_field_id(_INITIALIZER)
        if started is not None:
            self.statements[started.kind_id](self, started)

    def _asks_for_an_error(self, value: Value) -> bool:
        """`err != nil`, alone or beside other conditions: what follows handles an error."""
        for part in walk(value):
            if isinstance(part, Compute) and part.operator in ("or", "not"):
                return False
            if isinstance(part, Compute) and part.operator == "!=" and Literal(None) in part.operands:
                asked = part.operands[0]
                if isinstance(asked, Reference) and _ERROR(asked.name.rpartition(".")[2]):
                    return True
        return False

    def for_statement(self, node: Node) -> None:
        body = node.child_by_field_id(_BODY)
        clause = next((child for child in parts_of(node) if child != body), None)
        if clause is None or clause.kind_id not in _CLAUSES:
            block = self.open_block()
            value = self.expression(clause) if clause is not None else Literal(True)
            self.body(body)
            self.close_block(block, "while", value, self.span(node, body or node))
        elif clause.type == "range_clause":
            self._range(node, clause, body)
        else:
            self._counted(node, clause, body)

    def _range(self, node: Node, clause: Node, body: Node | None) -> None:
        value = self.expression(clause.child_by_field_id(_RIGHT))
        left = clause.child_by_field_id(_LEFT)
        block = self.open_block()
        targets = [self.target(child) for child in parts_of(left)] if left is not None else []
        # The second name is the value in a list and in a map; a channel gives what it carries to the only one.
        worth: tuple[Value, ...] = (new_element(value), Index(value, Unknown("any key")))
        for target, each in zip(targets, worth, strict=False):
            if isinstance(target, str) and target != "_" and left is not None:
                self.add_assignment(target, each, self.extent(left))
        self.body(body)
        self.close_block(block, "loop", value, self.span(node, body or node))

    def _counted(self, node: Node, clause: Node, body: Node | None) -> None:
        """A loop that counts goes over what its condition compares the counter with."""
        self._initializer(clause)
        condition = clause.child_by_field_id(_CONDITION)
        value = self.expression(condition) if condition is not None else Literal(True)
        block = self.open_block()
        self.body(body)
        update = clause.child_by_field_id(_UPDATE)
        if update is not None:
            self.statements[update.kind_id](self, update)
        bound = value.operands[1] if isinstance(value, Compute) and len(value.operands) == 2 else None
        counts = bound is not None and update is not None
        kind = "loop" if counts else "while"
        self.close_block(block, kind, bound if counts else value, self.span(node, body or node))

    def select_statement(self, node: Node) -> None:
        """Of several channels the first that is ready: what is received is gone through as in a loop over it."""
        first = -1
        for case in parts_of(node):
            block = self.open_block()
            received = self._communication(case)
            inner = self.open_block() if received is not None else -1
            self._statements_of(case)
            if received is not None:
                self.close_block(inner, "loop", received, self.extent(case))
            self.close_block(block, "branch", None, self.extent(case), first)
            first = block if first < 0 else first

    def _communication(self, case: Node) -> Value | None:
        """The channel a case receives from, None when it sends or is the default."""
        done = case.child_by_field_name("communication")
        if done is None:
            return None
        if done.type != "receive_statement":
            self.statements[done.kind_id](self, done)
            return None
        value = self.expression(done.child_by_field_id(_RIGHT))
        left = done.child_by_field_id(_LEFT)
        for child in parts_of(left)[:1] if left is not None else ():
            target = self.target(child)
            if isinstance(target, str) and target != "_":
                self.add_assignment(target, value, self.extent(done))
        return next((part.of for part in (value,) if part.kind == "element"), None)  # type: ignore[attr-defined]

    def _statements_of(self, case: Node) -> None:
        for child in case.named_children:
            if child.type == "statement_list":
                self.body(child)

    def expression_switch_statement(self, node: Node) -> None:
        self._initializer(node)
        switched = node.child_by_field_id(_VALUE)
        subject = self.expression(switched) if switched is not None else None
        first = -1
        for case in parts_of(node):
            if case.type not in ("expression_case", "default_case"):
                continue
            block = self.open_block()
            listed = case.child_by_field_id(_VALUE)
            asked = self.expression(listed) if listed is not None else None
            self._statements_of(case)
            test = asked if subject is None or asked is None else Compute("==", (subject, asked))
            self.close_block(block, "branch", test, self.extent(case), first)
            first = block if first < 0 else first

    def type_switch_statement(self, node: Node) -> None:
        self._initializer(node)
        subject = self.expression(node.child_by_field_id(_VALUE))
        alias = node.child_by_field_name("alias")
        name = self.written(alias) if alias is not None else ""
        first = -1
        for case in parts_of(node):
            if case.type not in ("type_case", "default_case"):
                continue
            block = self.open_block()
            types = [self.type(child) for child in case.children_by_field_id(_TYPE)]
            if name:
                annotation = types[0] if len(types) == 1 else None
                self.add_assignment(name, subject, self.extent(case), annotation=annotation)
            self._statements_of(case)
            test = Compute("is", (subject, *types)) if types else None
            self.close_block(block, "branch", test, self.extent(case), first)
            first = block if first < 0 else first
