"""What calls give back, who calls a function, and what objects are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commlint.model.code import FunctionFacts, ParameterFacts
from commlint.model.values import Attribute, Parameter, Reference, Unknown
from commlint.resolve import arguments, given, types
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
    Object,
    Scope,
    Super,
    Type,
    unknown,
)

if TYPE_CHECKING:
    from commlint.resolve.program import Program

MAX_FRAMES = 6
MAX_RETURNS = 8
MAX_CANDIDATES = 400


def result(program: Program, site: CallSite) -> Entities:
    """What the call at `site` gives back, one answer for each thing it may call."""
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
                found.append(Object(entity, site))
            case Function():
                found.extend(_run(program, site, entity))
            case Object():
                called = types.method(program, entity.type, "__call__", entity)
                found.extend(_run(program, site, called) if called else unknown(f"{entity.type.name} is not callable"))
            case Data(value=Unknown() | Parameter()):
                found.append(entity)
            case _:
                found.extend(unknown("a call of something that is not known"))
    return tuple(found)


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
        return from_annotation or tuple(found) or unknown(f"{function.name} returns nothing")
    return tuple(found)


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
    skip = program.language(frame.path).receiver(facts) is not None
    return arguments.bind(program, frame.site, facts, parameter, skip)


def constructor_field(program: Program, entity: Object, name: str) -> Entities:
    """A field of a class without a constructor of its own (a data class), as given where the object was made."""
    if entity.site is None:
        return ()
    constructor = program.language(entity.type.path).constructor
    if types.method(program, entity.type, constructor) is not None:
        return ()
    given = arguments.of_site(program, entity.site)
    if name in given.keywords:
        value, scope = given.keywords[name]
        return program.evaluate(value, scope)
    order = _field_order(program, entity.type)
    if name in order:
        return given.at(program, order.index(name)) or ()
    return ()


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
    last = function.name.rpartition(".")[2]
    if facts.owner and last == program.language(function.path).constructor:
        made = makers(program, Type(function.path, facts.owner))
        return tuple((each.site.path, each.site.call) for each in made if each.site is not None)
    found = []
    for path, number in program.callers_by_name.get(last, ())[:MAX_CANDIDATES]:
        callee = program.file(path).code.calls[number].callee
        if facts.owner and isinstance(callee, Reference) and "." not in callee.name:
            continue
        entities = program.callee(path, number)
        if any(
            isinstance(each, Function) and each.path == function.path and each.name == function.name
            for each in entities
        ):
            found.append((path, number))
    return tuple(found)


def makers(program: Program, entry: Type) -> tuple[Object, ...]:
    """The objects of a class, or of one that derives from it, that calls of the tree make, by any caller."""
    found: list[Object] = []
    for candidate in (entry, *types.subclasses(program, entry)):
        for path, number in program.callers_by_name.get(candidate.name.rpartition(".")[2], ())[:MAX_CANDIDATES]:
            call = program.file(path).code.calls[number]
            if isinstance(call.callee, (Reference, Attribute)) and candidate in program.callee(path, number):
                found.append(Object(candidate, CallSite(path, number, program.open_frame(path, call.function))))
    return tuple(found)
