"""How what C# writes in braces and brackets reads: tuples, lists, mappings, anonymous objects."""

from __future__ import annotations

from tree_sitter import Node

from commlint.extract.csharp_values import COMMENT, CSHARP, LEFT, RIGHT, Values
from commlint.extract.quick import new_sequence
from commlint.extract.syntax import kind
from commlint.extract.walker import MISSING
from commlint.model.values import Element, Literal, Mapping, Value

_ASSIGNMENT = kind(CSHARP, "assignment_expression")
_INITIALIZER = kind(CSHARP, "initializer_expression")
_KEYED = kind(CSHARP, "element_binding_expression")


class Collections(Values):
    """A walk that knows collections too."""

    def tuple_expression(self, node: Node) -> Value:
        return new_sequence(tuple(self.read_all(node)))

    def argument(self, node: Node) -> Value:
        """An argument where only its value counts: of a tuple, between brackets."""
        return self.read(node.children[-1])

    def collection_expression(self, node: Node) -> Value:
        items: list[Value] = []
        is_open = False
        for child in node.named_children:
            inner = child.named_child(0) if child.type == "collection_element" else None
            if inner is None:
                self.read(child)
            elif inner.type == "spread_element":
                is_open = True
                items.append(Element(self.read_first(inner)))
            else:
                items.append(self.read_first(inner))
        return new_sequence(tuple(items), is_open)

    def initializer_expression(self, node: Node) -> Value:
        """What stands in braces after `new`: a mapping when it has keys, else a sequence."""
        entries: list[tuple[Value, Value]] = []
        items: list[Value] = []
        for child in node.named_children:
            if child.kind_id == _ASSIGNMENT:
                entries.append(self.entry(child))
            elif child.kind_id == _INITIALIZER and child.named_child_count == 2:
                pair = self.read_all(child)
                entries.append((pair[0], pair[1]) if len(pair) == 2 else (MISSING, MISSING))
            else:
                value = self.readers[child.kind_id](self, child)
                if value is not None:
                    items.append(value)
        return Mapping(tuple(entries), bool(items)) if entries else new_sequence(tuple(items))

    def entry(self, node: Node) -> tuple[Value, Value]:
        """`["key"] = value` or `Name = value` in braces."""
        left = node.child_by_field_id(LEFT)
        key: Value = MISSING
        if left is not None and left.kind_id == _KEYED:
            keys = self.read_all(left)
            key = keys[0] if keys else MISSING
        elif left is not None:
            key = Literal(self.written(left))
        return key, self.read(node.child_by_field_id(RIGHT))

    def anonymous_object_creation_expression(self, node: Node) -> Value:
        """`new { Id = 1, order.Name }` is a mapping."""
        entries: list[tuple[Value, Value]] = []
        parts = [child for child in node.children if child.kind_id != COMMENT][2:]
        position = 0
        while position < len(parts):
            part = parts[position]
            if position + 2 < len(parts) and parts[position + 1].type == "=":
                entries.append((Literal(self.written(part)), self.read(parts[position + 2])))
                position += 3
            else:
                if part.is_named:
                    entries.append((Literal(self.written(part).rpartition(".")[2]), self.read(part)))
                position += 1
        return Mapping(tuple(entries))

    def with_expression(self, node: Node) -> Value:
        values = self.read_all(node)
        return values[0] if values else MISSING

    def with_initializer(self, node: Node) -> Value:
        return self.read(node.children[-1])
