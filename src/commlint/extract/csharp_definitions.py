"""How C#'s types and their members read, and with them whole files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tree_sitter import Node

from commlint.extract.csharp_statements import Statements
from commlint.extract.csharp_values import COMMENT, CSHARP, NAME, TYPE, VALUE, field
from commlint.extract.quick import new_argument, new_function
from commlint.extract.syntax import kind
from commlint.model.code import Argument, FunctionFacts, ParameterFacts, TypeFacts
from commlint.model.values import Literal, Reference, Value

CONSTRUCTOR = "constructor"

_ARROW = kind(CSHARP, "arrow_expression_clause")
_ATTRIBUTES = kind(CSHARP, "attribute_list")
_BLOCK = kind(CSHARP, "block")
_LEADING = frozenset({_ATTRIBUTES, COMMENT})
_MODIFIER = kind(CSHARP, "modifier")
_PARAMETERS = kind(CSHARP, "parameter_list")
_ACCESSORS = field("accessors")
_BODY = field("body")
_RETURNS = field("returns")
_WRITTEN_PARAMETERS = field("parameters")


class Definitions(Statements):
    """A walk over a whole C# file; `_declared`: the types of the fields and properties above, in the type around."""

    def __init__(self, path: str, source: bytes, statements: dict[int, Callable[[Any, Node], None]]) -> None:
        super().__init__(path, source, statements)
        self._declared: dict[str, Value] = {}

    def namespace_declaration(self, node: Node) -> None:
        self.body(node.child_by_field_id(_BODY))

    # attributes and modifiers

    def attributes(self, node: Node) -> tuple[Value, ...]:
        """
        The attributes written before something: Reference, or CallResult where they have arguments.

        They bear the full name of their type, which code may leave the ending of.
        """
        first = node.child(0)
        if first is None or first.kind_id not in _LEADING:
            return ()
        found: list[Value] = []
        for child in node.children:
            if child.kind_id == _ATTRIBUTES:
                found.extend(self._attribute(each) for each in child.named_children if each.type == "attribute")
            elif child.kind_id != COMMENT:
                break
        return tuple(found)

    def _attribute(self, node: Node) -> Value:
        named = node.child_by_field_id(NAME)
        callee = self.read(named)
        if isinstance(callee, Reference):
            callee = Reference(f"{callee.name.removesuffix('Attribute')}Attribute")
        given = next((child for child in node.named_children if child.type == "attribute_argument_list"), None)
        types = self.type_arguments(named)
        if given is None and not types:
            return callee
        result = self.add_call(callee, self._attribute_arguments(given), node)
        self.calls[result.call].types = types
        return result

    def _attribute_arguments(self, node: Node | None) -> tuple[Argument, ...]:
        found: list[Argument] = []
        for child in node.named_children if node is not None else ():
            name = child.child_by_field_id(NAME)
            if child.type == "attribute_argument":
                value = self.expression(child.children[-1])
                found.append(new_argument(self.written(name) if name is not None else None, value))
        return tuple(found)

    def _modifiers(self, node: Node) -> frozenset[str]:
        return frozenset(self.written(child) for child in node.children if child.kind_id == _MODIFIER)

    # types

    def type_declaration(self, node: Node) -> None:
        named = node.child_by_field_id(NAME)
        decorators = self.attributes(node)
        modifiers = self._modifiers(node)
        around = self.open_types
        opened = self.type_parameters(node)
        bases, given = self._bases(node)
        self.open_types = around | set(opened)
        written = next((child for child in node.named_children if child.kind_id == _PARAMETERS), None)
        parameters = self.parameters(written)
        index, qualified = self.open_type(self.written(named) if named is not None else "")
        declared, inside, outer = self._declared, self.in_type, self._locals
        self._declared, self.in_type, self._locals = {}, True, [set()]
        if written is not None:
            self._primary_constructor(node, parameters, given)
        self.body(node.child_by_field_id(_BODY))
        self._declared, self.in_type, self._locals = declared, inside, outer
        is_abstract = node.type == "interface_declaration" or "abstract" in modifiers
        self.open_types = around
        marks = (Reference("partial"),) if "partial" in modifiers else ()
        facts = TypeFacts(qualified, bases, (*decorators, *marks), (), self.extent(node), is_abstract, opened)
        self.close_type(index, facts)

    def _bases(self, node: Node) -> tuple[tuple[Value, ...], tuple[Argument, ...] | None]:
        """The types it derives from, and what it gives to the constructor of the first."""
        bases: list[Value] = []
        given: tuple[Argument, ...] | None = None
        for listed in node.named_children:
            for child in listed.named_children if listed.type == "base_list" else ():
                if child.type == "argument_list":
                    given = self.arguments(child)
                elif child.type == "primary_constructor_base_type":
                    bases.append(self.annotation(child.child_by_field_id(TYPE) or child.named_child(0)))
                    given = self.arguments(next((e for e in child.named_children if e.type == "argument_list"), None))
                elif child.kind_id != COMMENT:
                    bases.append(self.annotation(child))
        return tuple(bases), given

    def _primary_constructor(
        self, node: Node, parameters: tuple[ParameterFacts, ...], given: tuple[Argument, ...] | None
    ) -> None:
        """Parameters behind the name of a type are those of its constructor, and fields of its objects."""
        extent = self.extent(node)
        for parameter in parameters:
            annotation = parameter.annotation
            self.add_assignment(parameter.name, None, extent, annotation=annotation, decorators=parameter.decorators)
        index, qualified, owner = self.open_function(CONSTRUCTOR)
        for parameter in parameters:
            self.add_assignment(f"this.{parameter.name}", Reference(parameter.name), extent)
        if given is not None:
            self.add_call(Reference(f"base.{CONSTRUCTOR}"), given, node)
        self.close_function(index, new_function(qualified, owner, parameters, (), None, False, False, extent))

    def enum_declaration(self, node: Node) -> None:
        named = node.child_by_field_id(NAME)
        decorators = self.attributes(node)
        index, qualified = self.open_type(self.written(named) if named is not None else "")
        body = node.child_by_field_id(_BODY)
        for child in body.named_children if body is not None else ():
            name = child.child_by_field_id(NAME)
            if name is not None:
                # What is sent or printed of a member is its name.
                self.add_assignment(self.written(name), Literal(self.written(name)), self.extent(child))
        self.close_type(index, TypeFacts(qualified, (), decorators, (), self.extent(node)))

    # members

    def field_declaration(self, node: Node) -> None:
        decorators = self.attributes(node)
        for child in node.named_children:
            if child.type == "variable_declaration":
                annotation = self.written_type(child.child_by_field_id(TYPE))
                for name in child.named_children:
                    told = name.child_by_field_id(NAME)
                    if told is not None and annotation is not None:
                        self._declared[self.written(told)] = annotation
                self.variables(child, decorators)

    def property_declaration(self, node: Node) -> None:
        named = node.child_by_field_id(NAME)
        decorators = self.attributes(node)
        annotation = self.written_type(node.child_by_field_id(TYPE))
        accessors = node.child_by_field_id(_ACCESSORS)
        value = node.child_by_field_id(VALUE)
        name = self.written(named) if named is not None else ""
        if annotation is not None:
            self._declared[name] = annotation
        if value is not None and value.kind_id == _ARROW:
            self._function(node, name, (), (*decorators, Reference("property")), annotation, value)
            return
        for child in accessors.named_children if accessors is not None else ():
            self._accessor(child, name, decorators, annotation)
        if accessors is None or not any(_computes(child) for child in accessors.named_children):
            told = self.of_type(value, annotation) if value is not None else None
            self.add_assignment(name, told, self.extent(node), annotation=annotation, decorators=decorators)
        elif value is not None:
            self.expression(value)

    def _accessor(self, node: Node, name: str, decorators: tuple[Value, ...], annotation: Value | None) -> None:
        body = _body(node)
        kind = node.child_by_field_id(NAME)
        if body is None or kind is None:
            return
        if kind.type == "get":
            self._function(node, name, (), (*decorators, Reference("property")), annotation, body)
        else:
            given = ParameterFacts("value", "positional", annotation, None)
            self._function(node, f"{kind.type}_{name}", (given,), (), None, body)

    def indexer_declaration(self, node: Node) -> None:
        parameters = self.parameters(node.child_by_field_id(_WRITTEN_PARAMETERS))
        body = node.child_by_field_id(VALUE) or node.child_by_field_id(_ACCESSORS)
        self._function(node, "<indexer>", parameters, (), None, body)

    def method_declaration(self, node: Node) -> None:
        named = node.child_by_field_id(NAME)
        decorators = self.attributes(node)
        modifiers = self._modifiers(node)
        parameters = self.parameters(node.child_by_field_id(_WRITTEN_PARAMETERS))
        returns = self.written_type(node.child_by_field_id(_RETURNS) or node.child_by_field_id(TYPE))
        marks = (Reference("static"),) if "static" in modifiers else ()
        name = self.written(named) if named is not None else ""
        if not name or node.type == "destructor_declaration":
            name = f"<{node.type.removesuffix('_declaration').replace('_', ' ')}>"
        self._function(node, name, parameters, (*decorators, *marks), returns, _body(node), "async" in modifiers)

    def constructor_declaration(self, node: Node) -> None:
        decorators = self.attributes(node)
        parameters = self.parameters(node.child_by_field_id(_WRITTEN_PARAMETERS))
        if "static" in self._modifiers(node):
            self._function(node, "<static constructor>", parameters, (Reference("static"),), None, _body(node))
            return
        first = next((child for child in node.named_children if child.type == "constructor_initializer"), None)
        self._function(node, CONSTRUCTOR, parameters, decorators, None, _body(node), first=first)

    def local_function_statement(self, node: Node) -> None:
        self.method_declaration(node)

    def _function(
        self,
        node: Node,
        name: str,
        parameters: tuple[ParameterFacts, ...],
        decorators: tuple[Value, ...],
        returns: Value | None,
        body: Node | None,
        is_async: bool = False,
        first: Node | None = None,
    ) -> None:
        """One function with its body: a block, an expression, or none."""
        index, qualified, owner = self.open_function(name)
        self._locals[-1].update(parameter.name for parameter in parameters)
        outer, self.returns = self.returns, returns
        if first is not None:
            self._other_constructor(first)
        if body is not None and body.kind_id == _ARROW:
            value = self.of_type(body.children[-1], returns)
            self.add_exit("return", value, body)
        else:
            self.body(body)
        self.returns = outer
        facts = FunctionFacts(
            qualified,
            owner,
            parameters,
            decorators,
            returns,
            is_async,
            self.is_generator,
            self.extent(node),
            body is None,
            self.type_parameters(node),
        )
        self.close_function(index, facts)

    def _other_constructor(self, node: Node) -> None:
        """`: base(…)` or `: this(…)` before the body of a constructor."""
        word = next((child.type for child in node.children if child.type in ("base", "this")), "base")
        given = next((child for child in node.named_children if child.type == "argument_list"), None)
        self.add_call(Reference(f"{word}.{CONSTRUCTOR}"), self.arguments(given), node)

    def declared(self, name: str) -> Value | None:
        return self._declared.get(name.removeprefix("this."))


def _body(node: Node) -> Node | None:
    """The block or arrow that a member runs, None when it has none."""
    told = node.child_by_field_id(_BODY)
    if told is not None:
        return told
    return next((child for child in node.named_children if child.kind_id in (_BLOCK, _ARROW)), None)


def _computes(node: Node) -> bool:
    """Whether an accessor has a body of its own."""
    return _body(node) is not None
