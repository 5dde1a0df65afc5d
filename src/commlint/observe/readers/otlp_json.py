"""OTLP as JSON: one TracesData a record, ids in hexadecimal or base64."""

from __future__ import annotations

import base64
import binascii
import contextlib
from collections.abc import Sequence
from itertools import chain, islice, repeat
from typing import ClassVar, Final, cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from commlint.observe.attributes import Attributes, Head, Stretches
from commlint.observe.buffer import Buffer, Places, mixed
from commlint.observe.describing import Describer
from commlint.observe.otlp_documents import Link, Number, Span, attributes_of, parsed, spans_by_service
from commlint.observe.port import (
    ERROR,
    NO_IDS,
    SPAN_ID,
    TRACE_ID,
    Columns,
    Linked,
    Numbers,
    Reading,
    ReadingBuilder,
    TraceReader,
    linked_of,
    reading_of,
)

BROKEN: Final = "a record that is no OTLP JSON, left out"
FAILED: Final = frozenset((2, "2", "STATUS_CODE_ERROR"))
BEGIN: Final = b'{"key":"'
BETWEEN: Final = b'","value":{"'
KEY: Final = b'"key"'
LONGEST_KEY: Final = 6
"""Words; longer keys do not matter."""

NO_PARENT: Final = "0" * 2 * SPAN_ID
DIGITS: Final = 19
"""Those of the nanoseconds between 2001 and 2286."""

KEYS: Final = (b'"resourceSpans"', b'"batches"', b'"resource_spans"')


_BEGIN: Final = np.uint64(int.from_bytes(BEGIN, "little"))


class OtlpJson(TraceReader):
    """
    Reads what the file exporter of the OpenTelemetry Collector writes, and what JSON printers of protobuf do.

    Spans as the Collector writes them are taken in all at once, others one by one.
    """

    name: ClassVar[str] = "otlp-json"
    at_once: ClassVar[int] = 2 << 20

    def __init__(self, describer: Describer) -> None:
        super().__init__(describer)
        self._attributes = Attributes(describer, _key_ends, parsed, len(BETWEEN))

    def claims(self, record: bytes) -> bool:
        return record.lstrip()[:1] == b"{" and any(key in record for key in KEYS)

    def read(self, records: Sequence[bytes]) -> Reading:
        spans: list[Span] = []
        services: list[tuple[str, int]] = []
        problems = []
        for number, record in enumerate(records):
            try:
                groups = list(spans_by_service(record))
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                problems.append((number, BROKEN))
                continue
            for service, group in groups:
                spans += group
                services.append((service, len(group)))
        reading = (self._all(spans, services) if spans else None) or self._each(spans, services)
        if len(reading.rows) < len(spans):
            problems.append((0, NO_IDS))
        return Reading(reading.rows, reading.links, tuple(problems))

    def _all(self, spans: list[Span], services: Sequence[tuple[str, int]]) -> Reading | None:
        """Take in spans all at once; nothing when some of them are not as the Collector writes them."""
        try:
            hi, lo = _ids([each.trace_id for each in spans], TRACE_ID)
            (span,) = _ids([each.span_id for each in spans], SPAN_ID)
            (parent,) = _ids([each.parent_span_id or NO_PARENT for each in spans], SPAN_ID)
            start = _times([each.start_time_unix_nano for each in spans])
            end = _times([each.end_time_unix_nano for each in spans])
            buffer, attributes = _found([each.attributes for each in spans])
        except _UnusualError:
            return None
        given = chain.from_iterable(repeat(service, count) for service, count in services)
        heads = [(service, each.kind, each.name) for service, each in zip(given, spans, strict=True)]
        hashes = mixed(np.array(list(map(hash, heads)), np.int64))
        codes = self._attributes.codes(buffer, attributes, hashes, lambda place: _head(heads[place]))
        states = [each.status for each in spans]
        flags = np.array([ERROR if state is not None and state.code in FAILED else 0 for state in states], np.uint8)
        return reading_of(
            Columns(hi, lo, span, parent, start, end, codes, flags), _linked([each.links for each in spans])
        )

    def _each(self, spans: Sequence[Span], services: Sequence[tuple[str, int]]) -> Reading:
        """Take in spans one by one; those whose numbers or ids are none are left out."""
        builder, left = ReadingBuilder(), iter(spans)
        for service, count in services:
            for span in islice(left, count):
                with contextlib.suppress(ValueError, OverflowError):
                    self._take(builder, span, service)
        return builder.reading()

    def _take(self, builder: ReadingBuilder, span: Span, service: str) -> None:
        """
        Raises:
            ValueError, OverflowError: a number that is none.
        """
        start, end = int(span.start_time_unix_nano or 0), int(span.end_time_unix_nano or 0)
        code = self.describer.code(service, span.kind, span.name or "", attributes_of(bytes(span.attributes)))
        parent = _id(span.parent_span_id, SPAN_ID) if span.parent_span_id else b""
        failed = span.status is not None and span.status.code in FAILED
        own = _id(span.trace_id, TRACE_ID), _id(span.span_id, SPAN_ID)
        if builder.add(*own, parent, start, end, code, ERROR if failed else 0):
            for link in span.links or ():
                builder.link(_id(link.trace_id, TRACE_ID), _id(link.span_id, SPAN_ID))


class _UnusualError(Exception):
    """Something is not as the Collector writes it."""


def _ids(texts: Sequence[str], size: int) -> Sequence[Numbers]:
    """
    Ids in hexadecimal digits as numbers, one for each eight bytes.

    Raises:
        _UnusualError: something else is among them.
    """
    try:
        content = bytes.fromhex("".join(texts))
    except ValueError:
        raise _UnusualError from None
    if set(map(len, texts)) != {2 * size} or len(content) != size * len(texts):
        raise _UnusualError
    columns: NDArray[np.uint64] = np.frombuffer(content, ">u8").astype(np.uint64).reshape(len(texts), -1).T
    return tuple(columns)


def _times(texts: Sequence[Number]) -> Numbers:
    """
    Nanoseconds of our days.

    Raises:
        _UnusualError: other numbers are among them.
    """
    try:
        digits = np.frombuffer("".join(texts).encode(), np.uint8) - ord("0")  # type: ignore[arg-type]
        lengths = set(map(len, texts))  # type: ignore[arg-type]
    except TypeError:
        raise _UnusualError from None
    if lengths != {DIGITS} or digits.size != DIGITS * len(texts) or digits.max() > 9:
        raise _UnusualError
    found = np.zeros(len(texts), np.uint64)
    for column in digits.reshape(-1, DIGITS).T:
        found = found * np.uint64(10) + column
    return found


def _found(raw: Sequence[msgspec.Raw]) -> tuple[Buffer, Stretches]:
    """
    The attributes of all spans.

    Raises:
        _UnusualError: they are not written as the Collector does, or lie within each other.
    """
    # What holds bytes can be joined as bytes can.
    buffer = Buffer(cast(Sequence[bytes], raw))
    braces = np.flatnonzero(buffer.bytes == BEGIN[0])
    begins = braces[buffer.words[braces] == _BEGIN]
    last = np.cumsum(list(map(len, raw)))
    counts = np.diff(np.searchsorted(begins, last), prepend=0)
    ends = np.append(begins[1:], 0) - 1
    some = np.flatnonzero(counts)
    ends[np.cumsum(counts)[some] - 1] = last[some] - 1
    follows = buffer.bytes[ends]
    if len(begins) != buffer.content.count(KEY) or not ((follows == ord(",")) | (follows == ord("]"))).all():
        raise _UnusualError
    return buffer, Stretches(np.repeat(np.arange(len(raw)), counts), begins, ends, begins + len(BEGIN))


def _key_ends(buffer: Buffer, given: Stretches) -> Places:
    return buffer.upto(ord('"'), given.key, LONGEST_KEY)


def _head(key: tuple[str, int | str | None, str | None]) -> Head:
    return key[0], key[1], key[2] or ""


def _linked(links: Sequence[list[Link] | None]) -> Linked:
    found = [
        (owner, _id(link.trace_id, TRACE_ID) + _id(link.span_id, SPAN_ID))
        for owner, each in enumerate(links)
        if each
        for link in each
    ]
    return linked_of([(owner, target) for owner, target in found if len(target) == TRACE_ID + SPAN_ID])


def _id(text: str, length: int) -> bytes:
    """Empty for what is no id. Of the two ways to write one the length tells which it is."""
    try:
        return bytes.fromhex(text) if len(text) == 2 * length else base64.b64decode(text, altchars=b"-_")
    except (ValueError, binascii.Error):
        return b""
