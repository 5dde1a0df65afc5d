"""What becomes of a variable that code reads: used where it stands, or kept under a name for others to use."""

from __future__ import annotations

from collections.abc import Iterator

from commlint.model.code import Assignment, CodeFacts
from commlint.model.values import Attribute, CallResult, Literal, Reference, Value, walk


def keepers(code: CodeFacts, variable: str) -> frozenset[str]:
    """The names of a file that hold what a variable gives; "" where it is used without one."""
    asking = {
        number
        for number, call in enumerate(code.calls)
        if any(_names(argument.value, variable) for argument in call.arguments)
    }
    found = {field.target for field in code.assignments if field.owner and field.target.upper() == variable}
    kept: set[int] = set()
    for entry in code.assignments:
        if entry.value is not None:
            made = _calls(code, entry.value) & asking
            if made or _names(entry.value, variable):
                kept |= made
                found.add(_holder(entry))
    return frozenset(found | {""} if asking - kept else found)


def _names(value: Value, variable: str) -> bool:
    """Whether a value names a variable of the environment: as a text, or as a member of what holds them all."""
    return any(
        part == Literal(variable) or (isinstance(part, Reference) and part.name.endswith(f".{variable}"))
        for part in walk(value)
    )


def spoken(code: CodeFacts, variable: str) -> frozenset[str]:
    """The names that a file uses or takes from others, as names and as texts; the text `variable` itself is none."""
    found = {entry.name for entry in code.imports if entry.name}
    for value in _values(code):
        for part in walk(value):
            match part:
                case Reference(name=name):
                    found.update(name.split("."))
                case Attribute(name=name):
                    found.add(name)
                case Literal(value=str(text)) if text != variable:
                    found.add(text)
                case _:
                    pass
    return frozenset(found)


def _holder(entry: Assignment) -> str:
    """The last name of what is assigned; "" for an entry of something, which may be asked for in any way."""
    return "" if entry.target.endswith("[]") else entry.target.rpartition(".")[2]


def _calls(code: CodeFacts, value: Value) -> set[int]:
    """The calls that a value is made by, those inside their callees and arguments too."""
    found: set[int] = set()
    pending = [value]
    while pending:
        for part in walk(pending.pop()):
            if isinstance(part, CallResult) and part.call not in found:
                found.add(part.call)
                call = code.calls[part.call]
                pending.extend((call.callee, *(argument.value for argument in call.arguments)))
    return found


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
