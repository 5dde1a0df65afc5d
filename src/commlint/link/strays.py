"""Code that no file declares a service for: folders that run by themselves become services of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commlint.link.names import folder
from commlint.link.owners import Owners, path_of
from commlint.link.services import Deployed
from commlint.model.facts import Notice
from commlint.model.operations import Evidence, ModuleNode, Recognition, Role
from commlint.model.places import Region
from commlint.model.system import Service

# Folders whose code is run by hand, not deployed.
ASIDE = frozenset((
    "scripts", "script", "tools", "tool", "hack", "ci", ".ci", ".github", "docs", "doc", "examples", "example",
    "samples", "benchmarks", "bench", "tests", "test", "notebooks", "migrations",
))  # fmt: skip
NAMELESS = frozenset(("src", "source", "python", "code", "lib"))


@dataclass(frozen=True, slots=True)
class Free:
    """Files that no service runs: which of them hold operations, which make a program of what they stand in."""

    modules: Mapping[str, ModuleNode]
    roles: Mapping[str, tuple[Role, ...]]

    def active(self, path: str) -> bool:
        """It answers, receives, or can be started."""
        inward = any(role in (Role.SERVER, Role.CONSUMER) for role in self.roles.get(path, ()))
        return inward or self.starts(path)

    def starts(self, path: str) -> bool:
        return path in self.modules and self.modules[path].is_main

    def imports(self, path: str) -> tuple[str, ...]:
        return self.modules[path].imports if path in self.modules else ()


def strays(recognition: Recognition, owners: Owners, known: Iterable[str]) -> tuple[Deployed, ...]:
    """Services for the folders with operations that none of the `known` services runs."""
    modules = {module.path: module for module in recognition.modules}
    roles: dict[str, tuple[Role, ...]] = {}
    for operation in recognition.operations:
        if not owners.of(operation):
            path = path_of(operation.function)
            roles[path] = (*roles.get(path, ()), operation.role)
    free = Free(modules, roles)
    taken = set(known)
    others = bool(taken)
    found: list[Deployed] = []
    unowned = sorted(path for path in {*modules, *roles} if not owners.of_file(path))
    for root, members in sorted(_units(unowned, free).items()):
        if any(part.lower() in ASIDE for part in root.split("/")) or not _runs(members, free, others):
            continue
        name = _name(root, members, free, taken)
        taken.add(name)
        why = tuple(Region(path) for path in members if path in roles)[:1]
        found.append(Deployed(Service(name, "service", (root,), (), why, Evidence.CODED)))
    return tuple(found)


def left_out(recognition: Recognition, owners: Owners) -> tuple[Notice, ...]:
    """A notice for each file with operations that no service runs."""
    first: dict[str, int] = {}
    for operation in recognition.operations:
        if not owners.of(operation):
            path, line = operation.region.path, operation.region.start_line
            first[path] = min(line, first.get(path, line))
    message = "no service runs the code that communicates here; name one with this folder under [services]"
    return tuple(Notice(path, line, message) for path, line in sorted(first.items()))


def _runs(members: Iterable[str], free: Free, others: bool) -> bool:
    """Whether files answer, receive, or are started and call; in a tree without other services any operation does."""
    roles = [role for path in members for role in free.roles.get(path, ())]
    inward = any(role in (Role.SERVER, Role.CONSUMER) for role in roles)
    return inward or (bool(roles) and (not others or any(free.starts(path) for path in members)))


def _units(paths: list[str], free: Free) -> dict[str, list[str]]:
    """Files by the folder that makes one program: a folder that only holds programs is opened."""
    units: dict[str, list[str]] = {}
    pending = [("", paths)]
    while pending:
        root, members = pending.pop()
        direct, below = _split(root, members)
        programs = sorted(child for child, inner in below.items() if any(free.active(path) for path in inner))
        one = any(free.active(path) for path in direct) or _entangled(programs, below, free)
        if programs and not one:
            pending.extend((child, below[child]) for child in programs)
        elif any(path in free.roles for path in members):
            units[root] = members
    return units


def _split(root: str, members: Iterable[str]) -> tuple[list[str], dict[str, list[str]]]:
    """The files directly in a folder, and those below by the folder they are in."""
    direct: list[str] = []
    below: dict[str, list[str]] = defaultdict(list)
    prefix = f"{root}/" if root else ""
    for path in members:
        head, separator, _ = path.removeprefix(prefix).partition("/")
        (below[prefix + head] if separator else direct).append(path)
    return direct, below


def _entangled(programs: list[str], below: Mapping[str, list[str]], free: Free) -> bool:
    """Whether folders side by side import each other: then they are one program."""
    home = {path: child for child in programs for path in below[child]}
    return any(home.get(imported, child) != child for path, child in home.items() for imported in free.imports(path))


def _name(root: str, members: list[str], free: Free, taken: set[str]) -> str:
    parts = [part for part in root.split("/") if part]
    while len(parts) > 1 and parts[-1].lower() in NAMELESS:
        parts.pop()
    if parts and parts[-1] not in taken:
        return parts[-1]
    if root and root not in taken:
        return root
    starting = sorted(path for path in members if free.starts(path)) or sorted(path for path in members)
    return folder(starting[0]).split(".", 1)[0]
