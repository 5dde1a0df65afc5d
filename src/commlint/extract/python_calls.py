"""How Python's calls read."""

from __future__ import annotations

from tree_sitter import Node

from commlint.extract import python_text
from commlint.extract.python_values import CONSTANTS, EXTRAS, PYTHON, SPREADS, STRING, WORDS, Values, field
from commlint.extract.quick import new_argument
from commlint.extract.remembered import Remembered
from commlint.extract.syntax import kind, kinds
from commlint.extract.walker import MISSING, Reader
from commlint.model.code import Argument
from commlint.model.values import Attribute, Literal, Value

_SHORT = 20
_CALLEES = Remembered[Value]()
_ARGUMENTS = Remembered[Argument]()
_LISTS = Remembered[tuple[Argument, ...]]()
_KEYWORD_ARGUMENT = kind(PYTHON, "keyword_argument")
_GENERATOR = kind(PYTHON, "generator_expression")
_MAPPING_SPREAD = kinds(PYTHON, "dictionary_splat", "dictionary_splat_pattern")
_PLAIN = frozenset({_KEYWORD_ARGUMENT, STRING}) | WORDS | CONSTANTS
_NAME = field("name")
_VALUE = field("value")


class Calls(Values):
    """A walk that knows calls and their arguments too."""

    def __init__(self, path: str, source: bytes, readers: dict[int, Reader], sound: bool = False) -> None:
        super().__init__(path, source, readers, sound)
        self._callees = self.remembered(_CALLEES)
        self._arguments = self.remembered(_ARGUMENTS)
        self._lists = self.remembered(_LISTS)

    def call(self, node: Node) -> Value:
        if node.child_count == 2:
            last = node.child(1)
            callee = self._callee(node, last)
            arguments = self.arguments(last)
        else:
            # A comment stands between, or a part is missing.
            parts = [part for part in node.children if part.kind_id not in EXTRAS]
            callee = self.read(parts[0])
            arguments = self.arguments(parts[1]) if len(parts) > 1 else ()
        result = self.add_call(callee, arguments, node)
        if callee.__class__ is Attribute:
            return _formatted(callee, arguments) or result
        return result

    def _callee(self, node: Node, arguments: Node) -> Value:
        """What a call before its arguments calls; a name is known without a look at its node."""
        raw = self.raw[node.start_byte : arguments.start_byte]
        known = self._callees.get(raw)
        if known is None:
            function = node.child(0)
            known = self.read(function)
            if function.kind_id in WORDS and raw in self.references:
                self._callees.keep(raw, known)
        return known

    def arguments(self, node: Node | None) -> tuple[Argument, ...]:
        """The arguments of a call, or the bases and keywords of a class."""
        if node is None:
            return ()
        if node.kind_id == _GENERATOR:
            return (new_argument(None, self.read(node)),)
        if node.descendant_count > _SHORT:
            return self._written(node)
        raw = self.raw[node.start_byte : node.end_byte]
        known = self._lists.get(raw)
        if known is None:
            before = self.size
            known = self._written(node)
            if self.size == before:
                # The same words mean the same again where nothing in them has a place of its own, as a call has.
                self._lists.keep(raw, known)
        return known

    def _written(self, node: Node) -> tuple[Argument, ...]:
        readers = self.readers
        found: list[Argument] = []
        for child in node.named_children:
            number = child.kind_id
            if number in _PLAIN:
                found.append(self._plain(child, number))
            elif number in SPREADS:
                found.append(new_argument(None, self.read_first(child), "**" if number in _MAPPING_SPREAD else "*"))
            else:
                value = readers[number](self, child)
                if value is not None:
                    found.append(new_argument(None, value))
        return tuple(found)

    def _plain(self, node: Node, number: int) -> Argument:
        """An argument that often is no more than a word, with or without a name."""
        raw = self.raw[node.start_byte : node.end_byte]
        known = self._arguments.get(raw)
        if known is not None:
            return known
        if number == _KEYWORD_ARGUMENT:
            return self._keyword(node, raw)
        argument = new_argument(None, self.read(node))
        if raw in self.references or raw in self.constants or number in CONSTANTS:
            self._arguments.keep(raw, argument)
        return argument

    def _keyword(self, node: Node, raw: str) -> Argument:
        if node.child_count == 3:
            parts = node.children
            value = parts[2]
            number = value.kind_id
            argument = new_argument(self.written(parts[0]), self.readers[number](self, value) or MISSING)
            if number in CONSTANTS or (
                number in WORDS and self.raw[value.start_byte : value.end_byte] in self.references
            ):
                self._arguments.keep(raw, argument)
            return argument
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
