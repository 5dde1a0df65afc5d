"""Functions without a name whose body runs on an object, or is handed one: `consumer.apply { subscribe(topics) }`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from commlint.model.code import FunctionFacts, ParameterFacts
from commlint.model.values import Attribute, Reference, Value
from commlint.resolve import types
from commlint.resolve.entities import CallSite, Entities, Entity, Frame, Function, Made, Object, Scope, Type
from commlint.resolve.index import NAMELESS, FileIndex, call_names

if TYPE_CHECKING:
    from commlint.resolve.program import Program


def named(program: Program, wanted: str, scope: Scope) -> Entities:
    """A plain name as a member of an object that a block around the place runs on, of the innermost that has it."""
    if not program.language(scope.path).runs_on or NAMELESS not in scope.frame.function or "." in wanted:
        return ()
    for entity in _around(program, scope):
        if _has(program, entity, wanted, scope.path):
            return program.member(entity, wanted, scope.path)
    return ()


def handed(program: Program, index: FileIndex, frame: Frame, facts: FunctionFacts, wanted: ParameterFacts) -> Entities:
    """What the one parameter of a block is: the object that the function which runs it is called on."""
    rules = program.language(index.path)
    number = index.given_to.get(_last(facts.name)) if rules.hands_over and facts.parameters == (wanted,) else None
    if number is None or call_names(index.code.calls[number]) not in rules.hands_over:
        return ()
    return _holder(program, index, number, frame)


def result(program: Program, site: CallSite) -> Entities:
    """What a call gives back that gives what its block does; () for any other call."""
    rules = program.language(site.path)
    call = program.call(site)
    if call_names(call) not in rules.gives_block or not call.arguments:
        return ()
    name = getattr(call.arguments[-1].value, "name", "")
    index = program.file(site.path)
    function = next((each for each in index.functions if _last(each) == name), "") if _is_block(name) else ""
    if not function:
        return ()
    return program.run(Function(site.path, function), Frame(site.path, function, None, None, site.frame))


def _around(program: Program, scope: Scope) -> Iterator[Entity]:
    """The objects that the blocks around a place run on, the innermost first."""
    index, frame = program.file(scope.path), scope.frame
    for function in (frame.function, *index.enclosing(frame.function)):
        if not _is_block(_last(function)) or function not in index.functions:
            continue
        own = frame if function == frame.function else frame.around(function)
        told = program.handler_parameters(scope.path, function)
        if told and told[0] and all(each.name == "it" for each in index.functions[function].parameters):
            yield Made(told[0], program.handed_result(scope.path, function))
        number = index.given_to.get(_last(function))
        place = (
            program.language(scope.path).runs_on.get(call_names(index.code.calls[number]))
            if number is not None
            else None
        )
        if number is None or place is None:
            continue
        if place < 0:
            yield from _holder(program, index, number, own)
        elif place < len(index.code.calls[number].arguments):
            around = _scope_of(program, index, number, own)
            yield from program.evaluate(index.code.calls[number].arguments[place].value, around)


def _holder(program: Program, index: FileIndex, number: int, frame: Frame) -> Entities:
    """What the call that is given a block is called on."""
    callee = index.code.calls[number].callee
    of: Value | None = callee.of if isinstance(callee, Attribute) else None
    if isinstance(callee, Reference) and "." in callee.name:
        of = Reference(callee.name.rpartition(".")[0])
    return program.evaluate(of, _scope_of(program, index, number, frame)) if of is not None else ()


def _scope_of(program: Program, index: FileIndex, number: int, frame: Frame) -> Scope:
    """The place of a call that is given the block which a frame runs."""
    around = index.code.calls[number].function
    return program.scope_of(index.path, number, frame.around(around) if around else Frame(index.path))


def _has(program: Program, entity: Entity, wanted: str, path: str) -> bool:
    library = program.library(path)
    match entity:
        case Made(type=kind):
            return bool(library.sites(library.canonical(f"{kind}.{wanted}")) or library.attribute_type(kind, wanted))
        case Object(type=kind):
            files = program.files
            return any(
                isinstance(each, Type)
                and (
                    f"{each.name}.{wanted}" in files[each.path].functions
                    or wanted in files[each.path].fields.get(each.name, ())
                )
                for each in types.lineage(program, kind)
            )
        case _:
            return False


def _is_block(name: str) -> bool:
    return name.startswith(NAMELESS)


def _last(name: str) -> str:
    return name[name.rfind(NAMELESS) :] if NAMELESS in name else ""
