"""The environment of one service: which bindings of which files give it a variable or setting."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from commlint.link.commands import words_of
from commlint.link.declared import Declared, Placed
from commlint.link.names import parent, plain
from commlint.link.services import Deployed
from commlint.link.settings import Given, Settings, SettingsFile, chosen, plain_key
from commlint.model.deployments import CALLED, ELSEWHERE, PROFILES, Binding
from commlint.model.places import Region
from commlint.model.values import Choice, ConfigRead, EnvironmentRead, Literal, Sequence, Value, show

# Scopes a key may name; any other colon is part of a key.
SCOPES = ("configmap:", "secret:", "file:", "service:")
# `-Dserver.port=80` and `--server.port=80` in a command give settings.
OPTION = re.compile(r"(?:-D|--)([\w-]+(?:[.:]+[\w-]+)+)=(.*)", re.DOTALL)
# `-users http://users:80` and `--users=http://users:80` give what a program calls its flag `--users`.
FLAG = re.compile(r"--?([A-Za-z][\w.-]*)(?:=(.*))?", re.DOTALL)
# What a shell puts in for `$NAME`.
_SHELL = re.compile(r"\$(\w+)")
LOCAL = ("localhost", "127.0.0.1")
NESTING = 8
SAMPLES = (".example", ".sample", ".template", ".dist")
# Environments a dotenv file may be meant for, the one nearest to a deployment first; `.env.test` is none of them.
VARIANTS = (".docker", ".production", ".prod", ".staging", ".development", ".dev", ".local")


@dataclass(frozen=True, slots=True)
class Bound:
    """
    A value a file gives, where, and the format of that file; `taken` when it came with a whole map of values,
    `setting` when it stands in a configuration file and not in a deployment.

    `region` is None when the configuration says so.
    """

    value: Value
    region: Region | None
    origin: str
    taken: bool = False
    setting: bool = False


class Bindings:
    """All bindings by scope."""

    def __init__(self, declared: Declared) -> None:
        self._scopes: dict[str, list[Placed[Binding]]] = defaultdict(list)
        for placed in declared.bindings:
            self._scopes[placed.item.scope].append(placed)

    def scope(self, name: str) -> tuple[Placed[Binding], ...]:
        """
        All of a scope.

        A dotenv file kept out of the repository is told by those for single environments, or by the sample, beside it.
        """
        others = (*(VARIANTS if name.endswith(("/.env", ":.env")) else ()), *SAMPLES)
        names = (name, *(name + suffix for suffix in others)) if name.startswith("file:") else (name,)
        return tuple(next((self._scopes[each] for each in names if each in self._scopes), ()))

    def dotenv(self, folder: str) -> tuple[Placed[Binding], ...]:
        """What `.env` in `folder` says."""
        return self.scope(f"file:{folder}/.env" if folder else "file:.env")


class Environment:
    """
    What one service is given, by name.

    The configuration goes before the deployment, that before the image, that before a `.env` file beside
    the code; several deployment files that differ are alternatives. All of them go before configuration files.
    """

    def __init__(self, bindings: Bindings, deployed: Deployed, settings: Settings | None = None) -> None:
        self._bindings = bindings
        self._tiers = (
            _told(deployed),
            _deployment(bindings, deployed),
            _images(bindings, deployed),
            _beside(bindings, deployed),
        )
        self._plain = tuple(_by_plain_name(tier) for tier in (*self._tiers, _options(deployed)))
        self._flags = _flags(deployed)
        self._settings: dict[str, Given] = {}
        files = settings.of(deployed.name) if settings is not None else ()
        self._shared = frozenset(file.path for file in files if file.shared)
        elsewhere = any(entry.item.name == ELSEWHERE for file in files for entry in file.bindings)
        self.complete = not elsewhere or any(file.shared or file.named for file in files)
        if files:
            self._settings = chosen(files, ())
            active = self._profiles(files)
            self._settings = chosen(files, active) if active else self._settings

    def lookup(self, name: str) -> tuple[Bound, ...]:
        """What the environment variable may be; nothing when no file gives it a value."""
        for tier in self._tiers:
            given = tuple(bound for bound in tier.get(name, ()) if not self._handed_through(name, bound))
            if given:
                # What one deployment leaves blank is filled in as another says.
                return tuple(bound for bound in given if bound.value != Literal("")) or given
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
        """What a configuration key is: one of a named scope, a flag of the command, a property or its variable."""
        if key.startswith(SCOPES):
            # A path may hold slashes itself: the key of a file is what follows its last one.
            scope, _, name = key.rpartition("/") if key.startswith("file:") else key.partition("/")
            return tuple(_whole(self._bindings, scope).get(name, ()))
        if key.startswith("--"):
            return self._tiers[0].get(key) or self._flags.get(key, ())
        wanted = plain_key(key)
        given = next((tier[wanted] for tier in self._plain if wanted in tier), None)
        return given if given is not None else _applied(self._settings.get(wanted), self._shared)

    def settings(self) -> dict[str, tuple[Bound, ...]]:
        """What configuration files alone give the service, by key as written."""
        return {
            given.name: _applied(given, self._shared)
            for key, given in sorted(self._settings.items())
            if not key.startswith("@") and not any(key in tier for tier in self._plain)
        }

    def calls(self, name: str) -> bool:
        """Whether the framework itself calls the address that a key holds."""
        return CALLED + name in self._settings

    def _profiles(self, files: Iterable[SettingsFile]) -> frozenset[str]:
        """The profiles or environments the service runs with, in lower case."""
        told = [entry.item.value for file in files for entry in file.bindings if entry.item.name == PROFILES]
        names = next(filter(None, (self._word(value, NESTING) for value in dict.fromkeys(told))), "")
        return frozenset(name.strip().lower() for name in names.split(",") if name.strip())

    def _word(self, value: Value | None, depth: int) -> str:
        """A value as one text where that is plain to see."""
        match value:
            case Literal(value=content) if content is not None:
                return str(content)
            case Sequence(items=items):
                return ",".join(self._word(item, depth - 1) for item in items) if depth else ""
            case Choice(options=options):
                return next(filter(None, (self._word(each, depth - 1) for each in options)), "") if depth else ""
            case EnvironmentRead(name=key, default=default) | ConfigRead(key=key, default=default) if depth:
                found = self.lookup(key) if isinstance(value, EnvironmentRead) else self.setting(key)
                return self._word(found[0].value if found else default, depth - 1)
            case _:
                return ""

    def given(self) -> dict[str, tuple[Bound, ...]]:
        """All variables that the configuration and the deployment give the service, by name."""
        told, deployment, _, _ = self._tiers
        return {**deployment, **told}


def _by_plain_name(tier: dict[str, tuple[Bound, ...]]) -> dict[str, tuple[Bound, ...]]:
    return {plain(name): tier[name] for name in sorted(tier, reverse=True)}


def _options(deployed: Deployed) -> dict[str, tuple[Bound, ...]]:
    """Settings that the command gives."""
    given = [OPTION.fullmatch(word) for command in deployed.commands for word in words_of(command)]
    return {found[1]: (Bound(Literal(found[2]), None, "command"),) for found in given if found is not None}


def _flags(deployed: Deployed) -> dict[str, tuple[Bound, ...]]:
    """Flags that the commands give, by name behind two hyphens."""
    found: dict[str, dict[Value, Bound]] = defaultdict(dict)
    for command in deployed.commands:
        for word, after in pairwise((*words_of(command), "-")):
            flag = FLAG.fullmatch(word)
            if flag is not None and (flag[2] is not None or not after.startswith("-")):
                value = Literal(_SHELL.sub(r"${\1}", after if flag[2] is None else flag[2]))
                found[f"--{flag[1]}"].setdefault(value, Bound(value, None, "command"))
    return {name: tuple(values.values()) for name, values in found.items()}


def _applied(given: Given | None, shared: Collection[str]) -> tuple[Bound, ...]:
    """What holds; with the values of other profiles where that is only so on the machine of a developer."""
    if given is None:
        return ()
    alone = given.holding is not None and not any(word in show(given.holding.item.value) for word in LOCAL)
    entries = (*((given.holding,) if given.holding is not None else ()), *(() if alone else given.others))
    bounds = [replace(_bound(entry), taken=entry.path in shared, setting=True) for entry in entries]
    return tuple({bound.value: bound for bound in reversed(bounds)}.values())[::-1]


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
