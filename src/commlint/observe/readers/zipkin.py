"""Zipkin JSON, second version: lists of spans, lists of traces, or one span a record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

import msgspec

from commlint.observe.conventions import CLIENT, KINDS, SERVER
from commlint.observe.port import (
    ERROR,
    NO_IDS,
    SPAN_ID,
    TRACE_ID,
    TWO_HALVES,
    Reading,
    ReadingBuilder,
    TraceReader,
    id_of,
    other_half,
)

BROKEN: Final = "a record that is no Zipkin JSON of the second version, left out"
KEYS: Final = (b'"traceId"', b'"id"')


class _Endpoint(msgspec.Struct, rename="camel", gc=False):
    service_name: str | None = None
    ipv4: str | None = None
    ipv6: str | None = None


class _Span(msgspec.Struct, rename="camel", gc=False):
    trace_id: str = ""
    id: str = ""
    parent_id: str | None = None
    name: str | None = None
    kind: str | None = None
    timestamp: int | float | None = None
    duration: int | float | None = None
    local_endpoint: _Endpoint | None = None
    remote_endpoint: _Endpoint | None = None
    tags: dict[str, str] | None = None
    shared: bool | None = None


_SPANS: Final = msgspec.json.Decoder(list[_Span])
_TRACES: Final = msgspec.json.Decoder(list[list[_Span]])
_SPAN: Final = msgspec.json.Decoder(_Span)


class Zipkin(TraceReader):
    """
    Reads what the API of Zipkin answers and what its reporters send.

    Client and server may share one id. The client's half gets another one, whether or not there is a second half:
    which of the two a child means is decided when all spans are known, wherever they were written.
    """

    name: ClassVar[str] = "zipkin"

    def claims(self, record: bytes) -> bool:
        return record.lstrip()[:1] in (b"{", b"[") and all(key in record for key in KEYS) and b'"spanId"' not in record

    def read(self, records: Sequence[bytes]) -> Reading:
        builder = ReadingBuilder()
        for number, record in enumerate(records):
            try:
                spans = _spans(record)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                builder.problems.append((number, BROKEN))
                continue
            clients = {(span.trace_id, span.id) for span in spans if span.kind == "CLIENT"}
            alone = len(spans) == 1
            answers = [(alone and bool(span.shared)) or (span.trace_id, span.id) in clients for span in spans]
            taken = [self._take(builder, *each) for each in zip(spans, answers, strict=True)]
            if not all(taken):
                builder.problems.append((number, NO_IDS))
        return builder.reading()

    def _take(self, builder: ReadingBuilder, span: _Span, has_client: bool) -> bool:
        """Take in a span; False when its ids or times are none."""
        kind = KINDS.get(span.kind or "", 0)
        attributes = {**_remote(span, kind), **(span.tags or {})}
        service = (span.local_endpoint.service_name if span.local_endpoint else None) or ""
        try:
            start, took = int(span.timestamp or 0) * 1000, int(span.duration or 0) * 1000
        except (ValueError, OverflowError):
            return False
        own, parent = id_of(span.id, SPAN_ID), id_of(span.parent_id or "", SPAN_ID)
        flags = TWO_HALVES
        if kind == CLIENT:
            own = other_half(own)
        elif kind == SERVER and has_client:
            parent, flags = other_half(own), 0
        failed = "error" in attributes and attributes["error"] != "false"
        code = self.describer.code(service, kind, span.name or "", attributes)
        flags |= ERROR if failed else 0
        return builder.add(id_of(span.trace_id, TRACE_ID), own, parent, start, start + took, code, flags)


def _remote(span: _Span, kind: int) -> dict[str, str]:
    """The other side of a call, which for a message is the broker and no service."""
    remote = span.remote_endpoint
    if remote is None or kind != CLIENT:
        return {}
    if remote.service_name:
        return {"peer.service": remote.service_name}
    address = remote.ipv4 or remote.ipv6
    return {"network.peer.address": address} if address else {}


def _spans(record: bytes) -> list[_Span]:
    """
    Raises:
        MsgspecError: it is none of the forms that are known.
    """
    if record.lstrip()[:1] == b"{":
        return [_SPAN.decode(record)]
    try:
        return _SPANS.decode(record)
    except msgspec.MsgspecError:
        return [span for trace in _TRACES.decode(record) for span in trace]
