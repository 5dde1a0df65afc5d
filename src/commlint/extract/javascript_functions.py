"""How the functions, patterns and written types of JavaScript and TypeScript read."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator

from tree_sitter import Node

from commlint.extract.combined import choice, member
from commlint.extract.javascript_calls import Calls
from commlint.extract.javascript_grammar import CLASSES, EXTRAS, FUNCTIONS, first_of, parts_of
from commlint.extract.javascript_values import entry
from commlint.extract.quick import new_function, new_literal, new_parameter
from commlint.extract.syntax import MAX_EXPRESSION_DEPTH, is_deep
from commlint.extract.walker import MISSING
from commlint.model.code import ParameterFacts
from commlint.model.places import Extent
from commlint.model.values import CallResult, Index, Literal, Reference, Sequence, Unknown, Value

_SHORTHAND = frozenset({"identifier", "shorthand_property_identifier_pattern"})
_DEFAULTED = frozenset({"assignment_pattern", "object_assignment_pattern"})
_PATTERNS = frozenset({"object_pattern", "array_pattern"})
# Types that stand for what they hold: a promise is awaited wherever its content is used.
_TRANSPARENT = frozenset({"Promise", "Readonly", "Partial", "Required", "Awaited", "NonNullable", "Observable"})
_WRAPPED_TYPES = frozenset(
    {"type_annotation", "parenthesized_type", "readonly_type", "optional_type", "rest_type", "asserts_annotation"}
)
_NULLS = frozenset({"null", "undefined", "void", "never"})


class Functions(Calls):
    """A walk over all expressions."""

    @abstractmethod
    def body(self, node: Node | None) -> None:
        """Read the statements of a block, or the one that stands in place of a block."""

    @abstractmethod
    def class_value(self, node: Node, name: str) -> Value:
        """A class written as a value."""

    # names

    def declare(self, name: str) -> None:
        """From here on the current function has a name of its own."""
        self.declared[-1][1].add(name)
        self.moved.pop(name, None)

    def find_home(self, name: str) -> None:
        """Find the function around that has a name which is assigned here: it is the module's when none has."""
        head = name.partition(".")[0]
        if not self.function or head in self.declared[-1][1] or head in ("this", "super"):
            return
        self.moved[name] = next((around for around, names in reversed(self.declared) if head in names), "")

    # functions

    def arrow_function(self, node: Node) -> Value:
        named = node.child_by_field_name("name")
        return self.function_value(node, self.written(named) if named is not None else "")

    def function_value(self, node: Node, name: str) -> Value:
        extent = self.extent(node)
        return self.define(node, f"<{name or 'lambda'}@{extent.start_line}:{extent.start_column}>", extent)

    def define(
        self, node: Node, name: str, extent: Extent, decorators: tuple[Value, ...] = (), owner: bool = False
    ) -> Value:
        """
        Read a function; gives a reference to it.

        Args:
            owner: it is a method of the class whose body it stands in.
        """
        is_async, listed, annotated, body = _taken_from(node)
        parameters, patterns = self.parameters(listed)
        returns = self.annotation(annotated) if annotated is not None else None
        outside = self.owner
        if not owner:
            self.owner = ""
        index, qualified, of = self.open_function(name)
        self.declared.append((qualified, {facts.name for facts in parameters}))
        self.prologue(node, patterns)
        if body is not None and body.type != "statement_block":
            self.add_exit("return", self.expression(body), body)
        else:
            self.body(body)
        facts = new_function(
            qualified, of, parameters, decorators, returns, is_async, self.is_generator, extent, body is None
        )
        self.close_function(index, facts)
        self.declared.pop()
        self.owner = outside
        return self.references[qualified.rpartition(".")[2] if qualified.startswith(self.prefix) else qualified]

    def prologue(self, node: Node, patterns: list[tuple[Node, Value]]) -> None:
        """What parameters mean inside: the names their patterns give a value to."""
        for pattern, value in patterns:
            self.take_apart(pattern, value, declares=True)

    def parameters(self, node: Node | None) -> tuple[tuple[ParameterFacts, ...], list[tuple[Node, Value]]]:
        """Parameters as written, or the only one, and the patterns among them with the value each takes apart."""
        nodes = [] if node is None else parts_of(node) if node.type == "formal_parameters" else [node]
        found: list[ParameterFacts] = []
        patterns: list[tuple[Node, Value]] = []
        for place, child in enumerate(nodes):
            facts, pattern = self._parameter(child, place)
            found.append(facts)
            if pattern is not None:
                patterns.append((pattern, self.references[facts.name]))
        return tuple(found), patterns

    def _parameter(self, node: Node, place: int) -> tuple[ParameterFacts, Node | None]:
        form, name, default = "positional", node, None
        if node.type == "identifier":
            return new_parameter(self.written(node), form, None, None), None
        decorators = self.decorators(node)
        annotated = node.child_by_field_name("type")
        annotation = self.annotation(annotated) if annotated is not None else None
        if node.type in ("required_parameter", "optional_parameter"):
            name = node.child_by_field_name("pattern") or node
            default = node.child_by_field_name("value")
        elif node.type in _DEFAULTED:
            name = node.child_by_field_name("left") or node
            default = node.child_by_field_name("right")
        if name.type == "rest_pattern":
            form, name = "variadic", first_of(name) or name
        given = self.expression(default) if default is not None else None
        pattern = name if name.type in _PATTERNS else None
        text = f"<{place}>" if pattern is not None else self.written(name)
        return new_parameter(text, form, annotation, given, decorators), pattern

    def decorators(self, node: Node) -> tuple[Value, ...]:
        """The decorators written on `node`."""
        return tuple(self.expression(first_of(child)) for child in node.children if child.type == "decorator")

    # patterns

    def take_apart(self, node: Node | None, value: Value, extent: Extent | None = None, declares: bool = False) -> None:
        """Add the assignments of `pattern = value`, whose names are new here or those of a scope around."""
        if node is None:
            return
        if node.descendant_count > MAX_EXPRESSION_DEPTH and is_deep(node):
            self.notice(node, "nested too deeply to be read; this assignment is left out")
            return
        for name, part in self._taken(node, value):
            if declares:
                self.declare(name)
            else:
                self.find_home(name)
            self.add_assignment(name, part, extent or self.extent(node))

    def _taken(self, node: Node, value: Value) -> Iterator[tuple[str, Value]]:
        kind = node.type
        if kind in _SHORTHAND or kind == "this":
            yield self.written(node), value
        elif kind in _DEFAULTED:
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            default = self.read(right)
            if left is not None:
                of = member(value, self.written(left)) if kind == "object_assignment_pattern" else value
                if left.type in _PATTERNS or kind == "assignment_pattern":
                    yield from self._taken(left, choice(of, default))
                else:
                    yield self.written(left), choice(of, default)
        elif kind == "object_pattern":
            yield from self._entries(node, value)
        elif kind == "array_pattern":
            yield from self._items(node, value)
        elif kind == "rest_pattern":
            inner = first_of(node)
            if inner is not None:
                yield from self._taken(inner, value)
        elif kind in ("member_expression", "subscript_expression", "non_null_expression"):
            target = self.read(node)
            if isinstance(target, Reference):
                yield target.name, value

    def _entries(self, node: Node, value: Value) -> Iterator[tuple[str, Value]]:
        for child in parts_of(node):
            match child.type:
                case "shorthand_property_identifier_pattern":
                    yield self.written(child), member(value, self.written(child))
                case "pair_pattern":
                    key, inner = child.child_by_field_name("key"), child.child_by_field_name("value")
                    if key is not None and inner is not None:
                        yield from self._taken(inner, entry(value, self._key(key)))
                case _:
                    yield from self._taken(child, value)

    def _items(self, node: Node, value: Value) -> Iterator[tuple[str, Value]]:
        place = 0
        for child in node.children:
            if child.type == ",":
                place += 1
            elif child.is_named and child.type not in EXTRAS:
                known = isinstance(value, Sequence) and not value.open and place < len(value.items)
                part = value.items[place] if known else Index(value, new_literal(place))  # type: ignore[attr-defined]
                yield from self._taken(child, Unknown("rest") if child.type == "rest_pattern" else part)

    # assignments

    def assignment_expression(self, node: Node) -> Value:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return self.otherwise(node)
        value = self._right_side(left, right)
        if left.type in _PATTERNS:
            self.take_apart(left, value, self.extent(node))
            return value
        self._set(left, value, node, "")
        return value

    def augmented_assignment_expression(self, node: Node) -> Value:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        value = self.read(right)
        operator = node.child_by_field_name("operator")
        sign = operator.type.rstrip("=") if operator is not None else ""
        if left is not None:
            # `a ||= b` gives a value only where there is none.
            self._set(left, value, node, "" if sign in ("||", "??", "&&") else sign)
        return value

    def _right_side(self, left: Node, right: Node) -> Value:
        """What is assigned: a function or class takes the last name of what it is assigned to."""
        if right.type in FUNCTIONS:
            name = self.raw[left.start_byte : left.end_byte].rpartition(".")[2]
            return self.function_value(right, name if name.isidentifier() else "")
        if right.type in CLASSES:
            name = self.raw[left.start_byte : left.end_byte].rpartition(".")[2]
            return self.class_value(right, name if name.isidentifier() else "")
        return self.expression(right)

    def _set(self, left: Node, value: Value, node: Node, sign: str) -> None:
        if left.type == "subscript_expression":
            of = self.read(left.child_by_field_name("object"))
            key = self.read(left.child_by_field_name("index"))
            if isinstance(of, Reference):
                self.add_assignment(f"{of.name}[]", value, self.extent(node), key=key, augmented=sign)
            return
        target = self.read(left)
        bound = self.calls[value.call].callee if isinstance(value, CallResult) else None
        # `this.add = this.add.bind(this)`: a method that is given its object stays the method it is.
        if isinstance(target, Reference) and bound != Reference(f"{target.name}.bind"):
            self.find_home(target.name)
            self.add_assignment(target.name, value, self.extent(node), augmented=sign)

    # types

    def annotation(self, node: Node | None) -> Value:
        """A written type; a promise of it, or the type without nulls, is the type itself."""
        if node is None:
            return Unknown("type")
        if node.descendant_count > MAX_EXPRESSION_DEPTH and is_deep(node):
            self.notice(node, "nested too deeply to be read; this type counts as unknown")
            return Unknown("type")
        kind = node.type
        if kind in ("type_identifier", "identifier", "predefined_type"):
            text = self.written(node)
            return Literal(None) if text in _NULLS else self.references[text]
        if kind in _WRAPPED_TYPES:
            return self.annotation(first_of(node))
        if kind in ("nested_type_identifier", "nested_identifier", "member_expression"):
            return self.references["".join(self.written(node).split())]
        if kind == "generic_type":
            return self._generic(node)
        if kind in ("union_type", "intersection_type"):
            return choice(*(self.annotation(child) for child in parts_of(node)))
        if kind == "array_type":
            return Index(self.references["Array"], self.annotation(first_of(node)))
        if kind == "literal_type":
            return self.read(first_of(node))
        if kind == "type_query":
            return self.read(first_of(node))
        return Unknown("type")

    def _generic(self, node: Node) -> Value:
        parts = parts_of(node)
        of = self.annotation(parts[0]) if parts else MISSING
        listed = [child for part in parts[1:] for child in parts_of(part)]
        keys = [self.annotation(child) for child in listed]
        name = of.name.rpartition(".")[2] if isinstance(of, Reference) else ""
        if not keys or name in _TRANSPARENT:
            return keys[0] if keys else of
        return Index(of, keys[0] if len(keys) == 1 else Sequence(tuple(keys)))


def _taken_from(node: Node) -> tuple[bool, Node | None, Node | None, Node | None]:
    """Of a function: whether it is async, its parameters, the type of its result, its body."""
    is_async, listed, annotated = False, None, None
    for child in node.children:
        match child.type:
            case "async":
                is_async = True
            case "formal_parameters":
                listed = child
            case "type_annotation":
                annotated = child
            case "=>" if listed is None:
                listed = node.child_by_field_name("parameter")
            case _:
                pass
    return is_async, listed, annotated, node.child_by_field_name("body")
