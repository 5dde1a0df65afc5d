"""Fields of protobuf messages, many at a time."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from commlint.observe.buffer import Buffer
from commlint.observe.wire import FIXED64, LENGTH, VARINT, Fields, fields, varints


def read(*messages: bytes) -> tuple[Buffer, Fields]:
    buffer = Buffer(messages)
    ends = np.cumsum(list(map(len, messages)))
    return buffer, fields(buffer, ends - np.array(list(map(len, messages))), ends)


spans = st.builds(
    Span,
    trace_id=st.binary(max_size=20),
    name=st.text(max_size=300),
    kind=st.integers(0, 5).map(Span.SpanKind.Name),
    start_time_unix_nano=st.integers(0, (1 << 64) - 1),
    flags=st.integers(0, (1 << 32) - 1),
    dropped_attributes_count=st.integers(0, (1 << 32) - 1),
    attributes=st.lists(st.builds(KeyValue, key=st.text(max_size=5)), max_size=4),
    status=st.builds(Status, code=st.integers(0, 2).map(Status.StatusCode.Name)),
)


@settings(deadline=None)
@given(st.lists(spans, max_size=6))
def test_every_field_is_found_where_it_stands(given: list[Span]) -> None:
    """Whatever stands before it."""
    buffer, found = read(*(span.SerializeToString() for span in given))
    attributes: list[list[bytes]] = [[] for _ in given]
    for owner, begin, end in zip(*found.of(9, LENGTH), strict=True):
        attributes[owner].append(buffer.content[begin:end])
    names = {int(owner): buffer.content[begin:end] for owner, begin, end in zip(*found.of(5, LENGTH), strict=True)}
    starts = {int(owner): int(buffer.words[begin]) for owner, begin, _ in zip(*found.of(7, FIXED64), strict=True)}
    owners, begins, _ = found.of(6, VARINT)
    kinds = dict(zip(owners.tolist(), varints(buffer, begins)[0].tolist(), strict=True))

    assert attributes == [[each.SerializeToString() for each in span.attributes] for span in given]
    assert [names.get(number, b"").decode() for number in range(len(given))] == [span.name for span in given]
    assert [starts.get(number, 0) for number in range(len(given))] == [span.start_time_unix_nano for span in given]
    assert [kinds.get(number, 0) for number in range(len(given))] == [span.kind for span in given]
    assert not len(found.broken)


@settings(deadline=None)
@given(st.lists(st.binary(max_size=60), max_size=5))
def test_any_bytes_are_read_or_told(messages: list[bytes]) -> None:
    """And the messages beside broken ones are read."""
    good = Span(name="good").SerializeToString()
    buffer, found = read(*messages, good)
    last = len(messages)
    ends = [buffer.content[begin:end] for owner, begin, end in zip(*found.of(5, LENGTH), strict=True) if owner == last]

    assert ends == [b"good"]
    assert set(found.broken.tolist()) <= set(range(last))


def test_numbers_that_do_not_end_are_no_message() -> None:
    """Nor are lengths beyond the end, and groups."""
    _, found = read(b"\x30" + b"\xff" * 20, b"\x2a\xff\xff\xff\xff\x7f", b"\x0b", b"\x30\x01")

    assert sorted(found.broken.tolist()) == [0, 1, 2]
