"""What an expression is worth: one case for each kind of value."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING

from commlint.model.code import Import
from commlint.model.places import Extent
from commlint.model.values import (
    Attribute,
    CallResult,
    Choice,
    Compute,
    ConfigRead,
    Element,
    EnvironmentRead,
    Index,
    Literal,
    Mapping,
    Output,
    Parameter,
    Reference,
    Sequence,
    Template,
    Unknown,
    Value,
)
from commlint.resolve import calls, filled, items
from commlint.resolve.entities import (
    CallSite,
    Data,
    Entities,
    Entity,
    External,
    Function,
    Made,
    Many,
    Method,
    Object,
    Scope,
    Type,
    Written,
    is_unknown,
    unknown,
)

if TYPE_CHECKING:
    from commlint.resolve.program import Program

NOWHERE = Extent(1, 1, 1, 1)
_NULL = Data(Literal(None))
MAX_OPTIONS = 8
MAX_ENTRIES = 64
MAX_WEIGHT = 400
"""Pieces of a value: one that is added to itself line after line, as in a cipher, doubles each time."""


def evaluate(program: Program, value: Value, scope: Scope) -> Entities:
    """What `value` means in `scope`; never empty."""
    match value:
        case Literal() | Unknown() | Parameter():
            return (Data(value),)
        case Reference(name=name):
            return reference(program, name, scope)
        case CallResult(call=call):
            return program.result(CallSite(scope.path, call, scope.frame))
        case Output():
            return filled.output(program, value, scope)
        case Attribute(of=of, name=name):
            return through(program, program.evaluate(of, scope), name, scope.path)
        case Index():
            return items.index(program, value, scope)
        case Element(of=of):
            return elements(program, program.evaluate(of, scope), scope.path)
        case Choice(options=options):
            every = (entity for option in options[:MAX_OPTIONS] for entity in program.evaluate(option, scope))
            return or_else(tuple(every))
        case Template(parts=parts):
            return (Data(join(tuple(told(program.value(part, scope)) for part in parts))),)
        case Compute(operator=operator, operands=operands):
            return (Data(compute(operator, tuple(program.value(operand, scope) for operand in operands))),)
        case Mapping() | Sequence():
            return (Written(value, scope),)
        case _:
            return (Data(value),)


def or_else(found: Entities) -> Entities:
    """What is a variable of the environment or else another value: that variable with its default."""
    match found:
        case (Data(value=EnvironmentRead(name=name, default=None)), Data(value=Literal() | Template() as default)):
            return (Data(EnvironmentRead(name, default)),)
        case _:
            return found


def reference(program: Program, name: str, scope: Scope) -> Entities:
    """A dotted name: the head by scope, the rest member by member."""
    head, _, rest = name.partition(".")
    if not rest:
        return program.lookup(head, scope)
    wide = program.widest(name, scope)
    return program.remember(("reference", name, wide), lambda: _dotted(program, name, wide))


def _dotted(program: Program, name: str, scope: Scope) -> Entities:
    parts = name.split(".")
    if program.language(scope.path).full_names and parts[0][:1].islower():
        known = _in_full(program, parts, scope)
        if known:
            return known
    for length in range(len(parts), 1, -1):
        known = program.lookup(".".join(parts[:length]), scope)
        if not is_unknown(known[0]):
            return _walk(program, known, parts[length:], scope.path)
    return _walk(program, program.lookup(parts[0], scope), parts[1:], scope.path)


def _in_full(program: Program, parts: list[str], scope: Scope) -> Entities:
    """What is named with its whole package, of the tree or of a library the models know; empty when nothing is."""
    if program.lookup(parts[0], scope) != (External(f"builtins.{parts[0]}"),):
        return ()
    name = ".".join(parts)
    path, rest = program.imported(scope.path, Import(parts[-1], ".".join(parts[:-1]), parts[-1], 0, "", NOWHERE))
    if path is not None:
        return program.lookup_in(path, rest)
    library = program.library(scope.path)
    return (External(library.canonical(name)),) if library.knows(library.canonical(name)) else ()


def _walk(program: Program, entities: Entities, parts: list[str], path: str) -> Entities:
    for part in parts:
        entities = through(program, entities, part, path)
    return entities


def through(program: Program, entities: Entities, name: str, path: str) -> Entities:
    """A member of each alternative; a null alternative gives way to any other."""
    worthy = [entity for entity in entities if entity != _NULL] or list(entities)
    return tuple(member for entity in worthy for member in program.member(entity, name, path))


def elements(program: Program, entities: Entities, path: str) -> Entities:
    """What iterating over each alternative gives."""
    found: list[Entity] = []
    for entity in entities:
        match entity:
            case Written(value=Sequence()):
                # A list that is appended to line after line holds itself, and each of its values many times.
                found.extend(_items(program, entity))
            case Written(value=Mapping(entries=entries), scope=scope):
                found.extend(each for key, _ in entries[:MAX_ENTRIES] for each in program.evaluate(key, scope))
            case Many(of=of):
                found.extend(of)
            case Made(type=of_type):
                found.extend(_element_of(program, entity, of_type, path))
            case Object():
                found.extend(calls.method_result(program, entity, "__iter__", path))
            case Data(value=Unknown() | Parameter()):
                found.append(entity)
            case _:
                found.extend(unknown("an element of something that is not known"))
    return tuple(found) or unknown("an element of something empty")


def members_of(kind: str, entities: Entities) -> Entities:
    """The values of a mapping, its entries as pairs, or the items of a sequence with their numbers."""
    found: list[Entity] = []
    for entity in entities:
        match entity:
            case Written(value=Mapping(entries=entries, open=is_open), scope=scope) if kind != "numbered":
                items = tuple(Sequence(pair) if kind == "entries" else pair[1] for pair in entries[:MAX_ENTRIES])
                found.append(Written(Sequence(items, is_open), scope))
            case Written(value=Sequence(items=inner, open=is_open), scope=scope) if kind == "numbered":
                pairs = tuple(Sequence((Unknown("a number"), item)) for item in inner[:MAX_ENTRIES])
                found.append(Written(Sequence(pairs, is_open), scope))
            case Data(value=Unknown() | Parameter()):
                found.append(entity)
            case _:
                found.extend(unknown(f"{kind} of something that is not known"))
    return tuple(found)


def halves(entities: Entities) -> Entities:
    """The first half of each sequence that is known; what is not one stays as it is."""
    return tuple(
        Written(Sequence(each.value.items[: len(each.value.items) // 2]), each.scope)
        if isinstance(each, Written) and isinstance(each.value, Sequence) and not each.value.open
        else each
        for each in entities
    )


def _items(program: Program, written: Written) -> Entities:
    known = program.elements.get(written)
    if known is not None:
        return known
    program.elements[written] = unknown("an element of what holds itself")
    items = written.value.items if isinstance(written.value, Sequence) else ()
    every = (each for item in items[:MAX_ENTRIES] for each in program.evaluate(item, written.scope))
    found = tuple(islice(dict.fromkeys(every), MAX_ENTRIES)) or unknown("an element of something empty")
    program.elements[written] = found
    return found


def _element_of(program: Program, entity: Made, of_type: str, path: str) -> Entities:
    library = program.library(path)
    element = library.type_fact(of_type, "element")
    if element:
        return (Made(element, entity.site),)
    if entity.site is not None:
        for match in library.sites(of_type):
            if match.site.element:
                return (Made(match.site.element, entity.site),)
    return unknown(f"an element of {of_type}")


def as_value(program: Program, entities: Entities) -> Value:
    """Alternatives as one value: the single one, or a Choice."""
    found = tuple(dict.fromkeys(_finished(program, entity) for entity in entities))
    flat: list[Value] = []
    for value in found:
        flat.extend(value.options if isinstance(value, Choice) else (value,))
    flat = list(dict.fromkeys(flat))[:MAX_OPTIONS]
    return flat[0] if len(flat) == 1 else bounded(Choice(tuple(flat)))


def bounded(value: Value) -> Value:
    """The value, unless it is made of more pieces than anybody can follow."""
    pending: list[Value] = [value]
    for _ in range(MAX_WEIGHT):
        if not pending:
            return value
        match pending.pop():
            case Choice(options=inner) | Template(parts=inner) | Compute(operands=inner) | Sequence(items=inner):
                pending.extend(inner)
            case Mapping(entries=entries):
                pending.extend(part for pair in entries for part in pair)
            case _:
                pass
    return Unknown("made of too many pieces") if pending else value


def told(value: Value) -> Value:
    """Alternatives without null and without what is not known, as long as one remains that says something."""
    if not isinstance(value, Choice):
        return value
    known = [each for each in value.options if each != Literal(None) and not isinstance(each, Unknown)]
    if not any(not isinstance(each, Parameter) for each in known):
        known = [each for each in value.options if each != Literal(None)]
    if not known:
        return value
    return known[0] if len(known) == 1 else Choice(tuple(known))


def _finished(program: Program, entity: Entity) -> Value:
    match entity:
        case Data(value=value):
            return value
        case Written():
            # Asked once each: what stands twice in one that stands twice in another would be worked out for ever.
            known = program.remember(("finished", entity), lambda: (Data(bounded(_filled(program, entity))),))
            return known[0].value if isinstance(known[0], Data) else Unknown("not a value")
        case Many(of=of):
            return Sequence((as_value(program, of),), open=True) if of else Sequence(())
        case External(name=name):
            return Reference(name)
        case Method(name=name):
            return Reference(name)
        case Function(name=name) | Type(name=name):
            return Reference(name)
        case Made(type=name):
            return Unknown(f"an object of {name}")
        case Object(type=of_type):
            return Unknown(f"an object of {of_type.name}")
        case _:
            return Unknown("not a value")


def _filled(program: Program, written: Written) -> Value:
    """A list or mapping with finished values in it."""
    scope = written.scope
    match written.value:
        case Sequence(items=inner, open=is_open):
            return Sequence(tuple(program.value(item, scope) for item in inner[:MAX_ENTRIES]), is_open)
        case Mapping(entries=entries, open=is_open):
            pairs = tuple((program.value(k, scope), program.value(v, scope)) for k, v in entries[:MAX_ENTRIES])
            return Mapping(pairs, is_open)
        case other:
            return other


def join(parts: tuple[Value, ...]) -> Value:
    """Parts as one text: nested templates opened, neighbouring literals joined."""
    flat: list[Value] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Template) else (part,):
            if isinstance(piece, Literal) and flat and isinstance(flat[-1], Literal):
                flat[-1] = Literal(text(flat[-1]) + text(piece))
            else:
                flat.append(piece)
    if len(flat) == 1 and isinstance(flat[0], Literal):
        return Literal(text(flat[0]))
    return bounded(Template(tuple(flat))) if flat else Literal("")


def cased(kind: str, value: Value) -> Value:
    """A text in lower or upper case, as far as it is known."""
    match value:
        case Literal(value=str(content)):
            return Literal(content.lower() if kind == "lower" else content.upper())
        case Template(parts=parts):
            return Template(tuple(cased(kind, part) for part in parts))
        case Choice(options=options):
            return Choice(tuple(dict.fromkeys(cased(kind, option) for option in options)))
        case _:
            return value


def text(value: Literal) -> str:
    """A literal as it appears inside a text."""
    return "" if value.value is None else str(value.value)


def times(value: Value, factor: float) -> Value:
    """A number in another unit; null and what is not known stay what they are."""
    match value:
        case Literal(value=bool() | None) | Unknown() | Parameter():
            return value
        case Literal(value=int() | float() as number):
            worked = round(number * factor, 9)
            return Literal(int(worked) if worked == int(worked) else worked)
        case _:
            return Compute("*", (value, Literal(factor)))


_ARITHMETIC: dict[str, Callable[[float, float], float | None]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b if b else None,
    "//": lambda a, b: a // b if b else None,
    "**": lambda a, b: a**b if abs(a) < 1e6 and abs(b) < 16 else None,
}


def _is_text(value: Value) -> bool:
    """Whether a value, or one of the alternatives it is, can only be a text."""
    match value:
        case Template():
            return True
        case Literal(value=content):
            return isinstance(content, str)
        case Choice(options=options):
            return any(_is_text(option) for option in options)
        case EnvironmentRead(default=default) | ConfigRead(default=default) if default is not None:
            return _is_text(default)
        case _:
            return False


def compute(operator: str, operands: tuple[Value, ...]) -> Value:
    """Arithmetic over known numbers is worked out; `+` with text joins; all else stays as written."""
    plain = [operand.value for operand in operands if isinstance(operand, Literal)]
    numbers = [each for each in plain if isinstance(each, (int, float)) and not isinstance(each, bool)]
    if len(operands) == 2 and len(numbers) == 2 and operator in _ARITHMETIC:
        worked = _ARITHMETIC[operator](*numbers)
        return Literal(worked) if worked is not None else Compute(operator, operands)
    if operator == "+" and any(isinstance(each, str) for each in plain):
        return join(operands)
    if operator == "+" and any(_is_text(operand) for operand in operands):
        return join(operands)
    return bounded(Compute(operator, operands))
