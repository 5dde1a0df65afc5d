"""What the resources of one scope are: channels, parts of channels, and what starts functions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass, field

from commlint.model.deadletters import says_dead
from commlint.model.declarations import Resource
from commlint.model.libraries import ResourceModel
from commlint.model.operations import State
from commlint.model.places import Extent
from commlint.model.values import Literal, Mapping, Sequence, Value
from commlint.provision import locate
from commlint.provision.functions import decoded
from commlint.provision.modules import Block, Instance, source_of
from commlint.provision.pointers import Pointer, number_of, pointers, text_of, truth
from commlint.provision.scopes import Scope

Models = Table[str, tuple[ResourceModel, ...]]
Named = Table[str, list["Found"]]

_REPOSITORY = re.compile(
    r"github\.com[/:](?P<owner>[^/]+)/terraform-(?P<provider>\w+)-(?P<name>[\w-]+?)(?:\.git)?(?:[/?].*)?$"
)
# Parts of one path.
_PARTS = 20
_FAILURES = re.compile(r"dlq|dead_?letter|redrive|on_?failure", re.IGNORECASE)


@dataclass(slots=True)
class Found:
    """A channel or function of one scope while everything about it is gathered."""

    scope: Scope
    block: Block
    address: str
    model: ResourceModel
    settings: Value
    extent: Extent
    exists: bool | None
    states: list[State] = field(default_factory=list)
    targets: list[Value] = field(default_factory=list)
    limit: float | None = None
    runs_for: float | None = None
    watched: bool = False
    takers: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    is_dead: bool = False
    started: bool = False
    source_known: bool = True
    element: str = ""

    @property
    def name(self) -> str:
        """Its name on the broker, as far as known; else what the code calls it."""
        return locate.text(self.settings, self.model.name) or self.called

    @property
    def called(self) -> str:
        """What the code that runs calls it: by the call of its module where it has one."""
        call = self.scope.key.rpartition(">")[2].partition("#")[0]
        return f"module.{call}.{self.address}" if self.scope.caller is not None else self.address

    @property
    def service(self) -> str:
        """What it is called where it runs: by its name where that is known whole, else as the code calls it."""
        given = locate.text(self.settings, self.model.name)
        plain = self.address.rpartition(".")[2].rpartition("/")[2]
        return given if given and "{" not in given and "$" not in given else plain

    @property
    def state(self) -> str:
        if State.SET in self.states and self.exists is not False:
            return "set"
        if self.is_dead or says_dead(self.address) or says_dead(locate.text(self.settings, self.model.name)):
            return "is-a-dlq"
        if self.exists is False:
            return "unknown"
        if State.UNKNOWN in self.states or not self.states or not self.source_known:
            return "unknown"
        return "unset"


@dataclass(frozen=True, slots=True)
class Start:
    """What starts functions, as one block says it, and the file that block stands in."""

    model: ResourceModel
    settings: Value
    functions: tuple[Value, ...]
    path: str
    extent: Extent


def type_of(item: Resource) -> str:
    """The type that models go by; a module is called by its source in the registry, wherever it is fetched from."""
    if item.kind != "module":
        return item.type
    source = item.type.removeprefix("registry.terraform.io/").removeprefix("app.terraform.io/")
    found = _REPOSITORY.search(source)
    return f"module:{found['owner']}/{found['name']}/{found['provider']}" if found else f"module:{source}"


class Gathering:
    """The channels of all scopes."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self.found: dict[tuple[str, str], list[Found]] = defaultdict(list)
        self._parts: list[tuple[Scope, ResourceModel, Value, bool | None]] = []
        self._starts: list[Start] = []
        self._scopes: dict[str, Scope] = {}
        self._named: dict[str, list[Found]] | None = None
        self._outside: list[Value] = []
        self._watches: list[Value] = []

    def take(self, scope: Scope) -> None:
        """Read all resources of a scope, and of the modules it calls."""
        self._scopes[scope.key] = scope
        for address, block in scope.module.of_kind("resource", "module"):
            if block.item.kind == "module" and source_of(scope.module, block.item) in scope.world.modules:
                for child in scope.children(block.item.name):
                    self.take(child)
                continue
            models = self._models.get(type_of(block.item), ())
            if block.item.kind == "module":
                self._call(scope, block)
                models = models or ((_UNKNOWN_MODULE,) if _names_channel(block.item) else ())
            for model in models:
                for instance in scope.instances(block):
                    self._resource(scope, address, block, model, instance)

    def _call(self, scope: Scope, block: Block) -> None:
        """A module that is not at hand may send its dead letters to a queue it is given."""
        settings = block.item.settings
        for key, value in settings.entries if isinstance(settings, Mapping) else ():
            if isinstance(key, Literal) and _FAILURES.search(str(key.value)):
                self._outside.append(scope.worth(value))

    def _resource(self, scope: Scope, address: str, block: Block, model: ResourceModel, instance: Instance) -> None:
        settings = scope.worth(block.item.settings, instance.names) if block.item.settings is not None else Mapping(())
        if not _holds(settings, model):
            return
        if model.watches:
            self._watches.extend(locate.find(settings, model.watches))
        if model.gives:
            self._outside.extend(locate.find(settings, model.gives))
        if model.part_of:
            self._parts.append((scope, model, settings, instance.exists))
            return
        for operation in _operations(settings, model):
            called = locate.find(operation, model.function)
            self._starts.append(Start(model, operation, called, block.path, block.item.extent))
        functions = locate.find(settings, model.function) if not model.operations else ()
        if model.runs and model.source:
            functions = (Pointer(scope.key, address),)
        if functions:
            self._starts.append(Start(model, settings, functions, block.path, block.item.extent))
        if not (model.kind or model.runs):
            return
        for element, inner, extent in _elements(block, model, settings):
            made = Found(
                scope, block, _address(scope, address, element, inner, model), model, inner, extent, instance.exists
            )
            made.element = element
            _read(made, settings)
            self.found[scope.key, address].append(made)

    # -- what belongs together ---------------------------------------------------------------------------

    def settle(self) -> None:
        """Tie parts to their channels, targets to what sends there, and functions to what starts them."""
        for scope, model, settings, exists in self._parts:
            self._part(scope, model, settings, exists)
        names = self.names()
        for start in self._starts:
            self._started(start, names)
        for each in self.meant(self._watches, names):
            each.watched = True
        everything = [each for several in self.found.values() for each in several]
        ends = [*self._outside, *(target for each in everything for target in each.targets)]
        for end in ends:
            for each in self.meant((end,), names):
                each.is_dead = True

    def _started(self, start: Start, names: Named) -> None:
        model, functions = start.model, list(self.meant(start.functions, names))
        if model.asynchronous:
            for each in functions:
                each.started = True
        for each in self.meant(locate.find(start.settings, model.source), names):
            each.watched = True
            each.takers.update(function.service if function.model.runs else function.called for function in functions)
            for function in functions:
                if not function.model.runs:
                    function.sources.add(each.name)
            times = [time for time in map(runs_for, functions) if time is not None]
            each.runs_for = max([*times, *([each.runs_for] if each.runs_for else [])], default=None)

    def _part(self, scope: Scope, model: ResourceModel, settings: Value, exists: bool | None) -> None:
        if exists is False:
            return
        of = locate.find(settings, model.part_of)
        whole = list(self.at(of))
        if not whole:
            # Some channel here gets these settings, and nobody knows which.
            whole = [each for (key, _), several in self.found.items() if key == scope.key for each in several]
            exists = None
        for each in whole:
            if model.dead_letter and each.model.dead_letter:
                said = locate.state(settings, model.dead_letter)
                each.states.append(State.UNKNOWN if exists is None and said is not State.UNSET else said)
                each.targets.extend(locate.find(settings, model.dead_letter))
            each.limit = each.limit or number_of(locate.first(settings, model.redelivery_limit))
            each.is_dead |= locate.state(settings, model.dead) is State.SET

    def at(self, values: Iterable[Value]) -> Iterator[Found]:
        """The channels that values point to."""
        for value in values:
            for pointer in pointers(value):
                yield from self.found.get((pointer.scope, pointer.address), ())

    def names(self) -> Named:
        """What was found, by the names it has on its broker."""
        if self._named is None:
            self._named = defaultdict(list)
            for several in self.found.values():
                for each in several:
                    self._named[locate.text(each.settings, each.model.name)].append(each)
            self._named.pop("", None)
        return self._named

    def meant(self, ends: Iterable[Value], names: Named) -> Iterator[Found]:
        """What values point to or name."""
        for end in ends:
            yield from self.at((end,))
            for pointer in pointers(end):
                yield from self.at(self.behind(pointer))
            for text in _texts(end):
                yield from names.get(text.rstrip("/").rsplit("/", 1)[-1].rsplit(":", 1)[-1], ())

    def behind(self, pointer: Pointer) -> tuple[Value, ...]:
        """What a resource stands for: the content of an archive or object, the function an integration calls."""
        scope = self._scopes.get(pointer.scope)
        block = scope.module.blocks.get(pointer.address) if scope is not None else None
        if scope is None or block is None or block.item.settings is None:
            return ()
        settings = scope.worth(block.item.settings)
        models = self._models.get(type_of(block.item), ())
        return tuple(value for model in models for value in locate.find(settings, model.through))

    def path_of(self, value: Value | None) -> str:
        """The path that a resource is a part of, from its outermost part on."""
        parts: list[str] = []
        for _ in range(_PARTS):
            pointer = next(pointers(value), None)
            found = self._part_of_path(pointer) if pointer is not None else None
            if found is None:
                break
            part, value = found
            parts.append(part)
        return "/" + "/".join(reversed(parts))

    def _part_of_path(self, pointer: Pointer) -> tuple[str, Value | None] | None:
        scope = self._scopes.get(pointer.scope)
        block = scope.module.blocks.get(pointer.address) if scope is not None else None
        if scope is None or block is None or block.item.settings is None:
            return None
        model = next((each for each in self._models.get(type_of(block.item), ()) if each.segment), None)
        if model is None:
            return None
        settings = scope.worth(block.item.settings)
        return locate.text(settings, model.segment), locate.first(settings, model.under)

    def starts(self) -> Iterator[Start]:
        """All that starts functions."""
        return iter(self._starts)


def runs_for(function: Found) -> float | None:
    """Seconds a function may run, None when that is not known."""
    if not function.model.runs:
        return None
    given = locate.find(function.settings, function.model.timeout)
    return number_of(given[0]) if given else function.model.timeout_default


def _texts(value: Value) -> Iterator[str]:
    """The texts in a value that may name something."""
    if isinstance(value, Mapping):
        for _, entry in value.entries:
            yield from _texts(entry)
    elif isinstance(value, Sequence):
        for item in value.items:
            yield from _texts(item)
    elif text_of(value):
        yield text_of(value)


def _operations(settings: Value, model: ResourceModel) -> Iterator[Value]:
    """The operations of an OpenAPI document in the settings, each with its path and method beside what it says."""
    for value in locate.find(settings, model.operations) if model.operations else ():
        for path, methods in _entries(value):
            for method, operation in _entries(methods):
                verb = "any" if text_of(method).startswith("x-") else text_of(method)
                yield Mapping(((Literal("path"), path), (Literal("method"), Literal(verb)), *_entries(operation)))


def _entries(value: Value) -> tuple[tuple[Value, Value], ...]:
    known = decoded(value) or value
    return known.entries if isinstance(known, Mapping) else ()


def _holds(settings: Value, model: ResourceModel) -> bool:
    for locator, wanted in model.when.items():
        values = locate.find(settings, locator)
        if not any(text_of(value).lower() in wanted for value in values):
            return False
    return True


def _elements(block: Block, model: ResourceModel, settings: Value) -> Iterator[tuple[str, Value, Extent]]:
    """The channels one resource holds: itself, or the elements its model names, each with where it stands."""
    if not model.each:
        yield "", settings, block.item.extent
        return
    places = dict(block.item.places)
    for part in model.each.split("|"):
        for value in locate.find(settings, part):
            value = decoded(value) or value
            items: Iterable[tuple[str, Value]] = ()
            if isinstance(value, Sequence):
                items = ((str(number), item) for number, item in enumerate(value.items))
            elif isinstance(value, Mapping):
                items = ((text_of(key), item) for key, item in value.entries)
            for name, item in items:
                place = _place(places, f"{part}/{name}")
                if isinstance(item, Mapping):
                    yield f"{part}/{name}", item, place or block.item.extent


def _place(places: Table[str, Extent], path: str) -> Extent | None:
    wanted = locate.plain(path)
    return next((extent for where, extent in places.items() if locate.plain(where) == wanted), None)


def shown(address: str) -> str:
    """An address as the code of its kind writes it: a template calls a resource by its name alone."""
    return address.rpartition(".")[2] if "::" in address else address


def _address(scope: Scope, address: str, element: str, settings: Value, model: ResourceModel) -> str:
    if not element:
        return shown(address)
    return locate.text(settings, model.name) or f"{address}/{element}"


def _read(made: Found, whole: Value) -> None:
    """What the settings of a channel themselves say."""
    model, settings = made.model, made.settings
    if model.absent and (worth := locate.first(whole, model.absent)) is not None and truth(worth) is not True:
        made.exists = False if truth(worth) is False else None
    if model.dead_letter:
        made.targets.extend(locate.find(settings, model.dead_letter))
        said = locate.state(settings, model.dead_letter)
        made.states.append(said if said is not State.UNSET else State(model.without))
    elif model.without != "unset":
        made.states.append(State(model.without))
    made.limit = number_of(locate.first(settings, model.redelivery_limit))
    made.is_dead = bool(model.dead) and locate.state(settings, model.dead) is State.SET


_UNKNOWN_MODULE = ResourceModel(
    types=(), kind="queue", name="name|queue_name",
    dead_letter="dlq|create_dlq|enable_dlq|dlq_enabled|dead_letter_queue|dead_letter|redrive_policy|dlq_arn"
    "|dead_letter_target_arn|dead_letter_queue_arn|deadletter",
    without="unknown",
)  # fmt: skip


def _names_channel(item: Resource) -> bool:
    """Whether the source of a module that is not at hand says that it makes a queue."""
    # Of a repository with several modules, what stands after `//` is the one that is called.
    source = item.type.lower().partition("?")[0].partition("://")
    called = (source[2] or source[0]).rpartition("//")[2]
    return bool({"sqs", "queue"} & set(re.split(r"[^a-z]+", called)))
