"""OTLP as protobuf: one TracesData a record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from commlint.observe.conventions import SERVICE, WANTED, Describer
from commlint.observe.port import Reading, Span, TraceReader, key_of

if TYPE_CHECKING:
    from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
    from opentelemetry.proto.trace.v1.trace_pb2 import Span as Raw

FIELD = b"\x0a"
ERROR = 2
BROKEN = "a record that is no OTLP protobuf, left out"
NO_IDS = "spans without valid ids, left out"


class OtlpProtobuf(TraceReader):
    """Reads what the file exporter of the OpenTelemetry Collector writes with `format: proto`."""

    name: ClassVar[str] = "otlp-protobuf"

    def claims(self, record: bytes) -> bool:
        return record.startswith(FIELD)

    def read(self, record: bytes, describer: Describer) -> Reading:
        from google.protobuf.message import DecodeError
        from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

        try:
            traces = TracesData.FromString(record)
        except (DecodeError, RecursionError):
            return Reading(problems=(BROKEN,))
        spans: list[Span] = []
        refused = False
        for resources in traces.resource_spans:
            service = next((_text(each.value) for each in resources.resource.attributes if each.key == SERVICE), "")
            for scope in resources.scope_spans:
                for raw in scope.spans:
                    span = _span(raw, service, describer)
                    if span is None:
                        refused = True
                    else:
                        spans.append(span)
        return Reading(tuple(spans), (NO_IDS,) if refused else ())


def _span(raw: Raw, service: str, describer: Describer) -> Span | None:
    trace = raw.trace_id
    key = key_of(trace, raw.span_id)
    if not key:
        return None
    parent = raw.parent_span_id
    links = raw.links
    return Span(
        key,
        key_of(trace, parent) if parent else b"",
        raw.start_time_unix_nano,
        raw.end_time_unix_nano,
        raw.status.code == ERROR,
        describer.meaning(service, raw.kind, raw.name, _wanted(raw.attributes)),
        tuple(dict.fromkeys(key_of(link.trace_id, link.span_id) for link in links)) if links else (),
    )


def _wanted(attributes: Iterable[KeyValue]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in attributes:
        key = each.key
        if key in WANTED:
            found[key] = _text(each.value)
    return found


def _text(value: AnyValue) -> str:
    match value.WhichOneof("value"):
        case "string_value":
            return value.string_value
        case "int_value":
            return str(value.int_value)
        case "double_value":
            return str(value.double_value)
        case "bool_value":
            return str(value.bool_value).lower()
        case _:
            return ""
