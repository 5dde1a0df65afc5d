"""Documents of OTLP as JSON: the parts of them that matter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from commlint.observe.conventions import SERVICE
from commlint.observe.port import text_of

Number = int | float | str | None


class Value(msgspec.Struct, rename="camel", gc=False):
    string_value: str | None = None
    int_value: Number = None
    double_value: Number = None
    bool_value: bool | None = None


class Attribute(msgspec.Struct, gc=False):
    key: str = ""
    value: Value | None = None


class Link(msgspec.Struct, rename="camel", gc=False):
    trace_id: str = ""
    span_id: str = ""


class Status(msgspec.Struct, gc=False):
    code: int | str | None = None


class Span(msgspec.Struct, rename="camel", gc=False):
    trace_id: str = ""
    span_id: str = ""
    parent_span_id: str | None = None
    name: str | None = None
    kind: int | str | None = None
    start_time_unix_nano: Number = None
    end_time_unix_nano: Number = None
    # Attributes stay bytes: to make objects of all of them would take more time than everything else together.
    attributes: msgspec.Raw = msgspec.Raw(b"")
    links: list[Link] | None = None
    status: Status | None = None


class Scope(msgspec.Struct, gc=False):
    spans: list[Span] | None = None


class Resource(msgspec.Struct, gc=False):
    attributes: list[Attribute] | None = None


class Resources(msgspec.Struct, rename="camel", gc=False):
    resource: Resource | None = None
    scope_spans: list[Scope] | None = None
    # What scopes were called before OTLP 0.15.
    instrumentation_library_spans: list[Scope] | None = None


class Traces(msgspec.Struct, rename="camel", gc=False):
    resource_spans: list[Resources] | None = None
    # What Tempo calls them when it is asked for a trace, by the first version of its API and by the second.
    batches: list[Resources] | None = None
    trace: Traces | None = None
    # Around what Jaeger answers by the third version of its API.
    result: Traces | None = None


_DECODER: Final = msgspec.json.Decoder(Traces)
_ATTRIBUTE: Final = msgspec.json.Decoder(Attribute)
_ATTRIBUTES: Final = msgspec.json.Decoder(list[Attribute] | None)


def spans_by_service(record: bytes) -> Iterator[tuple[str, list[Span]]]:
    """
    Spans with the name of their service.

    Raises:
        MsgspecError, UnicodeDecodeError, RecursionError: the record is no document of OTLP.
    """
    for resources in _resources(_DECODER.decode(record)):
        attributes = resources.resource.attributes if resources.resource else None
        service = next((_text(each.value) for each in attributes or () if each.key == SERVICE), "")
        for scope in (*(resources.scope_spans or ()), *(resources.instrumentation_library_spans or ())):
            if scope.spans:
                yield service, scope.spans


def _resources(traces: Traces) -> Iterator[Resources]:
    for each in (traces, traces.trace, traces.result):
        if each is not None:
            yield from each.resource_spans or ()
            yield from each.batches or ()


def attributes_of(raw: bytes) -> dict[str, str]:
    """A list of attributes, none when it is broken."""
    try:
        return {each.key: _text(each.value) for each in _ATTRIBUTES.decode(raw) or ()} if raw else {}
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}


def parsed(raw: bytes) -> tuple[str, str]:
    """Key and value of one attribute, nothing when it is broken."""
    try:
        attribute = _ATTRIBUTE.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return "", ""
    return attribute.key, _text(attribute.value)


def _text(value: Value | None) -> str:
    if value is None:
        return ""
    values = (value.string_value, value.int_value, value.double_value, value.bool_value)
    return next((text_of(each) for each in values if each is not None), "")
