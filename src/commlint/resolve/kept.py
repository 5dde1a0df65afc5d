"""What code keeps, under names of its own, in an object of a library that is handed around: `app.state.bus = …`."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from commlint.model.code import Assignment
from commlint.model.values import Literal, Reference
from commlint.resolve import assignments
from commlint.resolve.entities import Data, Entities, Frame, Made, Scope
from commlint.resolve.port import closeness

if TYPE_CHECKING:
    from commlint.resolve.program import Program

Kept = dict[str, list[tuple[str, Assignment]]]


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
