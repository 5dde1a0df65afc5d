"""Everything the files around the code declare, each with the file that says so."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from commlint.link.testing import is_test_file, is_tester
from commlint.model.channels import ChannelDeclaration, Trigger
from commlint.model.declarations import BuildPart, Contract, Declarations
from commlint.model.deployments import Binding, Build, ScriptCommand, ServiceDeclaration
from commlint.model.facts import FactSet
from commlint.model.places import Extent, Region
from commlint.model.traffic import GatewayRoute, TrafficPolicy
from commlint.model.values import Literal

REFERENCE = re.compile(r"\$\{(\w+)\}")

Item = TypeVar(
    "Item",
    ServiceDeclaration,
    Binding,
    GatewayRoute,
    ChannelDeclaration,
    TrafficPolicy,
    Contract,
    Trigger,
    covariant=True,
)


@dataclass(frozen=True, slots=True)
class Placed(Generic[Item]):
    """A declaration and the file it stands in."""

    path: str
    item: Item

    @property
    def region(self) -> Region:
        extent: Extent = self.item.extent
        return Region.of(self.path, extent)


@dataclass(frozen=True, slots=True)
class Declared:
    """
    The declarations of all files, in the order of the files.

    `together`: files whose folder is deployed as one. `scripts`: what each script runs. `parts`: folders that are built
    by themselves.
    """

    services: tuple[Placed[ServiceDeclaration], ...] = ()
    bindings: tuple[Placed[Binding], ...] = ()
    routes: tuple[Placed[GatewayRoute], ...] = ()
    channels: tuple[Placed[ChannelDeclaration], ...] = ()
    traffic: tuple[Placed[TrafficPolicy], ...] = ()
    contracts: tuple[Placed[Contract], ...] = ()
    together: tuple[str, ...] = ()
    triggers: tuple[Placed[Trigger], ...] = ()
    scripts: Mapping[str, tuple[ScriptCommand, ...]] = field(default_factory=dict)
    parts: tuple[BuildPart, ...] = ()

    @classmethod
    def of(cls, facts: FactSet, tests: bool = False) -> Declared:
        """What the files say; deployments made for tests only with `tests`."""
        files = [
            (entry.path, entry.declarations)
            for entry in facts
            if entry.declarations is not None and (tests or not is_test_file(entry.path))
        ]
        bindings = _placed(files, lambda declarations: declarations.bindings)
        services = _placed(files, lambda declarations: declarations.services)
        return cls(
            _filled(tuple(placed for placed in services if tests or not is_tester(placed.item)), bindings),
            bindings,
            _placed(files, lambda declarations: declarations.routes),
            _placed(files, lambda declarations: declarations.channels),
            _placed(files, lambda declarations: declarations.traffic),
            _placed(files, lambda declarations: declarations.contracts),
            tuple(path for path, declarations in files if _tells_together(declarations)),
            _placed(files, lambda declarations: declarations.triggers),
            {path: declarations.commands for path, declarations in files if declarations.commands},
            tuple(part for _, declarations in files for part in declarations.parts),
        )


def _filled(
    services: tuple[Placed[ServiceDeclaration], ...], bindings: tuple[Placed[Binding], ...]
) -> tuple[Placed[ServiceDeclaration], ...]:
    """The services with `${NAME}` in builds and images filled in from the `.env` beside their compose file."""
    values: dict[tuple[str, str], str] = {}
    for placed in bindings:
        value = placed.item.value
        if placed.item.scope.startswith("file:") and isinstance(value, Literal):
            values[placed.item.scope, placed.item.name] = str(value.value)

    def fill(path: str, text: str) -> str:
        scope = f"file:{posixpath.join(posixpath.dirname(path), '.env')}"
        return REFERENCE.sub(lambda found: values.get((scope, found[1]), found[0]), text)

    dockerfiles = frozenset(placed.path for placed in services if placed.item.origin == "dockerfile")

    def one(placed: Placed[ServiceDeclaration]) -> Placed[ServiceDeclaration]:
        item, build = placed.item, placed.item.build
        item = replace(item, image=fill(placed.path, item.image))
        if build is not None:
            context, dockerfile = (_from_here(fill(placed.path, text)) for text in (build.context, build.dockerfile))
            found = _rebased(placed.path, replace(build, context=context, dockerfile=dockerfile), dockerfiles)
            if found != build:
                item = replace(item, build=found, source_root=found.source_root)
        return Placed(placed.path, item)

    return tuple(one(placed) for placed in services)


def _from_here(path: str) -> str:
    """`$PWD` is where compose is run: the root of the tree."""
    return posixpath.normpath(path.rpartition("${PWD}/")[2])


def _rebased(path: str, build: Build, dockerfiles: frozenset[str]) -> Build:
    """
    The build with paths that lead to a Dockerfile there is.

    Compose reads the paths of an override file relative to the first file, which may be in a folder above.
    """
    start = folder = posixpath.dirname(path)
    if build.dockerfile in dockerfiles:
        return build
    while folder:
        folder = posixpath.dirname(folder)
        context, dockerfile = (
            posixpath.normpath(posixpath.join(folder, posixpath.relpath(part, start)))
            for part in (build.context, build.dockerfile)
        )
        if dockerfile in dockerfiles:
            return replace(build, context=context, dockerfile=dockerfile)
    return build


def _tells_together(declarations: Declarations) -> bool:
    """Whether all that lies beside a file is deployed together."""
    return declarations.format == "kustomize" or any(each.kind == "chart" for each in declarations.charts)


def _placed(
    files: Iterable[tuple[str, Declarations]], part: Callable[[Declarations], tuple[Item, ...]]
) -> tuple[Placed[Item], ...]:
    return tuple(Placed(path, item) for path, declarations in files for item in part(declarations))
