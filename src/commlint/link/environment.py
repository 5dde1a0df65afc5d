"""The environment of one service: which bindings of which files give it a variable or setting."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from commlint.link.declared import Declared, Placed
from commlint.link.names import parent, plain
from commlint.link.services import Deployed
from commlint.model.declarations import Binding
from commlint.model.places import Region
from commlint.model.values import ConfigRead, EnvironmentRead, Literal, Value

SAMPLES = (".example", ".sample", ".template", ".dist")


@dataclass(frozen=True, slots=True)
class Bound:
    """
    A value a file gives, where, and the format of that file; `taken` when it came with a whole map of values.

    `region` is None when the configuration says so.
    """

    value: Value
    region: Region | None
    origin: str
    taken: bool = False


class Bindings:
    """All bindings by scope."""

    def __init__(self, declared: Declared) -> None:
        self._scopes: dict[str, list[Placed[Binding]]] = defaultdict(list)
        for placed in declared.bindings:
            self._scopes[placed.item.scope].append(placed)

    def scope(self, name: str) -> tuple[Placed[Binding], ...]:
        """All of a scope; a dotenv file that is kept out of the repository is told by the sample beside it."""
        names = (name, *(name + suffix for suffix in SAMPLES)) if name.startswith("file:") else (name,)
        return tuple(next((self._scopes[each] for each in names if each in self._scopes), ()))

    def dotenv(self, folder: str) -> tuple[Placed[Binding], ...]:
        """What `.env` in `folder` says."""
        return self.scope(f"file:{folder}/.env" if folder else "file:.env")


class Environment:
    """
    What one service is given, by name.

    The configuration goes before the deployment, that before the image, that before a `.env` file beside
    the code; several deployment files that differ are alternatives.
    """

    def __init__(self, bindings: Bindings, deployed: Deployed) -> None:
        self._bindings = bindings
        self._tiers = (
            _told(deployed),
            _deployment(bindings, deployed),
            _images(bindings, deployed),
            _beside(bindings, deployed),
        )

    def lookup(self, name: str) -> tuple[Bound, ...]:
        """What the environment variable may be; nothing when no file gives it a value."""
        for tier in self._tiers:
            given = tuple(bound for bound in tier.get(name, ()) if not self._handed_through(name, bound))
            if given:
                return given
        return ()

    def _handed_through(self, name: str, bound: Bound) -> bool:
        """A compose file may name a variable without a value: then it has one only where compose is run."""
        same = isinstance(bound.value, EnvironmentRead) and bound.value.name == name and bound.value.default is None
        return same and bound.origin == "compose" and not self.substitutions(name, bound)

    def substitutions(self, name: str, bound: Bound) -> tuple[Bound, ...]:
        """What a variable inside a binding is: `.env` beside a compose file, else what the service has."""
        path = bound.region.path if bound.region is not None else ""
        if bound.origin == "compose":
            return _named(self._bindings.dotenv(parent(path)), name)
        own = _named(self._bindings.scope(f"file:{path}"), name)
        return own or self.lookup(name)

    def setting(self, key: str) -> tuple[Bound, ...]:
        """What a configuration key is: one key of a named scope, or a property that may come as a variable."""
        if ":" in key:
            # A path may hold slashes itself: the key of a file is what follows its last one.
            scope, _, name = key.rpartition("/") if key.startswith("file:") else key.partition("/")
            return tuple(_whole(self._bindings, scope).get(name, ()))
        wanted = plain(key)
        for tier in self._tiers:
            for name in sorted(tier):
                if plain(name) == wanted:
                    return tier[name]
        return ()

    def given(self) -> dict[str, tuple[Bound, ...]]:
        """All variables that the configuration and the deployment give the service, by name."""
        told, deployment, _, _ = self._tiers
        return {**deployment, **told}


def _told(deployed: Deployed) -> dict[str, tuple[Bound, ...]]:
    return {name: (Bound(Literal(value), None, "configuration"),) for name, value in deployed.environment}


def _deployment(bindings: Bindings, deployed: Deployed) -> dict[str, tuple[Bound, ...]]:
    gathered: dict[str, dict[Value, Bound]] = defaultdict(dict)
    for path, name in deployed.members:
        entries = [entry for entry in bindings.scope(f"service:{name}") if entry.path == path]
        for variable, values in _one_member(bindings, entries).items():
            for bound in values:
                gathered[variable].setdefault(bound.value, bound)
    return {variable: tuple(values.values()) for variable, values in gathered.items()}


def _one_member(bindings: Bindings, entries: list[Placed[Binding]]) -> dict[str, list[Bound]]:
    """The variables of one declaration: what it names itself goes before what it takes over, later before earlier."""
    taken: dict[str, list[Bound]] = {}
    named: dict[str, list[Bound]] = {}
    for entry in entries:
        name, value = entry.item.name, entry.item.value
        if not name.endswith("*"):
            named[name] = [_bound(entry)]
        elif isinstance(value, ConfigRead):
            for variable, values in _whole(bindings, value.key).items():
                taken[name.removesuffix("*") + variable] = values
    return {**taken, **named}


def _whole(bindings: Bindings, scope: str) -> dict[str, list[Bound]]:
    """All of a scope; several files that give one name are alternatives, in one file the last counts."""
    by_file: dict[str, dict[str, Bound]] = defaultdict(dict)
    for entry in bindings.scope(scope):
        by_file[entry.item.name][entry.path] = Bound(entry.item.value, entry.region, entry.item.origin, taken=True)
    return {name: list(files.values()) for name, files in by_file.items()}


def _images(bindings: Bindings, deployed: Deployed) -> dict[str, tuple[Bound, ...]]:
    found: dict[str, tuple[Bound, ...]] = {}
    for path, _ in deployed.members:
        for entry in bindings.scope(f"dockerfile:{path}"):
            found[entry.item.name] = (_bound(entry),)
    return found


def _beside(bindings: Bindings, deployed: Deployed) -> dict[str, tuple[Bound, ...]]:
    """`.env` in the folder of the code or above it, the nearest first, as the libraries look for it."""
    found: dict[str, tuple[Bound, ...]] = {}
    for root in deployed.service.roots:
        folders = [root]
        while folders[-1]:
            folders.append(parent(folders[-1]))
        for folder in folders:
            for name in dict.fromkeys(entry.item.name for entry in bindings.dotenv(folder)):
                found.setdefault(name, _named(bindings.dotenv(folder), name))
    return found


def _named(entries: tuple[Placed[Binding], ...], name: str) -> tuple[Bound, ...]:
    """The last of the bindings of that name: later lines of a file go before earlier ones."""
    return tuple(_bound(entry) for entry in entries if entry.item.name == name)[-1:]


def _bound(entry: Placed[Binding]) -> Bound:
    return Bound(entry.item.value, entry.region, entry.item.origin)
