"""OTLP as protobuf."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

from commlint.observe.describing import Describer
from commlint.observe.port import NO_IDS, Reading
from commlint.observe.readers.otlp_json import OtlpJson
from commlint.observe.readers.otlp_protobuf import BROKEN, OtlpProtobuf

from ..batches import Seen, reading_of, spans_of
from ..recordings import Recorded, batch, message

SPAN = Recorded("orders", 7, 8, 9, 3, "GET", 5, 20, True, {"http.request.method": "GET"}, links=((1, 2), (1, 2)))
TYPES = Recorded("orders", 1, 2, attributes={"rpc.system": 7, "rpc.method": 1.5, "rpc.service": True})


def read(record: bytes) -> list[Seen]:
    return spans_of(OtlpProtobuf, record)


def reading(record: bytes) -> Reading:
    return reading_of(OtlpProtobuf, record)[1]


@pytest.mark.parametrize("span", [SPAN, TYPES, Recorded("", 1, 2)])
def test_protobuf_says_what_json_says(span: Recorded) -> None:
    """Two encodings of one message."""
    assert read(message(span)) == spans_of(OtlpJson, json.dumps(batch(span)).encode())


def test_spans_without_valid_ids_are_left_out() -> None:
    """The others of the record are read."""
    traces = TracesData.FromString(message(SPAN, TYPES))
    traces.resource_spans[0].scope_spans[0].spans[0].trace_id = b"short"

    found = reading(traces.SerializeToString())

    assert (len(found.rows), found.problems) == (1, ((0, NO_IDS),))


def test_lists_are_no_text() -> None:
    """They are nothing that is looked at."""
    traces = TracesData.FromString(message(TYPES))
    (attribute, *_) = traces.resource_spans[0].scope_spans[0].spans[0].attributes
    attribute.value.CopyFrom(AnyValue(bytes_value=b"x"))

    assert read(traces.SerializeToString())[0].meaning.protocol == ""


def test_damaged_records_are_problems() -> None:
    """Not exceptions."""
    found = reading(message(SPAN)[:-3])

    assert (len(found.rows), found.problems) == (0, ((0, BROKEN),))


@given(st.binary(max_size=200), st.integers(0, 200))
def test_any_bytes_are_read_or_told(noise: bytes, position: int) -> None:
    """Noise in a good message included."""
    record = message(SPAN)
    for content in (b"\n" + noise, record[:position] + noise + record[position:]):
        assert isinstance(reading(content), Reading)


def test_only_protobuf_is_claimed() -> None:
    """By the tag of its only field."""
    assert OtlpProtobuf(Describer()).claims(message(SPAN))
    assert not OtlpProtobuf(Describer()).claims(b"{}")
