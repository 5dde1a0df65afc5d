"""OTLP as JSON: one TracesData a record, ids in hexadecimal or base64."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from operator import attrgetter
from typing import ClassVar, Final

import msgspec

from commlint.observe.conventions import SERVICE
from commlint.observe.describing import Describer, RawAttributes
from commlint.observe.port import ERROR, NO_IDS, NO_SPAN, SPAN_ID, TRACE_ID, BatchBuilder, Reading, TraceReader, text_of

Number = int | float | str | None

BROKEN: Final = "a record that is no OTLP JSON, left out"
FAILED: Final = frozenset((2, "2", "STATUS_CODE_ERROR"))
BEGIN: Final = b'{"key":"'
KEYS: Final = (b'"resourceSpans"', b'"batches"', b'"resource_spans"')


class _Value(msgspec.Struct, rename="camel", gc=False):
    string_value: str | None = None
    int_value: Number = None
    double_value: Number = None
    bool_value: bool | None = None


class _Attribute(msgspec.Struct, gc=False):
    key: str = ""
    value: _Value | None = None


class _Link(msgspec.Struct, rename="camel", gc=False):
    trace_id: str = ""
    span_id: str = ""


class _Status(msgspec.Struct, gc=False):
    code: int | str | None = None


class _Span(msgspec.Struct, rename="camel", gc=False):
    trace_id: str = ""
    span_id: str = ""
    parent_span_id: str | None = None
    name: str | None = None
    kind: int | str | None = None
    start_time_unix_nano: Number = None
    end_time_unix_nano: Number = None
    # Attributes stay bytes: to make objects of all of them would take more time than everything else together.
    attributes: list[msgspec.Raw] | None = None
    links: list[_Link] | None = None
    status: _Status | None = None


class _Scope(msgspec.Struct, gc=False):
    spans: list[_Span] | None = None


class _Resource(msgspec.Struct, gc=False):
    attributes: list[_Attribute] | None = None


class _Resources(msgspec.Struct, rename="camel", gc=False):
    resource: _Resource | None = None
    scope_spans: list[_Scope] | None = None
    # What scopes were called before OTLP 0.15.
    instrumentation_library_spans: list[_Scope] | None = None


class _Traces(msgspec.Struct, rename="camel", gc=False):
    resource_spans: list[_Resources] | None = None
    # What Tempo calls them when it is asked for a trace, by the first version of its API and by the second.
    batches: list[_Resources] | None = None
    trace: _Traces | None = None
    # Around what Jaeger answers by the third version of its API.
    result: _Traces | None = None


_WANTED: Final = attrgetter(
    "trace_id", "span_id", "parent_span_id", "start_time_unix_nano", "end_time_unix_nano", "kind", "name",
    "attributes", "links", "status",
)  # fmt: skip
_DECODER: Final = msgspec.json.Decoder(_Traces)
_ATTRIBUTE: Final = msgspec.json.Decoder(_Attribute)


class OtlpJson(TraceReader):
    """Reads what the file exporter of the OpenTelemetry Collector writes, and what JSON printers of protobuf do."""

    name: ClassVar[str] = "otlp-json"

    def __init__(self, describer: Describer) -> None:
        super().__init__(describer)
        self._attributes = RawAttributes(describer, _key, _parsed)

    def claims(self, record: bytes) -> bool:
        return record.lstrip()[:1] == b"{" and any(key in record for key in KEYS)

    def read(self, record: bytes) -> Reading:
        try:
            traces = _DECODER.decode(record)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return Reading(problems=(BROKEN,))
        builder, refused = BatchBuilder(), False
        for resources in _resources(traces):
            attributes = resources.resource.attributes if resources.resource else None
            service = next((_text(each.value) for each in attributes or () if each.key == SERVICE), "")
            for scope in (*(resources.scope_spans or ()), *(resources.instrumentation_library_spans or ())):
                if scope.spans and not self._take_all(builder, scope.spans, service):
                    refused |= self._take_each(builder, scope.spans, service)
        reading = builder.reading()
        return Reading(reading.batch, (NO_IDS,)) if refused else reading

    def _take_all(self, builder: BatchBuilder, spans: list[_Span], service: str) -> bool:
        """Take in spans all at once, when each of them is as the Collector writes them."""
        traces, ids, parents, starts, ends, kinds, names, raw, links, states = zip(*map(_WANTED, spans), strict=True)
        if set(map(len, traces)) != {2 * TRACE_ID} or set(map(len, ids)) != {2 * SPAN_ID}:
            return False
        try:
            hexadecimal = bytes.fromhex
            trace_ids, span_ids = list(map(hexadecimal, traces)), list(map(hexadecimal, ids))
            parent_ids = [hexadecimal(each) if each else NO_SPAN for each in parents]
            begun, ended = list(map(int, starts)), list(map(int, ends))
        except (ValueError, TypeError, OverflowError):
            return False
        code, first = self._attributes.code, len(builder.ids)
        codes = [
            code(service, kind, name or "", list(map(bytes, each)) if each else ())
            for kind, name, each in zip(kinds, names, raw, strict=True)
        ]
        flags = [ERROR if state is not None and state.code in FAILED else 0 for state in states]
        builder.extend(trace_ids, span_ids, parent_ids, begun, ended, codes, flags)
        for index, each in enumerate(links, first):
            for link in each or ():
                builder.link(_id(link.trace_id, TRACE_ID), _id(link.span_id, SPAN_ID), index)
        return True

    def _take_each(self, builder: BatchBuilder, spans: list[_Span], service: str) -> bool:
        """Take in spans one by one; whether some had to be refused."""
        refused = False
        for span in spans:
            try:
                self._take(builder, span, service)
            except (ValueError, OverflowError):
                refused = True
        return refused

    def _take(self, builder: BatchBuilder, span: _Span, service: str) -> None:
        """
        Raises:
            ValueError, OverflowError: a number that is none.
        """
        start, end = int(span.start_time_unix_nano or 0), int(span.end_time_unix_nano or 0)
        raw = [bytes(each) for each in span.attributes] if span.attributes else []
        code = self._attributes.code(service, span.kind, span.name or "", raw)
        builder.add(
            _id(span.trace_id, TRACE_ID),
            _id(span.span_id, SPAN_ID),
            _id(span.parent_span_id, SPAN_ID) if span.parent_span_id else b"",
            start,
            end,
            code,
            ERROR if span.status is not None and span.status.code in FAILED else 0,
        )
        for link in span.links or ():
            builder.link(_id(link.trace_id, TRACE_ID), _id(link.span_id, SPAN_ID))


def _resources(traces: _Traces) -> Iterator[_Resources]:
    for each in (traces, traces.trace, traces.result):
        if each is not None:
            yield from each.resource_spans or ()
            yield from each.batches or ()


def _key(raw: bytes) -> bytes:
    """The key of an attribute, by a cheap look; empty when that does not tell."""
    return raw[len(BEGIN) : raw.find(b'"', len(BEGIN))] if raw.startswith(BEGIN) else b""


def _parsed(raw: bytes) -> tuple[str, str]:
    try:
        attribute = _ATTRIBUTE.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return "", ""
    return attribute.key, _text(attribute.value)


def _text(value: _Value | None) -> str:
    if value is None:
        return ""
    values = (value.string_value, value.int_value, value.double_value, value.bool_value)
    return next((text_of(each) for each in values if each is not None), "")


def _id(text: str, length: int) -> bytes:
    """Empty for what is no id. Of the two ways to write one the length tells which it is."""
    try:
        return bytes.fromhex(text) if len(text) == 2 * length else base64.b64decode(text, altchars=b"-_")
    except (ValueError, binascii.Error):
        return b""
