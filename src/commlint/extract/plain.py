"""
A walk for languages that are read lightly: calls, names, texts, functions, types and assignments.

Enough to tell which service a file belongs to, which remote procedures and routes it answers, and which HTTP, gRPC and
queue clients it calls with what. One table of a language's kinds of nodes, and the few methods for what it writes in
its own way, make a reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from tree_sitter import Language, Node, Parser

from commlint.extract import combined
from commlint.extract.comments import Comment, named, of_nodes
from commlint.extract.port import LanguageReader
from commlint.extract.quick import new_argument, new_compute, new_element, new_function, new_parameter
from commlint.extract.syntax import handlers, kinds, syntax_notices
from commlint.extract.targets import Keyed
from commlint.extract.utf8 import as_utf8
from commlint.extract.walker import MISSING, Reader, Walker
from commlint.model.code import Argument, CodeFacts, ParameterFacts, TypeFacts
from commlint.model.facts import Notice
from commlint.model.values import CallResult, Index, Literal, Reference, Value

CONTENT = ("string_content", "string_fragment", "string_value", "text", "heredoc_content")


class PlainWalk(Walker):
    """The walk over one file; `package` is the namespace it declares, "" when it declares none."""

    def __init__(self, path: str, source: bytes, readers: dict[int, Reader], comments: frozenset[int]) -> None:
        super().__init__(path, source, readers)
        self.comments = comments
        self.package = ""

    # what nodes hold

    def parts(self, node: Node | None) -> list[Node]:
        """The named parts of a node without comments."""
        return [child for child in node.named_children if child.kind_id not in self.comments] if node else []

    def part(self, node: Node, *names: str) -> Node | None:
        """The first part of a node that stands under one of these fields."""
        return next((found for name in names if (found := node.child_by_field_name(name)) is not None), None)

    def text_of(self, node: Node | None) -> str:
        """What a node that only names something says."""
        return "".join(self.written(node).split()) if node is not None else ""

    # expressions

    def through(self, node: Node) -> Value:
        """What is worth what its only part is worth."""
        return self.read_first(node)

    def name(self, node: Node) -> Value:
        """A name, dotted whatever its language puts between the parts."""
        text = self.text_of(node).replace("::", ".").replace("\\", ".").strip(".")
        return Reference(text) if text else MISSING

    def true(self, node: Node) -> Value:
        return Literal(True)

    def false(self, node: Node) -> Value:
        return Literal(False)

    def null(self, node: Node) -> Value:
        return Literal(None)

    def number(self, node: Node) -> Value:
        digits = self.written(node).replace("_", "").replace("'", "")
        for kind in (int, float):
            try:
                value = kind(digits)
            except (ValueError, OverflowError):
                continue
            return Literal(value) if abs(value) < 2**63 else MISSING
        return MISSING

    def string(self, node: Node) -> Value:
        """A text, with what is put into it in its place."""
        parts: list[Value] = []
        for child in self.parts(node):
            if child.type in CONTENT:
                parts.append(Literal(self.written(child)))
            elif child.type == "escape_sequence":
                parts.append(Literal({"\\n": "\n", "\\t": "\t"}.get(self.written(child), self.written(child)[1:])))
            else:
                parts.append(self.read(child))
        return combined.joined(parts)

    def binary(self, node: Node) -> Value:
        left, right = self.read(self.part(node, "left")), self.read(self.part(node, "right"))
        operator = self.part(node, "operator")
        return self.operated(operator.type if operator is not None else "", left, right)

    def operated(self, operator: str, left: Value, right: Value) -> Value:
        """What an operator makes of two values."""
        if operator == "+":
            return combined.plus(left, right)
        if operator in ("||", "or", "??", "?:"):
            return combined.choice(left, right)
        return new_compute(operator, (left, right))

    # calls

    def called(self, callee: Value, arguments: Sequence[Argument], node: Node) -> CallResult:
        return self.add_call(callee, tuple(arguments), node)

    def arguments(self, node: Node | None) -> list[Argument]:
        """The arguments between parentheses, one for each part."""
        return [self.argument(part) for part in self.parts(node)]

    def argument(self, node: Node) -> Argument:
        return new_argument(None, self.read(node))

    def later(self, node: Node, parameters: Sequence[ParameterFacts], body: Node | None) -> Value:
        """A function without a name, which something may call later."""
        extent = self.extent(node)
        name = f"<lambda@{extent.start_line}:{extent.start_column}>"
        self.define(node, name, parameters, body)
        return Reference(name)

    def plain_parameters(self, names: Iterable[Node]) -> list[ParameterFacts]:
        """Parameters of which only the names are told."""
        return [new_parameter(self.text_of(each), "positional", None, None) for each in names]

    # definitions

    def define(
        self,
        node: Node,
        name: str,
        parameters: Sequence[ParameterFacts],
        body: Node | None,
        decorators: Sequence[Value] = (),
        returns: Value | None = None,
        is_async: bool = False,
    ) -> None:
        """A function; the value of the last expression of its body is not taken for what it returns."""
        index, qualified, owner = self.open_function(name)
        if body is not None:
            self.expression(body)
        facts = new_function(
            qualified,
            owner,
            tuple(parameters),
            tuple(decorators),
            returns,
            is_async,
            False,
            self.extent(node),
            is_abstract=body is None,
        )
        self.close_function(index, facts)

    def define_type(
        self, node: Node, name: str, bases: Sequence[Value], body: Node | None, decorators: Sequence[Value] = ()
    ) -> None:
        """A type with what its body declares."""
        index, qualified = self.open_type(name)
        if body is not None:
            self.expression(body)
        self.close_type(index, TypeFacts(qualified, tuple(bases), tuple(decorators), (), self.extent(node)))

    def assign(self, node: Node, left: Node | None, value: Value, annotation: Value | None = None) -> Value:
        """`left = value`, where left is a name, a member or an entry of one."""
        target = self._target(left) if left is not None else None
        if isinstance(target, Keyed):
            self.add_assignment(target.name, value, self.extent(node), key=target.key)
        elif target is not None:
            self.add_assignment(target, value, self.extent(node), annotation=annotation)
        return value

    def _target(self, node: Node) -> str | Keyed | None:
        value = self.read(node)
        if isinstance(value, Index) and isinstance(value.of, Reference):
            return Keyed(f"{value.of.name}[]", value.key)
        return value.name if isinstance(value, Reference) else None

    # blocks

    def within(self, node: Node, kind: str, value: Value | None, body: Iterable[Node | None], of: int = -1) -> int:
        """A block of some kind with its body; gives its index."""
        block = self.open_block()
        for part in body:
            if part is not None:
                self.expression(part)
        self.close_block(block, kind, value, self.extent(node), of)
        return block

    def loop(self, node: Node, names: Node | None, over: Node | None, body: Node | None) -> Value:
        """A loop over something, whose elements get a name."""
        value = self.expression(over) if over is not None else MISSING
        block = self.open_block()
        if names is not None:
            self.assign(names, names, new_element(value))
        if body is not None:
            self.expression(body)
        self.close_block(block, "loop", value, self.extent(node))
        return MISSING

    def endless(self, node: Node) -> Value:
        """A loop that goes on as long as a condition holds."""
        condition = self.part(node, "condition")
        value = self.expression(condition) if condition is not None else Literal(True)
        self.within(node, "while", value, [self.part(node, "body")])
        return MISSING

    def branches(self, node: Node) -> Value:
        """A choice: the condition first, then each way as a branch."""
        condition = self.part(node, "condition", "value")
        value = self.expression(condition) if condition is not None else None
        first = -1
        for part in self.parts(node):
            if part != condition:
                block = self.within(part, "branch", value if first < 0 else None, [part], first)
                first = block if first < 0 else first
        return MISSING

    def leave(self, node: Node) -> Value:
        """A return."""
        values = [self.expression(part) for part in self.parts(node)]
        self.add_exit("return", values[0] if values else None, node)
        return MISSING

    def throw(self, node: Node) -> Value:
        values = [self.expression(part) for part in self.parts(node)]
        self.add_exit("raise", values[0] if values else None, node)
        return MISSING

    def unused(self, node: Node) -> Value:
        """An expression as a statement: nobody uses what its call gives."""
        for part in self.parts(node):
            value = self.expression(part)
            if value.__class__ is CallResult:
                self.calls[value.call].used = False
        return MISSING


class PlainReader(LanguageReader):
    """A reader made of a grammar, the kinds of its nodes that mean something, and a walk that knows them."""

    version: ClassVar[int] = 1
    tree: ClassVar[Language]
    walk: ClassVar[type[PlainWalk]]
    table: ClassVar[dict[str, Callable[..., Value | None]]]
    comment_kinds: ClassVar[tuple[str, ...]] = ("comment",)

    def read(self, path: str, source: bytes) -> tuple[CodeFacts, tuple[Notice, ...]]:
        text, found = as_utf8(path, source)
        root = Parser(self.tree).parse(text).root_node
        comments = kinds(self.tree, *self.comment_kinds)
        table: dict[str, Reader] = {**self.table, **dict.fromkeys(self.comment_kinds, PlainWalk.comment)}
        walk = self.walk(path, text, handlers(self.tree, table, PlainWalk.otherwise), comments)
        for child in root.named_children:
            walk.expression(child)
        notices = list(found)
        notices.extend(syntax_notices(path, root))
        return walk.facts(self.name, walk.package), tuple(sorted({*notices, *walk.notices}))

    def comments(self, path: str, source: bytes) -> tuple[Comment, ...]:
        text, _ = as_utf8(path, source)
        return of_nodes(text, named(Parser(self.tree).parse(text).root_node, kinds(self.tree, *self.comment_kinds)))
