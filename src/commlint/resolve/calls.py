"""What calls give back, who calls a function, and what objects are made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from commlint.model.code import Argument, FunctionFacts, ParameterFacts
from commlint.model.values import (
    Attribute,
    Index,
    Literal,
    Parameter,
    Reference,
    Sequence,
    Unknown,
    Value,
)
from commlint.resolve import arguments, blocks, given, overloads, typed, types, worth
from commlint.resolve.entities import (
    Accessor,
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
    Object,
    Scope,
    Several,
    Super,
    Type,
    is_unknown,
    unknown,
)
from commlint.resolve.index import plain_name

if TYPE_CHECKING:
    from commlint.resolve.program import Program

MAX_FRAMES = 6
MAX_RETURNS = 8
MAX_MAKERS = 6
MAX_CONSTRUCTORS = 3
MAX_CANDIDATES = 400


def result(program: Program, site: CallSite) -> Entities:
    """What the call at `site` gives back, one answer for each thing it may call."""
    given_back = blocks.result(program, site)
    if given_back:
        return given_back
    found: list[Entity] = []
    for entity in program.callee(site.path, site.call, site.frame):
        match entity:
            case External(name="builtins.super"):
                found.extend(_super(program, site))
            case External(name=name):
                found.extend(given.result(program, site, name, _owner(program, site, name)))
            case Method(name=name, receiver=receiver):
                found.extend(given.result(program, site, name, receiver))
            case Made(type=name) if program.library(site.path).sites(f"{name}.__call__"):
                found.extend(given.result(program, site, f"{name}.__call__", entity))
            case Type():
                found.extend(_converted(program, site, entity) or (Object(entity, site),))
            case Accessor(of=of, field=field):
                found.extend(program.member(of, field, site.path))
            case Function():
                found.extend(_run(program, site, entity))
            case Object():
                called = types.method(program, entity.type, "__call__", entity)
                found.extend(_run(program, site, called) if called else unknown(f"{entity.type.name} is not callable"))
            case Data(value=Unknown() | Parameter()):
                found.extend(typed.implied(program, site) or (entity,))
            case _:
                found.extend(typed.implied(program, site) or unknown("a call of something that is not known"))
    return tuple(found)


def _converted(program: Program, site: CallSite, entry: Type) -> Entities:
    """The argument, when the type called is a plain one under another name: `Topic("orders")`."""
    index = program.file(entry.path)
    match program.call(site).arguments:
        case (Argument(name=None, spread="", value=value),) if entry.name not in index.fields:
            around = types.lineage(program, entry)[1:]
            plain = around and all(isinstance(each, External) and each.name.startswith("builtins.") for each in around)
            return program.evaluate(value, program.site_scope(site)) if plain else ()
        case _:
            return ()


def _owner(program: Program, site: CallSite, name: str) -> External | None:
    """The object a method is called on that stands in a library's module: `flask.current_app.config`."""
    owner = name.rpartition(".")[0]
    return External(owner) if owner in program.library(site.path).types else None


def _run(program: Program, site: CallSite, function: Function) -> Entities:
    if site.frame.depth >= MAX_FRAMES:
        return unknown("calls nest too deep")
    return program.run(function, Frame(function.path, function.name, site, function.receiver))


def _super(program: Program, site: CallSite) -> Entities:
    scope = program.file(site.path).owner_of(site.frame.function)
    if scope is None:
        return unknown("super() outside a method")
    owner = Type(site.path, scope.type)
    receiver = site.frame.receiver
    return (Super(receiver if isinstance(receiver, Object) else Object(owner), owner),)


def returned(program: Program, function: Function, frame: Frame) -> Entities:
    """What a function returns in `frame`; a generator gives what it yields, one by one."""
    index = program.file(function.path)
    facts = index.functions[function.name]
    if (
        isinstance(facts.returns, Sequence)
        and not facts.returns.open
        and program.language(function.path).several_results
    ):
        return (_several(program, function, frame, facts.returns.items),)
    found: list[Entity] = []
    yielded: list[Entity] = []
    for entry in index.returns.get(function.name, ())[:MAX_RETURNS]:
        if entry.value is None:
            continue
        given = program.evaluate(entry.value, Scope(frame, entry.extent.start_line, entry.block))
        (yielded if entry.kind == "yield" else found).extend(given)
    if facts.is_generator:
        return (Many(tuple(dict.fromkeys(yielded))),)
    known = [each for each in found if not (isinstance(each, Data) and isinstance(each.value, Unknown))]
    if not known:
        from_annotation = program.annotated(facts.returns, Scope(Frame(function.path)))
        if frame.site is not None and any(use.match.is_maker for use in program.decorators.of(function)):
            return tuple(replace(each, site=frame.site) if isinstance(each, Made) else each for each in from_annotation)
        return from_annotation or tuple(found) or unknown(f"{function.name} returns nothing")
    return worth.or_else(tuple(dict.fromkeys(found)))


def _several(program: Program, function: Function, frame: Frame, types: tuple[Value, ...]) -> Several:
    """The results of a function by their places, each known by its values or else by its type."""
    exits = program.file(function.path).returns.get(function.name, ())[:MAX_RETURNS]
    places: list[Entities] = []
    for place, annotation in enumerate(types):
        found: list[Entity] = []
        for entry in exits:
            scope = Scope(frame, entry.extent.start_line, entry.block)
            if isinstance(entry.value, Sequence) and place < len(entry.value.items):
                found.extend(program.evaluate(entry.value.items[place], scope))
            elif entry.value is not None:
                given = program.evaluate(entry.value, scope)
                found.extend(one for each in given for one in _at(each, place))
        known = tuple(dict.fromkeys(each for each in found if not is_unknown(each) and each != Data(Literal(None))))
        typed = () if known else program.annotated(annotation, Scope(Frame(function.path)))
        places.append(known or typed or tuple(found) or unknown(f"{function.name} returns nothing"))
    return Several(tuple(places))


def _at(entity: Entity, place: int) -> Entities:
    """The result at a place of a call that is handed on as a whole."""
    if isinstance(entity, Several):
        return entity.of[place] if place < len(entity.of) else ()
    return (entity,) if place == 0 else ()


def method_result(program: Program, entity: Object, name: str, path: str) -> Entities:
    """What a method without arguments gives on an object of the tree."""
    found: list[Entity] = []
    for each in program.member(entity, name, path):
        if isinstance(each, Function):
            given = program.run(each, Frame(each.path, each.name, None, entity))
            found.extend(inner for one in given for inner in (one.of if isinstance(one, Many) else (one,)))
    return tuple(found)


# -- binding -------------------------------------------------------------------------------------------


def bound_argument(program: Program, frame: Frame, facts: FunctionFacts, parameter: ParameterFacts) -> Entities:
    """What the call that runs `frame` gives to a parameter; empty when it leaves it to the default."""
    assert frame.site is not None
    rules = program.language(frame.path)
    skip = rules.receiver(facts) is not None and not (rules.extending and isinstance(frame.receiver, Type))
    return arguments.bind(program, frame.site, facts, parameter, skip)


def constructor_field(program: Program, entity: Object, name: str) -> Entities:
    """A field of a class without a constructor of its own (a data class), as given where the object was made."""
    rules = program.language(entity.type.path)
    written = types.method(program, entity.type, rules.constructor)
    if written is not None:
        return _set_where_made(program, entity, name, written)
    if not rules.listed_fields:
        return ()
    if entity.site is None:
        return _field_of_any(program, entity, name)
    given = arguments.of_site(program, entity.site)
    if name in given.keywords:
        value, scope = given.keywords[name]
        return program.evaluate(value, scope)
    order = _field_order(program, entity.type)
    if name in order:
        return given.at(program, order.index(name)) or ()
    return ()


def _set_where_made(program: Program, entity: Object, name: str, constructor: Function) -> Entities:
    """A member that is set beside the arguments of the constructor: `new Client(a) { Timeout = t }`."""
    if entity.site is None or any(each.name == name for each in program.function(constructor).parameters):
        return ()
    given = arguments.of_site(program, entity.site).keywords.get(name)
    return program.evaluate(*given) if given is not None else ()


def _field_of_any(program: Program, entity: Object, name: str) -> Entities:
    """A field as the calls that make objects of the type give it; nothing when one of them is not understood."""
    made = program.makers(entity.type)
    if not made or len(made) > MAX_MAKERS:
        return ()
    each_given = [constructor_field(program, one, name) for one in made if one.site is not None]
    return tuple(dict.fromkeys(found for given in each_given for found in given if not is_unknown(found)))


def _field_order(program: Program, entry: Type) -> list[str]:
    names: list[str] = []
    for each in reversed(types.lineage(program, entry)):
        if isinstance(each, Type):
            fields = program.file(each.path).fields.get(each.name, {})
            names.extend(name for name, told in fields.items() if told[0].annotation is not None and name not in names)
    return names


# -- callers -------------------------------------------------------------------------------------------


def callers(program: Program, function: Function) -> tuple[tuple[str, int], ...]:
    """The calls of the tree that may run `function`, in order of file and place."""
    facts = program.function(function)
    last = plain_name(function.name)
    if facts.owner and last == program.language(function.path).constructor:
        made = makers(program, Type(function.path, facts.owner))
        return tuple(
            (each.site.path, each.site.call)
            for each in made
            if each.site is not None and overloads.constructor(program, function, each.site).name == function.name
        )
    found = []
    for path, number in candidates(program, function.path, function.name):
        callee = program.file(path).code.calls[number].callee
        is_plain = isinstance(callee, Reference) and "." not in callee.name
        if facts.owner and is_plain and not program.language(path).implicit_receiver:
            continue
        entities = program.callee(path, number)
        if any(
            isinstance(each, Function) and each.path == function.path and each.name == function.name
            for each in entities
        ):
            found.append((path, number))
    return tuple(found)


def candidates(program: Program, path: str, name: str) -> tuple[tuple[str, int], ...]:
    """The calls that may be of what a file defines as `name`: by that name or any other it has in its file."""
    names = (plain_name(name), *program.file(path).other_names.get(name, ()))
    found = [each for one in dict.fromkeys(names) for each in program.callers_by_name.get(one, ())[:MAX_CANDIDATES]]
    return tuple(dict.fromkeys(found)) if len(names) > 1 else tuple(found)


def makers(program: Program, entry: Type) -> tuple[Object, ...]:
    """The objects of a class, or of one that derives from it, that calls of the tree make, by any caller."""
    found: list[Object] = []
    for candidate in (entry, *types.parts(program, entry), *types.subclasses(program, entry)):
        for path, number in candidates(program, candidate.path, candidate.name):
            call = program.file(path).code.calls[number]
            called = call.callee.of if isinstance(call.callee, Index) else call.callee
            if isinstance(called, (Reference, Attribute)) and candidate in program.callee(path, number):
                frames = _made_by(program, program.open_frame(path, call.function))
                found.extend(Object(candidate, CallSite(path, number, frame)) for frame in frames)
    return tuple(found)


def _made_by(program: Program, frame: Frame, depth: int = 0) -> list[Frame]:
    """The frames of a function that makes objects: once for each call of it, where a language has no constructors."""
    index = program.file(frame.path)
    facts = index.functions.get(frame.function)
    if program.language(frame.path).constructor or facts is None or facts.owner or not facts.parameters:
        return [frame]
    called = program.callers(Function(frame.path, frame.function)) if "." not in frame.function else ()
    if not called or len(called) > MAX_MAKERS or depth == MAX_CONSTRUCTORS:
        return [frame]
    found: list[Frame] = []
    for path, number in called:
        outer = program.open_frame(path, program.file(path).code.calls[number].function)
        above = _made_by(program, outer, depth + 1)
        found.extend(Frame(frame.path, frame.function, CallSite(path, number, each)) for each in above)
    return found[:MAX_MAKERS]
