"""What is known of values while infrastructure code is worked out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from commlint.model.operations import State
from commlint.model.values import (
    Attribute,
    Choice,
    Compute,
    Index,
    Literal,
    Mapping,
    Reference,
    Sequence,
    Template,
    Unknown,
    Value,
    children,
)


@dataclass(frozen=True, slots=True)
class Pointer(Value):
    """A resource as one scope declares it, or an attribute of it; never leaves this stage."""

    scope: str
    address: str
    attribute: str = ""
    kind: str = "pointer"


NOTHING = Literal(None)
REQUIRED = "given by whoever calls: var."
"""Begins the reason of a value that is not known here and that a caller cannot leave out."""


def is_open(value: Value) -> bool:
    """Whether it is not known what it is."""
    return isinstance(value, Unknown | Choice | Compute | Reference | Index | Attribute)


def truth(value: Value) -> bool | None:
    """Whether a condition holds, None when that is not known."""
    if isinstance(value, Literal):
        return value.value is True or str(value.value).lower() == "true"
    return None


def given(value: Value | None) -> State:
    """Whether a setting is given at all: null, "", false, and what is empty are none."""
    match value:
        case None:
            return State.UNSET
        case Literal(value=content):
            return State.UNSET if content in (None, "", False) else State.SET
        case Mapping(entries=entries, open=False) if entries:
            # An object of nulls gives nothing; one whose parts are known in part gives something.
            inner = {given(entry) for _, entry in entries}
            return State.SET if State.SET in inner else next(iter(inner)) if len(inner) == 1 else State.UNKNOWN
        case Mapping(is_empty) | Sequence(is_empty) if not is_empty:
            return State.UNKNOWN if value.open else State.UNSET
        case Sequence(items=items):
            return any_given(items)
        case Choice(options=options):
            states = {given(option) for option in options}
            return next(iter(states)) if len(states) == 1 else State.UNKNOWN
        case Unknown() | Compute() | Reference() | Index() | Attribute():
            return State.UNKNOWN
        case _:
            return State.SET


def any_given(values: Iterator[Value] | tuple[Value, ...]) -> State:
    """Whether one of them is given."""
    states = {given(value) for value in values}
    for state in (State.SET, State.UNKNOWN):
        if state in states:
            return state
    return State.UNSET


def pointers(value: Value | None) -> Iterator[Pointer]:
    """The resources a value names."""
    pending = [value] if value is not None else []
    while pending:
        current = pending.pop()
        if isinstance(current, Pointer):
            yield current
        else:
            pending.extend(reversed(tuple(children(current))))


def is_larger(value: Value, limit: int) -> bool:
    """Whether a value has more parts than that, parts that stand in it several times counted as often."""
    pending = [value]
    while pending:
        limit -= 1
        if limit < 0:
            return True
        pending.extend(children(pending.pop()))
    return False


def entry_of(value: Value, name: str) -> Value | None:
    """The entry of a mapping; None when it has none for sure."""
    if not isinstance(value, Mapping):
        return Unknown("not known")
    for key, entry in value.entries:
        if isinstance(key, Literal) and str(key.value) == name:
            return entry
    return Unknown("may be given by others") if value.open or any(is_open(key) for key, _ in value.entries) else None


def text_of(value: Value | None) -> str:
    """A value as one text, with `{…}` for what is open; "" when nothing is known of it."""
    match value:
        case Literal(value=content):
            return "" if content is None else str(content)
        case Template(parts=parts):
            inner = [text_of(part) for part in parts]
            return "".join(part or "{}" for part in inner) if any(inner) else ""
        case Choice(options=options):
            texts = {text_of(option) for option in options}
            return texts.pop() if len(texts) == 1 else ""
        case _:
            return ""


def number_of(value: Value | None) -> float | None:
    """A number, or a text that is one, maybe in seconds (`20s`)."""
    match value:
        case Literal(value=bool()):
            return None
        case Literal(value=int() | float() as number):
            return number
        case Literal(value=str() as text):
            try:
                return float(text.strip().removesuffix("s"))
            except ValueError:
                return None
        case _:
            return None


def pairs_of(value: Value, numbered: bool = False) -> list[tuple[Value, Value]] | None:
    """Keys and values of what is iterated over; None when it is not known in full."""
    match value:
        case Sequence(items=items, open=False):
            return [(Literal(number) if numbered else item, item) for number, item in enumerate(items)]
        case Mapping(entries=entries, open=False) if not any(is_open(key) for key, _ in entries):
            return list(entries)
        case Literal(value=None):
            return []
        case _:
            return None
