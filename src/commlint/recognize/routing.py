"""Routers mounted in routers: the prefix a route is really reached under."""

from __future__ import annotations

from dataclasses import dataclass

from commlint.model.values import Literal, Value
from commlint.recognize import addresses
from commlint.resolve import worth
from commlint.resolve.entities import CallSite, Data, Entity, Made, Module, Object
from commlint.resolve.models import Use, factory, locate
from commlint.resolve.program import Program

MAX_DEPTH = 6
MAX_MOUNTS = 4

Key = tuple[str, int]
"""A router: the file and call that made it; call -1 is the file itself as a list of routes."""


@dataclass(frozen=True, slots=True)
class Mount:
    """`child` is reached below `prefix` of `parent`."""

    parent: Key
    parent_entity: Entity | None
    prefix: Value


class Mounts:
    """All mounts of a system: child → where it is mounted."""

    def __init__(self, program: Program, mounting: list[Use]) -> None:
        self.program = program
        self.table: dict[Key, list[Mount]] = {}
        for use in mounting:
            self._add(use)

    def _add(self, use: Use) -> None:
        site = use.match.site
        child = locate(self.program, use, site.child) if site.child else None
        parent = router(self.program, use)
        if child is None or parent is None:
            return
        prefix = locate(self.program, use, site.prefix) if site.prefix else None
        value = worth.as_value(self.program, prefix) if prefix else Literal("")
        for entity in child:
            key = self._child_key(use, entity)
            if key is not None and key != parent:
                self.table.setdefault(key, []).append(Mount(parent, use.receiver, value))

    def _child_key(self, use: Use, entity: Entity) -> Key | None:
        """A router object, a module, or the dotted name of one as text."""
        if isinstance(entity, Data) and isinstance(entity.value, Literal) and isinstance(entity.value.value, str):
            rules = self.program.language(use.scope.path)
            files = rules.module_files(entity.value.value, 0, use.scope.path, self.program.modules)
            return (files[0], -1) if files else None
        return key_of(entity)

    def prefixes(self, key: Key | None, receiver: Entity | None, depth: int = 0) -> list[Value]:
        """Every prefix the routes of a router are reached under; one empty prefix when it is the outermost."""
        own = self._own(receiver)
        mounts = self.table.get(key, [])[:MAX_MOUNTS] if key is not None and depth < MAX_DEPTH else []
        if not mounts:
            return [own]
        found: list[Value] = []
        for mount in mounts:
            for outer in self.prefixes(mount.parent, mount.parent_entity, depth + 1):
                found.append(join(join(outer, mount.prefix), own))
        return list(dict.fromkeys(found))

    def _own(self, receiver: Entity | None) -> Value:
        """The prefix a router was made with."""
        if not isinstance(receiver, (Made, Object)):
            return Literal("")
        given = factory(self.program, receiver, "base")
        value = worth.as_value(self.program, given) if given else Literal("")
        return (
            value
            if not (isinstance(value, Literal) and value.value is None) and value.kind != "unknown"
            else Literal("")
        )


def router(program: Program, use: Use) -> Key | None:
    """The router a route or mount belongs to: the object it is called on, else the file it stands in."""
    return key_of(use.receiver) or (use.scope.path, -1)


def key_of(entity: Entity | None) -> Key | None:
    match entity:
        case Made(site=CallSite(path=path, call=call)) | Object(site=CallSite(path=path, call=call)):
            return (path, call)
        case Module(path=path):
            return (path, -1)
        case _:
            return None


def join(prefix: Value, path: Value) -> Value:
    """A path below a prefix, with one slash between."""
    if prefix in (Literal(""), Literal("/"), Literal(None)):
        return path
    if path in (Literal(""), Literal(None)):
        return prefix
    if isinstance(prefix, Literal) and isinstance(path, Literal):
        return Literal(f"{str(prefix.value).rstrip('/')}/{str(path.value).lstrip('/')}")
    return addresses.joined(prefix, path) or path
