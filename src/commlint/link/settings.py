"""Configuration files: which of them each service reads, and which of their values hold for it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from commlint.link.declared import Declared, Placed
from commlint.link.names import parent, plain, within
from commlint.link.services import Deployed
from commlint.model.deployments import IMPORTED, Binding
from commlint.model.values import Literal

OWN, NAMED = "settings:", "named-settings:"
EXTENSION = re.compile(r"\.\w+$")
# Where programs keep files that are their own, beside which nobody else's are looked for.
RESOURCES = re.compile(r"(?:^|/)src/main/resources$")


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """
    A configuration file as one service reads it.

    `profile`: what its name says it is for, "" always. `named`: it bears the name of the service.
    `shared`: other services read it too.
    """

    path: str
    bindings: tuple[Placed[Binding], ...]
    profile: str = ""
    named: bool = False
    shared: bool = False


class Settings:
    """
    The configuration files of every service, those that go before others first.

    A file stands for the service in whose folder it lies, or whose name it bears; beside files that bear names,
    one without a name is for every service that has such files.
    """

    def __init__(self, declared: Declared, services: Sequence[Deployed]) -> None:
        by_path: dict[str, list[Placed[Binding]]] = defaultdict(list)
        self._named_paths: set[str] = set()
        for placed in declared.bindings:
            if placed.item.scope.startswith((OWN, NAMED)):
                by_path[placed.path].append(placed)
                if placed.item.scope.startswith(NAMED):
                    self._named_paths.add(placed.path)
        self._files = {path: tuple(bindings) for path, bindings in sorted(by_path.items())}
        self._services = [deployed for deployed in services if deployed.service.kind != "library"]
        self._called = _called(self._services)
        self._found: dict[str, list[SettingsFile]] = {deployed.name: [] for deployed in self._services}
        self._users: dict[str, tuple[str, ...]] = {}
        self._assign()

    def of(self, service: str) -> tuple[SettingsFile, ...]:
        """What a service reads, the strongest first."""
        return tuple(self._found.get(service, ()))

    def users(self, path: str) -> tuple[str, ...]:
        """The services that read a file, sorted."""
        return self._users.get(path, ())

    def _assign(self) -> None:
        stores = self._stores()
        named: dict[str, list[SettingsFile]] = defaultdict(list)
        shared: list[SettingsFile] = []
        own: dict[str, list[SettingsFile]] = defaultdict(list)
        for path, bindings in self._files.items():
            service, profile = self._bearer(path)
            if service:
                named[service].append(SettingsFile(path, bindings, profile, named=True))
                self._users[path] = (service,)
            elif path not in self._named_paths and parent(path) in stores:
                shared.append(SettingsFile(path, bindings, shared=True))
                self._users[path] = tuple(sorted(self._found))
            elif path not in self._named_paths:
                self._users[path] = self._around(path)
                for name in self._users[path]:
                    own[name].append(SettingsFile(path, bindings))
        for name, files in self._found.items():
            # Nested folders of one program go before those around them, and within one the order of names.
            beside = sorted(own[name], key=lambda file: (-file.path.count("/"), file.path))
            reads = shared if named[name] or beside else ()
            files.extend(self._with_imported((*named[name], *reads, *beside)))

    def _with_imported(self, files: Iterable[SettingsFile]) -> Iterable[SettingsFile]:
        """Each file followed by those it takes in by name, the nearest of each, whatever program they lie beside."""
        seen: set[str] = set()
        pending = list(files)
        given = {file.path for file in pending}
        while pending:
            file = pending.pop(0)
            if file.path in seen:
                continue
            seen.add(file.path)
            yield file
            near = filter(None, (self._nearest(name, file.path) for name in _taken_in(file)))
            pending[:0] = [
                SettingsFile(path, self._files[path], file.profile, shared=True) for path in near if path not in given
            ]

    def _nearest(self, name: str, path: str) -> str | None:
        found = [each for each in self._files if each.rsplit("/", 1)[-1] == name and each != path]
        return min(found, key=lambda each: (-_shared_folders(each, path), each), default=None)

    def _stores(self) -> set[str]:
        """Folders with a file that bears the name of a service: what else lies there is for everybody."""
        return {
            parent(path)
            for path in self._named_paths
            if not RESOURCES.search(parent(path)) and self._bearer(path)[0]
        }  # fmt: skip

    def _bearer(self, path: str) -> tuple[str, str]:
        """The service whose name a file or its folder bears, with the profile that follows it in the name."""
        if path not in self._named_paths:
            folder = parent(path).rsplit("/", 1)[-1]
            inside = self._around(path)
            service = self._called.get(plain(folder), "")
            # A folder of a configuration repository, not the folder of the program itself.
            return (service, "") if service and service not in inside and inside else ("", "")
        parts = EXTENSION.sub("", path.rsplit("/", 1)[-1]).split("-")
        for length in range(len(parts), 0, -1):
            service = self._called.get(plain("-".join(parts[:length])), "")
            if service:
                return service, "-".join(parts[length:])
        return "", ""

    def _around(self, path: str) -> tuple[str, ...]:
        """The services whose folder is the deepest around a file."""
        roots = {root for each in self._services for root in each.service.roots if within(path, root)}
        deepest = max(roots, key=len, default=None)
        return tuple(
            sorted(each.name for each in self._services if deepest is not None and deepest in each.service.roots)
        )


def _taken_in(file: SettingsFile) -> list[str]:
    """The names of the files that a file takes in."""
    told = (entry.item.value for entry in file.bindings if entry.item.name == IMPORTED)
    return [str(value.value) for value in told if isinstance(value, Literal)]


def _shared_folders(one: str, other: str) -> int:
    """How many folders two paths have in common."""
    same = 0
    for mine, its in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if mine != its:
            break
        same += 1
    return same


def _called(services: Iterable[Deployed]) -> dict[str, str]:
    """Names in plain form that mean one service."""
    found: dict[str, set[str]] = defaultdict(set)
    for deployed in services:
        for name in (deployed.name, *deployed.service.aliases):
            found[plain(name)].add(deployed.name)
    return {name: next(iter(several)) for name, several in found.items() if name and len(several) == 1}


def holds(profile: str, active: Collection[str]) -> bool:
    """Whether what is for `profile` holds while those of `active` are."""
    if not profile:
        return True
    return any(
        all(_is_active(word.strip(), active) for word in re.split(r"[&+]", alternative) if word.strip())
        for alternative in profile.split("|")
    )


def _is_active(word: str, active: Collection[str]) -> bool:
    if word.startswith("!"):
        return word[1:] not in active
    return word.lower() in active or (word == "default" and not active)


@dataclass(frozen=True, slots=True)
class Given:
    """What gives a key its value: the binding that holds (None when none is known to), and those of other profiles."""

    holding: Placed[Binding] | None
    others: tuple[Placed[Binding], ...] = ()

    @property
    def name(self) -> str:
        """The key as it is written first."""
        return (self.holding or self.others[0]).item.name


def chosen(files: Iterable[SettingsFile], active: Collection[str]) -> dict[str, Given]:
    """
    Each key in plain form with what gives it a value.

    Of the files the first that gives a value counts, what is for an active profile before what is always so.
    """
    holding: dict[str, tuple[int, Placed[Binding]]] = {}
    others: dict[str, list[Placed[Binding]]] = defaultdict(list)
    for file in files:
        in_file: dict[str, tuple[int, Placed[Binding]]] = {}
        for placed in file.bindings:
            key = plain_key(placed.item.name)
            conditions = tuple(filter(None, (file.profile, placed.item.profile)))
            if not all(holds(condition, active) for condition in conditions):
                others[key].append(placed)
            elif key not in in_file or len(conditions) >= in_file[key][0]:
                in_file[key] = (len(conditions), placed)
        for key, found in in_file.items():
            if key not in holding or found[0] > holding[key][0]:
                holding[key] = found
    keys = sorted({*holding, *others})
    return {key: Given(holding[key][1] if key in holding else None, tuple(others.get(key, ()))) for key in keys}


def plain_key(name: str) -> str:
    """A key in plain form; the names of what every service has stay apart from what people write."""
    return name if name.startswith("@") else plain(name)
