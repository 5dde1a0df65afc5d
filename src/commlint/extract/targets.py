"""The left side of an assignment: names, subscripts, and patterns that take a value apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from commlint.model.values import Index, Literal, Sequence, Unknown, Value


@dataclass(frozen=True, slots=True)
class Keyed:
    """A subscript: `name` ends in `[]`."""

    name: str
    key: Value


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Several targets that take a value apart by position."""

    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Rest:
    """A target that takes whatever its neighbours leave."""

    target: Target


# A plain text is a dotted name; None is what no name can be given to.
Target = str | Keyed | Unpacked | Rest | None


def taken_apart(target: Target, value: Value) -> Iterator[tuple[str, Value | None, Value]]:
    """The name, key and value of every assignment that `target = value` makes, in the order written."""
    match target:
        case str(name):
            yield name, None, value
        case Keyed(name=name, key=key):
            yield name, key, value
        case Rest(target=inner):
            yield from taken_apart(inner, value)
        case Unpacked(targets=targets):
            for each, part in zip(targets, _parts(targets, value), strict=True):
                yield from taken_apart(each, part)


def _parts(targets: tuple[Target, ...], value: Value) -> list[Value]:
    """What each of `targets` takes; a written tuple of the same length is taken item by item."""
    rest = next((place for place, target in enumerate(targets) if isinstance(target, Rest)), None)
    if isinstance(value, Sequence) and not value.open and rest is None and len(value.items) == len(targets):
        return list(value.items)
    parts: list[Value] = []
    for place in range(len(targets)):
        if place == rest:
            parts.append(Index(value, Unknown("slice")))
        else:
            # After a starred target only the distance from the end is known.
            parts.append(Index(value, Literal(place if rest is None or place < rest else place - len(targets))))
    return parts
