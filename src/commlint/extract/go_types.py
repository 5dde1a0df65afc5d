"""How Go's written types, parameters and fields read."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from commlint.extract.go_values import GO, Values, field, first_of, parts_of
from commlint.extract.quick import new_index, new_parameter, new_sequence
from commlint.extract.syntax import MAX_EXPRESSION_DEPTH, kinds
from commlint.extract.walker import MISSING
from commlint.model.code import ParameterFacts
from commlint.model.values import Mapping, Sequence, Unknown, Value

_ARGUMENTS = field("type_arguments")
_ELEMENT = field("element")
_KEY = field("key")
_NAME = field("name")
_PACKAGE = field("package")
_RESULT = field("result")
_TYPE = field("type")
_VALUE = field("value")
_PARAMETERS = kinds(GO, "parameter_declaration", "variadic_parameter_declaration")
_NAMES = kinds(GO, "identifier", "type_identifier", "field_identifier")
_QUALIFIED = kinds(GO, "qualified_type")
_SEEN_THROUGH = kinds(GO, "pointer_type", "parenthesized_type", "parenthesized_expression", "type_elem", "negated_type")


class Types(Values):
    """A walk that knows written types too."""

    def type(self, node: Node | None) -> Value:
        """
        A written type.

        Pointers are seen through; of lists and channels it is an open Sequence of the type of one element, of maps
        an open Mapping; type arguments are the key of an Index.
        """
        if node is None or node.descendant_count > MAX_EXPRESSION_DEPTH:
            return MISSING
        number = node.kind_id
        if number in _NAMES:
            return self.references[self.raw[node.start_byte : node.end_byte]]
        if number in _QUALIFIED:
            package, name = node.child_by_field_id(_PACKAGE), node.child_by_field_id(_NAME)
            if package is None or name is None:
                return MISSING
            return self.references[f"{self._cut(package)}.{self._cut(name)}"]
        if number in _SEEN_THROUGH:
            return self.type(first_of(node))
        match node.type:
            case "slice_type" | "array_type" | "implicit_length_array_type":
                return new_sequence((self.type(node.child_by_field_id(_ELEMENT)),), True)
            case "channel_type":
                return new_sequence((self.type(node.child_by_field_id(_VALUE)),), True)
            case "map_type":
                key, value = node.child_by_field_id(_KEY), node.child_by_field_id(_VALUE)
                return Mapping(((self.type(key), self.type(value)),), True)
            case "generic_type":
                return self._generic(node)
            case "selector_expression" | "index_expression" | "unary_expression":
                return self.read(node)
            case other:
                return Unknown(other.replace("_", " "))

    def _cut(self, node: Node) -> str:
        return self.raw[node.start_byte : node.end_byte]

    def _generic(self, node: Node) -> Value:
        arguments = node.child_by_field_id(_ARGUMENTS)
        keys = [self.type(child) for child in parts_of(arguments)] if arguments is not None else []
        of = self.type(node.child_by_field_id(_TYPE))
        return new_index(of, keys[0] if len(keys) == 1 else new_sequence(tuple(keys))) if keys else of

    def parameters(self, node: Node | None) -> tuple[ParameterFacts, ...]:
        """Parameters in order; one without a name is called `_`."""
        found: list[ParameterFacts] = []
        for child in node.named_children if node is not None else ():
            if child.kind_id not in _PARAMETERS:
                continue
            form = "variadic" if child.type.startswith("variadic") else "positional"
            written = self.type(child.child_by_field_id(_TYPE))
            names = child.children_by_field_id(_NAME)
            for name in [self.written(each) for each in names] or ["_"]:
                found.append(new_parameter(name, form, written, None))
        return tuple(found)

    def results(self, node: Node) -> tuple[Value | None, tuple[tuple[str, Value], ...]]:
        """The type a function returns, of several a Sequence, and the results that have names."""
        written = node.child_by_field_id(_RESULT)
        if written is None:
            return None, ()
        if written.type != "parameter_list":
            return self.type(written), ()
        told = self.parameters(written)
        types = tuple(each.annotation or MISSING for each in told)
        named = tuple(_named(told))
        return (types[0] if len(types) == 1 else Sequence(types) if types else None), named


def _named(results: tuple[ParameterFacts, ...]) -> Iterator[tuple[str, Value]]:
    for each in results:
        if each.name != "_" and each.annotation is not None:
            yield each.name, each.annotation
