"""What the resources of one scope are: channels, parts of channels, and what starts functions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass

from commlint.model.libraries import ResourceModel
from commlint.model.operations import State
from commlint.model.places import Extent
from commlint.model.values import Literal, Mapping, Sequence, Value
from commlint.provision import locate
from commlint.provision.blocks import (
    UNKNOWN_MODULE,
    Found,
    address_of,
    elements_of,
    holds,
    names_channel,
    operations_in,
    read_into,
    type_of,
)
from commlint.provision.modules import Block, Instance, source_of
from commlint.provision.pointers import Pointer, number_of, pointers, text_of
from commlint.provision.scopes import Scope

Models = Table[str, tuple[ResourceModel, ...]]
Named = Table[str, list[Found]]

# Parts of one path.
_PARTS = 20
_FAILURES = re.compile(r"dlq|dead_?letter|redrive|on_?failure", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Start:
    """What starts functions, as one block says it, and the file that block stands in."""

    model: ResourceModel
    settings: Value
    functions: tuple[Value, ...]
    path: str
    extent: Extent


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
                models = models or ((UNKNOWN_MODULE,) if names_channel(block.item) else ())
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
        if not holds(settings, model):
            return
        if model.watches:
            self._watches.extend(locate.find(settings, model.watches))
        if model.gives:
            self._outside.extend(locate.find(settings, model.gives))
        if model.part_of:
            self._parts.append((scope, model, settings, instance.exists))
            return
        if instance.exists is not False:
            self._starts.extend(_starts(scope, address, block, model, settings))
        if not (model.kind or model.runs):
            return
        for element, inner, extent in elements_of(block, model, settings):
            made = Found(
                scope, block, address_of(scope, address, element, inner, model), model, inner, extent, instance.exists
            )
            made.element = element
            read_into(made, settings)
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
        settings, models = self._resource_of(pointer)
        return tuple(value for model in models for value in locate.find(settings, model.through))

    def text(self, settings: Value, locator: str) -> str:
        """A text in settings, "" when it is not known; it may be what another resource says of itself."""
        for value in locate.find(settings, locator) if locator else ():
            if isinstance(value, Pointer) and value.attribute:
                value = locate.first(self._resource_of(value)[0], value.attribute) or value
            if text_of(value):
                return text_of(value)
        return ""

    def _resource_of(self, pointer: Pointer) -> tuple[Value | None, tuple[ResourceModel, ...]]:
        """What the resource says that a value points to, and what models say of its type."""
        scope = self._scopes.get(pointer.scope)
        block = scope.module.blocks.get(pointer.address) if scope is not None else None
        if scope is None or block is None or block.item.settings is None:
            return None, ()
        return scope.worth(block.item.settings), self._models.get(type_of(block.item), ())

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
        settings, models = self._resource_of(pointer)
        model = next((each for each in models if each.segment), None)
        if model is None or settings is None:
            return None
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


def _starts(scope: Scope, address: str, block: Block, model: ResourceModel, settings: Value) -> Iterator[Start]:
    """What a block starts, and what starts what it runs."""
    for operation in operations_in(settings, model):
        yield Start(model, operation, locate.find(operation, model.function), block.path, block.item.extent)
    functions = locate.find(settings, model.function) if not model.operations else ()
    if model.runs and model.source:
        functions = (Pointer(scope.key, address),)
    if functions:
        yield Start(model, settings, functions, block.path, block.item.extent)


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
