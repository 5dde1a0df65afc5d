"""How Java's calls, new objects, lambdas, method references and annotations read."""

from __future__ import annotations

from abc import ABC, abstractmethod

from tree_sitter import Node

from commlint.extract import java_text
from commlint.extract.combined import member, outer_type
from commlint.extract.java_values import COMMENTS, IDENTIFIER, JAVA, Values, field
from commlint.extract.quick import new_argument, new_function, new_parameter
from commlint.extract.syntax import kinds
from commlint.extract.walker import MISSING, Reader
from commlint.model.code import Argument, ParameterFacts, TypeFacts
from commlint.model.values import Attribute, Literal, Reference, Value

CONSTRUCTOR = "<init>"

_SHORT = 20
_ANNOTATION = kinds(JAVA, "annotation")
ANNOTATIONS = kinds(JAVA, "annotation", "marker_annotation")
_BLOCK = kinds(JAVA, "block")
_CLASS_BODY = kinds(JAVA, "class_body")
_PAIR = kinds(JAVA, "element_value_pair")
MODIFIERS = kinds(JAVA, "modifiers")
_FORMAT = ("String.format", "java.lang.String.format")
_ARGUMENTS = field("arguments")
_BODY = field("body")
_CONSTRUCTOR = field("constructor")
_KEY = field("key")
_NAME = field("name")
_OBJECT = field("object")
_PARAMETERS = field("parameters")
_TYPE = field("type")
_VALUE = field("value")


class Calls(Values, ABC):
    """A walk that knows calls and what is called later too."""

    def __init__(self, path: str, source: bytes, readers: dict[int, Reader]) -> None:
        super().__init__(path, source, readers)
        self._known: dict[str, tuple[Argument, ...]] = {"()": ()}

    # calls

    def method_invocation(self, node: Node) -> Value:
        name = self.raw[(named := node.child_by_field_id(_NAME) or node).start_byte : named.end_byte]
        receiver = node.child_by_field_id(_OBJECT)
        callee = self.references[name] if receiver is None else member(self.read(receiver), name)
        arguments = self.arguments(node.child_by_field_id(_ARGUMENTS))
        result = self.add_call(callee, arguments, node)
        if name in ("format", "formatted"):
            return _formatted(callee, arguments) or result
        return result

    def explicit_constructor_invocation(self, node: Node) -> Value:
        """`super(…)` and `this(…)` as the first statement of a constructor."""
        of = node.child_by_field_id(_CONSTRUCTOR)
        arguments = self.arguments(node.child_by_field_id(_ARGUMENTS))
        callee = Reference(f"{self.written(of) if of is not None else 'super'}.{CONSTRUCTOR}")
        return self.add_call(callee, arguments, node)

    def object_creation_expression(self, node: Node) -> Value:
        """`new T(…)` is a call of T, with a body it is one of a class of its own below T."""
        made = outer_type(self.type_of(node.child_by_field_id(_TYPE)))
        arguments = self.arguments(node.child_by_field_id(_ARGUMENTS))
        body = next((child for child in node.named_children if child.kind_id in _CLASS_BODY), None)
        if body is not None and body.named_child_count:
            made = Reference(self.nameless_type(node, body, made))
        return self.add_call(made, arguments, node)

    def nameless_type(self, node: Node, body: Node, base: Value) -> str:
        """Read the body of a class without a name; gives its qualified name."""
        extent = self.extent(node)
        index, qualified = self.open_type(f"<class@{extent.start_line}:{extent.start_column}>")
        self.members(body)
        self.close_type(index, TypeFacts(qualified, (base,), (), (), extent))
        return qualified

    @abstractmethod
    def members(self, body: Node) -> None:
        """Read what a class declares; told by the walk over definitions."""

    @abstractmethod
    def body(self, node: Node | None) -> None:
        """Read the statements of a block; told by the walk over statements."""

    def arguments(self, node: Node | None) -> tuple[Argument, ...]:
        """The arguments of a call."""
        if node is None:
            return ()
        if node.descendant_count > _SHORT:
            return tuple(new_argument(None, value) for value in self.read_all(node))
        raw = self.raw[node.start_byte : node.end_byte]
        known = self._known.get(raw)
        if known is None:
            before = self.size
            known = tuple(new_argument(None, value) for value in self.read_all(node))
            if self.size == before:
                # The same words mean the same again where nothing in them has a place of its own, as a call has.
                self._known[raw] = known
        return known

    # what is called later

    def lambda_expression(self, node: Node) -> Value:
        written = node.child_by_field_id(_PARAMETERS)
        parameters = self.parameters(written)
        extent = self.extent(node)
        name = f"<lambda@{extent.start_line}:{extent.start_column}>"
        index, qualified, _ = self.open_function(name)
        body = node.child_by_field_id(_BODY)
        if body is not None and body.kind_id in _BLOCK:
            self.body(body)
        elif body is not None:
            self.add_exit("return", self.read(body), body)
        facts = new_function(qualified, "", parameters, (), None, False, self.is_generator, extent)
        self.close_function(index, facts)
        return Reference(name)

    def method_reference(self, node: Node) -> Value:
        """`this::handle` is the method, `Order::new` the class."""
        parts = [child for child in node.named_children if child.kind_id not in COMMENTS]
        if not parts:
            return MISSING
        of = outer_type(self.type_of(parts[0])) if parts[0].type in _TYPES else self.read(parts[0])
        named = len(parts) > 1 and parts[-1].kind_id == IDENTIFIER
        return member(of, self.written(parts[-1])) if named else of

    def parameters(self, node: Node | None) -> tuple[ParameterFacts, ...]:
        """Parameters as written, with the annotations that stand on them."""
        if node is None:
            return ()
        if node.kind_id == IDENTIFIER:
            return (new_parameter(self.written(node), "positional", None, None),)
        found: list[ParameterFacts] = []
        for child in node.named_children:
            if child.kind_id == IDENTIFIER:
                found.append(new_parameter(self.written(child), "positional", None, None))
            elif child.type in ("formal_parameter", "spread_parameter"):
                found.append(self._parameter(child))
        return tuple(found)

    def _parameter(self, node: Node) -> ParameterFacts:
        decorators = self.annotations(node)
        name, written = node.child_by_field_id(_NAME), node.child_by_field_id(_TYPE)
        form = "positional"
        if node.type == "spread_parameter":
            form = "variadic"
            parts = [child for child in node.named_children if child.kind_id not in (*COMMENTS, *MODIFIERS)]
            written = parts[0] if parts else None
            name = parts[-1].child_by_field_id(_NAME) if len(parts) > 1 else None
        annotation = self.declared(written)
        return new_parameter(self.written(name) if name is not None else "", form, annotation, None, decorators)

    def declared(self, node: Node | None) -> Value | None:
        """The type that a declaration states, None where `var` leaves it open."""
        if node is None or (node.end_byte - node.start_byte == 3 and self.written(node) == "var"):
            return None
        return self.type_of(node)

    # annotations

    def annotations(self, node: Node) -> tuple[Value, ...]:
        """The annotations on a definition, a field or a parameter: names, or calls where they have arguments."""
        first = node.named_child(0)
        if first is None or first.kind_id not in MODIFIERS or not first.named_child_count:
            return ()
        return tuple(self.expression(child) for child in first.named_children if child.kind_id in ANNOTATIONS)

    def annotation(self, node: Node) -> Value:
        written = node.child_by_field_id(_NAME)
        name = Reference("".join(self.written(written).split()) if written is not None else "?")
        if node.kind_id not in _ANNOTATION:
            return name
        found: list[Argument] = []
        for child in (node.child_by_field_id(_ARGUMENTS) or node).named_children:
            if child.kind_id in _PAIR:
                key = child.child_by_field_id(_KEY)
                given = self.read(child.child_by_field_id(_VALUE))
                found.append(new_argument(self.written(key) if key is not None else None, given))
            elif child != written and (value := self.readers[child.kind_id](self, child)) is not None:
                found.append(new_argument(None, value))
        return self.add_call(name, tuple(found), node)


_TYPES = frozenset(("generic_type", "array_type", "scoped_type_identifier", "type_identifier", "integral_type"))


def _formatted(callee: Value, arguments: tuple[Argument, ...]) -> Value | None:
    """What `String.format("…", …)` or `"…".formatted(…)` gives, where its format is written there."""
    items = [argument.value for argument in arguments]
    template: Value | None = None
    if isinstance(callee, Reference) and callee.name in _FORMAT and items:
        template, items = items[0], items[1:]
    elif isinstance(callee, Attribute) and callee.name == "formatted":
        template = callee.of
    if isinstance(template, Literal) and isinstance(template.value, str):
        return java_text.formatted(template.value, items)
    return None
