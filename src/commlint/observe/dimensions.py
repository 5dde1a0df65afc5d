"""What the meanings of all units are together: numbers that sort as the meanings do, and the operations they name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from commlint.model.observations import ObservedOperation
from commlint.observe.conventions import CLIENT, CONSUMER, PRODUCER, Meaning

NOBODY: Final = "unknown"

SYNC, DATABASE, EXTERNAL, MESSAGING = range(4)
EDGE_KINDS: Final = ("sync", "database", "external", "messaging")

Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Dimensions:
    """
    Columns by number of a meaning: number of the service, span kind, number of the operation, of the channel; what a
    call without an answer leads to (`target`, an operation, -1 for nothing) and what that is (`target_kind`); where a
    message goes that nobody took, or came from when nobody sent it (`topic`, an operation).
    """

    service: Numbers
    kind: Numbers
    operation: Numbers
    channel: Numbers
    target: Numbers
    target_kind: Numbers
    topic: Numbers
    operations: int


@dataclass(frozen=True, slots=True)
class Names:
    """What the numbers of services, operations and channels stand for."""

    services: tuple[str, ...]
    operations: tuple[ObservedOperation, ...]
    channels: tuple[str, ...]


def united(units: Iterable[Sequence[Meaning]]) -> tuple[tuple[NDArray[np.uint32], ...], Dimensions, Names]:
    """For each unit the number that each of its own numbers becomes; and what those mean."""
    given = tuple(units)
    meanings = sorted({meaning for unit in given for meaning in unit})
    numbers = {meaning: number for number, meaning in enumerate(meanings)}
    renamed = tuple(np.array([numbers[meaning] for meaning in unit], np.uint32) for unit in given)
    return renamed, *_columns(meanings)


def _columns(meanings: Sequence[Meaning]) -> tuple[Dimensions, Names]:
    services, channels = _Numbering(), _Numbering()
    operations: dict[tuple[str, str], int] = {}
    details: list[ObservedOperation] = []

    def operation(found: ObservedOperation) -> int:
        # Spans whose operation is called alike are one operation, whatever else they say: the least describes it.
        number = operations.setdefault(found.called, len(details))
        if number == len(details):
            details.append(found)
        details[number] = min(details[number], found)
        return number

    rows: list[tuple[int, ...]] = []
    for each in meanings:
        own = ObservedOperation(each.service, each.role, each.protocol, each.operation, channel=each.channel)
        target, kind = _target(each)
        topic = _topic(each)
        rows.append((
            services.number(each.service),
            each.kind,
            operation(own),
            channels.number(each.channel),
            operation(target) if target else -1,
            kind,
            operation(topic) if topic else -1,
        ))  # fmt: skip
    table = np.array(rows, np.int32).reshape(-1, 7).T
    a, b, c, d, e, f, g = (np.ascontiguousarray(column) for column in table)
    return Dimensions(a, b, c, d, e, f, g, len(details)), Names(services.names, tuple(details), channels.names)


class _Numbering:
    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, name: str) -> int:
        return self._numbers.setdefault(name, len(self._numbers))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._numbers)


def _target(meaning: Meaning) -> tuple[ObservedOperation | None, int]:
    """What a client talks to when the other side has no span."""
    if meaning.kind != CLIENT:
        return None, EXTERNAL
    if meaning.database:
        return _callee(meaning, meaning.database, "database"), DATABASE
    if meaning.messaging:
        return None, EXTERNAL
    return _callee(meaning, meaning.peer or NOBODY, "external"), EXTERNAL


def _callee(meaning: Meaning, name: str, role: str) -> ObservedOperation:
    return ObservedOperation(name, role, meaning.protocol, meaning.operation, meaning.host)


def _topic(meaning: Meaning) -> ObservedOperation | None:
    """The channel of a message whose other side has no span; consumers may be any span behind a producer."""
    sends = meaning.kind == PRODUCER
    name = meaning.operation if sends else ""
    protocol = meaning.protocol if sends or meaning.kind == CONSUMER else ""
    return ObservedOperation(meaning.channel, "channel", protocol, name, channel=meaning.channel)
