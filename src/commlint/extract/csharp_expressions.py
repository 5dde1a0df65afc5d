"""How C#'s lambdas, queries, patterns, targets and written types read."""

from __future__ import annotations

from abc import ABC, abstractmethod

from tree_sitter import Node

from commlint.extract.combined import choice
from commlint.extract.csharp_calls import Calls
from commlint.extract.csharp_values import (
    COMMENT,
    CSHARP,
    EXPRESSION,
    IDENTIFIER,
    LEFT,
    NAME,
    OPERATOR,
    RIGHT,
    SUBSCRIPT,
    TYPE,
    field,
    parts_of,
)
from commlint.extract.quick import new_compute, new_element, new_function, new_parameter
from commlint.extract.syntax import MAX_EXPRESSION_DEPTH, is_deep, kind, kinds
from commlint.extract.targets import Keyed, Target, Unpacked, taken_apart
from commlint.extract.walker import MISSING, Reader
from commlint.model.code import FunctionFacts, ParameterFacts
from commlint.model.values import Attribute, Reference, Sequence, Unknown, Value

_BLOCK = kind(CSHARP, "block")
_DECLARATION = kind(CSHARP, "declaration_expression")
_IMPLICIT = kind(CSHARP, "implicit_type")
_INDEXED = kind(CSHARP, "element_access_expression")
_MEMBER = kind(CSHARP, "member_access_expression")
_PARAMETER = kind(CSHARP, "parameter")
_PATTERNS = kinds(CSHARP, "tuple_expression", "tuple_pattern", "parenthesized_variable_designation")
_THROW = kind(CSHARP, "throw_expression")
_WRAPPED = kinds(CSHARP, "parenthesized_expression", "argument", "ref_expression")
_BODY = field("body")
_PARAMETERS = field("parameters")
_PATTERN = field("pattern")


class Expressions(Calls, ABC):
    """
    A walk over all of C#'s expressions.

    `_locals`: the names that each function around declares; any other plain name that is assigned to is a member
    of the object around.
    """

    def __init__(self, path: str, source: bytes, readers: dict[int, Reader]) -> None:
        super().__init__(path, source, readers)
        self._locals: list[set[str]] = [set()]
        self.in_type = False

    def open_function(self, name: str) -> tuple[int, str, str]:
        self._locals.append(set())
        return super().open_function(name)

    def close_function(self, index: int, facts: FunctionFacts) -> None:
        self._locals.pop()
        super().close_function(index, facts)

    def declare(self, name: str) -> None:
        """A name that the function around declares itself."""
        if len(self._locals) > 1 or not self.in_type:
            self._locals[-1].add(name)

    @abstractmethod
    def body(self, node: Node | None) -> None:
        """Read the statements of a block; told by the walk over statements."""

    @abstractmethod
    def attributes(self, node: Node) -> tuple[Value, ...]:
        """What stands in the attributes of a declaration; told by the walk over definitions."""

    # functions

    def lambda_expression(self, node: Node) -> Value:
        parameters = self.parameters(node.child_by_field_id(_PARAMETERS))
        extent = self.extent(node)
        name = f"<lambda@{extent.start_line}:{extent.start_column}>"
        decorators = self.attributes(node)
        is_async = any(child.type == "modifier" and self.written(child) == "async" for child in node.children)
        index, qualified, _ = self.open_function(name)
        self._locals[-1].update(parameter.name for parameter in parameters)
        body = node.child_by_field_id(_BODY)
        if body is None:
            body = next((child for child in node.named_children if child.kind_id == _BLOCK), None)
        if body is not None and body.kind_id == _BLOCK:
            self.body(body)
        elif body is not None:
            self.add_exit("return", self.read(body), body)
        facts = new_function(qualified, "", parameters, decorators, None, is_async, self.is_generator, extent)
        self.close_function(index, facts)
        return Reference(name)

    def parameters(self, node: Node | None) -> tuple[ParameterFacts, ...]:
        """Parameters as written; defaults and attributes are read where the function is defined."""
        if node is None:
            return ()
        if node.kind_id == IDENTIFIER or node.type == "implicit_parameter":
            return (new_parameter(self.written(node).lstrip("@"), "positional", None, None),)
        found: list[ParameterFacts] = []
        rest: Value | None = None
        for child in node.named_children:
            if child.kind_id == _PARAMETER:
                found.append(self._parameter(child))
            elif child.type == "implicit_parameter":
                found.append(new_parameter(self.written(child).lstrip("@"), "positional", None, None))
            elif child.kind_id == IDENTIFIER and rest is not None:
                found.append(new_parameter(self.written(child), "variadic", rest, None))
            elif child.kind_id != COMMENT:
                # `params T[] rest` stands in the list without a node of its own.
                rest = self.annotation(child)
        return tuple(found)

    def _parameter(self, node: Node) -> ParameterFacts:
        name, written = node.child_by_field_id(NAME), node.child_by_field_id(TYPE)
        decorators = list(self.attributes(node))
        form, default = "positional", None
        for place, child in enumerate(node.children):
            if child.type == "modifier" and self.written(child) == "this":
                decorators.append(Reference("this"))
            elif child.type == "modifier" and self.written(child) == "params":
                form = "variadic"
            elif child.type == "=" and place + 1 < len(node.children):
                default = self.expression(node.children[place + 1])
        annotation = self.annotation(written) if written is not None else None
        text = self.written(name).lstrip("@") if name is not None else ""
        return new_parameter(text, form, annotation, default, tuple(decorators))

    # assignments inside expressions

    def assignment_expression(self, node: Node) -> Value:
        left = node.child_by_field_id(LEFT)
        target = self.target(left)
        wanted = self.declared(target) if isinstance(target, str) else None
        value = self.of_type(node.child_by_field_id(RIGHT), wanted)
        operator = node.child_by_field_id(OPERATOR)
        text = operator.type.rstrip("=") if operator is not None else ""
        text = "" if text == "??" else text
        extent = self.extent(node)
        for name, key, part in taken_apart(target, value):
            self.add_assignment(self._placed(name), part, extent, key=key, augmented=text)
        return value

    def _placed(self, name: str) -> str:
        """An assigned name as that of a member when no function around declares it."""
        if not self.in_type or "." in name or name.endswith("[]") or name in ("this", "base"):
            return name
        return name if any(name in declared for declared in self._locals) else f"this.{name}"

    def declared(self, name: str) -> Value | None:
        """The type a name of the type around was declared with above."""
        return None

    def declaration_expression(self, node: Node) -> Value:
        """`out var found`: somebody else gives it its value."""
        self._declare(node, Unknown("given by the call"))
        return Unknown("given by the call")

    def _declare(self, node: Node, value: Value) -> None:
        name, written = node.child_by_field_id(NAME), node.child_by_field_id(TYPE)
        if name is not None and name.kind_id == IDENTIFIER:
            self.declare(self.written(name))
            annotation = self.written_type(written)
            self.add_assignment(self.written(name), value, self.extent(node), annotation=annotation)

    def target(self, node: Node | None) -> Target:
        """The left side of an assignment; the calls in it are added."""
        if node is None:
            return None
        number = node.kind_id
        if number == IDENTIFIER:
            return self.written(node).lstrip("@")
        if node.type in ("this", "base"):
            return node.type
        if node.descendant_count > MAX_EXPRESSION_DEPTH and is_deep(node):
            self.notice(node, "nested too deeply to be read; this assignment is left out")
            return None
        if number in _PATTERNS:
            parts = [child for child in node.named_children if child.kind_id not in (COMMENT, _IMPLICIT)]
            return Unpacked(tuple(self.target(child) for child in parts))
        if number in _WRAPPED:
            return self.target(node.children[1] if node.type == "parenthesized_expression" else node.children[-1])
        if number == _DECLARATION:
            named = node.child_by_field_id(NAME)
            if named is not None and named.kind_id == IDENTIFIER:
                self.declare(self.written(named))
            return self.target(named)
        if number == _MEMBER:
            of = self._container(node.child_by_field_id(EXPRESSION))
            name = node.child_by_field_id(NAME)
            return f"{of}.{self.written(name)}" if of and name is not None else None
        if number == _INDEXED:
            of = self._container(node.child_by_field_id(EXPRESSION))
            keys = self.keys(node.child_by_field_id(SUBSCRIPT))
            key = keys[0] if len(keys) == 1 else Sequence(tuple(keys))
            return Keyed(f"{of}[]", key) if of else None
        self.read(node)
        return None

    def _container(self, node: Node | None) -> str | None:
        """The name of what a member or an entry is set on."""
        target = self.target(node)
        return target.name if isinstance(target, Keyed) else target if isinstance(target, str) else None

    # patterns

    def is_pattern_expression(self, node: Node) -> Value:
        value = self.read(node.child_by_field_id(EXPRESSION))
        return new_compute("is", (value, self.pattern(node.child_by_field_id(_PATTERN), value)))

    def is_expression(self, node: Node) -> Value:
        value = self.read(node.child_by_field_id(LEFT))
        return new_compute("is", (value, self.annotation(node.child_by_field_id(RIGHT))))

    def pattern(self, node: Node | None, subject: Value) -> Value:
        """What `subject` is compared with; the names that the pattern gives it are assigned."""
        if node is None:
            return MISSING
        if node.descendant_count > MAX_EXPRESSION_DEPTH and is_deep(node):
            self.notice(node, "nested too deeply to be read; this pattern is left out")
            return MISSING
        kind = node.type
        parts = parts_of(node)
        if kind == "constant_pattern":
            return self.read(node.children[0])
        if kind == "subpattern":
            of = Attribute(subject, self.written(parts[0])) if len(parts) > 1 else subject
            return self.pattern(parts[-1], of) if parts else MISSING
        if not kind.endswith(("_pattern", "_clause")):
            return self.read(node)
        name, written = node.child_by_field_id(NAME), node.child_by_field_id(TYPE)
        if name is not None and kind != "property_pattern_clause":
            self._declare(node, subject)
        told: Value = self.annotation(written) if written is not None else MISSING
        for child in parts:
            if child not in (name, written):
                found = self.pattern(child, subject)
                told = found if kind in ("parenthesized_pattern", "type_pattern") else told
        return told

    def switch_expression(self, node: Node) -> Value:
        subject: Value = MISSING
        given: list[Value] = []
        for place, child in enumerate(parts_of(node)):
            if place == 0:
                subject = self.read(child)
            elif child.type == "switch_expression_arm":
                parts = parts_of(child)
                self.pattern(parts[0], subject)
                for condition in parts[1:-1]:
                    self.read(condition)
                value = self.read(parts[-1])
                if parts[-1].kind_id != _THROW:
                    given.append(value)
        return given[0] if len(given) == 1 else choice(*given) if given else MISSING

    # queries

    def query_expression(self, node: Node) -> Value:
        """A query runs for each element, like a comprehension."""
        outside = self.block
        block = self.open_block()
        iterable: Value | None = None
        element: Value = MISSING
        for child in node.named_children:
            if child.type in ("from_clause", "join_clause"):
                parts = parts_of(child)
                self.block = outside if iterable is None else block
                value = self.read(parts[-1]) if child.type == "from_clause" else self.read_all(child)[-1]
                self.block = block
                iterable = iterable or value
                name = child.child_by_field_id(NAME)
                if name is not None and child.type == "from_clause":
                    self.declare(self.written(name))
                    self.add_assignment(self.written(name), new_element(value), self.extent(child))
            else:
                element = self.read_first(child)
        self.close_block(block, "comprehension", iterable, self.extent(node))
        return Sequence((element,), open=True)
