"""Recordings that are too large, too deep, blown up or broken, in every format."""

from __future__ import annotations

import base64
import gzip
import json
import random
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import zstandard
from google.protobuf.json_format import ParseDict
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

RECORD: Final = 10_000
"""Spans of a record."""

START: Final = 1_700_000_000_000_000_000
SPANS: Final = 50_000
"""Of a recording that is then broken."""

FLIPPED: Final = 20_000
"""Bytes of which a bit is flipped in one."""

ZEROS: Final = 1 << 30
ATTRIBUTE: Final = 100 << 20
MIB: Final = 1 << 20

Make = Callable[[Path], object]


def inputs(spans: int) -> dict[str, Make]:
    """What makes each of them, by its name."""
    found: dict[str, Make] = {
        "one trace": lambda path: _trace(path, spans, lambda number: number // 10),
        "one chain of parents": lambda path: _trace(path, spans, lambda number: number),
        "circles of parents": lambda path: _trace(path, spans // 10, lambda number: number ^ 1),
    }
    for name, write in FORMATS.items():
        found[f"attribute of 100 MB, {name}"] = partial(_large, write)
        found[f"cut off, {name}"] = partial(_cut_off, write)
        found[f"flipped bits, {name}"] = partial(_flipped, write)
    for name, packed in (("gzip", _gzip), ("zstd", _zstd)):
        found[f"{name} of zeros"] = partial(_packed, packed, _zeros)
        found[f"{name} of one line"] = partial(_packed, packed, _line)
        found[f"{name} of empty records"] = partial(_packed, packed, _empty)
        found[f"{name} of zeros in every record"] = partial(_packed_records, packed)
    found["zstd that wants 2 GiB of memory"] = _wide
    return found


def _trace(path: Path, spans: int, parent: Callable[[np.ndarray], np.ndarray]) -> None:
    """One trace as framed protobuf; the first span is the root unless `parent` says otherwise."""
    document = TracesData()
    resources = document.resource_spans.add()
    attribute = resources.resource.attributes.add(key="service.name")
    attribute.value.string_value = "batch"
    span = resources.scope_spans.add().spans.add(
        trace_id=b"\x01" * 16, span_id=b"\x02" * 8, parent_span_id=b"\x03" * 8, name="step", kind="SPAN_KIND_SERVER",
        start_time_unix_nano=START, end_time_unix_nano=START + 1000,
    )  # fmt: skip
    one = span.SerializeToString()
    body = b"\x12" + bytes([len(one)]) + one
    places = [body.index(b"\x02" * 8), body.index(b"\x03" * 8), body.index(START.to_bytes(8, "little"))]
    service = resources.resource.SerializeToString()
    with path.open("wb") as file:
        for begin in range(1, spans + 1, RECORD):
            ids = np.arange(begin, min(begin + RECORD, spans + 1))
            table = np.tile(np.frombuffer(body, np.uint8), (len(ids), 1))
            columns = (ids, parent(ids - 1) if begin > 1 else parent(np.maximum(ids - 1, 0)), START + ids)
            for place, column, order in zip(places, columns, (">i8", ">i8", "<i8"), strict=True):
                table[:, place : place + 8] = column.astype(order).view(np.uint8).reshape(-1, 8)
            scope = table.tobytes()
            inner = b"\x0a" + _varint(len(service)) + service + b"\x12" + _varint(len(scope)) + scope
            file.write(_framed(b"\x0a" + _varint(len(inner)) + inner))


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def _framed(record: bytes) -> bytes:
    return len(record).to_bytes(4, "big") + record


# -- every format ----------------------------------------------------------------------------------------


def _spans(numbers: range, route: str) -> Iterator[dict[str, Any]]:
    """Spans of traces with ten each, in words that all formats have."""
    for number in numbers:
        yield {
            "trace": f"{number // 10 + 1:032x}", "id": f"{number + 1:016x}", "name": "GET", "route": route,
            "parent": f"{number // 10 * 10 + 1:016x}" if number % 10 else "",
        }  # fmt: skip


def _batches(spans: int, route: str) -> Iterator[dict[str, Any]]:
    """The same as OTLP."""
    for begin in range(0, spans, 1000):
        given = [
            {
                "traceId": each["trace"], "spanId": each["id"], "parentSpanId": each["parent"], "name": each["name"],
                "kind": 2, "startTimeUnixNano": str(START), "endTimeUnixNano": str(START + 1000),
                "attributes": [{"key": "http.route", "value": {"stringValue": each["route"]}}],
            }
            for each in _spans(range(begin, min(begin + 1000, spans)), route)
        ]  # fmt: skip
        service = [{"key": "service.name", "value": {"stringValue": "shop"}}]
        yield {"resourceSpans": [{"resource": {"attributes": service}, "scopeSpans": [{"spans": given}]}]}


def _otlp_json(path: Path, spans: int, route: str) -> None:
    path.write_text("".join(json.dumps(each, separators=(",", ":")) + "\n" for each in _batches(spans, route)))


def _otlp_protobuf(path: Path, spans: int, route: str) -> None:
    with path.open("wb") as file:
        for batch in _batches(spans, route):
            scope = batch["resourceSpans"][0]["scopeSpans"][0]
            for span in scope["spans"]:
                span |= {key: _base64(span[key]) for key in ("traceId", "spanId", "parentSpanId")}
            file.write(_framed(ParseDict(batch, TracesData()).SerializeToString()))


def _base64(digits: str) -> str:
    return base64.b64encode(bytes.fromhex(digits)).decode()


def _jaeger(path: Path, spans: int, route: str) -> None:
    traces: dict[str, list[dict[str, Any]]] = {}
    for each in _spans(range(spans), route):
        parent = [{"refType": "CHILD_OF", "traceID": each["trace"], "spanID": each["parent"]}] if each["parent"] else []
        traces.setdefault(each["trace"], []).append({
            "traceID": each["trace"], "spanID": each["id"], "operationName": each["name"], "references": parent,
            "startTime": START // 1000, "duration": 1, "processID": "p1",
            "tags": [{"key": "span.kind", "value": "server"}, {"key": "http.route", "value": each["route"]}],
        })  # fmt: skip
    processes = {"p1": {"serviceName": "shop"}}
    data = [{"traceID": trace, "spans": own, "processes": processes} for trace, own in traces.items()]
    path.write_text(json.dumps({"data": data}))


def _zipkin(path: Path, spans: int, route: str) -> None:
    path.write_text(json.dumps([
        {
            "traceId": each["trace"], "id": each["id"], "parentId": each["parent"] or None, "name": each["name"],
            "kind": "SERVER", "timestamp": START // 1000, "duration": 1, "localEndpoint": {"serviceName": "shop"},
            "tags": {"http.route": each["route"]},
        }
        for each in _spans(range(spans), route)
    ]))  # fmt: skip


def _parquet(path: Path, spans: int, route: str) -> None:
    given = route if len(route) < MIB else "x"
    duckdb.sql(f"""COPY (
        SELECT make_timestamp_ns({START}) AS Timestamp, printf('%032x', i // 10 + 1) AS TraceId,
            printf('%016x', i + 1) AS SpanId, if(i % 10 = 0, '', printf('%016x', i // 10 * 10 + 1)) AS ParentSpanId,
            'GET' AS SpanName, 'Server' AS SpanKind, 'shop' AS ServiceName, 1000 AS Duration, 'Unset' AS StatusCode,
            map(['http.route'], [repeat('{given}', {len(route) // len(given)})]) AS SpanAttributes
        FROM range({spans}) AS t(i)) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 10000)""")


FORMATS: Final[dict[str, Callable[[Path, int, str], None]]] = {
    "OTLP JSON": _otlp_json, "OTLP protobuf": _otlp_protobuf, "Jaeger": _jaeger, "Zipkin": _zipkin, "Parquet": _parquet,
}  # fmt: skip


def _large(write: Callable[[Path, int, str], None], path: Path) -> None:
    write(path, 1, "x" * ATTRIBUTE)


def _cut_off(write: Callable[[Path, int, str], None], path: Path) -> None:
    write(path, SPANS, "/orders/{id}")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 3 // 5 + 100])


def _flipped(write: Callable[[Path, int, str], None], path: Path) -> None:
    write(path, SPANS, "/orders/{id}")
    content, chance = bytearray(path.read_bytes()), random.Random(1)
    for _ in range(len(content) // FLIPPED):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


# -- bombs -----------------------------------------------------------------------------------------------


def _gzip(path: Path) -> Any:
    return gzip.open(path, "wb", compresslevel=6)


def _zstd(path: Path) -> Any:
    return zstandard.open(path, "wb")


def _packed(packed: Callable[[Path], Any], pieces: Callable[[], Iterator[bytes]], path: Path) -> None:
    with packed(path) as file:
        for piece in pieces():
            file.write(piece)


def _zeros() -> Iterator[bytes]:
    yield from (bytes(MIB) for _ in range(ZEROS // MIB))


def _line() -> Iterator[bytes]:
    yield b'{"resourceSpans":[{"x":"'
    yield from (b"x" * MIB for _ in range(ZEROS // MIB))


def _empty() -> Iterator[bytes]:
    yield from (b'{"resourceSpans":[]}\n' * 50_000 for _ in range(1000))


def _packed_records(packed: Callable[[Path], Any], path: Path) -> None:
    """As the Collector frames records that it compresses one by one."""
    _packed(packed, _zeros, path)
    path.write_bytes(_framed(path.read_bytes()) * 5)


def _wide(path: Path) -> None:
    """A frame that refers to what stands two GiB before."""
    wide = zstandard.ZstdCompressionParameters.from_level(3, window_log=31)
    content = zstandard.ZstdCompressor(compression_params=wide).compressobj()
    path.write_bytes(content.compress(b'{"resourceSpans":[]}\n' * 50_000) + content.flush())
