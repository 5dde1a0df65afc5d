"""Who runs which code: own folders, start modules of services that share a folder, libraries reached by imports."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from commlint.link.calls import Calls
from commlint.link.commands import CLOCKS, OPEN_SERVERS, SCHEDULERS, SERVERS, WORKERS, programs_of, runs_tasks
from commlint.link.names import around, within
from commlint.link.parts import left_out
from commlint.link.programs import Code, by_hand, closure, is_task, path_of
from commlint.link.queues import Queues
from commlint.link.services import Deployed
from commlint.link.sharing import own_files, started_by, starting
from commlint.model.operations import ModuleNode, Operation, Recognition, Role

ENTRIES = (Role.SERVER, Role.CONSUMER)


class Owners:
    """
    Which services run a file or an operation.

    A file under the root of a service is its own; a file under no root belongs to every service whose own
    files reach it by imports or whose image takes it in, where its language does not leave that to imports alone; a
    file of another service only lends what is called in it.
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
        beside = own_files(paths, private, self._services, Code.of(recognition, recognition.operations))
        loose = frozenset(
            path_of(each.function) for each in recognition.operations if each.function.endswith("::<module>")
        )
        by_hand = {name: _scripts(self._services[name], files, self._modules, loose) for name, files in beside.items()}
        self.own: dict[str, frozenset[str]] = {name: files - by_hand[name] for name, files in beside.items()}
        self.scripts = frozenset().union(*by_hand.values()).difference(*self.own.values())
        self._imported = {
            name: frozenset(path for path in self._reached(name, files, paths) if self._takes(name, path))
            for name, files in self.own.items()
        }
        self._called = {
            name: frozenset(each for each in calls.beyond(files) if self._takes(name, path_of(each)))
            for name, files in self.own.items()
        }
        owned = Counter(path for files in self.own.values() for path in files)
        alone = {name: frozenset(path for path in files if owned[path] == 1) for name, files in self.own.items()}
        self._called_by_own = {name: calls.beyond(files) for name, files in alone.items()}
        self._starters = {name: programs_of(deployed.commands) for name, deployed in self._services.items()}
        receivers = {path_of(each.function) for each in recognition.operations if each.role is Role.CONSUMER}
        answering = {path_of(each.function) for each in recognition.operations if each.role is Role.SERVER}
        self._started = {
            name: starting(deployed, self.own[name], self._modules) for name, deployed in self._services.items()
        }
        self._receiving = frozenset(
            name for name, paths in self._started.items() if paths & receivers and not paths & answering
        )
        self._queues = Queues({each.name: each.commands for each in self._services.values()}, recognition)
        self._calls_shared = frozenset(
            function for functions in self._called.values() for function in functions if self._common(path_of(function))
        )
        self._calls = calls
        self._entries: dict[str, list[Operation]] = defaultdict(list)
        for operation in recognition.operations:
            if operation.role in ENTRIES:
                self._entries[operation.function].append(operation)
        self._owners = _by_file(self.own)
        self._importers = _by_file(self._imported)

    def _reached(self, name: str, files: frozenset[str], paths: Iterable[str]) -> frozenset[str]:
        """The files that imports lead to from those of a service and from what its images take in."""
        return closure(files.union(self._copied(name, paths)), self._modules) - files

    def _takes(self, name: str, path: str) -> bool:
        """Whether the build of a program takes a file in, as far as that is known."""
        deployed = self._services[name]
        return not left_out(path, deployed.taken, deployed.apart)

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
        found = self._fitting(sorted((*owners, *importers)) or self._building(operation), operation)
        return tuple(self._entered(found, operation) if len(found) > 1 else found)

    def _entered(self, found: list[str], operation: Operation) -> list[str]:
        """
        Of several services with the code of an exit, those that run one of the functions which lead there.

        An entry is run by who answers it, and not by all that import it to send it something.
        """
        if operation.role in ENTRIES or len(self._owners.get(path_of(operation.function), ())) == 1:
            return found
        running: set[str] = set()
        for start in self._calls.starts(operation.function):
            entries = self._entries.get(start)
            around = () if entries else self._answering(list(self.of_file(path_of(start))))
            running.update(*map(self.of, entries or ()), around)
        return [name for name in found if name in running] or found

    def _building(self, operation: Operation) -> list[str]:
        """The services that build a module in: what it answers and receives, frameworks find without an import."""
        path = path_of(operation.function)
        if operation.role not in ENTRIES or not self._common(path):
            return []
        return sorted(name for name, each in self._services.items() if any(within(path, at) for at in each.modules))

    def _running(self, owners: list[str], operation: Operation) -> list[str]:
        """
        Of several programs with a file, those that start it or whose own files call what is done there, as far as seen.

        What receives is run by who starts it, whoever else could.
        """
        if len(owners) < 2:
            return owners
        path = path_of(operation.function)
        starting = [name for name in owners if path in self._started[name]]
        if starting and operation.role is Role.CONSUMER:
            return starting
        around = {operation.function, operation.function.rpartition(".<lambda@")[0]}
        return [name for name in owners if name in starting or around & self._called_by_own[name]] or owners

    def of_file(self, path: str) -> tuple[str, ...]:
        """The services that run a file, sorted."""
        importers = self._importers.get(path, ()) if self._common(path) else ()
        return tuple(sorted((*self._owners.get(path, ()), *importers)))

    def of_site(self, path: str, decided: str) -> tuple[str, ...]:
        """The services that run what stands in a file, by the file of the call that decided it where all share it."""
        return self.of_file(decided if decided and self._common(path) else path)

    def _copied(self, name: str, paths: Iterable[str]) -> frozenset[str]:
        """What an image takes in: a part of the program unless that has its parts by imports alone."""
        copied = frozenset(self._services[name].copied)
        if not copied:
            return copied
        inside = tuple(f"{each}/" if each else "" for each in copied)
        told = any(path in self._modules and self._modules[path].by_import for path in self.own[name])
        return frozenset(
            path
            for path in paths
            if path.startswith(inside) or path in copied
            if not (told and path in self._modules and self._modules[path].by_import)
        )

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
        if operation.style == "scheduled":
            clocks = [name for name in found if self._starters[name] & CLOCKS]
            return clocks or [name for name in found if runs_tasks(self._starters[name])] or found
        if operation.role is not Role.SERVER:
            found = [name for name in found if not self._only_schedules(name)] or found
        if len(found) < 2 or operation.role not in ENTRIES:
            return found
        if is_task(operation):
            workers = [name for name in found if runs_tasks(self._starters[name])]
            if workers:
                return self._queues.takers(operation, workers)
            return [name for name in found if not self._starters[name] & SERVERS] or found
        workers = [name for name in found if self._only_works(name) or self._only_receives(name, operation)]
        return self._answering([name for name in found if name not in workers] or found, operation.protocol)

    def _answering(self, found: list[str], protocol: str = "") -> list[str]:
        """Of services with the same code, one that keeps connections open runs what these ask, the others the rest."""
        held = [name for name in found if self._starters[name] & OPEN_SERVERS]
        return (held if protocol == "websocket" else [name for name in found if name not in held]) or found

    def _only_works(self, name: str) -> bool:
        """Whether a service runs the program of a task queue, and none that answers requests."""
        return bool(self._starters[name] & WORKERS) and not self._starters[name] & SERVERS

    def _only_receives(self, name: str, operation: Operation) -> bool:
        """Whether the file a service starts receives messages, and takes in the code of an endpoint for other use."""
        return operation.role is Role.SERVER and name in self._receiving

    def _only_schedules(self, name: str) -> bool:
        """Whether a service sends the tasks that are due; `celery worker --beat` runs them too."""
        return bool(self._starters[name] & SCHEDULERS) and "worker" not in self._starters[name]


def _by_file(files: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, several in files.items():
        for path in several:
            found[path].append(name)
    return found


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


def _scripts(
    deployed: Deployed, files: Iterable[str], modules: Mapping[str, ModuleNode], loose: Collection[str]
) -> frozenset[str]:
    """Files people run by hand: they lie beside the code of the service, but are no part of what it runs."""
    return by_hand(files, deployed.service.roots, modules, loose) - started_by(deployed, files, modules)
