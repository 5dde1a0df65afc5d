"""What a call runs in languages where methods and fields have names of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commlint.model.code import CallFacts
from commlint.model.values import Attribute, Literal, Reference
from commlint.resolve import members, own_object
from commlint.resolve.entities import Data, Entities, Entity, Function, Object, Scope, Type

if TYPE_CHECKING:
    from commlint.resolve.program import Program


def callee(program: Program, call: CallFacts, scope: Scope) -> Entities:
    """What a call calls: a method before a field of the same name."""
    if not program.language(scope.path).methods_apart:
        return program.evaluate(call.callee, scope)
    match call.callee:
        case Reference(name=name) if "." not in name:
            own = own_object.holder(program, name, scope)
            return _of(program, own, name, scope.path) if own is not None else program.evaluate(call.callee, scope)
        case Reference(name=name):
            holder, _, last = name.rpartition(".")
            return _of_each(program, program.evaluate(Reference(holder), scope), last, scope.path)
        case Attribute(of=of, name=last):
            return _of_each(program, program.evaluate(of, scope), last, scope.path)
        case other:
            return program.evaluate(other, scope)


def _of_each(program: Program, holders: Entities, name: str, path: str) -> Entities:
    worthy = [each for each in holders if each != Data(Literal(None))] or list(holders)
    return tuple(found for each in worthy for found in _of(program, each, name, path))


def _of(program: Program, holder: Entity, name: str, path: str) -> Entities:
    match holder:
        case Object():
            return program.remember(("method", holder, name), lambda: members.of_object(program, holder, name, True))
        case Type():
            return members.of_type_itself(program, holder, name, True)
        case Function():
            # A function handed over as an object of a type with one method: whatever that is called, it runs.
            return (holder,)
        case _:
            return program.member(holder, name, path)
