"""Which functions of the tree run when something arrives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from commlint.model.values import Literal, Mapping, Sequence
from commlint.resolve import overloads, scattered, typed, types
from commlint.resolve.entities import CallSite, Data, Entity, Function, Made, Object, Type, Written
from commlint.resolve.index import plain_name, unnumbered
from commlint.resolve.locators import locate
from commlint.resolve.program import Program
from commlint.resolve.use import Use


def entries(program: Program, use: Use) -> list[tuple[Function, str, str]]:
    """
    The handlers of a server or consumer use.

    Returns:
        (function, member name, what the model says of the member): the member is "" when the handler is a
        plain function.
    """
    handler = use.match.site.handler
    located = locate(program, use, handler.at if handler else "decorated")
    found: list[tuple[Function, str, str]] = []
    for entity in located or ():
        found.extend(_of_entity(program, use, entity))
    return found


def answering(program: Program, use: Use) -> Iterator[Use]:
    """
    A server use, once for each class that answers by it.

    A method that an interface or an abstract class maps is answered by the classes that derive from it; where the
    class declares calls to another service, nobody here answers.
    """
    function = use.decorated
    owner = program.function(function).owner if isinstance(function, Function) else ""
    if not isinstance(function, Function) or not owner:
        yield use
        return
    of = Type(function.path, owner)
    if program.decorators.is_client(of):
        return
    if not program.file(of.path).types[of.name].is_abstract:
        yield use
        return
    for each in types.subclasses(program, of):
        if not program.file(each.path).types[each.name].is_abstract and not program.decorators.is_client(each):
            method = types.method(program, each, plain_name(function.name), Object(each))
            if method is not None and not program.function(method).is_abstract:
                yield replace(use, decorated=replace(function, receiver=Object(each)))


def _of_entity(program: Program, use: Use, entity: Entity) -> Iterator[tuple[Function, str, str]]:
    handler = use.match.site.handler
    members = handler.members if handler else {}
    match entity:
        case Function():
            yield _written(program, entity), "", ""
        case Type() | Object():
            owner = entity if isinstance(entity, Type) else entity.type
            receiver = entity if isinstance(entity, Object) else Object(owner)
            for name, meaning in _members(program, owner, members):
                method = types.method(program, owner, name, receiver)
                if method is not None:
                    yield _of_turn(program, use, method), name, meaning
                elif name in _brought(program, owner):
                    yield Function(owner.path, f"{owner.name}.{name}", receiver), name, meaning
        case Written(value=Mapping(entries=entries), scope=scope):
            for key, value in entries:
                name = str(key.value) if isinstance(key, Literal) else ""
                if name in members or "*" in members:
                    for each in program.evaluate(value, scope):
                        if isinstance(each, Function):
                            yield each, name, members.get(name, members.get("*", ""))
        case Written(value=Sequence(items=items), scope=scope):
            for item in items:
                for each in program.evaluate(item, scope):
                    yield from _of_entity(program, use, each)
        case Made(type=of, site=CallSite() as site) if not program.library(site.path).describes(of):
            yield from _wrapped(program, use, site)
        case _:
            return


def _wrapped(program: Program, use: Use, site: CallSite) -> Iterator[tuple[Function, str, str]]:
    """The one function that code nobody described is given and makes a handler of, as middleware does."""
    scope = program.site_scope(site)
    given = [each for argument in program.call(site).arguments for each in program.evaluate(argument.value, scope)]
    found = [told for each in given if isinstance(each, (Function, Made)) for told in _of_entity(program, use, each)]
    if len(found) == 1:
        yield from found


def _written(program: Program, function: Function) -> Function:
    """The method that runs on the object of a function: its own, or that of the class which derives."""
    if not isinstance(function.receiver, Object):
        return function
    name = plain_name(function.name)
    own = types.method(program, function.receiver.type, name, function.receiver)
    return own if own is not None and (own.path, own.name) != (function.path, unnumbered(function.name)) else function


def _of_turn(program: Program, use: Use, method: Function) -> Function:
    """The method that handles what a class derives for: one of several of its name by the type it takes."""
    if use.match.site.form != "subclass" or not isinstance(use.decorated, Type):
        return method
    given = typed.of_base(program, use.decorated, use.match.name)
    if len(given) < 2:
        return method
    kinds = (each for told in given[use.turn] for each in typed.names(told) or ())
    texts = (each.value.value for each in kinds if isinstance(each, Data) and isinstance(each.value, Literal))
    return overloads.taking(program, method, frozenset(map(str, texts)))


def _members(program: Program, owner: Type, told: dict[str, str]) -> list[tuple[str, str]]:
    """The told members a class has; `*` is every other public method of the class itself."""
    named = [(name, meaning) for name, meaning in told.items() if name != "*"]
    if "*" not in told:
        return named
    return [*named, *((name, told["*"]) for name in _public_methods(program, owner) if name not in told)]


def _brought(program: Program, owner: Type) -> tuple[str, ...]:
    """The members a class has from its library base without writing them."""
    library = program.library(owner.path)
    return tuple(
        name for base in types.external_bases(program, owner) for each in library.lineage(base)
        if each in library.types for name in library.types[each].brings
    )  # fmt: skip


def _public_methods(program: Program, owner: Type) -> list[str]:
    """The methods of a class that anybody may call; one that takes nothing is handed no request."""
    rules = program.language(owner.path)
    return [
        name
        for part in scattered.parts(program, owner)
        for function in program.file(part.path).code.functions
        if function.owner == owner.name and "#" not in function.name
        if rules.is_public(name := function.name.rpartition(".")[2]) and name != rules.constructor
        if not rules.structural or len(function.parameters) > 1
    ]
