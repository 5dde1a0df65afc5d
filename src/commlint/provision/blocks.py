"""What one block of infrastructure code holds: channels, functions, and what its settings say of them."""

from __future__ import annotations

import re
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
from commlint.provision.modules import Block
from commlint.provision.pointers import number_of, text_of, truth
from commlint.provision.scopes import Scope

# What takes messages on: a name that speaks of dead letters says that it handles those of others.
_ON_THE_WAY = frozenset(("function", "mapping", "rule"))
_REPOSITORY = re.compile(
    r"github\.com[/:](?P<owner>[^/]+)/terraform-(?P<provider>\w+)-(?P<name>[\w-]+?)(?:\.git)?(?:[/?].*)?$"
)


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

    def _says_dead(self) -> bool:
        return says_dead(self.address) or says_dead(locate.text(self.settings, self.model.name))

    @property
    def state(self) -> str:
        if State.SET in self.states and self.exists is not False:
            return "set"
        if self.is_dead or (self.model.kind not in _ON_THE_WAY and self._says_dead()):
            return "is-a-dlq"
        if self.exists is False:
            return "unknown"
        if State.UNKNOWN in self.states or not self.states or not self.source_known:
            return "unknown"
        return "unset"


def type_of(item: Resource) -> str:
    """The type that models go by; a module is called by its source in the registry, wherever it is fetched from."""
    if item.kind != "module":
        return item.type
    source = item.type.removeprefix("registry.terraform.io/").removeprefix("app.terraform.io/")
    found = _REPOSITORY.search(source)
    return f"module:{found['owner']}/{found['name']}/{found['provider']}" if found else f"module:{source}"


def operations_in(settings: Value, model: ResourceModel) -> Iterator[Value]:
    """The operations of an OpenAPI document in the settings, each with its path and method beside what it says."""
    for value in locate.find(settings, model.operations) if model.operations else ():
        for path, methods in _entries(value):
            for method, operation in _entries(methods):
                verb = "any" if text_of(method).startswith("x-") else text_of(method)
                yield Mapping(((Literal("path"), path), (Literal("method"), Literal(verb)), *_entries(operation)))


def _entries(value: Value) -> tuple[tuple[Value, Value], ...]:
    known = decoded(value) or value
    return known.entries if isinstance(known, Mapping) else ()


def holds(settings: Value, model: ResourceModel) -> bool:
    for locator, wanted in model.when.items():
        values = locate.find(settings, locator)
        if not any(text_of(value).lower() in wanted for value in values):
            return False
    return True


def elements_of(block: Block, model: ResourceModel, settings: Value) -> Iterator[tuple[str, Value, Extent]]:
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


def address_of(scope: Scope, address: str, element: str, settings: Value, model: ResourceModel) -> str:
    if not element:
        return shown(address)
    return locate.text(settings, model.name) or f"{address}/{element}"


def read_into(made: Found, whole: Value) -> None:
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


UNKNOWN_MODULE = ResourceModel(
    types=(), kind="queue", name="name|queue_name",
    dead_letter="dlq|create_dlq|enable_dlq|dlq_enabled|dead_letter_queue|dead_letter|redrive_policy|dlq_arn"
    "|dead_letter_target_arn|dead_letter_queue_arn|deadletter",
    without="unknown",
)  # fmt: skip


def names_channel(item: Resource) -> bool:
    """Whether the source of a module that is not at hand says that it makes a queue."""
    # Of a repository with several modules, what stands after `//` is the one that is called.
    source = item.type.lower().partition("?")[0].partition("://")
    called = (source[2] or source[0]).rpartition("//")[2]
    return bool({"sqs", "queue"} & set(re.split(r"[^a-z]+", called)))
