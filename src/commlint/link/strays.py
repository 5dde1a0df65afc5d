"""Code that no file declares a service for: folders that run by themselves become services of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from commlint.link.names import folder, plain, stem, within, words
from commlint.link.owners import Owners
from commlint.link.programs import ASIDE, SHARED, TESTS, Code, closure, path_of, programs
from commlint.link.services import Deployed
from commlint.model.facts import Notice
from commlint.model.operations import Evidence, Recognition, Role
from commlint.model.places import Region
from commlint.model.system import INFRASTRUCTURE, Service

TESTING = TESTS | {"conftest"}
NAMELESS = frozenset(("src", "source", "python", "code", "lib", "app", "main"))
# Names that only say what kind of program it is.
VAGUE = frozenset(("rpc", "mq", "job", "scheduler", "consumer", "grpc", "http", "cron"))
# Folders that hold programs and say nothing of what they are.
HOLDING = NAMELESS | {"cmd", "apps", "services", "internal", "pkg"}


def with_strays(services: Sequence[Deployed], recognition: Recognition, owners: Owners) -> tuple[Deployed, ...]:
    """
    The services with the folders with operations that none of them runs, sorted by name.

    Such a folder is the code of a deployment of its name that has none, else a service of its own.
    """
    code = Code.of(recognition, (each for each in recognition.operations if not owners.of(each)))
    found = {deployed.name: deployed for deployed in services}
    others = bool(found)
    unowned = sorted(
        path for path in {*code.modules, *code.roles} if not owners.of_file(path) and path not in owners.scripts
    )
    taken_in = _taken_in(recognition, owners)
    made = programs(unowned, code)
    called = Counter(_parts(root)[-1] for root in made if _parts(root))
    answering = _answering(recognition, owners)
    for root, members in sorted(made.items()):
        shared = any(within(path, root) for path in taken_in)
        if _aside(root, members, code) or not _runs(members, code, others, shared):
            continue
        if others and SHARED.intersection(root.lower().split("/")) and not any(map(code.starts, members)):
            continue
        if len(_hosted(members, code, answering)) > 1:
            continue
        waiting = _waiting(_parts(root), found.values())
        if waiting is not None:
            found[waiting.name] = replace(waiting, service=replace(waiting.service, roots=(root,)))
            continue
        name = _name(root, members, code, set(found), called)
        why = tuple(Region(path) for path in members if path in code.roles)[:1]
        found[name] = Deployed(Service(name, "service", (root,), (), why, Evidence.CODED))
    return tuple(found[name] for name in sorted(found))


def _waiting(parts: Sequence[str], services: Iterable[Deployed]) -> Deployed | None:
    """The one deployment without code that is called like the last of these folders, or like the last two together."""
    if not parts:
        return None
    waiting = [each for each in services if not each.service.roots and each.service.kind not in INFRASTRUCTURE]
    for called, wanted in ((plain, plain(parts[-1])), (stem, stem(parts[-1])), (stem, plain("".join(parts[-2:])))):
        fitting = [
            each
            for each in waiting
            if wanted in {called(name) for name in (each.name, *each.service.aliases, *each.images)}
        ]
        if fitting:
            return fitting[0] if len(fitting) == 1 else None
    return None


def left_out(recognition: Recognition, owners: Owners) -> tuple[Notice, ...]:
    """A notice for each file with operations that no service runs."""
    first: dict[str, int] = {}
    for operation in recognition.operations:
        if not owners.of(operation):
            path, line = operation.region.path, operation.region.start_line
            first[path] = min(line, first.get(path, line))
    message = "no service runs the code that communicates here; name one with this folder under [services]"
    return tuple(Notice(path, line, message) for path, line in sorted(first.items()))


def _aside(root: str, members: Iterable[str], code: Code) -> bool:
    """Whether it is tooling or tests."""
    if any(part.lower() in ASIDE for part in root.split("/")):
        return True
    return all(TESTING & set(words(folder(path))) for path in members if path in code.roles)


def _taken_in(recognition: Recognition, owners: Owners) -> frozenset[str]:
    """Files that the code of some service imports."""
    owned = (module for module in recognition.modules if owners.of_file(module.path))
    return frozenset(imported for module in owned for imported in module.imports)


def _answering(recognition: Recognition, owners: Owners) -> dict[str, str]:
    """By file the one service of which it is a part that answers or receives."""
    entries = (path_of(each.function) for each in recognition.operations if each.role in (Role.SERVER, Role.CONSUMER))
    found = {path: [name for name, files in owners.own.items() if path in files] for path in entries}
    return {path: names[0] for path, names in found.items() if len(names) == 1}


def _hosted(members: Iterable[str], code: Code, answering: Mapping[str, str]) -> set[str]:
    """The services whose answering code is started here: what starts several is the way into each, and none itself."""
    return {answering[path] for path in closure(members, code.modules) if path in answering}


def _runs(members: Iterable[str], code: Code, others: bool, shared: bool) -> bool:
    """
    Whether files answer, receive, or are started and call; in a tree without other services any operation does.

    `shared`: services import from the folder, so what would receive there does so only where one of them makes it.
    """
    roles = [role for path in members for role in code.roles.get(path, ())]
    inward = Role.SERVER in roles or (Role.CONSUMER in roles and not shared)
    return inward or (bool(roles) and (not others or any(code.starts(path) for path in members)))


def _parts(root: str) -> list[str]:
    """The folders around a program whose names may say what it is; the last one does."""
    parts = [part.split(".", 1)[0] or part for part in root.split("/") if part]
    while len(parts) > 1 and parts[-1].lower() in NAMELESS:
        parts.pop()
    return parts


def _name(root: str, members: list[str], code: Code, taken: set[str], called: Mapping[str, int]) -> str:
    parts = _parts(root)
    saying = [part for part in parts if part.lower() not in HOLDING]
    vague = parts and (called[parts[-1]] > 1 or parts[-1].lower() in VAGUE)
    if vague and len(saying) > 1 and saying[-1] == parts[-1]:
        # Of `orders/cmd/api` and `payments/cmd/api` neither is called `api`.
        joined = "-".join(saying[-2:])
        if joined not in taken:
            return joined
    if parts and parts[-1] not in taken:
        return parts[-1]
    if root and root not in taken:
        return root
    starting = sorted(path for path in members if code.starts(path)) or sorted(members)
    return folder(starting[0]).split(".", 1)[0]
