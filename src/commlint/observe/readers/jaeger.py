"""Jaeger JSON: documents of its query API and user interface, and the spans its storage holds, one a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

import msgspec

from commlint.observe.port import ERROR, NO_IDS, SPAN_ID, TRACE_ID, Reading, ReadingBuilder, TraceReader, id_of, text_of

BROKEN: Final = "a record that is no Jaeger JSON, left out"
KEYS: Final = (b'"traceID"', b'"spanID"')
FAILED: Final = frozenset(("true", "1"))


class _Tag(msgspec.Struct, gc=False):
    key: str = ""
    value: Any = None


class _Reference(msgspec.Struct, gc=False):
    refType: str = ""  # noqa: N815 (as Jaeger writes it)
    traceID: str = ""  # noqa: N815
    spanID: str = ""  # noqa: N815


class _Process(msgspec.Struct, gc=False):
    serviceName: str = ""  # noqa: N815


class _Span(msgspec.Struct, gc=False):
    traceID: str = ""  # noqa: N815
    spanID: str = ""  # noqa: N815
    parentSpanID: str | None = None  # noqa: N815
    operationName: str | None = None  # noqa: N815
    references: list[_Reference] | None = None
    startTime: int | float | str | None = None  # noqa: N815
    duration: int | float | str | None = None
    tags: list[_Tag] | None = None
    # What Elasticsearch holds of tags that it can search.
    tag: dict[str, Any] | None = None
    processID: str | None = None  # noqa: N815
    process: _Process | None = None


class _Trace(msgspec.Struct, gc=False):
    spans: list[_Span] | None = None
    processes: dict[str, _Process] | None = None


class _Document(msgspec.Struct, gc=False):
    data: list[_Trace] | None = None
    spans: list[_Span] | None = None
    processes: dict[str, _Process] | None = None


class _Hit(msgspec.Struct, gc=False):
    source: _Span | None = msgspec.field(default=None, name="_source")


_DOCUMENT: Final = msgspec.json.Decoder(_Document)
_TRACES: Final = msgspec.json.Decoder(list[_Trace])
_SPAN: Final = msgspec.json.Decoder(_Span)
_HIT: Final = msgspec.json.Decoder(_Hit)


class Jaeger(TraceReader):
    """Reads what the query API answers, what its user interface saves, and exports of its storage."""

    name: ClassVar[str] = "jaeger"

    def claims(self, record: bytes) -> bool:
        return record.lstrip()[:1] in (b"{", b"[") and all(key in record for key in KEYS)

    def read(self, records: Sequence[bytes]) -> Reading:
        builder = ReadingBuilder()
        for number, record in enumerate(records):
            try:
                found = list(_spans(record))
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                builder.problems.append((number, BROKEN))
                continue
            taken = [self._take(builder, span, service) for span, service in found]
            if not all(taken):
                builder.problems.append((number, NO_IDS))
        return builder.reading()

    def _take(self, builder: ReadingBuilder, span: _Span, service: str) -> bool:
        """Take in a span; False when its ids or times are none."""
        try:
            start, took = int(span.startTime or 0) * 1000, int(span.duration or 0) * 1000
        except (ValueError, OverflowError):
            return False
        attributes = {tag.key: text_of(tag.value) for tag in span.tags or ()}
        for key, value in (span.tag or {}).items():
            attributes.setdefault(key.replace("@", "."), text_of(value))
        failed = attributes.get("error") in FAILED or attributes.get("otel.status_code") == "ERROR"
        code = self.describer.code(
            service, attributes.get("span.kind", "").lower(), span.operationName or "", attributes
        )
        trace = id_of(span.traceID, TRACE_ID)
        parent, links = _related(span)
        own = id_of(span.spanID, SPAN_ID)
        if not builder.add(trace, own, parent, start, start + took, code, ERROR if failed else 0):
            return False
        for link in links:
            builder.link(id_of(link.traceID, TRACE_ID), id_of(link.spanID, SPAN_ID))
        return True


def _related(span: _Span) -> tuple[bytes, list[_Reference]]:
    """The parent and the links: OpenTelemetry writes links as FOLLOWS_FROM, OpenTracing the parent of what goes on."""
    near = [each for each in span.references or () if each.traceID == span.traceID]
    parent = next((each for each in near if each.refType.upper() != "FOLLOWS_FROM"), None)
    if parent is None and not span.parentSpanID:
        parent = near[0] if near else None
    links = [each for each in span.references or () if each is not parent]
    return id_of(parent.spanID if parent else span.parentSpanID or "", SPAN_ID), links


def _spans(record: bytes) -> Iterator[tuple[_Span, str]]:
    """
    Every span with the name of its service.

    Raises:
        MsgspecError: it is none of the forms that are known.
    """
    if record.lstrip()[:1] == b"[":
        traces = _TRACES.decode(record)
    else:
        document = _DOCUMENT.decode(record)
        traces = [*(document.data or ()), _Trace(document.spans, document.processes)]
    if not any(trace.spans for trace in traces):
        found = _HIT.decode(record).source or _SPAN.decode(record) if record.lstrip()[:1] == b"{" else None
        traces = [_Trace([found])] if found is not None and found.spanID else []
    for trace in traces:
        services: Mapping[str, _Process] = trace.processes or {}
        for span in trace.spans or ():
            process = span.process or services.get(span.processID or "")
            yield span, process.serviceName if process else ""
