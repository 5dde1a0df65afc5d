"""Who runs which code: own folders, start modules of services that share a folder, libraries reached by imports."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from commlint.link.calls import Calls
from commlint.link.commands import (
    SCHEDULERS,
    SERVERS,
    WORKERS,
    built_from,
    called,
    programs_of,
    start_modules,
)
from commlint.link.handlers import Handlers
from commlint.link.names import around, within
from commlint.link.programs import by_hand, closure, path_of
from commlint.link.services import Deployed
from commlint.model.operations import ModuleNode, Operation, Recognition, Role

# Protocols whose consumers only such a program runs.
TASKS = frozenset(("celery", "dramatiq", "rq", "arq", "huey"))


class Owners:
    """
    Which services run a file or an operation.

    A file under the root of a service is its own; a file under no root belongs to every service whose own
    files reach it by imports or whose image takes it in; a file of another service only lends what is called in it.
    """

    def __init__(self, services: Sequence[Deployed], recognition: Recognition, calls: Calls) -> None:
        self._modules = {module.path: module for module in recognition.modules}
        self._services = {deployed.name: deployed for deployed in services if deployed.service.kind != "library"}
        known = {path_of(site.function) for site in recognition.operations}
        known.update(path_of(site.function) for site in recognition.channels)
        paths = sorted(known.union(self._modules))
        self._root_of = _root_of(paths, self._services.values())
        self._commons = _commons(self._root_of, self._services.values(), self._modules)
        private = {path: names for path, names in self._root_of.items() if path not in self._commons}
        beside = _own_files(paths, private, self._services, self._modules)
        by_hand = {name: _scripts(self._services[name], files, self._modules) for name, files in beside.items()}
        self.own: dict[str, frozenset[str]] = {name: files - by_hand[name] for name, files in beside.items()}
        self.scripts = frozenset().union(*by_hand.values()).difference(*self.own.values())
        self._imported = {
            name: closure(files.union(_copied(self._services[name], paths)), self._modules) - files
            for name, files in self.own.items()
        }
        self._called = {name: calls.beyond(files) for name, files in self.own.items()}
        owned = Counter(path for files in self.own.values() for path in files)
        alone = {name: frozenset(path for path in files if owned[path] == 1) for name, files in self.own.items()}
        self._called_by_own = {name: calls.beyond(files) for name, files in alone.items()}
        self._starters = {name: programs_of(deployed.commands) for name, deployed in self._services.items()}
        self._calls_shared = frozenset(
            function for functions in self._called.values() for function in functions if self._common(path_of(function))
        )
        self._owners = _by_file(self.own)
        self._importers = _by_file(self._imported)

    def files(self, service: str) -> frozenset[str]:
        """Every file whose code the service may run."""
        return self.own[service] | self._imported[service]

    def of(self, operation: Operation) -> tuple[str, ...]:
        """The services that run an operation, sorted."""
        path = path_of(operation.function)
        if operation.decided and self._common(path):
            path = operation.decided
        importers = (name for name in self._importers.get(path, ()) if self._borrows(name, path, operation))
        owners = self._running(self._owners.get(path, []), operation)
        return tuple(self._fitting(sorted((*owners, *importers)), operation))

    def _running(self, owners: list[str], operation: Operation) -> list[str]:
        """Of several programs with a file, those whose own files call what is done there, where any was seen to."""
        if len(owners) < 2:
            return owners
        around = {operation.function, operation.function.rpartition(".<lambda@")[0]}
        return [name for name in owners if around & self._called_by_own[name]] or owners

    def of_file(self, path: str) -> tuple[str, ...]:
        """The services that run a file, sorted."""
        importers = self._importers.get(path, ()) if self._common(path) else ()
        return tuple(sorted((*self._owners.get(path, ()), *importers)))

    def _common(self, path: str) -> bool:
        """Whether a file lies beside the code of the services, for any of them to take in."""
        return not self._root_of.get(path) or path in self._commons

    def _borrows(self, name: str, path: str, operation: Operation) -> bool:
        """Whether a service that imports a file runs what is done in it."""
        shared = self._common(path)
        if operation.role is Role.SERVER:
            return shared
        called = operation.function in self._called[name]
        # Calls decide where they were followed; where nobody was seen to call, the import has to do.
        return called or (shared and operation.function not in self._calls_shared)

    def _fitting(self, found: list[str], operation: Operation) -> list[str]:
        """Of several services with the same code, those started so that this operation runs."""
        task = operation.role is Role.CONSUMER and operation.protocol in TASKS
        if task:
            found = [name for name in found if not self._only_schedules(name)] or found
        if len(found) < 2 or operation.role not in (Role.SERVER, Role.CONSUMER):
            return found
        workers = [name for name in found if self._starters[name] & WORKERS]
        if task:
            return workers or [name for name in found if not self._starters[name] & SERVERS] or found
        return [name for name in found if name not in workers] or found

    def _only_schedules(self, name: str) -> bool:
        """Whether a service sends the tasks that are due; `celery worker --beat` runs them too."""
        return bool(self._starters[name] & SCHEDULERS) and "worker" not in self._starters[name]


def _by_file(files: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, several in files.items():
        for path in several:
            found[path].append(name)
    return found


def _copied(deployed: Deployed, paths: Iterable[str]) -> frozenset[str]:
    copied = frozenset(deployed.copied)
    return frozenset(path for path in paths if any(each in copied for each in around(path))) if copied else copied


def _root_of(paths: Iterable[str], services: Iterable[Deployed]) -> dict[str, tuple[str, ...]]:
    """For each file the services whose root is the deepest one around it."""
    roots: dict[str, list[str]] = defaultdict(list)
    for deployed in services:
        for root in deployed.service.roots:
            roots[root].append(deployed.name)
    found: dict[str, tuple[str, ...]] = {}
    for path in paths:
        deepest = next((each for each in around(path) if each in roots), None)
        if deepest is not None:
            found[path] = tuple(sorted(roots[deepest]))
    return found


def _commons(
    root_of: Mapping[str, tuple[str, ...]], services: Iterable[Deployed], modules: Mapping[str, ModuleNode]
) -> frozenset[str]:
    """
    What a service with folders of others inside its own holds for all: imported from there, needed by nothing else.

    A deployment that builds in the folder of the whole tree does not own the packages its neighbours share.
    """
    roots = {deployed.name: deployed.service.roots for deployed in services}
    around = {
        name
        for name, mine in roots.items()
        if any(within(its, root) and its != root for root in mine for other in roots.values() for its in other)
    }
    held = {path for path, names in root_of.items() if set(names) <= around}
    taken = closure(root_of.keys() - held, modules) & held
    return taken - closure(held - taken, modules)


def _own_files(
    paths: Iterable[str],
    root_of: Mapping[str, tuple[str, ...]],
    services: Mapping[str, Deployed],
    modules: Mapping[str, ModuleNode],
) -> dict[str, frozenset[str]]:
    own: dict[str, set[str]] = {name: set() for name in services}
    shared: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for path in paths:
        names = root_of.get(path, ())
        if len(names) == 1:
            own[names[0]].add(path)
        elif names:
            shared[names].add(path)
    for names, files in sorted(shared.items()):
        started = {name: started_by(services[name], files, modules) for name in names}
        reached = set().union(*started.values())
        elsewhere = _started_alone(reached, modules)
        # What a platform calls of the code is all a function runs; the rest is left to what keeps running.
        lasting = [name for name in names if not _ends(services[name], started[name])] or list(names)
        for name in names:
            # What no command leads to is found by other means than imports: it may belong to any that keeps running.
            rest = (started[name] or files - elsewhere) | _readable_by(files - reached, started[name], modules)
            own[name] |= rest if name in lasting else started[name]
    return {name: frozenset(files) for name, files in own.items()}


def _ends(deployed: Deployed, started: Collection[str]) -> bool:
    return deployed.service.kind == "job" or (bool(deployed.handlers) and bool(started))


def _readable_by(files: set[str], started: set[str], modules: Mapping[str, ModuleNode]) -> set[str]:
    """Of `files`, those in a language of what a command leads to, all where it leads nowhere."""
    languages = {modules[path].language for path in started if path in modules}
    return {path for path in files if not languages or path not in modules or modules[path].language in languages}


def _started_alone(reached: Iterable[str], modules: Mapping[str, ModuleNode]) -> frozenset[str]:
    """The start modules among files that commands lead to: nothing imports them, so no other command runs them."""
    files = set(reached)
    imported = {other for module in modules.values() for other in module.imports}
    return frozenset(path for path in files - imported if path in modules and modules[path].is_main)


def _scripts(deployed: Deployed, files: Iterable[str], modules: Mapping[str, ModuleNode]) -> frozenset[str]:
    """Files people run by hand: they lie beside the code of the service, but are no part of what it runs."""
    return by_hand(files, deployed.service.roots, modules) - started_by(deployed, files, modules)


def started_by(deployed: Deployed, files: Iterable[str], modules: Mapping[str, ModuleNode]) -> set[str]:
    """Of `files`, those the service's command leads to by imports; none when the command cannot be read."""
    available = set(files)
    mains = [path for path in available if path in modules and modules[path].is_main]
    starts = {start for command in deployed.commands for start in start_modules(command, available)}
    starts.update(built_from(deployed.builds, mains))
    handlers = Handlers(modules[path] for path in available if path in modules)
    starts.update(filter(None, map(handlers.file, deployed.handlers)))
    starts = starts or {start for command in deployed.commands for start in called(command, mains)}
    return set(closure(starts, modules)) & available
