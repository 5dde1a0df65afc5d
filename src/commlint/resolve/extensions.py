"""Functions that are called like members of types they do not belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commlint.model.values import Index, Value
from commlint.resolve import types
from commlint.resolve.entities import Entities, Entity, External, Function, Made, Object, Type
from commlint.resolve.index import last_name
from commlint.resolve.port import closeness

if TYPE_CHECKING:
    from commlint.resolve.program import Program

MAX_CANDIDATES = 4


def of(program: Program, receiver: Entity, name: str, path: str) -> Entities:
    """The extensions called `name` that take `receiver`, the nearest to the asking file; none when there is none."""
    candidates = program.extensions.get(name, ())
    if not candidates or not path or not program.language(path).extending:
        return ()
    kinds = _kinds(program, receiver)
    fitting = [each for each in candidates if _takes(program, each, kinds)]
    near = max((closeness(each.path, path) for each in fitting), default=0)
    nearest = [each for each in fitting if closeness(each.path, path) == near]
    return tuple(Function(each.path, each.name, receiver) for each in nearest[:MAX_CANDIDATES])


def _kinds(program: Program, receiver: Entity) -> frozenset[str]:
    """The last names of all types an object is of."""
    match receiver:
        case Made(type=of_type):
            return frozenset(each.rpartition(".")[2] for each in program.library_lineage(of_type))
        case Object(type=of_type):
            return frozenset(_last(each) for each in types.lineage(program, of_type))
        case _:
            return frozenset()


def _last(entity: Entity) -> str:
    return entity.name.rpartition(".")[2] if isinstance(entity, (Type, External)) else ""


def _takes(program: Program, function: Function, kinds: frozenset[str]) -> bool:
    annotation: Value | None = program.function(function).parameters[0].annotation
    if annotation is None:
        return False
    return last_name(annotation.of if isinstance(annotation, Index) else annotation) in kinds
