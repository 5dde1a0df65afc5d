"""Types as values: type arguments of calls and bases, and the names of the types of objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commlint.model.code import FunctionFacts
from commlint.model.values import Index, Literal, Parameter, Reference, Sequence, Unknown, Value
from commlint.resolve import types
from commlint.resolve.entities import CallSite, Data, Entities, Entity, External, Frame, Made, Object, Scope, Type

if TYPE_CHECKING:
    from commlint.resolve.program import Program


def written_arguments(annotation: Value | None) -> tuple[Value, ...]:
    """The type arguments of a written type."""
    if not isinstance(annotation, Index):
        return ()
    return annotation.key.items if isinstance(annotation.key, Sequence) else (annotation.key,)


def of_base(program: Program, entry: Type, base: str, position: int) -> Entities | None:
    """The type argument that a class, or one it derives from, gives to the library type `base`."""
    for each in types.lineage(program, entry):
        facts = program.file(each.path).types.get(each.name) if isinstance(each, Type) else None
        if facts is None or not isinstance(each, Type):
            continue
        scope = Scope(Frame(each.path), facts.extent.start_line, owner=each.name)
        for written in facts.bases:
            arguments = written_arguments(written)
            if position < len(arguments) and isinstance(written, Index):
                for named in program.evaluate(written.of, scope):
                    if isinstance(named, External) and base in program.library(each.path).lineage(named.name):
                        return program.evaluate(bare(arguments[position]), scope)
    return None


def bare(annotation: Value) -> Value:
    """A written type without its type arguments."""
    return annotation.of if isinstance(annotation, Index) else annotation


def names(entities: Entities | None) -> Entities | None:
    """The names of types, or of the types of objects; what a caller binds stays open."""
    if entities is None:
        return None
    return tuple(_name(entity) for entity in entities)


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
    An object of the one class of the tree that a call nobody describes names as its type argument.

    What `Map<Order>(…)` or `Resolve<Clock>()` gives is told by convention.
    """
    written = program.call(site).types
    if len(written) != 1:
        return ()
    found = program.evaluate(bare(written[0]), program.site_scope(site))
    return tuple(Object(each) for each in found if isinstance(each, Type))
