"""Whether the code of a folder that no deployment runs stands alone as a service, or is a library of others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from commlint.link.groups import Group
from commlint.link.modules import Modules
from commlint.link.names import around, folder, parent, stem, within, words
from commlint.link.programs import SHARED, Code, path_of, programs
from commlint.link.roots import CodeRoot, labelled
from commlint.link.tying import known_kind
from commlint.model.operations import Recognition, Role


@dataclass(slots=True)
class Content:
    """What the code of a folder does: answers, receives, goes out, can be started, is imported by others."""

    endpoints: int = 0
    receivers: int = 0
    exits: int = 0
    mains: int = 0
    files: list[str] = field(default_factory=list)
    importers: set[str] = field(default_factory=set)

    @property
    def imported(self) -> bool:
        return bool(self.importers)

    def take(self, part: Content) -> None:
        """What a part of it does, it does."""
        self.endpoints += part.endpoints
        self.receivers += part.receivers
        self.exits += part.exits
        self.files += part.files


def contents(recognition: Recognition, roots: Iterable[str]) -> dict[str, Content]:
    """What the code under each root does, deeper roots taking their part; "" files fall to no root but ""."""
    found = {root: Content() for root in sorted(set(roots))}
    homes: dict[str, str] = {}

    def at(path: str) -> Content | None:
        if path not in homes:
            homes[path] = next((root for root in around(path) if root in found), "\0")
        return found.get(homes[path])

    for module in recognition.modules:
        here = at(module.path)
        if here is not None:
            here.files.append(module.path)
            here.mains += module.is_main
        for imported in module.imports:
            other = at(imported)
            if other is not None and other is not here:
                other.importers.add(homes[module.path])
    for operation in recognition.operations:
        here = at(path_of(operation.function))
        if here is not None:
            here.endpoints += operation.role is Role.SERVER
            here.receivers += operation.role is Role.CONSUMER
            here.exits += operation.role not in (Role.SERVER, Role.CONSUMER)
    return found


def _tells_apart(root: CodeRoot, code: Code) -> bool:
    """Whether several Dockerfiles of a folder are called like programs below it: `ApiDockerfile` of `cmd/api`."""
    started = {stem(folder(parent(path))) for path in code.modules if code.starts(path) and within(path, root.path)}
    return len({stem(labelled(path)) for path in root.dockerfiles} & started) > 1


def judged(
    left: Iterable[CodeRoot], groups: Sequence[Group], recognition: Recognition, modules: Modules
) -> list[tuple[CodeRoot, str]]:
    """Which of the folders left over are services of their own, and which are libraries (kind `library`)."""
    rest = [root for root in left if root.path not in modules.parts]
    claimed = {root for group in groups for root in group.roots}
    inside = contents(recognition, [*claimed, *(root.path for root in rest), *modules.parts])
    for path, taker in modules.parts.items():
        inside[taker].take(inside[path])
    deployed = any(not known_kind(group) for group in groups)
    applications = any(root.is_application for root in rest)
    code = Code.of(recognition, recognition.operations)
    started = {path for path, content in inside.items() if content.mains}
    result: list[tuple[CodeRoot, str]] = []
    for root in rest:
        content = inside[root.path]
        nested = any(within(root.path, owner) for owner in claimed if owner)
        shared = root.path in modules.shared
        lent = (content.imported or shared) and not content.mains and not root.has_image
        # The plug-in for programs says nothing of what nothing starts and others that are started import.
        is_program = root.is_program and not (lent and content.importers & started)
        gathers = _gathers(root, rest, claimed)
        # What a deployed service imports answers as a part of that service.
        lends = content.importers & started and SHARED.intersection(words(folder(root.path)))
        taken = bool(content.importers & claimed or shared or lends) and not (root.is_application or is_program)
        receives = content.receivers and not lent
        answers = content.endpoints and not (lent and (gathers or taken))
        goes_out = content.exits and (content.mains or is_program) and not (lent and gathers)
        runs = bool(answers or receives or goes_out)
        if content.mains > 1 and (root.makes_many or _tells_apart(root, code)):
            # Each program below it is told by its own folder.
            continue
        if runs and root.has_image:
            result.append((root, "service"))
        elif runs and not nested:
            # Several programs under one build file are told apart by their own files.
            if root.is_application or is_program or len(programs(content.files, code)) == 1:
                result.append((root, "service"))
        elif lent and gathers and not nested:
            result.append((root, "library"))
        elif root.is_application and not nested and (content.files or (root.is_told_inside and not deployed)):
            result.append((root, "service"))
        elif root.has_image and not deployed and not content.imported and (root.says_its_name or not applications):
            # Code in a language that is not read: the image alone says that it runs.
            result.append((root, "service"))
        elif not root.has_image and content.files and (content.imported or shared) and not nested:
            result.append((root, "library"))
    return result


def _gathers(root: CodeRoot, rest: Iterable[CodeRoot], claimed: Iterable[str]) -> bool:
    """Whether a folder lies around the folders of programs, as the build file of a workspace does."""
    inner = [*claimed, *(other.path for other in rest if other.is_application)]
    return any(path != root.path and within(path, root.path) for path in inner)
