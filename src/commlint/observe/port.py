"""What a reader on the shelf `readers/` does, and the span it gives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from commlint.observe.conventions import Describer, Meaning

TRACE_ID = 16
SPAN_ID = 8


class Span(NamedTuple):
    """
    A span as pairing needs it.

    `key`: trace id and span id, 24 bytes. `parent`: key of the parent, empty for a root. `links`: keys, without
    repetition. Times are nanoseconds since 1970. A named tuple, for there are millions of them.
    """

    key: bytes
    parent: bytes
    start: int
    end: int
    error: bool
    meaning: Meaning
    links: tuple[bytes, ...]

    @property
    def order(self) -> tuple[object, ...]:
        """Of several records of one span the first in this order counts."""
        meaning = self.meaning
        rest = (self.parent, self.error, self.links, meaning.operation)
        return (self.start, self.end, meaning.service, meaning.kind, meaning.name, *rest)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a record holds, and what could not be understood in it."""

    spans: tuple[Span, ...] = ()
    problems: tuple[str, ...] = ()


class TraceReader(ABC):
    """Reads records of one encoding; total: bad input gives problems and the spans that were understood."""

    name: ClassVar[str]

    @abstractmethod
    def claims(self, record: bytes) -> bool:
        """Whether this record is of this encoding, by a cheap look at its content."""

    @abstractmethod
    def read(self, record: bytes, describer: Describer) -> Reading:
        """Decode one record."""


def key_of(trace: bytes, span: bytes) -> bytes:
    """The key of a span; empty when the ids are not valid ones."""
    if len(trace) != TRACE_ID or len(span) != SPAN_ID or not any(trace) or not any(span):
        return b""
    return trace + span
