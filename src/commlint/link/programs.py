"""Which files make one program, where no deployment says it: told by what can be started and who imports whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from commlint.link.names import parent, within
from commlint.model.operations import ModuleNode, Operation, Recognition, Role

TESTS = frozenset(("tests", "test"))
# Protocols whose consumers only such a program runs.
TASKS = frozenset(("celery", "dramatiq", "rq", "arq", "huey"))
# Folders whose code is run by hand, not deployed.
ASIDE = frozenset((
    "scripts", "script", "tools", "tool", "hack", "ci", ".ci", ".github", "docs", "doc", "examples", "example",
    "samples", "benchmarks", "bench", "tests", "test", "notebooks", "migrations",
))  # fmt: skip

# Folders whose code is for others to run.
SHARED = frozenset(("common", "commons", "shared", "lib", "libs", "library", "libraries", "util", "utils", "helpers"))


def is_task(operation: Operation) -> bool:
    """Whether only the program of a task queue runs it."""
    return operation.role is Role.CONSUMER and operation.protocol in TASKS


def path_of(function: str) -> str:
    """The file a function id stands in."""
    return function.split("::", 1)[0]


def closure(starts: Iterable[str], modules: Mapping[str, ModuleNode]) -> frozenset[str]:
    """`starts` and every file they reach by imports."""
    reached = set(starts)
    pending = sorted(reached)
    while pending:
        module = modules.get(pending.pop())
        for imported in module.imports if module else ():
            if imported not in reached:
                reached.add(imported)
                pending.append(imported)
    return frozenset(reached)


def by_hand(
    paths: Iterable[str], roots: Sequence[str], modules: Mapping[str, ModuleNode], loose: Collection[str] = ()
) -> frozenset[str]:
    """
    The scripts among the files of `roots`: started by themselves, named as no part of it, imported by no other.

    One of the `loose` files, that do something outside of functions, need not say that it can be started; tests, which
    are read only when somebody asks for them, do not become scripts by that.

    What is named so too and imported by nothing but them comes with them.
    """
    files = set(paths)
    aside = frozenset(path for path in files if path in modules and _named_aside(path, roots))
    started = {path for path in aside if modules[path].is_main}
    started.update(path for path in aside.intersection(loose) if TESTS.isdisjoint(path.split("/")))
    scripts = _alone(frozenset(started), files, modules)
    return scripts | _alone((closure(scripts, modules) & aside) - scripts, files - scripts, modules)


def _alone(some: frozenset[str], files: set[str], modules: Mapping[str, ModuleNode]) -> frozenset[str]:
    """Those of `some` that the other files do not reach; none when there are no others."""
    others = files - some
    return some - closure(others, modules) if others else frozenset()


def _named_aside(path: str, roots: Sequence[str]) -> bool:
    around = max((root for root in roots if within(path, root)), key=len, default="")
    parts = path.removeprefix(around).removesuffix(".py").split("/")
    return any(part.lower() in ASIDE or part.lower().endswith(("_scripts", "-scripts")) for part in parts)


@dataclass(frozen=True, slots=True)
class Code:
    """
    Files with what they import and what is done in them: `roles` of the operations that matter, by file.

    `tasks`: the files with what only the program of a task queue runs.
    """

    modules: Mapping[str, ModuleNode]
    roles: Mapping[str, tuple[Role, ...]]
    tasks: frozenset[str] = frozenset()

    @classmethod
    def of(cls, recognition: Recognition, operations: Iterable[Operation]) -> Code:
        """The code of a system, with the roles of these operations."""
        roles: dict[str, tuple[Role, ...]] = {}
        tasks: set[str] = set()
        for operation in operations:
            path = path_of(operation.function)
            roles[path] = (*roles.get(path, ()), operation.role)
            if is_task(operation):
                tasks.add(path)
        return cls({module.path: module for module in recognition.modules}, roles, frozenset(tasks))

    def active(self, path: str) -> bool:
        """It answers, receives, or can be started."""
        return self.takes(path) or self.starts(path)

    def takes(self, path: str) -> bool:
        """It answers or receives."""
        return any(role in (Role.SERVER, Role.CONSUMER) for role in self.roles.get(path, ()))

    def starts(self, path: str) -> bool:
        return path in self.modules and self.modules[path].is_main

    def serves(self, path: str) -> bool:
        return Role.SERVER in self.roles.get(path, ())


def programs(paths: Sequence[str], code: Code) -> dict[str, list[str]]:
    """
    Files by the folder (or the one file) that makes a program: a folder that only holds programs is opened.

    Programs without operations are left out. Those that share folders beside them come with what they take from there.
    """
    return _inside("", list(paths), code)


def _inside(folder: str, paths: list[str], code: Code) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    pending = [(folder, paths)]
    while pending:
        root, members = pending.pop()
        direct, below = _split(root, members)
        inner = sorted(child for child, inside in below.items() if any(code.active(path) for path in inside))
        apart = _apart(direct, code)
        if len(inner) == 1 and _only_starts(below[inner[0]], members, code):
            found[root] = members
        elif apart and not _entangled(inner, below, code):
            found.update({path: [path] for path in apart})
            pending.extend((child, below[child]) for child in inner)
        elif inner and not any(code.active(path) for path in direct) and not _entangled(inner, below, code):
            pending.extend((child, below[child]) for child in inner)
        elif sharing := _sharing(direct, inner, below, code) or _started(members, code):
            found.update(sharing)
        elif any(path in code.roles for path in members):
            found[root] = members
    return found


def _only_starts(files: Sequence[str], around: Sequence[str], code: Code) -> bool:
    """Whether the files of one folder start what is all done in the folders beside it."""
    if any(path in code.roles for path in files):
        return False
    return any(path in code.roles for path in closure(files, code.modules).intersection(around))


def _sharing(
    direct: Sequence[str], inner: Sequence[str], below: Mapping[str, list[str]], code: Code
) -> dict[str, list[str]]:
    """
    Programs in some of the folders that take what they share from the others, which need none of them.

    None when there are not several that each answer or receive.
    """
    starting = [child for child in inner if any(code.starts(path) for path in below[child])]
    started = {path for child in starting for path in below[child]}
    beside = {path for child in inner if child not in starting for path in below[child]}
    if not beside or any(code.active(path) for path in direct) or _entangled(starting, below, code):
        return {}
    if closure(beside, code.modules) & started:
        return {}
    found = {root: files for child in starting for root, files in _inside_or_whole(child, below[child], code).items()}
    taking = {root: sorted(closure(files, code.modules) & (beside | set(files))) for root, files in found.items()}
    taking = {root: files for root, files in taking.items() if any(code.takes(path) for path in files)}
    return taking if len(taking) > 1 else {}


def _started(members: Sequence[str], code: Code) -> dict[str, list[str]]:
    """
    Programs that take from each other's folders what they share: each starts in a folder of its own, needs no start
    module of another, and answers or receives in some file that no other reaches. Those that only call come along.

    None when there are not several that answer or receive.
    """
    inside = set(members)
    starting: dict[str, set[str]] = defaultdict(set)
    for path in members:
        if code.starts(path) and not _hands_over(path, inside, code) and _acts(path, code):
            starting[parent(path)].add(path)
    reached = {root: closure(starts, code.modules) & inside for root, starts in starting.items()}
    if any(reached[root] & starting[other] for root in reached for other in starting if other != root):
        return {}
    users = Counter(path for files in reached.values() for path in files)
    taking = {root for root, files in reached.items() if any(users[path] == 1 and code.takes(path) for path in files)}
    if len(taking) < 2:
        return {}
    return {root: sorted(files) for root, files in reached.items() if root in taking or _calls(files, users, code)}


def _acts(path: str, code: Code) -> bool:
    """Whether a start module leads to something that is done; a library may be started to show what it can."""
    return any(reached in code.roles for reached in closure((path,), code.modules))


def _hands_over(path: str, members: Collection[str], code: Code) -> bool:
    """Whether a start module only starts that of another folder: it does nothing, and imports that one."""
    others = {each for each in members if code.starts(each) and parent(each) != parent(path)}
    return path not in code.roles and bool(others & set(code.modules[path].imports))


def _calls(files: Iterable[str], users: Mapping[str, int], code: Code) -> bool:
    """Whether something is done in one of the files that no other program reaches."""
    return any(users[path] == 1 and path in code.roles for path in files)


def _inside_or_whole(folder: str, paths: list[str], code: Code) -> dict[str, list[str]]:
    """The programs in a folder; where nothing is done in it, each folder below that is started, by itself."""
    found = _inside(folder, paths, code)
    if found:
        return found
    direct, below = _split(folder, paths)
    if any(code.starts(path) for path in direct):
        return {folder: paths}
    return {child: files for child, files in below.items() if any(code.starts(path) for path in files)}


def _split(root: str, members: Iterable[str]) -> tuple[list[str], dict[str, list[str]]]:
    """The files directly in a folder, and those below by the folder they are in."""
    direct: list[str] = []
    below: dict[str, list[str]] = defaultdict(list)
    prefix = f"{root}/" if root else ""
    for path in members:
        head, separator, _ = path.removeprefix(prefix).partition("/")
        (below[prefix + head] if separator else direct).append(path)
    return direct, below


def _apart(direct: Sequence[str], code: Code) -> list[str]:
    """
    Files side by side that are each a program: several are started to answer or to receive, and none needs another.

    What they answer and receive stands in them, or in a file that one of them alone imports.
    """
    starting = [path for path in direct if code.starts(path)]
    reached = {path: closure((path,), code.modules) for path in starting}
    alone = not any(other in reached[path] for path in starting for other in starting if other != path)
    inward = [path for path in direct if code.takes(path)]
    started = [{start for start in starting if path in reached[start]} for path in inward]
    programs_of_them = set().union(*started)
    if not alone or len(programs_of_them) < 2 or any(len(starts) != 1 for starts in started):
        return []
    return [path for path in starting if path in programs_of_them or path in code.roles]


def _entangled(inner: Sequence[str], below: Mapping[str, list[str]], code: Code) -> bool:
    """Whether folders side by side import each other: then they are one program."""
    home = {path: child for child in inner for path in below[child]}
    return any(
        home.get(imported, child) != child
        for path, child in home.items()
        for imported in (code.modules[path].imports if path in code.modules else ())
    )
