"""Recordings by hand: spans in a few words, written as the Collector writes them."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from google.protobuf.json_format import ParseDict
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

from commlint.model.observations import Observations, TraceSource
from commlint.observe.observe import observe

SERVER, CLIENT, PRODUCER, CONSUMER, INTERNAL = 2, 3, 4, 5, 1
START = 1_700_000_000_000_000_000


@dataclass(frozen=True)
class Recorded:
    """A span; times are nanoseconds after START, ids small numbers (0: none), links pairs of ids."""

    service: str
    trace: int
    id: int
    parent: int = 0
    kind: int = INTERNAL
    name: str = "work"
    start: int = 0
    took: int = 1000
    error: bool = False
    attributes: dict[str, Any] = field(default_factory=dict)
    links: tuple[tuple[int, int], ...] = ()

    def document(self) -> dict[str, Any]:
        """As OTLP JSON has it."""
        span: dict[str, Any] = {
            "traceId": f"{self.trace:032x}",
            "spanId": f"{self.id:016x}",
            "name": self.name,
            "kind": self.kind,
            "startTimeUnixNano": str(START + self.start),
            "endTimeUnixNano": str(START + self.start + self.took),
            "attributes": attributes(self.attributes),
            "links": [{"traceId": f"{trace:032x}", "spanId": f"{id:016x}"} for trace, id in self.links],
            "status": {"code": 2} if self.error else {},
        }
        if self.parent:
            span["parentSpanId"] = f"{self.parent:016x}"
        return span


def attributes(given: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": _value(value)} for key, value in given.items()]


def _value(given: Any) -> dict[str, Any]:
    match given:
        case bool():
            return {"boolValue": given}
        case int():
            return {"intValue": str(given)}
        case float():
            return {"doubleValue": given}
        case _:
            return {"stringValue": given}


def batch(*spans: Recorded) -> dict[str, Any]:
    """One TracesData, with a resource for every span."""
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": attributes({"service.name": span.service})},
                "scopeSpans": [{"scope": {}, "spans": [span.document()]}],
            }
            for span in spans
        ]
    }


def json_lines(*batches: Iterable[Recorded]) -> bytes:
    return b"".join(json.dumps(batch(*spans)).encode() + b"\n" for spans in batches)


def message(*spans: Recorded) -> bytes:
    """One bare protobuf message."""
    document = batch(*spans)
    for resources in document["resourceSpans"]:
        for raw in (raw for scope in resources["scopeSpans"] for raw in scope["spans"]):
            _to_protobuf_json(raw)
    found: bytes = ParseDict(document, TracesData()).SerializeToString()
    return found


def _to_protobuf_json(raw: dict[str, Any]) -> None:
    """Ids of OTLP JSON are hexadecimal, those of all other protobuf JSON are base64."""
    import base64

    for holder in (raw, *raw["links"]):
        for key in ("traceId", "spanId", "parentSpanId"):
            if key in holder:
                holder[key] = base64.b64encode(bytes.fromhex(holder[key])).decode()


def framed(*records: bytes) -> bytes:
    return b"".join(len(record).to_bytes(4, "big") + record for record in records)


def source(content: bytes, name: str = "traces") -> TraceSource:
    def opened() -> BinaryIO:
        return io.BytesIO(content)

    return TraceSource(name, opened)


def observed(*contents: bytes, **more: Any) -> Observations:
    sources = [source(content, f"traces-{number}") for number, content in enumerate(contents)]
    return observed_of(sources, **more)


def observed_of(sources: Iterable[TraceSource], **more: Any) -> Observations:
    with tempfile.TemporaryDirectory() as folder:
        return observe(sources, Path(folder), **more)


def request(service: str, trace: int, id: int, parent: int = 0, route: str = "/", **more: Any) -> Recorded:
    """What a server records of a GET."""
    given = {"http.request.method": "GET", "http.route": route}
    return Recorded(service, trace, id, parent, SERVER, f"GET {route}", attributes=given, **more)


def call(service: str, trace: int, id: int, parent: int = 0, host: str = "peer", **more: Any) -> Recorded:
    """What a client records of a GET."""
    given = {"http.request.method": "GET", "server.address": host}
    return Recorded(service, trace, id, parent, CLIENT, "GET", attributes=given, **more)


def edges(found: Observations) -> list[tuple[str, str, str, str, str, int]]:
    """Every edge without its latencies."""
    return [
        (edge.caller.service, edge.caller.name, edge.kind, edge.callee.service, edge.callee.name, edge.calls)
        for edge in found.edges
    ]
