"""Types as values: type arguments of calls and bases, and the names of the types of objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from commlint.model.code import FunctionFacts
from commlint.model.values import Index, Literal, Parameter, Reference, Sequence, Unknown, Value
from commlint.resolve import scattered, types
from commlint.resolve.entities import (
    CallSite,
    Data,
    Entities,
    Entity,
    External,
    Frame,
    Function,
    Made,
    Object,
    Scope,
    Type,
    unknown,
)

if TYPE_CHECKING:
    from commlint.resolve.program import Program

MAX_BASES = 8


def written_arguments(annotation: Value | None) -> tuple[Value, ...]:
    """The type arguments of a written type."""
    if not isinstance(annotation, Index):
        return ()
    return annotation.key.items if isinstance(annotation.key, Sequence) else (annotation.key,)


def meant(program: Program, written: Value, scope: Scope) -> Entities:
    """What a written type is; a method or property of the class around it may be called like it."""
    found = program.evaluate(bare(written), scope)
    if any(isinstance(each, Function) for each in found):
        return program.evaluate(bare(written), Scope(Frame(scope.path), scope.line))
    return found


def of_base(program: Program, entry: Type, base: str) -> tuple[tuple[Entities, ...], ...]:
    """The type arguments that a class, or one it derives from, gives to the library type `base`, each time it does."""
    return tuple(dict.fromkeys(_given_to_base(program, entry, base, (), MAX_BASES)))


def _given_to_base(
    program: Program, entry: Type, base: str, given: tuple[Entities, ...], depth: int
) -> Iterator[tuple[Entities, ...]]:
    """The same of a class whose own open types are `given`."""
    for part in scattered.parts(program, entry) if depth else ():
        facts = program.file(part.path).types.get(part.name)
        if facts is None:
            continue
        scope = Scope(Frame(part.path), facts.extent.start_line, owner=part.name)
        told = {name: unknown("a type that is left open") for name in facts.type_parameters}
        told.update(zip(facts.type_parameters, given, strict=False))
        for written in facts.bases:
            arguments = tuple(_argument(program, each, scope, told) for each in written_arguments(written))
            for found in program.evaluate(bare(written), scope):
                named = types.of_as_many(program, found, written)
                if isinstance(named, External) and base in program.library(part.path).lineage(named.name):
                    yield arguments
                elif isinstance(named, Type):
                    yield from _given_to_base(program, named, base, arguments, depth - 1)


def _argument(program: Program, written: Value, scope: Scope, told: dict[str, Entities]) -> Entities:
    """A type argument of a base; what the class leaves open is as it was told."""
    if isinstance(written, Reference) and written.name in told:
        return told[written.name]
    return program.evaluate(bare(written), scope)


def bare(annotation: Value) -> Value:
    """A written type without its type arguments."""
    return annotation.of if isinstance(annotation, Index) else annotation


def names(entities: Entities | None) -> Entities | None:
    """The names of types, or of the types of objects; what a caller binds stays open."""
    if entities is None:
        return None
    return tuple(_name(entity) for entity in entities)


def object_names(program: Program, entities: Entities | None) -> Entities | None:
    """The names of the types of objects; what only says what an object can do is not its own type."""
    if entities is None:
        return None
    return names(tuple(_exact(program, entity) for entity in entities))


def paths(program: Program, entities: Entities | None) -> Entities | None:
    """The names of types, or of the types of objects, with their packages; texts stay."""
    if entities is None:
        return None
    return tuple(_path(program, _exact(program, entity)) for entity in entities)


def _path(program: Program, entity: Entity) -> Entity:
    match entity:
        case Type(path=path, name=name) | Object(type=Type(path=path, name=name)):
            package = program.file(path).code.module
            return Data(Literal(f"{package}.{name}" if package else name))
        case External(name=name):
            return Data(Literal(name))
        case Data(value=Literal(value=str())):
            return entity
        case _:
            return _name(entity)


def _exact(program: Program, entity: Entity) -> Entity:
    if isinstance(entity, Object) and program.language(entity.type.path).structural:
        facts = program.file(entity.type.path).types.get(entity.type.name)
        if facts is not None and facts.is_abstract:
            return Data(Unknown("an object whose type is not known"))
    return entity


def _name(entity: Entity) -> Entity:
    match entity:
        case Type(name=name) | Object(type=Type(name=name)):
            return Data(Literal(name.rpartition(".")[2]))
        case Made(type=name) if name.endswith("()"):
            return Data(Unknown("an object whose type is not known"))
        case External(name=name) | Made(type=name):
            return Data(Literal(name.rpartition(".")[2]))
        case Data(value=Parameter()):
            return entity
        case Data(value=Reference(name=name)):
            return Data(Literal(name.rpartition(".")[2]))
        case _:
            return Data(Unknown("an object whose type is not known"))


def given_to(program: Program, frame: Frame, facts: FunctionFacts, name: str) -> Entities:
    """The type that the call running a function gives to a type it leaves open, or implies by an argument."""
    opened: Entities = (Data(Parameter(f"{facts.name}.{name}")),)
    if frame.site is None:
        return opened
    written = program.call(frame.site).types
    place = facts.type_parameters.index(name)
    if place < len(written):
        return program.evaluate(bare(written[place]), program.site_scope(frame.site))
    for parameter in facts.parameters:
        if parameter.annotation == Reference(name):
            given = program.lookup(parameter.name, Scope(frame))
            kinds = tuple(each.type for each in given if isinstance(each, Object))
            return kinds or given
    return opened


def implied(program: Program, site: CallSite) -> Entities:
    """
    An object of the one class of the tree, or type of a library, that a call nobody describes names as type argument.

    What `Map<Order>(…)` or `Resolve<Clock>()` gives is told by convention.
    """
    written = program.call(site).types
    if len(written) != 1:
        return ()
    known = program.library(site.path).types
    found: list[Entity] = []
    for each in program.evaluate(bare(written[0]), program.site_scope(site)):
        match each:
            case Type():
                found.append(Object(each))
            case External(name=name) if name in known:
                found.append(Made(name))
            case _:
                continue
    return tuple(found)
