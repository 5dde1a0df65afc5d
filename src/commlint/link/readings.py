"""What becomes of a variable that code reads: used where it stands, or kept under a name for others to use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import cached_property

from commlint.link.names import words
from commlint.model.code import Argument, Assignment, CallFacts, CodeFacts
from commlint.model.values import Attribute, CallResult, Literal, Mapping, Reference, Value, walk
from commlint.resolve.index import last_name

# Addresses a service compares with or hands out, but does not call.
NOT_CALLED = frozenset(
    (
        "origin",
        "origins",
        "cors",
        "allowed",
        "public",
        "callback",
        "redirect",
        "issuer",
        "audience",
        "swagger",
        "openapi",
    )
)


class Reading:
    """One file as asked for one variable after another: what does not depend on the variable is looked at once."""

    def __init__(self, code: CodeFacts) -> None:
        self._code = code

    def keepers(self, variable: str) -> frozenset[str]:
        """The names of the file that hold what a variable gives; "" where it is used without one."""
        found = {field.target for field in self._fields.get(variable, ())}
        if variable not in self._named:
            return frozenset(found)
        asking = {
            number
            for number, call in enumerate(self._code.calls)
            if any(_is_asked(call, argument, variable) for argument in call.arguments)
        }
        kept: set[int] = set()
        for entry in self._code.assignments:
            if entry.value is not None:
                made = self._calls(entry.value) & asking
                if made or (not _is_shown(entry.target) and _is_told(entry.value, variable)):
                    kept |= made
                    found.add(_holder(entry))
        return frozenset(found | {""} if asking - kept else found)

    def speaks(self, names: Collection[str], variable: str) -> bool:
        """Whether the file uses one of these or takes it from others, as name or text; the text `variable` is none."""
        named, texts = self._words
        return any(name in named or (name in texts and name != variable) for name in names)

    @cached_property
    def _fields(self) -> dict[str, list[Assignment]]:
        """Variable → the fields called like it."""
        table: dict[str, list[Assignment]] = defaultdict(list)
        for entry in self._code.assignments:
            if entry.owner:
                table[entry.target.upper()].append(entry)
        return table

    @cached_property
    def _named(self) -> frozenset[str]:
        """Every variable that an argument or an assigned value may name."""
        given = (argument.value for call in self._code.calls for argument in call.arguments)
        assigned = (entry.value for entry in self._code.assignments if entry.value is not None)
        return frozenset(name for values in (given, assigned) for value in values for name in _nameable(value))

    @cached_property
    def _words(self) -> tuple[set[str], set[str]]:
        """The names it uses, by themselves or as a part of dotted ones, or takes from others; and the texts in it."""
        names, texts = {entry.name for entry in self._code.imports if entry.name}, set[str]()
        for value in _values(self._code):
            for part in walk(value):
                match part:
                    case Reference(name=name):
                        names.update(name.split("."))
                    case Attribute(name=name):
                        names.add(name)
                    case Literal(value=str(text)):
                        texts.add(text)
        return names, texts

    def _calls(self, value: Value) -> set[int]:
        """The calls that a value is made by, those inside their callees and arguments too."""
        found: set[int] = set()
        pending = [value]
        while pending:
            for part in walk(pending.pop()):
                if isinstance(part, CallResult) and part.call not in found:
                    found.add(part.call)
                    call = self._code.calls[part.call]
                    pending.extend((call.callee, *(argument.value for argument in call.arguments)))
        return found


def _is_asked(call: CallFacts, argument: Argument, variable: str) -> bool:
    """Whether an argument of a call names a variable, for more than to compare with it or to hand it out."""
    shown = _is_shown(last_name(call.callee)) or _is_shown(argument.name or "")
    return not shown and _is_told(argument.value, variable)


def _is_told(value: Value, variable: str) -> bool:
    """The same of a value: what stands in a mapping as an allowed origin, say, does not count."""
    if not isinstance(value, Mapping):
        return _names(value, variable)
    return any(
        _is_told(entry, variable)
        for key, entry in value.entries
        if not (isinstance(key, Literal) and _is_shown(str(key.value)))
    )


def _is_shown(name: str) -> bool:
    """Whether what is called so is an address that is compared with or handed out, and not called."""
    return not NOT_CALLED.isdisjoint(words(name))


def _names(value: Value, variable: str) -> bool:
    """Whether a value names a variable of the environment: as a text, or as a member of what holds them all."""
    return any(variable in _spellings(part) for part in walk(value))


def _nameable(value: Value) -> Iterator[str]:
    """The variables that a value may name."""
    for part in walk(value):
        yield from _spellings(part)


def _spellings(part: Value) -> Iterator[str]:
    """A text as it is, and each ending of a dotted name."""
    if isinstance(part, Literal) and isinstance(part.value, str):
        yield part.value
    elif isinstance(part, Reference):
        _, _, rest = part.name.partition(".")
        while rest:
            yield rest
            _, _, rest = rest.partition(".")


def _holder(entry: Assignment) -> str:
    """The last name of what is assigned; "" for an entry of something, which may be asked for in any way."""
    return "" if entry.target.endswith("[]") else entry.target.rpartition(".")[2]


def _values(code: CodeFacts) -> Iterator[Value]:
    """Everything that is written in a file where a name may be used."""
    for call in code.calls:
        yield call.callee
        yield from (argument.value for argument in call.arguments)
    for entry in code.assignments:
        yield from (value for value in (entry.value, entry.key) if value is not None)
    for function in code.functions:
        yield from function.decorators
        yield from (each.default for each in function.parameters if each.default is not None)
    yield from (leaving.value for leaving in code.exits if leaving.value is not None)
    yield from (block.value for block in code.blocks if block.value is not None)
