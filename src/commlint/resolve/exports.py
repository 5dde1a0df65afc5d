"""What a file gives to those who bring it in: a value in the place of its module, members it exports by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commlint.model.values import Reference
from commlint.resolve.entities import MODULE, Entities, Frame, Module, Scope, is_unknown

if TYPE_CHECKING:
    from commlint.resolve.program import Program

MAX_EXPORTS = 4


def whole(program: Program, path: str) -> Entities:
    """What a file is worth as a whole: what it puts in the place of its module, else the module."""
    name = program.language(path).whole_export
    index = program.file(path)
    if not name or not index.assignments.get((MODULE, name)):
        return (Module(path),)
    found = program.remember(("whole", path), lambda: program.evaluate(Reference(name), Scope(Frame(path))))
    return (Module(path),) if is_unknown(found[0]) else found


def named(program: Program, path: str, wanted: str) -> Entities:
    """A member that a file exports by assigning it (`exports.name = …`), or that its whole export has; () for none."""
    rules = program.language(path)
    index = program.file(path)
    if wanted == rules.default_export and wanted:
        found = whole(program, path)
        return () if found == (Module(path),) else found
    for holder in rules.member_exports:
        if index.assignments.get((MODULE, f"{holder}.{wanted}")):
            return program.evaluate(Reference(f"{holder}.{wanted}"), Scope(Frame(path)))
    found = whole(program, path) if rules.whole_export else ()
    members = tuple(
        each
        for entity in found[:MAX_EXPORTS]
        if not isinstance(entity, Module)
        for each in program.member(entity, wanted, path)
    )
    return members if members and not is_unknown(members[0]) else ()
