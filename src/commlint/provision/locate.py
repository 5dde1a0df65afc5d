"""Locators of resource models: where in the settings of a resource something stands."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from commlint.model.operations import State
from commlint.model.values import Choice, Literal, Mapping, Sequence, Template, Unknown, Value
from commlint.provision.functions import decoded
from commlint.provision.pointers import NOTHING, REQUIRED, any_given, is_open, text_of


@cache
def plain(name: str) -> str:
    """A setting's name as all spellings of it are compared: `redrive_policy` and `RedrivePolicy` are one."""
    return name.lower().replace("_", "").replace("-", "")


@cache
def _paths(locator: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(plain(part) for part in each.split("/")) for each in locator.split("|") if each)


def find(settings: Value | None, locator: str) -> tuple[Value, ...]:
    """All values that stand where a locator says, in the order of its alternatives; nulls are left out."""
    found: list[Value] = []
    for path in _paths(locator):
        if settings is not None:
            found.extend(value for value in _at(settings, path) if value != NOTHING)
    return tuple(found)


def first(settings: Value | None, locator: str) -> Value | None:
    """The first value that stands where a locator says."""
    return next(iter(find(settings, locator)), None)


def text(settings: Value | None, locator: str) -> str:
    """The first value as a text, "" when there is none or it is open."""
    return next((text_of(value) for value in find(settings, locator) if text_of(value)), "")


def state(settings: Value | None, locator: str) -> State:
    """Whether one of the alternatives is given; a part of an object is, when callers have to give it."""
    found: list[Value] = []
    if settings is None:
        return State.UNSET
    for path in _paths(locator):
        values = tuple(_at(settings, path))
        found.extend(Literal(True) if len(path) > 1 and _is_required(value) else value for value in values)
    return any_given(tuple(found))


def _is_required(value: Value) -> bool:
    return isinstance(value, Unknown) and value.why.startswith(REQUIRED)


def _at(value: Value, path: tuple[str, ...]) -> Iterator[Value]:
    if not path:
        yield value
        return
    match value:
        case Mapping(entries=entries, open=is_more):
            found = False
            for key, entry in entries:
                if isinstance(key, Literal) and plain(str(key.value)) == path[0]:
                    found = True
                    yield from _at(entry, path[1:])
            if not found and (is_more or any(is_open(key) for key, _ in entries)):
                yield Unknown("may be given by others")
        case Sequence(items=items, open=is_more):
            for item in items:
                yield from _at(item, path)
            if is_more:
                yield Unknown("may be given by others")
        case Choice(options=options):
            inner = [tuple(_at(option, path)) for option in options]
            # What one option has and another lacks is a choice between it and nothing.
            yield Choice(tuple(each[0] if each else NOTHING for each in inner))
        case Literal(value=str()) | Template():
            written = decoded(value)
            if written is not None:
                yield from _at(written, path)
            elif not isinstance(value, Literal) and not text_of(value):
                yield value
        case Literal():
            return
        case _:
            # A text or object that is given as a whole: it has the entry, or that is not known.
            yield value if not is_open(value) else Unknown("not known")
