"""
What code keeps, under names of its own, in an object of a library that is handed around.

By an assignment (`app.state.bus = …`), or by a call that says what there will be (`add_argument("--bus")`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from commlint.model.code import Assignment
from commlint.model.values import Choice, EnvironmentRead, Literal, Mapping, Reference, Sequence, Value
from commlint.resolve import assignments, given, settings, worth
from commlint.resolve.conditions import holds
from commlint.resolve.entities import (
    CallSite,
    Data,
    Entities,
    Entity,
    External,
    Frame,
    Made,
    Method,
    Module,
    Object,
    Scope,
    Type,
    Written,
    is_unknown,
)
from commlint.resolve.index import last_name
from commlint.resolve.locators import locate
from commlint.resolve.port import closeness
from commlint.resolve.use import Use, use_of_call

if TYPE_CHECKING:
    from commlint.resolve.program import Program

Kept = dict[str, list[tuple[str, Assignment]]]
Told = dict[str, list[CallSite]]


def by_name(program: Program) -> Kept:
    """Name → the assignments to a member of that name of some object."""
    table: Kept = defaultdict(list)
    for path, index in program.own:
        for entry in index.code.assignments:
            head, dot, name = entry.target.rpartition(".")
            if dot and head and not entry.owner:
                table[name].append((path, entry))
    return dict(table)


def member(program: Program, of_type: str, name: str, path: str) -> Entities:
    """
    What is kept as `name` in objects of a library type, null only when there is nothing else.

    A tree holds many programs, and each an object of its own: what is assigned nearest to `path` counts.
    """
    if not program.library(path).keeps(of_type):
        return ()
    said = told(program, of_type, name, path)
    if said:
        return said
    found = [(other, entry) for other, entry in program.kept.get(name, ()) if _is_kept(program, other, entry, of_type)]
    near = max((closeness(other, path) for other, _ in found), default=0)
    values = [
        each
        for other, entry in found
        if closeness(other, path) == near
        for each in assignments.assigned_value(program, entry, Frame(other, entry.function))
    ]
    null = Data(Literal(None))
    return tuple(each for each in values if each != null) or tuple(values)


def _is_kept(program: Program, path: str, entry: Assignment, of_type: str) -> bool:
    """Whether the object whose member is assigned is one of that type."""
    holder = program.evaluate(Reference(entry.target.rpartition(".")[0]), Scope(Frame(path, entry.function)))
    return any(isinstance(each, Made) and each.type == of_type for each in holder)


def by_text(program: Program) -> Told:
    """Text without marks → the calls that are given it and may fill a member of that name; "" → all that may."""
    table: Told = defaultdict(list)
    for path, index in program.own:
        filling = program.library(path).filling
        for number, call in enumerate(index.code.calls if filling else ()):
            if last_name(call.callee) in filling:
                site = CallSite(path, number, program.open_frame(path, call.function))
                texts = {_bare(each.value.value) for each in call.arguments if isinstance(each.value, Literal)}
                for text in texts | {""}:
                    table[text].append(site)
    return dict(table)


def _bare(text: object) -> str:
    return re.sub(r"\W|_", "", text).lower() if isinstance(text, str) else ""


def told(program: Program, of_type: str, name: str, path: str) -> Entities:
    """What calls say of a member of the objects of a type, those nearest to `path` that say something."""
    for text in (_bare(name), ""):
        found = [(closeness(site.path, path), site) for site in program.told.get(text, ())]
        for near in sorted({each for each, _ in found}, reverse=True):
            close = (site for closest, site in found if closest == near)
            filled = tuple(each for site in close for each in _filled(program, site, of_type, name))
            if filled:
                return filled
    return ()


def _filled(program: Program, site: CallSite, of_type: str, name: str) -> Entities:
    """What one call says of a member of objects of a type."""
    for entity in program.callee(site.path, site.call, site.frame):
        for match in program.library(site.path).sites(entity.name) if isinstance(entity, (External, Method)) else ():
            if match.site.fills != of_type:
                continue
            use = use_of_call(program, site, match, entity.receiver if isinstance(entity, Method) else None)
            if not match.site.key:
                return of_wholes(program, use, name)
            if _is_named(program, use, name) and holds(program, use):
                return given.value_result(program, use)
    return ()


def wholes(program: Program, site: CallSite) -> Iterator[Use]:
    """The uses by which a call gives an object all members of something."""
    for entity in program.callee(site.path, site.call, site.frame):
        for match in program.library(site.path).sites(entity.name) if isinstance(entity, (External, Method)) else ():
            if match.site.fills and not match.site.key:
                use = use_of_call(program, site, match, entity.receiver if isinstance(entity, Method) else None)
                if holds(program, use):
                    yield use


def of_wholes(program: Program, use: Use, name: str) -> Entities:
    """The member `name` of what such a use takes over; with a prefix where the call tells one."""
    told_prefix = locate(program, use, use.match.site.prefix) if use.match.site.prefix else None
    prefix = worth.as_value(program, told_prefix or ())
    asked = f"{prefix.value}_{name}".upper() if isinstance(prefix, Literal) and prefix.value else name
    found = given.value_result(program, use)
    return tuple(each for whole in found for each in _of_whole(program, whole, asked, use.scope.path))


def _is_named(program: Program, use: Use, name: str) -> bool:
    """Whether one of the names that the call tells is meant."""
    value = worth.as_value(program, locate(program, use, use.match.site.key) or ())
    texts = value.items if isinstance(value, Sequence) else (value,)
    return any(isinstance(each, Literal) and _bare(each.value) == _bare(name) for each in texts)


def _of_whole(program: Program, whole: Entity, name: str, path: str) -> Entities:
    """The member `name` of something all of whose members are taken over; nothing where it has none."""
    match whole:
        case Data(value=value):
            texts = _texts(value)
            found: Entities = tuple(
                each
                for text in texts
                for named in _named(program, text, path)
                for each in _of_whole(program, named, name, path)
            )
        case Written(value=Mapping(entries=entries), scope=scope):
            found = next((program.evaluate(value, scope) for key, value in entries if key == Literal(name)), ())
        case External(name=of):
            found = settings.module_setting(program, of, name, path)
        case Type() | Module() | Object():
            found = program.member(whole, name, path)
        case _:
            found = ()
    return tuple(each for each in found if not is_unknown(each))


def _texts(value: Value) -> tuple[str, ...]:
    match value:
        case Literal(value=str(text)):
            return (text,)
        case EnvironmentRead(default=Value() as default):
            return _texts(default)
        case Choice(options=options):
            return tuple(text for each in options for text in _texts(each))
        case _:
            return ()


def _named(program: Program, text: str, path: str) -> Entities:
    """The module, or the class in one, that a text names."""
    rules = program.language(path)
    text = text.replace(":", ".")
    package, _, last = text.rpartition(".")
    inside = rules.module_files(package, 0, path, program.modules) if package else ()
    whole = rules.module_files(text, 0, path, program.modules)
    modules: Entities = tuple(Module(each) for each in whole)
    told = modules or tuple(each for file in inside for each in program.lookup_in(file, last))
    return told or ((External(text),) if program.library(path).knows(text) else ())
