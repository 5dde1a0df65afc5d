"""Modules of one build: which program alone takes in what stands in other folders, and what several take in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from commlint.link.declared import Placed
from commlint.link.groups import Group, clean
from commlint.link.names import folder, plain, within
from commlint.link.roots import CodeRoot
from commlint.model.deployments import ServiceDeclaration
from commlint.model.operations import Recognition


@dataclass(frozen=True, slots=True)
class Modules:
    """
    How folders hang together by what their build files need of each other.

    `parts`: folders that one program alone takes in, each with a folder of that program; they are a part of it.
    `shared`: folders that programs take in and that nothing in them starts, with folders of these programs.
    """

    parts: Mapping[str, str] = field(default_factory=dict)
    shared: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, groups: Sequence[Group], left: Sequence[CodeRoot], recognition: Recognition) -> Modules:
        """The modules of a tree whose deployments are known; `left` are the folders that no deployment runs."""
        declarations = [entry for group in groups for entry in group.declarations]
        built = [entry for root in left for entry in root.evidence] + declarations
        takers = _takers(built)
        if not takers:
            return cls()
        mains = [module.path for module in recognition.modules if module.is_main]
        programs = {root for group in groups for root in group.roots}
        programs.update(root.path for root in left if _starts(root, mains))
        able = {root.path for root in left} - programs
        users = {path: _users(path, takers, programs) for path in sorted(able & takers.keys())}
        parts = {path: next(iter(found)) for path, found in users.items() if len(found) == 1 and found <= programs}
        return cls(parts, {path: frozenset(found & programs) for path, found in users.items() if path not in parts})


def _starts(root: CodeRoot, mains: Iterable[str]) -> bool:
    """Whether a folder holds a program by itself."""
    if root.is_application or root.is_program or root.has_image:
        return True
    return any(within(path, root.path) for path in mains)


def _takers(built: Iterable[Placed[ServiceDeclaration]]) -> dict[str, set[str]]:
    """For each folder those whose build files need it."""
    entries = {
        clean(entry.item.source_root or ""): entry.item for entry in built if entry.item.origin.endswith("-build")
    }
    found: dict[str, set[str]] = defaultdict(set)
    for taker, item in entries.items():
        for need in item.needs:
            named = [path for path in entries if path != taker and _is_meant(need, path, entries[path].name)]
            if len(named) == 1:
                found[named[0]].add(taker)
    return found


def _is_meant(need: str, path: str, name: str) -> bool:
    """Whether a module is needed by its path in the build, or by the name it goes by."""
    if ":" in need:
        told = clean(need.replace(":", "/"))
        return path == told or path.endswith(f"/{told}")
    return need == name or (not name and plain(need) == plain(folder(path)))


def _users(path: str, takers: Mapping[str, set[str]], programs: Iterable[str]) -> set[str]:
    """The programs that take in a folder, through whatever stands between; what nobody needs counts as one."""
    known = frozenset(programs)
    seen, pending, found = {path}, [path], set()
    while pending:
        current = pending.pop()
        above = takers.get(current, set())
        if current != path and (current in known or not above):
            found.add(current)
            continue
        for each in above - seen:
            seen.add(each)
            pending.append(each)
    return found
