"""OTLP as protobuf: one TracesData a record."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import repeat
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Final

from commlint.observe.conventions import SERVICE
from commlint.observe.describing import Describer, RawAttributes
from commlint.observe.port import ERROR, BatchBuilder, Reading, TraceReader

if TYPE_CHECKING:
    from opentelemetry.proto.common.v1.common_pb2 import AnyValue

FIELD: Final = b"\x0a"
FAILED: Final = 2
BROKEN: Final = "a record that is no OTLP protobuf, left out"

_MESSAGES: Final = {
    "Traces": ((1, "resources", "Resources", True),),
    "Resources": ((1, "resource", "Resource", False), (2, "scopes", "Scope", True), (1000, "old", "Scope", True)),
    "Resource": ((1, "attributes", bytes, True),),
    "Scope": ((2, "spans", "Span", True),),
    "Span": (
        (1, "trace", bytes, False), (2, "id", bytes, False), (4, "parent", bytes, False), (5, "name", bytes, False),
        (6, "kind", int, False), (7, "start", float, False), (8, "end", float, False), (9, "attributes", bytes, True),
        (13, "links", "Link", True), (15, "status_of", bytes, False),
    ),
    "Link": ((1, "trace", bytes, False), (2, "id", bytes, False)),
}  # fmt: skip
"""
What is read of OTLP, under the numbers of its schema.

Attributes stay bytes: to make objects of all of them would take more time than everything else together.
"""


_WANTED: Final = attrgetter(
    "trace", "id", "parent", "start", "end", "kind", "name", "attributes", "status_of", "links"
)  # fmt: skip


class OtlpProtobuf(TraceReader):
    """Reads what the file exporter of the OpenTelemetry Collector writes with `format: proto`."""

    name: ClassVar[str] = "otlp-protobuf"

    def __init__(self, describer: Describer) -> None:
        super().__init__(describer)
        self._attributes = RawAttributes(describer, _key, _parsed)

    def claims(self, record: bytes) -> bool:
        return record.startswith(FIELD)

    def read(self, record: bytes) -> Reading:
        from google.protobuf.message import DecodeError

        try:
            traces = _traces().FromString(record)
        except (DecodeError, RecursionError):
            return Reading(problems=(BROKEN,))
        builder = BatchBuilder()
        for resources in traces.resources:
            service = _service(resources.resource.attributes)
            for scopes in (resources.scopes, resources.old):
                for scope in scopes:
                    self._take(builder, scope.spans, service)
        return builder.reading()

    def _take(self, builder: BatchBuilder, spans: Any, service: str) -> None:
        rows = list(map(_WANTED, spans))
        if not rows:
            return
        first = len(builder.ids)
        traces, ids, parents, starts, ends, kinds, names, attributes, states, links = zip(*rows, strict=True)
        codes = map(self._attributes.code, repeat(service), kinds, names, attributes)
        builder.extend(traces, ids, parents, starts, ends, codes, map(_flags, states))
        for index, each in enumerate(links, first):
            if each:
                for link in each:
                    builder.link(link.trace, link.id, index)


@cache
def _traces() -> Any:
    """The class of the outermost message."""
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    field = descriptor_pb2.FieldDescriptorProto
    kinds: dict[object, Any] = {bytes: field.TYPE_BYTES, int: field.TYPE_INT32, float: field.TYPE_FIXED64}
    file = descriptor_pb2.FileDescriptorProto(name="commlint.proto", package="commlint", syntax="proto3")
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for number, called, kind, repeated in fields:
            label = field.LABEL_REPEATED if repeated else field.LABEL_OPTIONAL
            made = message.field.add(name=called, number=number, label=label)
            if isinstance(kind, str):
                made.type, made.type_name = field.TYPE_MESSAGE, f".commlint.{kind}"
            else:
                made.type = kinds[kind]
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("commlint.Traces"))


@lru_cache(maxsize=4096)
def _flags(status: bytes) -> int:
    from google.protobuf.message import DecodeError
    from opentelemetry.proto.trace.v1.trace_pb2 import Status

    try:
        return ERROR if Status.FromString(status).code == FAILED else 0
    except DecodeError:
        return 0


def _service(attributes: Any) -> str:
    return next((value for key, value in map(_parsed, attributes) if key == SERVICE), "")


def _key(raw: bytes) -> bytes:
    """The key of an attribute, by a cheap look; empty when that does not tell."""
    return raw[2 : 2 + raw[1]] if raw[:1] == FIELD and len(raw) > 1 and raw[1] < 0x80 else b""


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
