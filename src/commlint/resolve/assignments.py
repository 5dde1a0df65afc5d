"""What assignments give a name: those a place may see, and what each gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commlint.model.code import Assignment
from commlint.model.values import (
    CallResult,
    Index,
    Literal,
    Reference,
    Template,
)
from commlint.resolve import annotated
from commlint.resolve.entities import (
    Entities,
    Frame,
    Scope,
    is_undescribed,
)
from commlint.resolve.index import FileIndex

if TYPE_CHECKING:
    from commlint.resolve.program import Program


def visible(index: FileIndex, assigned: list[Assignment], scope: Scope) -> tuple[list[Assignment], bool]:
    """
    The assignments a place may see, latest first, and whether they cover every way to it.

    A place sees back to the nearest assignment that stands in a block around it.
    """
    if not assigned:
        return [], False
    around = {number for number, _ in index.blocks(scope.block)}
    before = [entry for entry in assigned if not scope.line or entry.extent.start_line < scope.line]
    others = [entry for entry in assigned if entry.extent.start_line != scope.line or not _of_namesake(index, entry)]
    seen: list[Assignment] = []
    for entry in reversed(before or others):
        if _excluded(index, entry.block, scope.block):
            continue
        seen.append(entry)
        if entry.within:
            # Nobody knows whether that function has run.
            continue
        if entry.block == -1 or entry.block in around or _only_with(index, entry.block, around):
            return seen, bool(before)
    return seen, False


def _of_namesake(index: FileIndex, entry: Assignment) -> bool:
    """Whether what a name is given is made by something of that name, which is another: `client := client.New()`."""
    made = entry.value.of if isinstance(entry.value, Index) else entry.value
    if not isinstance(made, CallResult):
        return False
    callee = index.code.calls[made.call].callee
    return isinstance(callee, Reference) and callee.name.partition(".")[0] == entry.target


def _only_with(index: FileIndex, block: int, around: set[int]) -> bool:
    """Whether a block is entered whenever the place is reached: with blocks, and the body of a try."""
    for number, entry in index.blocks(block):
        if number in around:
            return True
        if entry.kind not in ("with", "try"):
            return False
    return True


def _excluded(index: FileIndex, block: int, place: int) -> bool:
    """Whether an assignment stands in another branch of the same choice as the place."""
    mine = {entry.of if entry.of >= 0 else number: number for number, entry in index.blocks(place)}
    for number, entry in index.blocks(block):
        if entry.kind != "branch":
            continue
        group = entry.of if entry.of >= 0 else number
        if group in mine and mine[group] != number:
            return True
    return False


def given_by(program: Program, entry: Assignment, wanted: str, scope: Scope) -> Entities:
    frame = scope.frame if entry.function == scope.frame.function else Frame(scope.path, entry.function)
    if entry.augmented:
        earlier = program.lookup(wanted, Scope(frame, entry.extent.start_line, entry.block))
        value = entry.value if entry.value is not None else Literal("")
        here = Scope(frame, entry.extent.start_line, entry.block)
        parts = (program.value(Reference(wanted), here), program.value(value, here))
        joined = Template(parts) if entry.augmented == "+" else None
        return program.evaluate(joined, here) if joined else earlier
    return assigned_value(program, entry, frame)


def assigned_value(program: Program, entry: Assignment, frame: Frame) -> Entities:
    """What one assignment gives its target; a bare declaration gives an object of its type."""
    if entry.within:
        frame = frame if frame.function == entry.within else Frame(frame.path, entry.within)
    scope = Scope(frame, entry.extent.start_line, entry.block, entry.owner)
    if entry.value is None:
        given = annotated.values(program, entry.decorators, scope)
        asked = given or annotated.made_by(
            program, entry.decorators, scope, annotated.objects(program, entry.annotation, scope)
        )
        if not entry.owner:
            return asked
        asked = program.container.given(asked, scope.path, entry.target, entry.decorators)
        return program.provided.given(asked, scope.path, entry.owner)
    found = program.evaluate(entry.value, scope)
    if entry.annotation is not None and all(is_undescribed(entity) for entity in found):
        return annotated.objects(program, entry.annotation, scope) or found
    return found
