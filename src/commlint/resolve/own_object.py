"""The object a method runs on where it is no parameter: by its word, and as what plain names belong to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from commlint.model.values import Reference
from commlint.resolve import members, types
from commlint.resolve.entities import Entities, External, Object, Scope, Super, Type

if TYPE_CHECKING:
    from commlint.resolve.program import Program


def named(program: Program, wanted: str, scope: Scope) -> Entities:
    """The own object or its bases by their words, or a member that a type of the tree gives it, by its plain name."""
    rules = program.language(scope.path)
    if not rules.own_object:
        return ()
    owner = _owner(program, scope)
    if owner is None:
        return _of_mapping(program, scope) if wanted == rules.own_object else ()
    if wanted == rules.own_object:
        return (_object(program, scope, owner),)
    if wanted == rules.base_object:
        own = _object(program, scope, owner)
        return (Super(own if isinstance(own, Object) else Object(owner), owner),)
    if not rules.implicit_receiver or "." in wanted:
        return ()
    around = _around_with(program, scope, owner, lambda each: _defines(program, each, wanted))
    return program.member(around, wanted, scope.path) if around is not None else ()


def holder(program: Program, wanted: str, scope: Scope) -> Object | Type | None:
    """The own object, or the class around, that has a method called `wanted`; None when none has."""
    owner = _owner(program, scope) if program.language(scope.path).implicit_receiver else None
    if owner is None:
        return None
    files = program.files
    return _around_with(program, scope, owner, lambda each: f"{each.name}.{wanted}" in files[each.path].functions)


def _around_with(program: Program, scope: Scope, owner: Type, has: Callable[[Type], bool]) -> Object | Type | None:
    """The own object, or the nearest class around its class, one of whose bases in the tree has something."""
    around: Type | None = owner
    while around is not None:
        if any(isinstance(each, Type) and has(each) for each in types.lineage(program, around)):
            return _object(program, scope, owner) if around == owner else around
        around = _around(program, around)
    return None


def _of_mapping(program: Program, scope: Scope) -> Entities:
    """The mapping whose entry the function is that runs, or one around it."""
    frame = scope.frame
    for outer in (frame.function, *program.file(scope.path).enclosing(frame.function)):
        frame = frame if outer == frame.function else frame.around(outer)
        if frame.receiver is not None:
            return (frame.receiver,)
    return ()


def inherited(program: Program, wanted: str, scope: Scope) -> Entities:
    """A plain name as a member of the library type that the own object derives from, when its models know it."""
    rules = program.language(scope.path)
    owner = _owner(program, scope) if rules.implicit_receiver and "." not in wanted else None
    if owner is None:
        return ()
    library = program.library(scope.path)
    for each in types.lineage(program, owner):
        if isinstance(each, External) and (
            library.sites(f"{each.name}.{wanted}") or library.attribute_type(each.name, wanted)
        ):
            return members.of_library_type(program, _object(program, scope, owner), each.name, wanted, scope.path)
    return ()


def _owner(program: Program, scope: Scope) -> Type | None:
    """The class whose object the code of a scope runs on."""
    if scope.owner:
        return Type(scope.path, scope.owner)
    method = program.file(scope.path).owner_of(scope.frame.function) if scope.frame.function else None
    return Type(scope.path, method.type) if method is not None else None


def _object(program: Program, scope: Scope, owner: Type) -> Object | Type:
    """The object itself: that of the frame when known, else the only one of its class that is ever made."""
    frame = scope.frame
    method = program.file(scope.path).owner_of(frame.function) if frame.function else None
    if method is not None and frame.function != method.function:
        frame = frame.around(method.function)
    if isinstance(frame.receiver, (Object, Type)):
        return frame.receiver
    facts = program.file(scope.path).functions.get(method.function) if method is not None else None
    if facts is not None and Reference("static") in facts.decorators:
        return owner
    made = program.makers(owner)
    return made[0] if len(made) == 1 else Object(owner)


def _around(program: Program, entry: Type) -> Type | None:
    """The class a class is nested in."""
    outer = entry.name.rpartition(".")[0]
    known = program.file(entry.path).types
    while outer and outer not in known:
        outer = outer.rpartition(".")[0]
    return Type(entry.path, outer) if outer else None


def _defines(program: Program, entry: Type, wanted: str) -> bool:
    index = program.file(entry.path)
    qualified = f"{entry.name}.{wanted}"
    return (
        qualified in index.functions
        or qualified in index.types
        or wanted in index.fields.get(entry.name, ())
        or wanted in index.attributes.get(entry.name, ())
    )
