"""The objects that a type written beside a name promises."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from commlint.model.values import (
    Attribute,
    CallResult,
    Choice,
    Index,
    Mapping,
    Reference,
    Sequence,
    Value,
)
from commlint.resolve import typed, types
from commlint.resolve.entities import (
    MODULE,
    CallSite,
    Data,
    Entities,
    Entity,
    External,
    Frame,
    Made,
    Many,
    Object,
    Scope,
    Type,
    is_unknown,
)

if TYPE_CHECKING:
    from commlint.resolve.program import Program

MAX_ALIASES = 60


def objects(program: Program, annotation: Value | None, scope: Scope) -> Entities:
    """Objects of the types an annotation names; nothing for plain data types and what is not known."""
    if annotation is None:
        return ()
    found: list[Entity] = []
    for option in types.annotation_options(annotation):
        told = alias(program, option, scope)
        if told is not None:
            found.extend(objects(program, *told))
        elif isinstance(option, (Reference, Attribute)):
            for entity in program.evaluate(option, scope):
                if isinstance(entity, External) and _is_type(program, entity.name, scope.path):
                    found.append(Made(entity.name))
                elif isinstance(entity, Type):
                    found.append(Object(entity))
        elif isinstance(option, Index):
            found.extend(_subscripted(program, option, scope))
        elif isinstance(option, (Sequence, Mapping)) and option.open:
            # A list or map type, written with the type of its elements.
            of = option.items[0] if isinstance(option, Sequence) else option.entries[0][1]
            each = objects(program, of, scope)
            found.extend((Many(each),) if each else ())
    return tuple(found)


def _is_type(program: Program, name: str, path: str) -> bool:
    """Whether a name outside the tree may be a type that matters: one that is brought in, or a generated one."""
    return not name.startswith("builtins.") or program.library(path).is_generated(name)


def alias(program: Program, option: Value, scope: Scope) -> tuple[Value, Scope] | None:
    """What a name stands for that was given to a type written out: `Inventory = Annotated[Client, Depends(f)]`."""
    if not isinstance(option, Reference) or "." in option.name:
        return None
    path, name = scope.path, option.name
    for _ in range(MAX_ALIASES):
        index = program.file(path)
        assigned = index.assignments.get((MODULE, name), [])
        if assigned:
            value, line = assigned[-1].value, assigned[-1].extent.start_line
            return (value, Scope(Frame(path), line)) if isinstance(value, (Index, Choice)) else None
        imports = index.imports.get((MODULE, name), [])
        file, member = program.imported(path, imports[0]) if imports else (None, "")
        if file is None or not member or file == path:
            return None
        path, name = file, member
    return None


def _subscripted(program: Program, option: Index, scope: Scope) -> Entities:
    """`Annotated[T, Depends(f)]` is what the marker gives, else a T; other subscripts are of the outer type."""
    of = program.evaluate(option.of, scope)
    if isinstance(option.key, Sequence) and any(
        isinstance(entity, External) and entity.name.endswith("Annotated") for entity in of
    ):
        for marker in option.key.items[1:]:
            given = program.evaluate(marker, scope)
            if any(isinstance(entity, (Made, Object, Data)) and not is_unknown(entity) for entity in given):
                return tuple(e for e in given if not is_unknown(e)) + objects(program, option.key.items[0], scope)
        return objects(program, option.key.items[0], scope)
    kinds = tuple(
        each for written in typed.written_arguments(option) for each in program.evaluate(typed.bare(written), scope)
        if isinstance(each, Type)
    )  # fmt: skip
    outside = [each for each in of if isinstance(each, External) and "." in each.name]
    own = [Object(each) for each in of if isinstance(each, Type)]
    return (*(Made(entity.name, None, kinds) for entity in outside), *own)


def values(program: Program, decorators: tuple[Value, ...], scope: Scope) -> Entities:
    """The value that an annotation puts into a field or parameter: `@Value("${stock.url}") String url`."""
    given = (each for decorator in decorators for each in program.evaluate(decorator, scope))
    return tuple(each for each in given if isinstance(each, Data) and not is_unknown(each))


def made_by(program: Program, decorators: tuple[Value, ...], scope: Scope, objects: Entities) -> Entities:
    """
    Library objects, made by the annotation in the role of a factory that stands beside: `@Channel("a") Emitter`.

    What a container hands out by a token takes the place of objects that are none of a library.
    """
    handed = program.tokens.given(decorators, scope, objects)
    if handed:
        return handed
    for decorator in decorators:
        if not isinstance(decorator, CallResult):
            continue
        site = CallSite(scope.path, decorator.call, scope.frame)
        callees = program.evaluate(program.call(site).callee, scope)
        names = (each.name for each in callees if isinstance(each, External))
        if any(match.is_maker for name in names for match in program.library(scope.path).sites(name)):
            return tuple(replace(each, site=site) if isinstance(each, Made) else each for each in objects)
    return objects
