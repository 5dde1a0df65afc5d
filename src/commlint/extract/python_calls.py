"""How Python's calls read."""

from __future__ import annotations

from tree_sitter import Node

from commlint.extract import python_text
from commlint.extract.python_values import EXTRAS, PYTHON, SPREADS, Values, field
from commlint.extract.quick import new_argument
from commlint.extract.syntax import kind, kinds
from commlint.extract.walker import MISSING, Reader
from commlint.model.code import Argument
from commlint.model.values import Attribute, Literal, Value

_SHORT = 20
_KEYWORD_ARGUMENT = kind(PYTHON, "keyword_argument")
_GENERATOR = kind(PYTHON, "generator_expression")
_MAPPING_SPREAD = kinds(PYTHON, "dictionary_splat", "dictionary_splat_pattern")
_NAME = field("name")
_VALUE = field("value")


class Calls(Values):
    """A walk that knows calls and their arguments too."""

    def __init__(self, path: str, source: bytes, readers: dict[int, Reader]) -> None:
        super().__init__(path, source, readers)
        self._known: dict[str, tuple[Argument, ...]] = {"()": ()}

    def call(self, node: Node) -> Value:
        parts = node.children
        if len(parts) != 2:
            # A comment stands between, or a part is missing.
            parts = [part for part in parts if part.kind_id not in EXTRAS][:2]
        function = parts[0]
        callee = self.readers[function.kind_id](self, function) or MISSING
        arguments = self.arguments(parts[1]) if len(parts) == 2 else ()
        result = self.add_call(callee, arguments, node)
        if callee.__class__ is Attribute:
            return _formatted(callee, arguments) or result
        return result

    def arguments(self, node: Node | None) -> tuple[Argument, ...]:
        """The arguments of a call, or the bases and keywords of a class."""
        if node is None:
            return ()
        if node.kind_id == _GENERATOR:
            return (new_argument(None, self.read(node)),)
        if node.descendant_count > _SHORT:
            return self._arguments(node)
        raw = self.raw[node.start_byte : node.end_byte]
        known = self._known.get(raw)
        if known is None:
            before = self.size
            known = self._arguments(node)
            if self.size == before:
                # The same words mean the same again where nothing in them has a place of its own, as a call has.
                self._known[raw] = known
        return known

    def _arguments(self, node: Node) -> tuple[Argument, ...]:
        readers = self.readers
        found: list[Argument] = []
        for child in node.named_children:
            number = child.kind_id
            if number == _KEYWORD_ARGUMENT:
                found.append(self._keyword(child))
            elif number in SPREADS:
                found.append(new_argument(None, self.read_first(child), "**" if number in _MAPPING_SPREAD else "*"))
            else:
                value = readers[number](self, child)
                if value is not None:
                    found.append(new_argument(None, value))
        return tuple(found)

    def _keyword(self, node: Node) -> Argument:
        parts = node.children
        if len(parts) == 3:
            value = parts[2]
            name = self.written(parts[0])
            return new_argument(name, self.readers[value.kind_id](self, value) or MISSING)
        named = node.child_by_field_id(_NAME)
        name = self.written(named) if named is not None else ""
        return new_argument(name or None, self.read(node.child_by_field_id(_VALUE)))


def _formatted(callee: Attribute, arguments: tuple[Argument, ...]) -> Value | None:
    """What `"…".format(…)` gives, if the call is one and all in it has its place."""
    template = callee.of.value if callee.name == "format" and isinstance(callee.of, Literal) else None
    if not isinstance(template, str) or any(argument.spread for argument in arguments):
        return None
    positional = [argument.value for argument in arguments if argument.name is None]
    named = {argument.name: argument.value for argument in arguments if argument.name is not None}
    return python_text.formatted(template, positional, named)
