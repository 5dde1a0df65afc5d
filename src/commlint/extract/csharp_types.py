"""How C#'s written types read."""

from __future__ import annotations

from tree_sitter import Node

from commlint.extract.csharp_collections import Collections
from commlint.extract.csharp_values import COMMENT, CSHARP, GENERIC, IDENTIFIER, NAME, TYPE
from commlint.extract.syntax import MAX_EXPRESSION_DEPTH, kind, kinds
from commlint.model.values import Index, Reference, Sequence, Unknown, Value

_IMPLICIT = kind(CSHARP, "implicit_type")
_QUALIFIED = kinds(CSHARP, "qualified_name", "alias_qualified_name")
_TYPE_ARGUMENTS = kind(CSHARP, "type_argument_list")

# A promise of something is, to who waits for it, that something.
_PROMISES = frozenset({"Task", "ValueTask", "Nullable", "Lazy"})


class Types(Collections):
    """A walk that knows written types too; `open_types`: what the types around leave open."""

    open_types: frozenset[str] = frozenset()

    def type_parameters(self, node: Node) -> tuple[str, ...]:
        """The types that a definition leaves open."""
        listed = next((child for child in node.named_children if child.type == "type_parameter_list"), None)
        names = [each.child_by_field_id(NAME) for each in listed.named_children] if listed is not None else []
        return tuple(self.written(name) for name in names if name is not None)

    def type_arguments(self, name: Node | None) -> tuple[Value, ...]:
        """The type arguments written after a name."""
        if name is None or name.kind_id != GENERIC:
            return ()
        found: list[Value] = []
        for child in name.named_children:
            if child.kind_id == _TYPE_ARGUMENTS:
                found.extend(self.annotation(each) for each in child.named_children if each.kind_id != COMMENT)
        return tuple(found)

    def written_type(self, node: Node | None) -> Value | None:
        """A written type, None for `var`."""
        return self.annotation(node) if node is not None and node.kind_id != _IMPLICIT else None

    def annotation(self, node: Node | None) -> Value:
        """A written type: a promise is what it promises, a generic type is an Index of its arguments."""
        if node is None or node.descendant_count > MAX_EXPRESSION_DEPTH:
            return self.expression(node)
        if node.kind_id == IDENTIFIER and self.open_types and self.written(node) in self.open_types:
            return Unknown("a type that is left open")
        if node.kind_id == GENERIC:
            return self._generic(self.read(node), node)
        if node.kind_id in _QUALIFIED:
            last = node.child_by_field_id(NAME)
            named = self.read(node)
            return self._generic(named, last) if last is not None and last.kind_id == GENERIC else named
        match node.type:
            case "nullable_type" | "ref_type" | "scoped_type":
                return self.annotation(node.child_by_field_id(TYPE) or node.named_child(0))
            case "array_type":
                return Index(Reference("Array"), self.annotation(node.child_by_field_id(TYPE)))
            case "tuple_type":
                parts = [child.child_by_field_id(TYPE) for child in node.named_children]
                return Sequence(tuple(self.annotation(part) for part in parts if part is not None))
            case _:
                return self.read(node)

    def _generic(self, of: Value, node: Node) -> Value:
        arguments = self.type_arguments(node)
        if not arguments:
            return of
        if len(arguments) == 1 and isinstance(of, Reference) and of.name.rpartition(".")[2] in _PROMISES:
            return arguments[0]
        return Index(of, arguments[0] if len(arguments) == 1 else Sequence(arguments))
