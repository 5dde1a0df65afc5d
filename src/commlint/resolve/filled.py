"""Fields that code outside the methods of an object gives a value: where it was made, and through a parameter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from commlint.model.code import Assignment, ParameterFacts
from commlint.model.values import Literal, Output, Reference, Sequence
from commlint.resolve import assignments, given
from commlint.resolve.conditions import holds
from commlint.resolve.entities import (
    MODULE,
    CallSite,
    Data,
    Entities,
    Entity,
    External,
    Frame,
    Function,
    Method,
    Object,
    Scope,
    Type,
    is_unknown,
    unknown,
)
from commlint.resolve.index import FileIndex
from commlint.resolve.use import use_of_call

if TYPE_CHECKING:
    from commlint.resolve.program import Program

Fillings = dict[tuple[str, str, str], list[tuple[str, Assignment]]]
Given = dict[tuple[str, str], list[tuple[str, Assignment]]]


def by_parameter(program: Program) -> Fillings:
    """(package, type, field) → file and assignment to that field of a parameter of the type, as options do it."""
    table: Fillings = defaultdict(list)
    for path, index in program.own:
        rules = program.language(path)
        if not rules.scattered:
            continue
        for entry in index.code.assignments:
            head, dot, field = entry.target.partition(".")
            for parameter in _parameters(index, entry) if dot and "." not in field else ():
                if parameter.name != head or head == rules.receiver(index.functions[entry.function]):
                    continue
                if isinstance(parameter.annotation, Reference):
                    table[program.packages[path], parameter.annotation.name, field].append((path, entry))
    return dict(table)


def by_package(program: Program) -> Given:
    """(package, variable) → file and assignment to that variable of another package."""
    table: Given = defaultdict(list)
    for path, index in program.own:
        if not program.language(path).scattered:
            continue
        for entry in index.code.assignments:
            head, dot, name = entry.target.partition(".")
            if not dot or "." in name or entry.owner or any(p.name == head for p in _parameters(index, entry)):
                continue
            for brought in index.imports.get((MODULE, head), ()):
                file, _ = program.imported(path, brought)
                if file is not None and program.packages[file] != program.packages[path]:
                    table[program.packages[file], name].append((path, entry))
    return dict(table)


def _parameters(index: FileIndex, entry: Assignment) -> tuple[ParameterFacts, ...]:
    facts = index.functions.get(entry.function)
    return facts.parameters if facts is not None else ()


def outside(program: Program, entity: Object, owner: Type, name: str) -> list[Entity]:
    """What code outside its methods assigns to a field of an object."""
    if not program.language(owner.path).scattered:
        return []
    found: list[Entity] = []
    for entry in _where_made(program, entity, name):
        assert entity.site is not None
        frame = entity.site.frame if entry.function == entity.site.frame.function else None
        found.extend(assignments.assigned_value(program, entry, frame or Frame(entity.site.path, entry.function)))
    for path, entry in program.fillings.get((program.packages[owner.path], owner.name, name), ()):
        found.extend(assignments.assigned_value(program, entry, Frame(path, entry.function)))
    return found


def _where_made(program: Program, entity: Object, name: str) -> Iterator[Assignment]:
    """`x.name = …` for a variable that holds the result of the call that made the object."""
    if entity.site is None:
        return
    index = program.file(entity.site.path)
    for function, variable in index.holders.get(entity.site.call, ()):
        for entry in index.by_target.get(f"{variable}.{name}", ()):
            inner = not function or entry.function == function or entry.function.startswith(f"{function}.")
            if inner and not entry.owner:
                yield entry


def output(program: Program, value: Output, scope: Scope) -> Entities:
    """What a call leaves in a variable whose address it is given; what was there before where it leaves nothing."""
    site = CallSite(scope.path, value.call, scope.frame)
    found: list[Entity] = []
    for entity in program.callee(site.path, site.call, site.frame):
        if isinstance(entity, Function):
            found.extend(_left_by(program, entity, site, value.position))
        elif isinstance(entity, (External, Method)):
            found.extend(_left_by_library(program, entity, site, value.position))
    known = tuple(each for each in found if not is_unknown(each) and each != Data(Literal(None)))
    return known or program.evaluate(_given(program, site, value.position), program.site_scope(site))


def _left_by(program: Program, function: Function, site: CallSite, position: int) -> Entities:
    facts = program.function(function)
    own = program.language(function.path).receiver(facts)
    names = [each.name for each in facts.parameters if each.name != own]
    if position >= len(names) or not program.file(function.path).assignments.get((function.name, names[position])):
        return ()
    return program.lookup(names[position], Scope(Frame(function.path, function.name, site, function.receiver)))


def _left_by_library(program: Program, entity: External | Method, site: CallSite, position: int) -> Entities:
    receiver = entity.receiver if isinstance(entity, Method) else None
    for match in program.library(site.path).sites(entity.name):
        if match.site.into == f"arg:{position}" and match.site.value is not None:
            use = use_of_call(program, site, match, receiver)
            if holds(program, use):
                return given.value_result(program, use)
    return unknown("left by code that no library model describes")


def _given(program: Program, site: CallSite, position: int) -> Reference | Sequence:
    arguments = program.call(site).arguments
    value = arguments[position].value if position < len(arguments) else None
    return value if isinstance(value, Reference) else Sequence(())
