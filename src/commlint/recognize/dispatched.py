"""Calls that name no function: an object is handed to a mediator of the program, and whoever takes its type runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from commlint.model.operations import CallEdge
from commlint.model.places import Region
from commlint.model.values import Value
from commlint.recognize import frames, handlers, surroundings, uses
from commlint.resolve import scattered, worth
from commlint.resolve.conditions import holds
from commlint.resolve.entities import CallSite, Entities, Frame, Function, Object, Type, function_id
from commlint.resolve.locators import locate
from commlint.resolve.program import Program
from commlint.resolve.use import Use

_Kind = tuple[str, str]


def calls(program: Program, taking: Iterable[Use], dispatching: Iterable[Use]) -> Iterator[tuple[CallEdge, Function]]:
    """The calls that uses of the role dispatch are of the functions that uses of the role take stand for."""
    takers: dict[_Kind, dict[Function, None]] = defaultdict(dict)
    for use in taking:
        for kind in _kinds(program, locate(program, use, use.match.site.key)) if holds(program, use) else ():
            takers[kind].update(dict.fromkeys(function for function, _, _ in handlers.entries(program, use)))
    for use in dispatching if takers else ():
        if use.site is not None and holds(program, use):
            yield from _of_call(program, use.site, use.match.site.key, takers)


def _of_call(
    program: Program, site: CallSite, key: str, takers: dict[_Kind, dict[Function, None]]
) -> Iterator[tuple[CallEdge, Function]]:
    """The calls of one site, in the frames of those who decide what is handed over."""

    def look(frame: Frame) -> Entities:
        here = CallSite(site.path, site.call, frame)
        found = (locate(program, each, key) for each in uses.of_call(program, here) if each.match.site.key == key)
        return tuple(entity for several in found for entity in several or ())

    def opens(seen: Entities) -> tuple[Value, ...]:
        return (worth.as_value(program, seen),) if uses.is_open(seen) else ()

    place = Region.of(site.path, program.call(site).extent)
    for frame, seen in frames.expand(program, site.frame, look, opens):
        near = surroundings.around(program, CallSite(site.path, site.call, frame))
        root = frame.root
        caller, way = function_id(root.path, root.function), frames.way(program, frame)
        for kind in _kinds(program, seen):
            for function in takers.get(kind, ()):
                first = way[0] if way else place
                yield CallEdge(caller, function.id, first, near.kind, near.deadline, near.loop, near.course), function


def _kinds(program: Program, entities: Entities | None) -> Iterator[_Kind]:
    """The classes of the tree that are meant, or whose objects are, each by its first part."""
    for entity in entities or ():
        kind = entity.type if isinstance(entity, Object) else entity
        if isinstance(kind, Type):
            yield min((part.path, part.name) for part in (kind, *scattered.parts(program, kind)))
