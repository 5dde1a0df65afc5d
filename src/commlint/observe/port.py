"""What a reader on the shelf `readers/` does, and the columns of spans it gives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from commlint.observe.describing import Describer
from commlint.observe.spill import LINK, ROW, Rows

TRACE_ID: Final = 16
SPAN_ID: Final = 8
NO_SPAN: Final = bytes(SPAN_ID)

ERROR: Final = 1
TWO_HALVES: Final = 2
"""The id of the parent may be shared by the two halves of a call, see `other_half`."""

HALF: Final = bytes.fromhex("9d3f5ac1b7e2846f")
"""What the ids of two halves differ in."""

LATEST: Final = (1 << 63) - 1
"""The last nanosecond that can be told, in the year 2262."""

Numbers = NDArray[np.uint64]

NO_IDS: Final = "spans without valid ids or times, left out"


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What records hold: rows and links as the spill has them, their meanings still being codes of `Describer`.

    `problems`: what could not be understood, with the number of the record.
    """

    rows: Rows
    links: Rows
    problems: tuple[tuple[int, str], ...] = ()


class Columns(NamedTuple):
    """Spans side by side; ids as numbers with the highest byte first, the parent of a root is 0."""

    hi: Numbers
    lo: Numbers
    id: Numbers
    parent: Numbers
    start: Numbers
    end: Numbers
    codes: NDArray[np.uint32]
    flags: NDArray[np.uint8]


class Linked(NamedTuple):
    """Links side by side: the number of the span that links, and what it links to."""

    owner: NDArray[np.int64]
    hi: Numbers
    lo: Numbers
    id: Numbers


def reading_of(columns: Columns, linked: Linked, problems: Sequence[tuple[int, str]] = ()) -> Reading:
    """Spans without ids are left out; times that cannot be told are moved to what can."""
    rows = np.empty(len(columns.id), ROW)
    for name in ("hi", "lo", "id", "parent"):
        rows[name] = getattr(columns, name)
    for name in ("start", "end"):
        rows[name] = np.minimum(getattr(columns, name), np.uint64(LATEST))
    rows["meaning"], rows["again"] = columns.codes >> np.uint32(1), columns.codes & np.uint32(1)
    rows["flags"] = columns.flags
    links = np.empty(len(linked.owner), LINK)
    for name in ("hi", "lo", "id", "start", "end", "meaning"):
        links[name] = rows[name][linked.owner]
    links["to_hi"], links["to_lo"], links["to_id"] = linked.hi, linked.lo, linked.id
    return Reading(_with_ids(rows), _with_ids(links), tuple(problems))


def _with_ids(rows: Rows) -> Rows:
    known = (rows["id"] != 0) & ((rows["hi"] != 0) | (rows["lo"] != 0))
    return rows if known.all() else rows.compress(known)


class ReadingBuilder:
    """Puts a reading together span by span."""

    def __init__(self) -> None:
        self._ids: list[bytes] = []
        self._times: list[tuple[int, int]] = []
        self._codes: list[int] = []
        self._flags: list[int] = []
        self._links: list[tuple[int, bytes]] = []
        self.problems: list[tuple[int, str]] = []

    def add(self, trace: bytes, span: bytes, parent: bytes, start: int, end: int, code: int, flags: int) -> bool:
        """Take in one span; False when its ids are none. The parent of a root is empty, as is what is no id."""
        if len(trace) != TRACE_ID or len(span) != SPAN_ID or not any(trace) or not any(span):
            return False
        self._ids.append(trace + span + (parent if len(parent) == SPAN_ID else NO_SPAN))
        self._times.append((min(max(start, 0), LATEST), min(max(end, 0), LATEST)))
        self._codes.append(code)
        self._flags.append(flags)
        return True

    def link(self, trace: bytes, span: bytes) -> None:
        """The span that was added last links to another one."""
        if len(trace) == TRACE_ID and len(span) == SPAN_ID:
            self._links.append((len(self._ids) - 1, trace + span))

    def reading(self) -> Reading:
        """Everything so far."""
        hi, lo, span, parent = _numbers(b"".join(self._ids), 4)
        start, end = np.array(self._times, np.uint64).reshape(-1, 2).T
        codes, flags = np.array(self._codes, np.uint32), np.array(self._flags, np.uint8)
        columns = Columns(hi, lo, span, parent, start, end, codes, flags)
        return reading_of(columns, linked_of(self._links), self.problems)


def linked_of(links: Sequence[tuple[int, bytes]]) -> Linked:
    """Links as (number of the span, trace id and span id behind each other)."""
    owner = np.array([index for index, _ in links], np.int64)
    return Linked(owner, *_numbers(b"".join(target for _, target in links), 3))


def _numbers(ids: bytes, columns: int) -> NDArray[np.uint64]:
    return np.frombuffer(ids, ">u8").astype(np.uint64).reshape(-1, columns).T


class TraceReader(ABC):
    """Reads records of one encoding; total: bad input gives problems and the spans that were understood."""

    name: ClassVar[str]
    at_once: ClassVar[int] = 1
    """Bytes of records that are worth to be read together."""

    def __init__(self, describer: Describer) -> None:
        self.describer = describer

    @abstractmethod
    def claims(self, record: bytes) -> bool:
        """Whether this record is of this encoding, by a cheap look at its content."""

    @abstractmethod
    def read(self, records: Sequence[bytes]) -> Reading:
        """Decode some records."""


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
