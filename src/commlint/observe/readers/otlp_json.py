"""OTLP as JSON: one TracesData a record, ids in hexadecimal or base64."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from functools import lru_cache
from typing import ClassVar

import msgspec

from commlint.observe.conventions import KINDS, SERVICE, WANTED, Describer
from commlint.observe.port import SPAN_ID, TRACE_ID, Reading, Span, TraceReader, key_of

NUMBER = int | float | str | None
BROKEN = "a record that is no OTLP JSON, left out"
NO_IDS = "spans without valid ids or times, left out"


class _Value(msgspec.Struct, rename="camel", gc=False):
    string_value: str | None = None
    int_value: NUMBER = None
    double_value: NUMBER = None
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
    start_time_unix_nano: NUMBER = None
    end_time_unix_nano: NUMBER = None
    attributes: list[_Attribute] | None = None
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
    # What Tempo calls them when it is asked for a trace.
    batches: list[_Resources] | None = None


_DECODER = msgspec.json.Decoder(_Traces)


class OtlpJson(TraceReader):
    """Reads what the file exporter of the OpenTelemetry Collector writes, and what JSON printers of protobuf do."""

    name: ClassVar[str] = "otlp-json"

    def claims(self, record: bytes) -> bool:
        return record.lstrip()[:1] == b"{" and any(key in record for key in (b'"resourceSpans"', b'"batches"'))

    def read(self, record: bytes, describer: Describer) -> Reading:
        try:
            traces = _DECODER.decode(record)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return Reading(problems=(BROKEN,))
        spans: list[Span] = []
        refused = False
        for service, raw in _spans(traces):
            try:
                span = _span(raw, service, describer)
            except (ValueError, OverflowError):
                span = None
            if span is None:
                refused = True
            else:
                spans.append(span)
        return Reading(tuple(spans), (NO_IDS,) if refused else ())


def _spans(traces: _Traces) -> Iterator[tuple[str, _Span]]:
    for resources in (*(traces.resource_spans or ()), *(traces.batches or ())):
        attributes = resources.resource.attributes if resources.resource else None
        service = next((_text(each.value) for each in attributes or () if each.key == SERVICE), "")
        for scope in (*(resources.scope_spans or ()), *(resources.instrumentation_library_spans or ())):
            for raw in scope.spans or ():
                yield service, raw


def _span(raw: _Span, service: str, describer: Describer) -> Span | None:
    """
    Raises:
        ValueError, OverflowError: a number that is none.
    """
    key = _key(raw.trace_id, raw.span_id)
    if not key:
        return None
    kind = raw.kind or 0
    attributes = {each.key: _text(each.value) for each in raw.attributes or () if each.key in WANTED}
    links = raw.links
    return Span(
        key,
        _key(raw.trace_id, raw.parent_span_id) if raw.parent_span_id else b"",
        int(raw.start_time_unix_nano or 0),
        int(raw.end_time_unix_nano or 0),
        raw.status is not None and raw.status.code in (2, "2", "STATUS_CODE_ERROR"),
        describer.meaning(service, KINDS.get(kind, 0) if isinstance(kind, str) else kind, raw.name or "", attributes),
        tuple(dict.fromkeys(_key(link.trace_id, link.span_id) for link in links)) if links else (),
    )


def _text(value: _Value | None) -> str:
    if value is None:
        return ""
    if value.string_value is not None:
        return value.string_value
    for number in (value.int_value, value.double_value):
        if number is not None:
            return str(number)
    return "" if value.bool_value is None else str(value.bool_value).lower()


def _key(trace: str, span: str) -> bytes:
    return key_of(_trace_id(trace), _id(span, SPAN_ID))


@lru_cache(maxsize=1024)
def _trace_id(text: str) -> bytes:
    return _id(text, TRACE_ID)


def _id(text: str, length: int) -> bytes:
    """Empty for what is no id. Of the two ways to write one the length tells which it is."""
    try:
        return bytes.fromhex(text) if len(text) == 2 * length else base64.b64decode(text, altchars=b"-_")
    except (ValueError, binascii.Error):
        return b""
