"""Operations whose wrappers were followed out of the entry that runs them, put back where they belong."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from commlint.model.operations import Operation, Role
from commlint.model.places import Region
from commlint.resolve.entities import function_id
from commlint.resolve.program import Program


def from_entries(program: Program, found: Iterable[Operation], entered: Collection[str]) -> list[Operation]:
    """
    Operations that belong to the entry on the way to them, whoever started that.

    Only who starts a worker may know which queue it sends to, but it is the worker that sends.
    """
    return list(dict.fromkeys(_from_entry(program, each, entered) for each in found))


def _from_entry(program: Program, operation: Operation, entered: Collection[str]) -> Operation:
    if not operation.via or operation.function in entered or operation.role in (Role.SERVER, Role.CONSUMER):
        return operation
    calls = (*operation.via, operation.region)
    for place in range(len(operation.via), 0, -1):
        function = _standing_in(program, calls[place])
        if function in entered:
            return replace(operation, function=function, via=operation.via[place:])
    return operation


def _standing_in(program: Program, region: Region) -> str:
    """The function in which a call stands."""
    calls = program.file(region.path).code.calls
    found = (each.function for each in calls if Region.of(region.path, each.extent) == region)
    return function_id(region.path, next(found, ""))
