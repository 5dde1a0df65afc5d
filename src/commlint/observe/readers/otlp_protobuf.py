"""OTLP as protobuf: one TracesData a record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np

from commlint.observe.attributes import Attributes, Head, Stretches
from commlint.observe.buffer import Buffer, Places, mixed
from commlint.observe.conventions import SERVICE
from commlint.observe.describing import Describer
from commlint.observe.port import (
    ERROR,
    NO_IDS,
    SPAN_ID,
    TRACE_ID,
    Columns,
    Linked,
    Numbers,
    Reading,
    TraceReader,
    reading_of,
)
from commlint.observe.wire import FIXED64, LENGTH, VARINT, Fields, fields, varints

if TYPE_CHECKING:
    from opentelemetry.proto.common.v1.common_pb2 import AnyValue

FIELD: Final = b"\x0a"
FAILED: Final = 2
BROKEN: Final = "a record that is no OTLP protobuf, left out"

_MESSAGES: Final = {
    "Traces": ((1, "resources", "Resources", True),),
    "Resources": ((1, "resource", "Resource", False), (2, "scopes", "Scope", True), (1000, "old", "Scope", True)),
    "Resource": ((1, "attributes", bytes, True),),
    "Scope": ((2, "spans", bytes, True),),
}
"""What is read of OTLP as messages, under the numbers of its schema; spans stay bytes, see `wire`."""

TRACE, SPAN, PARENT, NAME, KIND, START, END, ATTRIBUTES, LINKS, STATUS = 1, 2, 4, 5, 6, 7, 8, 9, 13, 15
LINK_TRACE, LINK_SPAN, STATUS_CODE = 1, 2, 3


class OtlpProtobuf(TraceReader):
    """Reads what the file exporter of the OpenTelemetry Collector writes with `format: proto`."""

    name: ClassVar[str] = "otlp-protobuf"
    at_once: ClassVar[int] = 2 << 20

    def __init__(self, describer: Describer) -> None:
        super().__init__(describer)
        self._attributes = Attributes(describer, _key_ends, _parsed)

    def claims(self, record: bytes) -> bool:
        return record.startswith(FIELD)

    def read(self, records: Sequence[bytes]) -> Reading:
        spans: list[bytes] = []
        services: list[tuple[str, int]] = []
        problems = []
        for number, record in enumerate(records):
            try:
                groups = list(_groups(record))
            except _decode_errors():
                problems.append((number, BROKEN))
                continue
            for service, group in groups:
                spans += group
                services.append((service, len(group)))
        reading, wrong = self._taken(Buffer(spans), np.array(list(map(len, spans)), np.int64), services)
        missing = len(spans) - wrong - len(reading.rows)
        problems += [(0, BROKEN)] * bool(wrong) + [(0, NO_IDS)] * bool(missing)
        return Reading(reading.rows, reading.links, tuple(problems))

    def _taken(self, buffer: Buffer, sizes: Places, services: Sequence[tuple[str, int]]) -> tuple[Reading, int]:
        """The spans in a buffer, and how many of them are none."""
        ends = np.cumsum(sizes)
        found = fields(buffer, ends - sizes, ends)
        spans = _Spans(buffer, found, len(sizes))
        which = np.repeat(np.arange(len(services)), [count for _, count in services])
        names, kinds = spans.stretches(NAME), spans.kinds()

        def head(span: int) -> Head:
            name = buffer.content[names[0][span] : names[1][span]].decode("utf-8", "replace")
            return services[which[span]][0], int(kinds[span]), name

        hashes = np.array([hash(service) for service, _ in services], np.int64).astype(np.uint64)
        heads = mixed(hashes[which] ^ kinds) ^ buffer.hashed(*names)
        codes = self._attributes.codes(buffer, _stretches(buffer, found), heads, head)
        columns = Columns(
            *spans.trace(), spans.id(SPAN), spans.id(PARENT), spans.time(START), spans.time(END), codes, spans.flags()
        )
        columns.id[found.broken] = 0
        return reading_of(columns, _links(buffer, found)), len(found.broken)


class _Spans:
    """Columns of spans by their fields; of a field that is there twice the last one counts."""

    def __init__(self, buffer: Buffer, found: Fields, count: int) -> None:
        self._buffer, self._found, self._count = buffer, found, count

    def stretches(self, number: int) -> tuple[Places, Places]:
        """Where a field begins and ends, nowhere for those that have none."""
        begins, ends = np.zeros(self._count, np.int64), np.zeros(self._count, np.int64)
        owner, begins_at, ends_at = self._found.of(number, LENGTH)
        begins[owner], ends[owner] = begins_at, ends_at
        return begins, ends

    def id(self, number: int) -> Numbers:
        """0 for what is no id."""
        return self._words(number, SPAN_ID, 0)

    def trace(self, number: int = TRACE) -> tuple[Numbers, Numbers]:
        """Both halves of a trace id."""
        return self._words(number, TRACE_ID, 0), self._words(number, TRACE_ID, SPAN_ID)

    def _words(self, number: int, size: int, offset: int) -> Numbers:
        owner, begin, end = self._found.of(number, LENGTH)
        right = np.flatnonzero(end - begin == size)
        found = np.zeros(self._count, np.uint64)
        found[owner[right]] = self._buffer.numbers(begin[right] + offset)
        return found

    def time(self, number: int) -> Numbers:
        """Nanoseconds."""
        owner, begin, _ = self._found.of(number, FIXED64)
        found = np.zeros(self._count, np.uint64)
        found[owner] = self._buffer.words[begin]
        return found

    def kinds(self) -> Numbers:
        """Numbers of span kinds."""
        owner, begin, _ = self._found.of(KIND, VARINT)
        found = np.zeros(self._count, np.uint64)
        found[owner] = np.clip(varints(self._buffer, begin)[0], 0, 0xFF).astype(np.uint64)
        return found

    def flags(self) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """ERROR where the status says so."""
        spans, begins, ends = self._found.of(STATUS, LENGTH)
        owner, begin, _ = fields(self._buffer, begins, ends).of(STATUS_CODE, VARINT)
        failed = varints(self._buffer, begin)[0] == FAILED
        found = np.zeros(self._count, np.uint8)
        found[spans[owner]] = np.where(failed, ERROR, 0)
        return found


def _links(buffer: Buffer, found: Fields) -> Linked:
    owner, begins, ends = found.of(LINKS, LENGTH)
    links = _Spans(buffer, fields(buffer, begins, ends), len(owner))
    hi, lo = links.trace(LINK_TRACE)
    return Linked(owner, hi, lo, links.id(LINK_SPAN))


def _stretches(buffer: Buffer, found: Fields) -> Stretches:
    """Attributes whose key stands first and is short, as all do that matter."""
    owner, begin, end = found.of(ATTRIBUTES, LENGTH)
    usual = np.flatnonzero((buffer.bytes[begin] == FIELD[0]) & (begin + 2 + buffer.bytes[begin + 1] < end))
    return Stretches(owner[usual], begin[usual], end[usual], begin[usual] + 2)


def _key_ends(buffer: Buffer, given: Stretches) -> Places:
    return given.key + buffer.bytes[given.key - 1]


def _groups(record: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """
    Spans with the name of their service.

    Raises:
        DecodeError, RecursionError: the record is damaged.
    """
    for resources in _traces().FromString(record).resources:
        service = _service(resources.resource.attributes)
        for scopes in (resources.scopes, resources.old):
            for scope in scopes:
                yield service, list(scope.spans)


def _decode_errors() -> tuple[type[Exception], ...]:
    from google.protobuf.message import DecodeError

    return DecodeError, RecursionError


@cache
def _traces() -> Any:
    """The class of the outermost message."""
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    field = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="commlint.proto", package="commlint", syntax="proto3")
    for name, listed in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for number, called, kind, repeated in listed:
            label = field.LABEL_REPEATED if repeated else field.LABEL_OPTIONAL
            made = message.field.add(name=called, number=number, label=label, type=field.TYPE_BYTES)
            if isinstance(kind, str):
                made.type, made.type_name = field.TYPE_MESSAGE, f".commlint.{kind}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("commlint.Traces"))


def _service(attributes: Iterable[bytes]) -> str:
    return next((value for key, value in map(_parsed, attributes) if key == SERVICE), "")


def _parsed(raw: bytes) -> tuple[str, str]:
    from google.protobuf.message import DecodeError
    from opentelemetry.proto.common.v1.common_pb2 import KeyValue

    try:
        attribute = KeyValue.FromString(raw)
    except (DecodeError, RecursionError):
        return "", ""
    return attribute.key, _text(attribute.value)


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
