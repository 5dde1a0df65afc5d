"""How Kotlin's calls, lambdas, anonymous objects and annotations read."""

from __future__ import annotations

from abc import ABC, abstractmethod

from tree_sitter import Node

from commlint.extract.combined import outer_type
from commlint.extract.kotlin_values import IDENTIFIER, KOTLIN, TYPES, Values
from commlint.extract.quick import new_argument, new_function, new_parameter
from commlint.extract.syntax import kinds
from commlint.extract.walker import MISSING
from commlint.model.code import Argument, ParameterFacts, TypeFacts
from commlint.model.values import Attribute, CallResult, Mapping, Reference, Sequence, Value

CONSTRUCTOR = "<init>"
IMPLICIT = "it"
"""The name of a lambda's parameter where none is written."""

ANNOTATIONS = kinds(KOTLIN, "annotation")
LAMBDA = kinds(KOTLIN, "annotated_lambda", "lambda_literal")
_ARGUMENTS = kinds(KOTLIN, "value_arguments")
_CALL = kinds(KOTLIN, "call_expression")
_CONSTRUCTED = kinds(KOTLIN, "constructor_invocation")
_MODIFIERS = kinds(KOTLIN, "modifiers", "parameter_modifiers")
_PARAMETERS = kinds(KOTLIN, "lambda_parameters")
_SPREAD = kinds(KOTLIN, "spread_expression")
_TYPE_ARGUMENTS = kinds(KOTLIN, "type_arguments")
_SELF = ("apply", "also")
_MAPPINGS = ("mapOf", "mutableMapOf", "hashMapOf", "linkedMapOf")
_SEQUENCES = ("listOf", "mutableListOf", "arrayListOf", "arrayOf", "setOf", "mutableSetOf", "listOfNotNull")


class Calls(Values, ABC):
    """A walk that knows calls and what is called later too."""

    def call_expression(self, node: Node) -> Value:
        """`f(x) { … }` is one call with the lambda as last argument, however the parser nests it."""
        called, arguments = self._parts(node)
        if called is None:
            return MISSING
        callee = self.readers[called.kind_id](self, called) or MISSING
        given = tuple(argument for part in arguments for argument in self._given(part))
        result = self.add_call(callee, given, node)
        types = [self._type(each, 0) for each in self._type_arguments(node)]
        if types:
            self.calls[result.call].types = tuple(types)
        return self._meaning(callee, given, result)

    def _type_arguments(self, node: Node) -> list[Node]:
        """The types written at a call: `inject<Clock>()`."""
        given = [part for part in node.named_children if part.kind_id in _TYPE_ARGUMENTS]
        return self.meant(given[-1]) if given else []

    def _parts(self, node: Node) -> tuple[Node | None, list[Node]]:
        """What is called, and the nodes that hold arguments in the order written."""
        parts = [part for part in self.meant(node) if part.kind_id not in _TYPE_ARGUMENTS]
        called, arguments = (parts[0] if parts else None), parts[1:]
        if called is not None and called.kind_id in _CALL and arguments and arguments[0].kind_id in LAMBDA:
            inner, more = self._parts(called)
            if not any(part.kind_id in LAMBDA for part in more):
                return inner, [*more, *arguments]
        return called, arguments

    def _given(self, node: Node) -> tuple[Argument, ...]:
        if node.kind_id in _ARGUMENTS:
            return self.arguments(node)
        return (new_argument(None, self.readers[node.kind_id](self, node) or MISSING),)

    def _meaning(self, callee: Value, given: tuple[Argument, ...], result: CallResult) -> Value:
        """What a call gives by the words of the language: collections written out, and an object set up by a lambda."""
        name = callee.name if isinstance(callee, Reference | Attribute) else ""
        if name in _SEQUENCES and not any(each.name or each.spread for each in given):
            return Sequence(tuple(each.value for each in given))
        if name in _MAPPINGS:
            pairs = [each.value for each in given]
            entries = [
                (each.items[0], each.items[1]) for each in pairs if isinstance(each, Sequence) and len(each.items) == 2
            ]
            return Mapping(tuple(entries), open=len(entries) < len(pairs)) if pairs else result
        receiver, _, last = name.rpartition(".")
        if len(given) == 1 and isinstance(given[0].value, Reference) and given[0].value.name.startswith("<lambda@"):
            if isinstance(callee, Attribute) and name in _SELF:
                return callee.of
            if receiver and last in _SELF:
                return Reference(receiver)
        return result

    def arguments(self, node: Node | None) -> tuple[Argument, ...]:
        """The arguments between the parentheses of a call."""
        return tuple(self._argument(part) for part in self.meant(node)) if node is not None else ()

    def _argument(self, node: Node) -> Argument:
        parts = self.meant(node)
        if not parts:
            return new_argument(None, MISSING)
        named = len(parts) > 1 and parts[0].kind_id == IDENTIFIER and any(child.type == "=" for child in node.children)
        value = parts[-1]
        if value.kind_id in _SPREAD:
            return new_argument(None, self.read_first(value), "*")
        worth = self.readers[value.kind_id](self, value) or MISSING
        return new_argument(self.written(parts[0]) if named else None, worth)

    # what is called later

    def annotated_lambda(self, node: Node) -> Value:
        return self.read(self.meant(node)[-1]) if node.named_child_count else MISSING

    def lambda_literal(self, node: Node) -> Value:
        """A lambda gives what its last expression gives."""
        extent = self.extent(node)
        name = f"<lambda@{extent.start_line}:{extent.start_column}>"
        parts = self.meant(node)
        written = parts[0] if parts and parts[0].kind_id in _PARAMETERS else None
        if written is not None:
            parameters = self.lambda_parameters(written)
            parts = parts[1:]
        else:
            parameters = (new_parameter(IMPLICIT, "positional", None, None),)
        index, qualified, _ = self.open_function(name)
        self.statements(parts, gives=True)
        facts = new_function(qualified, "", parameters, (), None, False, self.is_generator, extent)
        self.close_function(index, facts)
        return Reference(name)

    def lambda_parameters(self, node: Node) -> tuple[ParameterFacts, ...]:
        """The parameters written before the arrow of a lambda; one that is taken apart has no name."""
        found = []
        for part in self.meant(node):
            names = self.meant(part) if part.type == "variable_declaration" else []
            annotation = self.type_of(names[1]) if len(names) > 1 else None
            found.append(new_parameter(self.written(names[0]) if names else "", "positional", annotation, None))
        return tuple(found)

    def anonymous_function(self, node: Node) -> Value:
        extent = self.extent(node)
        name = f"<lambda@{extent.start_line}:{extent.start_column}>"
        parts = {part.type: part for part in self.meant(node)}
        parameters = self.parameters(parts.get("function_value_parameters"))
        index, qualified, _ = self.open_function(name)
        self.function_body(parts.get("function_body"))
        self.close_function(index, new_function(qualified, "", parameters, (), None, False, self.is_generator, extent))
        return Reference(name)

    def object_literal(self, node: Node) -> Value:
        """`object : Callback { … }` makes one object of a class without a name."""
        extent = self.extent(node)
        parts = {part.type: part for part in self.meant(node)}
        bases, _ = self.bases(parts.get("delegation_specifiers"))
        index, qualified = self.open_type(f"<class@{extent.start_line}:{extent.start_column}>")
        self.members(parts.get("class_body"))
        self.close_type(index, TypeFacts(qualified, bases, (), (), extent))
        return self.add_call(Reference(qualified), (), node)

    def bases(self, node: Node | None) -> tuple[tuple[Value, ...], tuple[tuple[Argument, ...], ...]]:
        """The types a class derives from, and the arguments that its base class is made with, if there is one."""
        found: list[Value] = []
        given: list[tuple[Argument, ...]] = []
        for specifier in self.meant(node) if node is not None else ():
            for part in self.meant(specifier):
                inner = self.meant(part)
                if part.kind_id in _CONSTRUCTED and inner:
                    found.append(self.type_of(inner[0]))
                    given.append(self.arguments(inner[1] if len(inner) > 1 else None))
                elif part.type == "explicit_delegation" and inner:
                    found.append(self.type_of(inner[0]))
                elif part.type in TYPES:
                    found.append(self.type_of(part))
        return tuple(found), tuple(given)

    # told by the walk over definitions

    @abstractmethod
    def members(self, node: Node | None) -> None:
        """Read what a class declares."""

    @abstractmethod
    def statements(self, nodes: list[Node], gives: bool = False) -> None:
        """Read statements; `gives` when the value of the last one is what the function gives."""

    @abstractmethod
    def function_body(self, node: Node | None) -> None:
        """Read the body of a function."""

    # parameters and annotations

    def parameters(self, node: Node | None) -> tuple[ParameterFacts, ...]:
        """The parameters of a function; their annotations stand before them."""
        found: list[ParameterFacts] = []
        decorators: tuple[Value, ...] = ()
        variadic = False
        for part in self.meant(node) if node is not None else ():
            if part.kind_id in _MODIFIERS:
                decorators = self._annotations_in(part)
                variadic = self._says(part, "vararg")
            elif part.type == "parameter":
                found.append(self.parameter(part, decorators, "variadic" if variadic else "positional"))
                decorators, variadic = (), False
            elif found and found[-1].default is None:
                # The default of a parameter stands beside it.
                last = found[-1]
                default = self.expression(part)
                found[-1] = new_parameter(last.name, last.form, last.annotation, default, last.decorators)
        return tuple(found)

    def parameter(self, node: Node, decorators: tuple[Value, ...], form: str) -> ParameterFacts:
        """One parameter of a function or of a primary constructor."""
        name = written = default = None
        for part in self.meant(node):
            if part.kind_id in _MODIFIERS:
                decorators = (*decorators, *self._annotations_in(part))
            elif name is None and part.kind_id == IDENTIFIER:
                name = part
            elif written is None and part.type in TYPES:
                written = part
            else:
                default = part
        annotation = self.type_of(written) if written is not None else None
        worth = self.expression(default) if default is not None else None
        return new_parameter(self.written(name) if name is not None else "", form, annotation, worth, decorators)

    def annotations(self, node: Node) -> tuple[Value, ...]:
        """The annotations on a definition: names, or calls where they have arguments."""
        return tuple(
            value for part in node.named_children if part.kind_id in _MODIFIERS for value in self._annotations_in(part)
        )

    def _annotations_in(self, node: Node) -> tuple[Value, ...]:
        return tuple(self.annotation(part) for part in node.named_children if part.kind_id in ANNOTATIONS)

    def annotation(self, node: Node) -> Value:
        for part in self.meant(node):
            if part.kind_id in _CONSTRUCTED:
                inner = self.meant(part)
                name = outer_type(self.type_of(inner[0])) if inner else MISSING
                return self.add_call(name, self.arguments(inner[1] if len(inner) > 1 else None), node)
            if part.type in TYPES:
                return outer_type(self.type_of(part))
        return MISSING

    def says(self, node: Node, word: str) -> bool:
        """Whether a definition has a modifier."""
        return any(self._says(part, word) for part in node.named_children if part.kind_id in _MODIFIERS)

    def _says(self, modifiers: Node, word: str) -> bool:
        return any(self.written(part) == word for part in modifiers.named_children if part.kind_id not in ANNOTATIONS)
