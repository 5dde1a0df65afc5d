"""
What an expression may be worth: a small algebra every language maps to.

Readers write values as they stand in one file; `resolve` turns them into simpler ones.
Nothing is thrown away as a bare string, and what is not known says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

Scalar = str | int | float | bool | None


class Value:
    """Base of all values; `kind` tells the variants apart on the wire."""

    __slots__ = ()

    kind: str


@dataclass(frozen=True, slots=True)
class Literal(Value):
    """A constant: text, number, truth value or null."""

    value: Scalar
    kind: str = "literal"


@dataclass(frozen=True, slots=True)
class Template(Value):
    """Parts joined into one text: f-string, `+`, `format`, template literal."""

    parts: tuple[Value, ...]
    kind: str = "template"


@dataclass(frozen=True, slots=True)
class Reference(Value):
    """A dotted name as written, such as `self.client` or `requests.get`."""

    name: str
    kind: str = "reference"


@dataclass(frozen=True, slots=True)
class Attribute(Value):
    """A member of something that is no plain name, such as `make_client().session`."""

    of: Value
    name: str
    kind: str = "attribute"


@dataclass(frozen=True, slots=True)
class Index(Value):
    """A subscript: `of[key]`, also `Optional[str]` where a type is written."""

    of: Value
    key: Value
    kind: str = "index"


@dataclass(frozen=True, slots=True)
class Element(Value):
    """One element of what is iterated over."""

    of: Value
    kind: str = "element"


@dataclass(frozen=True, slots=True)
class CallResult(Value):
    """What a call of the same file gives; `call` is its index in `CodeFacts.calls`."""

    call: int
    kind: str = "call"


@dataclass(frozen=True, slots=True)
class Output(Value):
    """What a call of the same file leaves in a variable whose address it is given as its argument `position`."""

    call: int
    position: int
    kind: str = "output"


@dataclass(frozen=True, slots=True)
class Choice(Value):
    """One of several: `a or b`, `x if c else y`, assignments on different branches."""

    options: tuple[Value, ...]
    kind: str = "choice"


@dataclass(frozen=True, slots=True)
class Compute(Value):
    """Arithmetic or comparison that is no text building; `operator` as written."""

    operator: str
    operands: tuple[Value, ...]
    kind: str = "compute"


@dataclass(frozen=True, slots=True)
class Mapping(Value):
    """A mapping written out; `open` when other mappings are spread into it."""

    entries: tuple[tuple[Value, Value], ...]
    open: bool = False
    kind: str = "mapping"


@dataclass(frozen=True, slots=True)
class Sequence(Value):
    """A list, tuple or set written out; `open` when others are spread into it."""

    items: tuple[Value, ...]
    open: bool = False
    kind: str = "sequence"


@dataclass(frozen=True, slots=True)
class EnvironmentRead(Value):
    """The environment variable `name`, valued per service when linked."""

    name: str
    default: Value | None = None
    kind: str = "environment"


@dataclass(frozen=True, slots=True)
class ConfigRead(Value):
    """The configuration key `key` (properties, ConfigMap entry), valued per service when linked."""

    key: str
    default: Value | None = None
    kind: str = "config"


# The key of what travels with a request: a bound that whoever sends it has.
CARRIED = "@caller"


@dataclass(frozen=True, slots=True)
class Parameter(Value):
    """A parameter of the enclosing function that nothing known binds."""

    name: str
    kind: str = "parameter"


@dataclass(frozen=True, slots=True)
class Unknown(Value):
    """What could not be resolved, with the reason."""

    why: str
    kind: str = "unknown"


VARIANTS: dict[str, type[Value]] = {
    "literal": Literal,
    "template": Template,
    "reference": Reference,
    "attribute": Attribute,
    "index": Index,
    "element": Element,
    "call": CallResult,
    "output": Output,
    "choice": Choice,
    "compute": Compute,
    "mapping": Mapping,
    "sequence": Sequence,
    "environment": EnvironmentRead,
    "config": ConfigRead,
    "parameter": Parameter,
    "unknown": Unknown,
}


_LEAVES = frozenset({Literal, Reference, CallResult, Unknown, Parameter, Output})
"""Most values have nothing inside."""


def children(value: Value) -> Iterator[Value]:
    """The values directly inside `value`, in the order written."""
    match value:
        case Template(parts=inner) | Choice(options=inner) | Compute(operands=inner) | Sequence(items=inner):
            yield from inner
        case Mapping(entries=entries):
            for key, entry in entries:
                yield key
                yield entry
        case Attribute(of=of) | Element(of=of):
            yield of
        case Index(of=of, key=key):
            yield of
            yield key
        case EnvironmentRead(default=default) | ConfigRead(default=default):
            if default is not None:
                yield default
        case _:
            pass


def walk(value: Value) -> Iterator[Value]:
    """`value` and everything inside it, outermost first."""
    pending = [value]
    while pending:
        current = pending.pop()
        yield current
        if current.__class__ not in _LEAVES:
            pending.extend(reversed(tuple(children(current))))


def transform(value: Value, change: Callable[[Value], Value | None]) -> Value:
    """
    Rebuild `value` from the outside in.

    `change` answers a replacement for a value, or None to keep it and go on inside.
    """
    replaced = change(value)
    if replaced is not None:
        return replaced
    match value:
        case Template(parts=parts):
            return Template(tuple(transform(part, change) for part in parts))
        case Choice(options=options):
            return Choice(tuple(transform(option, change) for option in options))
        case Compute(operator=operator, operands=operands):
            return Compute(operator, tuple(transform(operand, change) for operand in operands))
        case Sequence(items=items, open=is_open):
            return Sequence(tuple(transform(item, change) for item in items), is_open)
        case Mapping(entries=entries, open=is_open):
            return Mapping(tuple((transform(k, change), transform(v, change)) for k, v in entries), is_open)
        case Attribute(of=of, name=name):
            return Attribute(transform(of, change), name)
        case Element(of=of):
            return Element(transform(of, change))
        case Index(of=of, key=key):
            return Index(transform(of, change), transform(key, change))
        case EnvironmentRead(name=name, default=default) if default is not None:
            return EnvironmentRead(name, transform(default, change))
        case ConfigRead(key=key, default=default) if default is not None:
            return ConfigRead(key, transform(default, change))
        case _:
            return value


def show(value: Value | None) -> str:
    """`value` as a person would write it, with `{…}` for what is open."""
    match value:
        case None:
            return ""
        case Literal(value=None):
            return "None"
        case Literal(value=content):
            return str(content)
        case Template(parts=parts):
            return "".join(show(part) if isinstance(part, Literal) else "{" + show(part) + "}" for part in parts)
        case Reference(name=name) | Parameter(name=name):
            return name
        case EnvironmentRead(name=name):
            return f"${name}"
        case ConfigRead(key=key):
            return f"${{{key}}}"
        case Choice(options=options):
            return " | ".join(show(option) for option in options)
        case Attribute(of=of, name=name):
            return f"{show(of)}.{name}"
        case Index(of=of, key=key):
            return f"{show(of)}[{show(key)}]"
        case Element(of=of):
            return f"element of {show(of)}"
        case Compute(operator=operator, operands=operands):
            return f" {operator} ".join(show(operand) for operand in operands)
        case Sequence(items=items):
            return "[" + ", ".join(show(item) for item in items) + "]"
        case Mapping(entries=entries):
            return "{" + ", ".join(f"{show(k)}: {show(v)}" for k, v in entries) + "}"
        case CallResult(call=call):
            return f"result of call {call}"
        case Output(call=call):
            return f"output of call {call}"
        case Unknown():
            return "?"
        case _:
            return "?"


__all__ = ["VARIANTS", "Scalar", "Value", "children", "show", "transform", "walk"] + [
    variant.__name__ for variant in VARIANTS.values()
]
