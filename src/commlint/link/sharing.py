"""Which of the files in a folder that several services share each of them runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from commlint.link.commands import SERVERS, WORKERS, built_from, called, lasting, programs_of, runs_tasks, start_modules
from commlint.link.handlers import Handlers
from commlint.link.programs import Code, closure
from commlint.link.services import Deployed
from commlint.model.operations import ModuleNode

# Programs that load code by names in settings, which no import leads to.
LOADERS = SERVERS | WORKERS | {"manage.py"}


def own_files(
    paths: Iterable[str],
    root_of: Mapping[str, tuple[str, ...]],
    services: Mapping[str, Deployed],
    code: Code,
) -> dict[str, frozenset[str]]:
    """The files each service runs of those under its own roots; `root_of`: the services around each file."""
    own: dict[str, set[str]] = {name: set() for name in services}
    shared: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for path in paths:
        names = root_of.get(path, ())
        if len(names) == 1:
            own[names[0]].add(path)
        elif names:
            shared[names].add(path)
    for names, files in sorted(shared.items()):
        for name, part in _parts([services[name] for name in names], files, code).items():
            own[name] |= part
    return {name: frozenset(files) for name, files in own.items()}


def _parts(sharing: Collection[Deployed], files: Collection[str], code: Code) -> dict[str, set[str]]:
    """
    What each of the services that share `files` runs of them.

    A program that does something runs what its command leads to by imports. One that is started by a framework finds
    its code by other means: it may run all the rest, and what that imports. The program of a task queue runs all tasks,
    whoever else imports them to send them. What a program is built from holds no more than that imports.
    """
    runnable = {each.name: _runnable(each, sharing, files, code.modules) for each in sharing}
    started = {each.name: started_by(each, runnable[each.name], code.modules) for each in sharing}
    reached = set().union(*started.values())
    elsewhere = _started_alone(reached, code.modules)
    rest = set(files) - reached
    # What a platform calls of the code is all a function runs; the rest is left to what keeps running.
    lasting = [each.name for each in sharing if not _ends(each, started[each.name])] or [each.name for each in sharing]
    loading = [each.name for each in sharing if each.name in lasting and not _is_plain(each, started[each.name], code)]
    working = {each.name for each in sharing if runs_tasks(programs_of(each.commands))}
    built = {each.name for each in sharing if each.builds and started[each.name]}
    parts: dict[str, set[str]] = {}
    for name, own in started.items():
        parts[name] = set(own)
        if name in built:
            continue
        if name in working:
            parts[name] |= closure(code.tasks & runnable[name], code.modules) & runnable[name] - elsewhere
        if name in loading or (name in lasting and not loading):
            found = closure(rest, code.modules) - elsewhere if own else set(files) - elsewhere
            parts[name] |= _readable_by(found & runnable[name] if name in loading else rest, own, code.modules)
    return parts


def _runnable(
    deployed: Deployed, sharing: Iterable[Deployed], files: Iterable[str], modules: Mapping[str, ModuleNode]
) -> set[str]:
    """The files in languages that the image of a service is made to run; the others where no image is."""
    able = {language for each in sharing for language in each.languages}
    return {
        path
        for path in files
        if not deployed.languages
        or path not in modules
        or modules[path].language in deployed.languages
        or modules[path].language not in able
    }


def _is_plain(deployed: Deployed, started: Iterable[str], code: Code) -> bool:
    """Whether it is a program that does something by itself, started by no framework that finds code by its name."""
    return any(path in code.roles for path in started) and not programs_of(lasting(deployed.commands)) & LOADERS


def _ends(deployed: Deployed, started: Collection[str]) -> bool:
    return deployed.service.kind == "job" or (bool(deployed.handlers) and bool(started))


def _readable_by(files: Collection[str], started: Collection[str], modules: Mapping[str, ModuleNode]) -> set[str]:
    """Of `files`, those in a language of what a command leads to, all where it leads nowhere."""
    languages = {modules[path].language for path in started if path in modules}
    return {path for path in files if not languages or path not in modules or modules[path].language in languages}


def _started_alone(reached: Iterable[str], modules: Mapping[str, ModuleNode]) -> frozenset[str]:
    """The start modules among files that commands lead to: nothing imports them, so no other command runs them."""
    files = set(reached)
    imported = {other for module in modules.values() for other in module.imports}
    return frozenset(path for path in files - imported if path in modules and modules[path].is_main)


def started_by(deployed: Deployed, files: Iterable[str], modules: Mapping[str, ModuleNode]) -> set[str]:
    """Of `files`, those the service's command leads to by imports; none when the command cannot be read."""
    available = set(files)
    return set(closure(starting(deployed, available, modules), modules)) & available


def starting(deployed: Deployed, available: Collection[str], modules: Mapping[str, ModuleNode]) -> set[str]:
    """Of the `available` files, those that the service's command starts; none when the command cannot be read."""
    mains = [path for path in available if path in modules and modules[path].is_main]
    commands = lasting(deployed.commands) or deployed.commands
    starts = {start for command in commands for start in start_modules(command, available)}
    starts.update(built_from(deployed.builds, mains))
    handlers = Handlers(modules[path] for path in available if path in modules)
    starts.update(filter(None, map(handlers.file, deployed.handlers)))
    return starts or {start for command in deployed.commands for start in called(command, mains)}
