"""Which functions of the tree run when something arrives."""

from __future__ import annotations

from collections.abc import Iterator

from commlint.model.values import Literal, Mapping, Sequence
from commlint.resolve import scattered, types
from commlint.resolve.entities import Entity, Function, Object, Type, Written
from commlint.resolve.locators import Use, locate
from commlint.resolve.program import Program


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


def _of_entity(program: Program, use: Use, entity: Entity) -> Iterator[tuple[Function, str, str]]:
    handler = use.match.site.handler
    members = handler.members if handler else {}
    match entity:
        case Function():
            yield entity, "", ""
        case Type() | Object():
            owner = entity if isinstance(entity, Type) else entity.type
            receiver = entity if isinstance(entity, Object) else Object(owner)
            for name, meaning in _members(program, owner, members):
                method = types.method(program, owner, name, receiver)
                if method is not None:
                    yield method, name, meaning
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
        case _:
            return


def _members(program: Program, owner: Type, told: dict[str, str]) -> list[tuple[str, str]]:
    """The told members a class has; `*` is every public method of the class itself."""
    if "*" not in told:
        return list(told.items())
    return [(name, told["*"]) for name in _public_methods(program, owner)]


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
        if rules.is_public(name := function.name.rpartition(".")[2])
        if not rules.structural or len(function.parameters) > 1
    ]
