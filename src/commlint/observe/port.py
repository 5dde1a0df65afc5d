"""What a reader on the shelf `readers/` does, and the columns of spans it gives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from commlint.observe.describing import Describer

TRACE_ID: Final = 16
SPAN_ID: Final = 8
NO_SPAN: Final = bytes(SPAN_ID)
NO_TRACE: Final = bytes(TRACE_ID)

ERROR: Final = 1
TWO_HALVES: Final = 2
"""The id of the parent may be shared by the two halves of a call, see `other_half`."""

HALF: Final = bytes.fromhex("9d3f5ac1b7e2846f")
"""What the ids of two halves differ in."""

LATEST: Final = (1 << 63) - 1
"""The last nanosecond that can be told, in the year 2262."""

NO_IDS: Final = "spans without valid ids or times, left out"


@dataclass(slots=True)
class Batch:
    """
    Spans as columns, all of the same length.

    `traces`, `ids` and `parents`: ids behind each other, the parent of a root is zero. Times are nanoseconds since
    1970. `codes`: what `Describer` answers. `flags`: ERROR and TWO_HALVES. `links`: (index of the span that links,
    trace id and span id it links to).
    """

    traces: bytes = b""
    ids: bytes = b""
    parents: bytes = b""
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    flags: list[int] = field(default_factory=list)
    links: list[tuple[int, bytes]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.codes)


class BatchBuilder:
    """Puts a batch together span by span; those without ids are left out at the end, all at once."""

    def __init__(self) -> None:
        self.traces: list[bytes] = []
        self.ids: list[bytes] = []
        self.parents: list[bytes] = []
        self.batch = Batch()

    def add(self, trace: bytes, span: bytes, parent: bytes, start: int, end: int, code: int, flags: int) -> None:
        """Take in one span; empty bytes for the parent of a root."""
        batch = self.batch
        self.traces.append(trace)
        self.ids.append(span)
        self.parents.append(parent)
        batch.starts.append(start)
        batch.ends.append(end)
        batch.codes.append(code)
        batch.flags.append(flags)

    def extend(
        self, traces: Iterable[bytes], ids: Iterable[bytes], parents: Iterable[bytes], starts: Iterable[int],
        ends: Iterable[int], codes: Iterable[int], flags: Iterable[int],
    ) -> None:  # fmt: skip
        """Take in many spans, as `add` does one."""
        batch = self.batch
        self.traces.extend(traces)
        self.ids.extend(ids)
        self.parents.extend(parents)
        batch.starts.extend(starts)
        batch.ends.extend(ends)
        batch.codes.extend(codes)
        batch.flags.extend(flags)

    def link(self, trace: bytes, span: bytes, index: int = -1) -> None:
        """A span, the one that was added last unless another is meant, links to another one."""
        if len(trace) == TRACE_ID and len(span) == SPAN_ID:
            self.batch.links.append((index if index >= 0 else len(self.ids) - 1, trace + span))

    def reading(self) -> Reading:
        """Everything so far."""
        batch = self.batch
        if not batch.codes:
            return Reading(batch)
        if set(map(len, self.parents)) != {SPAN_ID}:
            self.parents = [each if len(each) == SPAN_ID else NO_SPAN for each in self.parents]
        usable = all(set(map(len, ids)) == {size} for ids, size in ((self.traces, TRACE_ID), (self.ids, SPAN_ID)))
        if not usable or NO_SPAN in self.ids or NO_TRACE in self.traces:
            self._refuse()
            usable = False
        for times in (batch.starts, batch.ends):
            if times and (min(times) < 0 or max(times) > LATEST):
                times[:] = [min(max(time, 0), LATEST) for time in times]
        batch.traces, batch.ids, batch.parents = map(b"".join, (self.traces, self.ids, self.parents))
        return Reading(batch, () if usable else (NO_IDS,))

    def _refuse(self) -> None:
        """Leave out spans without ids."""
        old, ids = self.batch, zip(self.traces, self.ids, strict=True)
        kept = [
            index
            for index, (trace, span) in enumerate(ids)
            if len(trace) == TRACE_ID and len(span) == SPAN_ID and any(trace) and any(span)
        ]
        places = {index: place for place, index in enumerate(kept)}
        for column in (self.traces, self.ids, self.parents):
            column[:] = [column[index] for index in kept]
        for numbers in (old.starts, old.ends, old.codes, old.flags):
            numbers[:] = [numbers[index] for index in kept]
        old.links = [(places[index], target) for index, target in old.links if index in places]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a record holds, and what could not be understood in it."""

    batch: Batch = field(default_factory=Batch)
    problems: tuple[str, ...] = ()


class TraceReader(ABC):
    """Reads records of one encoding; total: bad input gives problems and the spans that were understood."""

    name: ClassVar[str]

    def __init__(self, describer: Describer) -> None:
        self.describer = describer

    @abstractmethod
    def claims(self, record: bytes) -> bool:
        """Whether this record is of this encoding, by a cheap look at its content."""

    @abstractmethod
    def read(self, record: bytes) -> Reading:
        """Decode one record."""


def other_half(span: bytes) -> bytes:
    """The id of the client's half of a call whose two halves share one id; empty for what is no id."""
    return bytes(one ^ other for one, other in zip(span, HALF, strict=False)) if len(span) == SPAN_ID else b""


def id_of(text: str, length: int) -> bytes:
    """An id in hexadecimal digits, with zeros before it when it is short; empty for what is no id."""
    try:
        return bytes.fromhex(text.rjust(2 * length, "0")) if text else b""
    except ValueError:
        return b""


def text_of(value: Any) -> str:
    """A value of JSON as attributes have it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else ""
