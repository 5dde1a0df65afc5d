"""Modules of infrastructure code by their place, and what one run may spend on them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from commlint.model.declarations import Resource
from commlint.model.values import Value

STEP_LIMIT = 3_000_000
SCOPE_LIMIT = 3000

Names = Mapping[str, Value]
NO_NAMES: Names = {}


@dataclass(frozen=True, slots=True)
class Block:
    """A resource and the file it stands in."""

    path: str
    item: Resource


@dataclass(slots=True)
class Module:
    """A folder of Terraform or one template: its blocks by address; `runs` when it is run by itself."""

    place: str
    blocks: dict[str, Block] = field(default_factory=dict)
    given: dict[str, list[Value]] = field(default_factory=dict)
    runs: bool = False

    @property
    def folder(self) -> str:
        return (
            posixpath.dirname(self.place)
            if self.place.endswith((".yaml", ".yml", ".json", ".template"))
            else self.place
        )

    def of_kind(self, *kinds: str) -> Iterator[tuple[str, Block]]:
        return ((address, block) for address, block in self.blocks.items() if block.item.kind in kinds)


@dataclass(slots=True)
class World:
    """All modules by place, and what is left of the work one run may do."""

    modules: dict[str, Module]
    steps: int = STEP_LIMIT
    scopes: int = SCOPE_LIMIT
    cut: set[str] = field(default_factory=set)

    def spend(self, module: Module) -> bool:
        self.steps -= 1
        if self.steps < 0:
            self.cut.add(module.place)
        return self.steps >= 0


@dataclass(frozen=True, slots=True)
class Instance:
    """One of the copies of a block: what `each` and `count` are in it; `exists` None when that is not known."""

    names: Names
    exists: bool | None = True


def source_of(module: Module, item: Resource) -> str | None:
    """The place of the local module that a call is of, None when it is of no local one."""
    if not item.type.startswith("."):
        return None
    found = posixpath.normpath(posixpath.join(module.folder, item.type))
    return None if found.startswith("..") else "" if found == "." else found
