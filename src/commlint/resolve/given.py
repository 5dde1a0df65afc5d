"""What a use of a library gives back: an object of a type, or a value worked out from its arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commlint.model.code import Argument
from commlint.model.placeholders import placeholders
from commlint.model.values import (
    CallResult,
    Choice,
    ConfigRead,
    EnvironmentRead,
    Literal,
    Mapping,
    Parameter,
    Reference,
    Unknown,
    Value,
)
from commlint.resolve import computed, typed, worth
from commlint.resolve.conditions import filled_text, holds, plain_word
from commlint.resolve.entities import (
    CallSite,
    Data,
    Entities,
    Entity,
    External,
    Frame,
    Function,
    Made,
    Many,
    Method,
    Module,
    Object,
    Scope,
    Type,
    Written,
    is_unknown,
    unknown,
)
from commlint.resolve.locators import locate
from commlint.resolve.options import SCALES, scaled
from commlint.resolve.use import Use, use_of_call

if TYPE_CHECKING:
    from commlint.resolve.program import Program

_NULL: Entities = (Data(Literal(None)),)


def result(program: Program, site: CallSite, name: str, receiver: Entity | None) -> Entities:
    """What a call of the library name `name` gives back, by its models; else an object named after it."""
    library = program.library(site.path)
    for match in library.sites(name):
        if match.site.form not in ("call", "with", "decorator", "iterate"):
            continue
        use = use_of_call(program, site, match, receiver)
        if match.site.value is not None:
            if not holds(program, use):
                continue
            return value_result(program, use)
        if match.site.role == "inject" and holds(program, use):
            return _injected(program, use, library.canonical(match.site.returns), site)
        if match.site.returns and holds(program, use):
            return (Made(library.canonical(filled_text(program, use, match.site.returns)), site),)
    if name in library.types or (
        name.rpartition(".")[2][:1].isupper() and not _is_member(program, site, name, receiver)
    ):
        return (Made(name, site),)
    answered = any(match.site.role in ("client", "producer") for match in library.sites(name))
    if isinstance(receiver, Made) and not answered and library.is_fluent(name.rpartition(".")[0]):
        return (receiver,)
    return typed.implied(program, site) or (Made(f"{name}()", site),)


def where_wanted(program: Program, value: Value, wanted: str, scope: Scope) -> Entities:
    """What a value is worth where an object of the library type `wanted` stands: `new(…)` leaves its type to that."""
    if wanted and isinstance(value, CallResult):
        site = CallSite(scope.path, value.call, scope.frame)
        if isinstance(program.call(site).callee, Unknown):
            return result(program, site, wanted, None)
    return program.evaluate(value, scope)


def _is_member(program: Program, site: CallSite, name: str, receiver: Entity | None) -> bool:
    """Whether a name that begins with a capital is that of a function, in a language whose functions do."""
    if not program.language(site.path).capital_functions:
        return False
    if receiver is None and any(each.site.role == "factory" for each in program.library(site.path).sites(name)):
        return False
    written = program.call(site).callee
    return receiver is not None or not isinstance(written, Reference) or "." in written.name


def _injected(program: Program, use: Use, of: str, site: CallSite) -> Entities:
    """An object a container gives by name: set up where that name is registered."""
    key = locate(program, use, use.match.site.key) if use.match.site.key else None
    value = worth.as_value(program, key) if key else None
    if isinstance(value, Literal) and isinstance(value.value, str):
        found = program.provided.keyed(of, value.value, site.path)
        if found:
            return tuple(Made(of, each) for each in found)
    return (Made(of, site),)


def subscript(program: Program, name: str, receiver: Entity, key: Value, scope: Scope) -> Entities:
    """What `object[key]` gives, modelled as a call of `name.__getitem__`."""
    if isinstance(receiver, (External, Method, Made, Data)):
        for match in program.library(scope.path).sites(f"{name}.__getitem__"):
            use = Use(match, scope, (Argument(None, key),), receiver)
            if match.site.value is not None:
                return value_result(program, use)
            if match.site.returns:
                return (Made(match.site.returns, receiver.site if isinstance(receiver, Made) else None),)
    return unknown(f"an entry of {name}")


def member(program: Program, owner: Entity, of: str, name: str, path: str) -> Entities:
    """What a member of a library's object gives by a site of form member; () when no model tells."""
    library = program.library(path)
    for match in library.sites(f"{of}.{name}"):
        if match.site.form != "member":
            continue
        use = Use(match, Scope(Frame(path)), (), owner)
        if match.site.value is not None:
            return value_result(program, use)
        if match.site.returns:
            made = library.canonical(filled_text(program, use, match.site.returns))
            return (Made(made, owner.site if isinstance(owner, Made) else None),)
    return ()


def value_result(program: Program, use: Use) -> Entities:
    """What a use gives back when its model describes a value."""
    model = use.match.site.value
    assert model is not None
    given = [locate(program, use, locator) for locator in model.of]
    first = given[0] if given else None
    match model.kind:
        case "same" | "partial":
            return first or unknown("passes nothing through")
        case "environment" | "config":
            return _read(program, model.kind, given)
        case "lookup":
            return _lookup(program, use, given)
        case "result":
            return _called(program, use, first)
        case "answer":
            return _answered(program, use, first, given[1]) if first and given[1] else unknown("nothing is asked")
        case "made":
            return _made_or_called(program, use, first)
        case "element":
            return worth.elements(program, first, use.scope.path) if first else unknown("an element of nothing")
        case "values" | "entries" | "numbered":
            return worth.members_of(model.kind, first) if first else unknown("members of nothing")
        case "text":
            return (Data(worth.join(tuple(worth.as_value(program, each) for each in given if each))),)
        case "lower" | "upper":
            return (Data(worth.cased(model.kind, worth.as_value(program, first))),) if first else unknown("no text")
        case "join":
            return (Data(computed.joined(program, given)),)
        case "cased":
            return (Data(computed.cased(*(worth.as_value(program, each) for each in given[:2] if each))),)
        case "url-join":
            return (Data(computed.url_join([worth.as_value(program, each) for each in given if each])),)
        case "number":
            return (Data(computed.number(worth.as_value(program, first))),) if first else unknown("no number is given")
        case "longest":
            return (Data(computed.longest([worth.as_value(program, each) for each in given if each])),)
        case "first":
            return next((each for each in given if each and each != _NULL), _NULL)
        case "format" | "printf":
            fields = computed.FIELD if model.kind == "format" else computed.PRINTED
            return (Data(computed.formatted(program, use, first, fields)),) if first else unknown("no format is given")
        case "product":
            return (Data(computed.product([worth.as_value(program, each) for each in given if each])),)
        case "bound":
            return _bound(program, use, given)
        case "duration":
            return (
                (Data(computed.duration(worth.as_value(program, first))),) if first else unknown("no duration is given")
            )
        case "scaled":
            return _in_seconds(program, given)
        case "placeholders":
            return _placeholders(program, first) if first else unknown("no text is given")
        case "type":
            kinds = tuple(each.type for each in first or () if isinstance(each, Object))
            return kinds or unknown("the class of an object that is not known")
        case "instance":
            made = tuple(Object(each, use.site) for each in first or () if isinstance(each, Type))
            return made or unknown("an object of a class that is not known")
        case _:
            return unknown(f"value kind {model.kind}")


def _in_seconds(program: Program, given: list[Entities | None]) -> Entities:
    """A number of a unit, whose word is the last segment of its name."""
    number, unit = given[0] if given else None, given[1] if len(given) > 1 else None
    word = plain_word(worth.as_value(program, unit)) if unit else None
    if number is None or word not in SCALES:
        return unknown("a length of time whose unit is not known")
    return scaled(program, number, SCALES[word])


def _placeholders(program: Program, first: Entities) -> Entities:
    value = worth.as_value(program, first)
    return (Data(placeholders(value.value)),) if isinstance(value, Literal) and isinstance(value.value, str) else first


def _read(program: Program, kind: str, given: list[Entities | None]) -> Entities:
    name = worth.as_value(program, given[0]) if given and given[0] else Unknown("no name")
    default = worth.as_value(program, given[1]) if len(given) > 1 and given[1] else None
    if isinstance(default, Literal) and default.value is None:
        default = None
    names = [each for each in (name.options if isinstance(name, Choice) else (name,)) if isinstance(each, Literal)]
    if not names:
        opened = isinstance(name, Parameter)
        return (Data(name),) if opened else unknown("a variable whose name is not known")
    section = _section(program, given)
    made: list[Entity] = []
    for each in names:
        text = section + str(each.value)
        made.append(Data(EnvironmentRead(text, default) if kind == "environment" else ConfigRead(text, default)))
    return tuple(made)


def _section(program: Program, given: list[Entities | None]) -> str:
    """What stands before a key that lies in a section of the configuration."""
    held = given[2] if len(given) > 3 else None
    told = worth.as_value(program, held) if held else None
    between = worth.as_value(program, given[3]) if len(given) > 3 and given[3] else Literal(".")
    match told, between:
        case ConfigRead(key=key), Literal(value=str(gap)):
            return key + gap
        case Literal(value=str(key)), Literal(value=str(gap)):
            return key + gap
        case _:
            return ""


def _bound(program: Program, use: Use, given: list[Entities | None]) -> Entities:
    """An object of a class that is filled from a section; of any other type what the section says."""
    found = [Object(each, use.site) for each in given[0] or () if isinstance(each, Type)]
    section = given[1] if len(given) > 1 else None
    return tuple(found) or section or unknown("a section of the configuration")


def _lookup(program: Program, use: Use, given: list[Entities | None]) -> Entities:
    from commlint.resolve import items

    mapping, key = given[0], given[1] if len(given) > 1 else None
    if not mapping or not key:
        return unknown("a lookup without a mapping")
    wanted = worth.as_value(program, key)
    if isinstance(wanted, Choice) and all(isinstance(option, Literal) for option in wanted.options):
        each_of = [_lookup(program, use, [mapping, (Data(option),), *given[2:]]) for option in wanted.options]
        return tuple(entity for found in each_of for entity in found)
    found: list[Entity] = []
    for entity in mapping:
        if isinstance(entity, Written) and isinstance(entity.value, Mapping):
            found.extend(items.entry(program, entity.value.entries, entity.value.open, wanted, entity.scope))
        elif isinstance(entity, (Method, Made, External)) and isinstance(wanted, Literal):
            found.extend(_item(program, entity, wanted, use.scope))
        elif isinstance(entity, (Object, Type, Module)) and isinstance(wanted, Literal):
            found.extend(program.member(entity, str(wanted.value), use.scope.path))
    known = tuple(each for each in found if not is_unknown(each))
    default = given[2] if len(given) > 2 else None
    return known or default or tuple(found) or unknown("an entry of a mapping that is not known")


def _item(program: Program, entity: Entity, key: Literal, scope: Scope) -> Entities:
    """`container.get("key")` of a library object sees the same assignments as `container["key"]`."""
    from commlint.resolve import items, kept

    name = entity.name if isinstance(entity, (Method, External)) else getattr(entity, "type", "")
    assigned = items.assigned_to(program, name.rpartition(".")[2], key, scope)
    unset = all(is_unknown(each) for each in assigned)
    return (kept.told(program, name, str(key.value), scope.path) if unset else ()) or assigned


def _called(program: Program, use: Use, first: Entities | None) -> Entities:
    """The result of calling the function or class that was passed."""
    found: list[Entity] = []
    for entity in first or ():
        if isinstance(entity, Function):
            around = use.scope.frame
            inside = entity.path == around.path and entity.name.startswith(f"{around.function}.<")
            frame = Frame(entity.path, entity.name, None, entity.receiver, around if inside else None)
            given = program.run(entity, frame)
            found.extend(inner for each in given for inner in (each.of if isinstance(each, Many) else (each,)))
        elif isinstance(entity, Type):
            found.append(Object(entity))
        elif isinstance(entity, External):
            found.append(Made(entity.name))
    return tuple(found) or unknown("the result of something that is not known")


def _answered(program: Program, use: Use, first: Entities, asked: Entities) -> Entities:
    """What a method of what was passed gives back; what was passed itself where it has no such method in the tree."""
    name = worth.as_value(program, asked)
    found: list[Entity] = []
    for entity in first:
        methods: Entities = ()
        if isinstance(entity, Object) and isinstance(name, Literal):
            methods = program.member(entity, str(name.value), use.scope.path)
        own = tuple(each for each in methods if isinstance(each, Function))
        found.extend(_called(program, use, own) if own else (entity,))
    return tuple(found)


def _made_or_called(program: Program, use: Use, first: Entities | None) -> Entities:
    """What was passed itself, or the result of the function that makes it."""
    found: list[Entity] = []
    for entity in first or ():
        found.extend(_called(program, use, (entity,)) if isinstance(entity, Function) else (entity,))
    return tuple(found) or unknown("passes nothing through")
