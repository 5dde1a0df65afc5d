"""Subscripts: entries of mappings and sequences, item assignments, subscripts of library objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commlint.model.values import CallResult, ConfigRead, Index, Literal, Mapping, Parameter, Sequence, Unknown, Value
from commlint.resolve import given, kept
from commlint.resolve.entities import (
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
    Several,
    Type,
    Written,
    is_unknown,
    unknown,
)
from commlint.resolve.index import last_name
from commlint.resolve.port import closeness

if TYPE_CHECKING:
    from commlint.resolve.program import Program

MAX_ENTRIES = 16


def index(program: Program, value: Index, scope: Scope) -> Entities:
    """What `of[key]` is: one entry, or every entry of a small table when the key is open."""
    entities = program.evaluate(value.of, scope)
    if isinstance(value.of, CallResult) and program.language(scope.path).several_results:
        place = value.key.value if isinstance(value.key, Literal) else None
        if isinstance(place, int):
            return tuple(found for entity in entities for found in _result(program, entity, place))
    key = program.value(value.key, scope)
    assigned = _assigned(program, value, key, scope, entities)
    if assigned:
        return assigned
    return tuple(found for entity in entities for found in _of(program, entity, key, value, scope))


def _result(program: Program, entity: Entity, place: int) -> Entities:
    """One of the results of a call; of a library's call, what it makes comes first."""
    match entity:
        case Several(of=of) if place < len(of):
            return of[place]
        case Written(value=Sequence(items=items), scope=scope) if place < len(items):
            return program.evaluate(items[place], scope)
        case Data(value=Unknown() | Parameter()):
            return (entity,)
        case _:
            return (entity,) if place == 0 else unknown("a further result of a call")


def _of(program: Program, entity: Entity, key: Value, value: Index, scope: Scope) -> Entities:
    computed = _computed(program, entity, key, scope)
    if computed:
        return computed
    match entity:
        case Written(value=Mapping(entries=entries, open=is_open), scope=where):
            return entry(program, entries, is_open, key, where)
        case Written(value=Sequence(items=items), scope=where):
            if isinstance(key, Literal) and isinstance(key.value, int) and -len(items) <= key.value < len(items):
                return program.evaluate(items[key.value], where)
            return tuple(each for item in items[:MAX_ENTRIES] for each in program.evaluate(item, where)) or unknown(
                "an element of an empty sequence"
            )
        case Many(of=of):
            return of or unknown("an element of something empty")
        case External(name=name) | Method(name=name) | Made(type=name):
            told = kept.told(program, name, str(key.value), scope.path) if isinstance(key, Literal) else ()
            return told or given.subscript(program, name, entity, value.key, scope)
        case Data(value=ConfigRead()):
            return given.subscript(program, "builtins.str", entity, value.key, scope)
        case Type() | Function():
            return (entity,)
        case Data(value=Unknown() | Parameter()):
            return (entity,)
        case _:
            return unknown("an entry of something that is not known")


def _computed(program: Program, entity: Entity, key: Value, scope: Scope) -> Entities:
    """A member of an object that is asked for by a computed name; () where that is none, open where callers tell it."""
    if not program.language(scope.path).entries_are_members or not isinstance(entity, (Made, Object)):
        return ()
    if isinstance(key, Parameter):
        return (Data(key),)
    if not isinstance(key, Literal) or not isinstance(key.value, str):
        return ()
    found = program.member(entity, key.value, scope.path)
    return () if all(map(is_unknown, found)) else found


def entry(
    program: Program, entries: tuple[tuple[Value, Value], ...], is_open: bool, key: Value, scope: Scope
) -> Entities:
    """The entry of a written mapping under `key`; all of a small one when the key is not known."""
    for name, value in entries:
        if program.value(name, scope) == key:
            return program.evaluate(value, scope)
    if isinstance(key, Literal):
        return unknown(f"no entry {key.value!r}")
    if is_open or len(entries) > MAX_ENTRIES:
        return unknown("an entry under a key that is not known")
    every = tuple(each for _, value in entries for each in program.evaluate(value, scope))
    opened = (Data(key),) if isinstance(key, Parameter) else ()
    return (*every, *opened) or unknown("an entry of an empty mapping")


def _assigned(program: Program, value: Index, key: Value, scope: Scope, entities: Entities) -> Entities:
    """What `container["key"] = …` gave elsewhere: in the same file first, else in the nearest one."""
    if not isinstance(key, Literal) or any(isinstance(entity, (Type,)) for entity in entities):
        return ()
    container = last_name(value.of)
    if not any(isinstance(each, (Made, Method, External, Object, Written)) for each in entities):
        return ()
    found = assigned_to(program, container, key, scope)
    return () if all(is_unknown(each) for each in found) else found


def assigned_to(program: Program, container: str, key: Literal, scope: Scope) -> Entities:
    """What `….container["key"] = …` gave, in the same file first, else in the nearest one; else unknown."""
    asked = ("item", container, key, scope.frame)
    return program.remember(asked, lambda: _assigned_to(program, container, key, scope))


def _assigned_to(program: Program, container: str, key: Literal, scope: Scope) -> Entities:
    candidates = program.items.get((container, str(key.value)), []) if container else []
    here = [each for each in candidates if each[0] == scope.path]
    found: list[Entity] = []
    for path, number in here or _nearest(candidates, scope.path):
        stated = program.file(path).code.assignments[number]
        if stated.value is None:
            continue
        frame = scope.frame if path == scope.path and stated.function == scope.frame.function else None
        where = Scope(frame or Frame(path, stated.function), stated.extent.start_line, stated.block)
        found.extend(program.evaluate(stated.value, where))
    return tuple(found) or unknown(f"no entry {key.value!r} is set")


def _nearest(candidates: list[tuple[str, int]], path: str) -> list[tuple[str, int]]:
    """The candidates in the file that shares the longest folder prefix; none when nothing but the root is shared."""
    top = path.split("/")[0]
    shared = [each for each in candidates if each[0].split("/")[0] == top]
    if not shared:
        return []

    best = max(closeness(each[0], path) for each in shared)
    return [each for each in shared if closeness(each[0], path) == best]
