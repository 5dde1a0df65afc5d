"""Routers mounted in routers: the prefix a route is really reached under."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from commlint.model.values import Literal, Reference, Unknown, Value
from commlint.recognize import addresses
from commlint.resolve import worth
from commlint.resolve.entities import CallSite, Data, Entity, Function, Made, Module, Object, Written
from commlint.resolve.locators import locate
from commlint.resolve.program import Program
from commlint.resolve.use import Use

MAX_DEPTH = 6
MAX_MOUNTS = 4

Key = tuple[str, int | str]
"""
A router: the file and call that made it; call -1 is the file itself as a list of routes, and a name is the function
that a router is handed to, which adds its routes.
"""


@dataclass(frozen=True, slots=True)
class Mount:
    """A router is reached below `prefix` of the first of `parents` that is itself mounted."""

    parents: tuple[Key, ...]
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
        base = self._text(use, site.address.base)
        mount = Mount(routers(self.program, use), join(base, self._text(use, site.prefix)))
        for entity in child or ():
            for key in self._keys(use, entity):
                if key not in mount.parents:
                    self.table.setdefault(key, []).append(mount)

    def _text(self, use: Use, locator: str) -> Value:
        """A prefix as a value; empty when none is given or nothing is known of it."""
        entities = locate(self.program, use, locator) if locator else None
        value = worth.as_value(self.program, entities) if entities else Literal("")
        return Literal("") if isinstance(value, (Unknown, Reference)) or value == Literal(None) else value

    def _keys(self, use: Use, entity: Entity) -> list[Key]:
        """A router object, a module or the dotted name of one as text, or each entry of a list of routes."""
        if isinstance(entity, Data) and isinstance(entity.value, Literal) and isinstance(entity.value.value, str):
            rules = self.program.language(use.scope.path)
            files = rules.module_files(entity.value.value, 0, use.scope.path, self.program.modules)
            return [(files[0], -1)] if files else []
        if isinstance(entity, Written):
            inner = worth.elements(self.program, (entity,), use.scope.path)
            return [key for each in inner for key in ([key_of(each)] if key_of(each) else [])]  # type: ignore[misc]
        key = (entity.path, entity.name) if isinstance(entity, Function) else key_of(entity)
        return [key] if key is not None else []

    def prefixes(self, keys: tuple[Key, ...], depth: int = 0) -> list[Value]:
        """Every prefix the routes of a router are reached under; one empty prefix when it is the outermost."""
        mounts = next((self.table[key] for key in keys if key in self.table), [])
        if not mounts or depth >= MAX_DEPTH:
            return [Literal("")]
        found: list[Value] = []
        for mount in mounts[:MAX_MOUNTS]:
            found.extend(join(outer, mount.prefix) for outer in self.prefixes(mount.parents, depth + 1))
        return list(dict.fromkeys(found))


def routers(program: Program, use: Use) -> tuple[Key, ...]:
    """
    What a route or mount may be mounted as, most exact first.

    The object it is called on; without one the call itself (a route written into a list), then its file.
    """
    if use.match.site.parent == "result" and use.site is not None:
        return ((use.site.path, use.site.call),)
    told = locate(program, use, use.match.site.parent) if ":" in use.match.site.parent else None
    key = next(filter(None, (key_of(each) for each in told)), None) if told else key_of(use.receiver)
    if key is not None:
        return (key,)
    own = ((use.site.path, use.site.call),) if use.site is not None else ()
    function = use.scope.frame.function
    around = (function, *program.file(use.scope.path).enclosing(function)) if function else ()
    return (*own, *((use.scope.path, name) for name in around), (use.scope.path, -1))


def paths_of(program: Program, use: Use) -> Iterator[Value]:
    """What a route or mount says of the path it is reached under."""
    model = use.match.site
    for locator in (model.address.base, model.address.url, model.prefix):
        entities = locate(program, use, locator) if locator else None
        if entities is not None:
            yield worth.as_value(program, entities)


def key_of(entity: Entity | None) -> Key | None:
    """What tells a router apart from others."""
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
