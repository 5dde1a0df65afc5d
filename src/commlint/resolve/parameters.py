"""What a parameter is bound to: its argument, what a framework hands over, what its annotation tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commlint.model.code import FunctionFacts, ParameterFacts
from commlint.model.values import (
    Mapping,
    Parameter,
    Reference,
    Sequence,
)
from commlint.resolve import annotated, blocks, calls, scattered
from commlint.resolve.entities import (
    MODULE,
    Data,
    Entities,
    Entity,
    Frame,
    Function,
    Made,
    Object,
    Scope,
    Type,
    Written,
    is_undescribed,
)
from commlint.resolve.index import FileIndex, plain_name

if TYPE_CHECKING:
    from commlint.resolve.program import Program


def parameter_value(program: Program, index: FileIndex, frame: Frame, parameter: ParameterFacts) -> Entities:
    """
    What a parameter is bound to in a frame.

    With the call known: its argument, else the default. With any caller: the receiver, the objects its
    annotation tells, the default, and always the open parameter itself, so that callers are asked.
    """
    facts = index.functions[frame.function]
    rules = program.language(index.path)
    if rules.extending and parameter.name == rules.receiver(facts):
        if frame.receiver is not None and not isinstance(frame.receiver, Type):
            return (frame.receiver,)
    elif facts.owner and parameter.name == rules.receiver(facts):
        return (frame.receiver or _own_object(program, scattered.home(program, index.path, facts.owner), facts),)
    scope = Scope(Frame(index.path, frame.function.rpartition(".")[0] if not facts.owner else MODULE))
    if frame.site is not None:
        bound = calls.bound_argument(program, frame, facts, parameter)
        if bound and all(is_undescribed(each) for each in bound):
            return annotated.objects(program, parameter.annotation, scope) or bound
        if bound:
            return bound
        if parameter.default is not None:
            return program.evaluate(parameter.default, scope)
    put_in = annotated.values(program, parameter.decorators, scope)
    if put_in:
        return put_in
    handed = _handed_over(program, index, facts, parameter)
    if handed is not None:
        return (handed,)
    block = blocks.handed(program, index, frame, facts, parameter)
    if block:
        return block
    promised = annotated.objects(program, parameter.annotation, scope)
    asked = annotated.made_by(program, parameter.decorators, scope, promised)
    if facts.owner and rules.constructor and frame.site is None:
        asked = program.container.given(asked, index.path, parameter.name, parameter.decorators)
        asked = program.provided.given(asked, index.path, facts.owner)
        if any(isinstance(each, Object) for each in asked) and _made_by_container(program, index, facts):
            return asked
    elif program.provided.hands_out and frame.site is None and _only_handed_over(program, index, facts):
        given = program.provided.given(asked, index.path, "")
        if given != asked:
            return given
    found: list[Entity] = list(asked)
    if parameter.default is not None:
        given = program.evaluate(parameter.default, scope)
        if any(isinstance(each, (Made, Object)) for each in given):
            return given
        found.extend(given)
    if parameter.form == "variadic" and frame.site is None:
        found.append(Written(Sequence((), open=True), scope))
    elif parameter.form == "options" and frame.site is None:
        found.append(Written(Mapping((), open=True), scope))
    if found and _only_contained(program, index, facts, frame):
        return tuple(found)
    found.append(Data(Parameter(f"{frame.function}.{parameter.name}")))
    return tuple(found)


def _only_handed_over(program: Program, index: FileIndex, facts: FunctionFacts) -> bool:
    """Whether no code calls a function, so that it runs only where a container it is given to calls it."""
    return not facts.owner and not program.callers(Function(index.path, facts.name))


def _only_contained(program: Program, index: FileIndex, facts: FunctionFacts, frame: Frame) -> bool:
    """Whether it is the constructor of a class whose objects only a container makes: no caller can tell more."""
    rules = program.language(index.path)
    if not rules.extending or frame.site is not None or plain_name(facts.name) != rules.constructor:
        return False
    return not program.makers(Type(index.path, facts.owner))


def _own_object(program: Program, owner: Type, facts: FunctionFacts) -> Entity:
    """The object a method runs on when its caller is not known: the only one of its class that is ever made."""
    if any(isinstance(each, Reference) and each.name == "classmethod" for each in facts.decorators):
        return owner
    made = program.makers(owner)
    return made[0] if len(made) == 1 else Object(owner)


def _made_by_container(program: Program, index: FileIndex, facts: FunctionFacts) -> bool:
    """Whether no code makes the object whose constructor this is, in a language where containers make objects."""
    rules = program.language(index.path)
    if not rules.home(index.path, index.code.module) or plain_name(facts.name) != rules.constructor:
        return False
    return not program.callers(Function(index.path, facts.name))


def _handed_over(program: Program, index: FileIndex, facts: FunctionFacts, parameter: ParameterFacts) -> Made | None:
    """The library object a framework hands to a handler at this position."""
    told = program.handler_parameters(index.path, facts.name)
    if not told:
        return None
    own = program.language(index.path).receiver(facts)
    names = [entry.name for entry in facts.parameters if entry.name != own]
    position = names.index(parameter.name)
    if told[0] == "*":
        told, position = told[1:], position - (len(names) - len(told[1:]))
    if not 0 <= position < len(told) or not told[position]:
        return None
    return Made(told[position], program.handed_result(index.path, facts.name))
