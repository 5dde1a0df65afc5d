"""The fields of many protobuf messages at a time, without an object for any of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from commlint.observe.buffer import Buffer, Places

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
LONG: Final = 0x80
VARINT_BYTES: Final = 10
LONGEST: Final = 1 << 31
"""Bytes of a field; more are no message."""

_SIZES: Final = np.zeros(8, np.int64)
_SIZES[FIXED64], _SIZES[FIXED32] = 8, 4
_UNKNOWN: Final = np.array([wire not in (VARINT, FIXED64, LENGTH, FIXED32) for wire in range(8)])


@dataclass(frozen=True, slots=True)
class Fields:
    """
    Fields of messages: the number of the message, the tag, and where the content begins and ends.

    Of a message they stand in its order. `broken`: numbers of messages that are none.
    """

    owner: Places
    tag: NDArray[Any]
    begin: Places
    end: Places
    broken: Places

    def of(self, number: int, wire: int) -> tuple[Places, Places, Places]:
        """Owner, begin and end of all fields with this number and encoding."""
        which = np.flatnonzero(self.tag == number << 3 | wire)
        return self.owner[which], self.begin[which], self.end[which]


def fields(buffer: Buffer, begins: Places, ends: Places) -> Fields:
    """All fields of the messages in these stretches."""
    broken: list[Places] = []
    rounds = list(_rounds(buffer, begins, ends, broken))
    owner, tag, begin, end = (np.concatenate(column) for column in zip(*rounds, strict=True)) if rounds else _nothing()
    return Fields(owner, tag, begin, end, np.concatenate(broken) if broken else np.empty(0, np.int64))


def _nothing() -> tuple[Places, NDArray[Any], Places, Places]:
    none = np.empty(0, np.int64)
    return none, np.empty(0, np.uint16), none, none


def _rounds(buffer: Buffer, begins: Places, ends: Places, broken: list[Places]) -> Iterator[tuple[Any, ...]]:
    """The first field of every message, then the second, until none is left."""
    owner = np.flatnonzero(begins < ends)
    at, last = begins[owner], ends[owner]
    while len(owner):
        tag, begin = _tags(buffer, at)
        wire = tag & 7
        end = begin + _SIZES[wire]
        sized = np.flatnonzero(wire == LENGTH)
        if len(sized):
            length, begin[sized] = varints(buffer, begin[sized])
            end[sized] = begin[sized] + np.minimum(length, LONGEST)
        counted = np.flatnonzero(wire == VARINT)
        if len(counted):
            _, end[counted] = varints(buffer, begin[counted])
        wrong = _UNKNOWN[wire] | (end > last)
        if wrong.any():
            broken.append(owner[wrong])
            right = np.flatnonzero(~wrong)
            owner, last = owner[right], last[right]
            tag, begin, end = tag[right], begin[right], end[right]
        yield owner, tag, begin, end
        going = np.flatnonzero(end < last)
        if len(going) == len(owner):
            at = end
        else:
            owner, at, last = owner[going], end[going], last[going]


def _tags(buffer: Buffer, at: Places) -> tuple[NDArray[np.uint16], Places]:
    """The tags at these places, and where they end; numbers that are too high to matter become 0."""
    tag, begin = buffer.bytes[at].astype(np.uint16), at + 1
    high = np.flatnonzero(tag >= LONG)
    if len(high):
        number, begin[high] = varints(buffer, at[high])
        tag[high] = np.where(number < 1 << 15, number, number & 7)
    return tag, begin


def varints(buffer: Buffer, at: Places) -> tuple[Places, Places]:
    """Numbers of variable length, and where they end; one that does not end is higher than any length."""
    first = buffer.bytes[at]
    value, end = first.astype(np.int64), at + 1
    going = np.flatnonzero(first >= LONG)
    value[going] &= LONG - 1
    for position in range(1, VARINT_BYTES):
        if not len(going):
            break
        byte = buffer.bytes[np.minimum(end[going], len(buffer.bytes) - 1)].astype(np.int64)
        value[going] |= (byte & (LONG - 1)) << min(7 * position, 62)
        end[going] += 1
        going = going[byte >= LONG]
    value[going] = 1 << 62
    return np.where(value < 0, 1 << 62, value), end
