"""Tables that an object fills while it is set up: `self.handlers[topic] = handler`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commlint.model.code import Assignment
from commlint.model.values import Mapping, Unknown, Value
from commlint.resolve import lifting
from commlint.resolve.entities import Data, Entities, Entity, Frame, Object, Scope, Type, Written

if TYPE_CHECKING:
    from commlint.resolve.program import Program


def with_keys(program: Program, entity: Object, owner: Type, name: str, found: Entity) -> Entity:
    """A mapping written for an attribute, with the keys that methods set in it: `self.handlers[topic] = handler`."""
    if not isinstance(found, Written) or not isinstance(found.value, Mapping):
        return found
    keys: list[Value] = []
    index = program.file(owner.path)
    for entry in index.items_of.get(owner.name, {}).get(name, ()):
        assert entry.key is not None

        def key(frame: Frame, entry: Assignment = entry) -> Entities:
            scope = Scope(frame, entry.extent.start_line, entry.block)
            return program.evaluate(entry.key, scope) if entry.key is not None else ()

        told = lifting.gathered(program, Frame(owner.path, entry.function, None, entity), key)
        keys.extend(each.value for each in told if isinstance(each, Data) and not isinstance(each.value, Unknown))
    if not keys:
        return found
    more = tuple((each, Unknown("set by a method")) for each in dict.fromkeys(keys))
    return Written(Mapping((*found.value.entries, *more), True), found.scope)
