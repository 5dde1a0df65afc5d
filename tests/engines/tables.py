"""Recordings as rows of the Collector's table `otel_traces`, the way its exporter writes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FIXTURE = Path(__file__).parents[2] / "fixtures" / "traces" / "shop.otlp.jsonl"
KINDS = ("Unspecified", "Internal", "Server", "Client", "Producer", "Consumer")
STATUSES = ("Unset", "Ok", "Error")


def recording(folder: Path) -> Path:
    """Real spans of the shop, and by hand messages that cross traces, spans sent twice, and a circle of parents."""
    path = folder / "recording.jsonl"
    path.write_bytes(FIXTURE.read_bytes() + json.dumps(_messages()).encode() + b"\n")
    return path


def _messages() -> dict[str, Any]:
    kinds = {"orders": 4, "mailer": 5, "audit": 5}
    spans = []
    for number in range(1, 40):
        for service, kind in kinds.items():
            trace = number if service == "orders" else 1000 * kind + number
            span: dict[str, Any] = {
                "traceId": f"{trace:032x}",
                "spanId": f"{number * 8 + kind:016x}",
                "name": f"{service} order-events",
                "kind": kind,
                "startTimeUnixNano": str(1_700_000_000_000_000_000 + number),
                "endTimeUnixNano": str(1_700_000_000_000_000_000 + number * 1_000_003),
                "attributes": [
                    {"key": "messaging.system", "value": {"stringValue": "kafka"}},
                    {"key": "messaging.destination.name", "value": {"stringValue": "order-events"}},
                    {"key": "messaging.batch.message_count", "value": {"intValue": "3"}},
                ],
                "status": {"code": 2} if number % 7 == 0 else {},
            }
            if service != "orders":
                span["links"] = [{"traceId": f"{number:032x}", "spanId": f"{number * 8 + 4:016x}"}]
            if service == "audit" and number == 5:
                span["parentSpanId"] = span["spanId"]
            spans.append((service, span))
    spans += spans[:20]
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]},
                "scopeSpans": [{"scope": {}, "spans": [span]}],
            }
            for service, span in spans
        ]
    }


def rows(recording: Path) -> Iterator[dict[str, Any]]:
    """The rows of a recording of OTLP in JSON."""
    for line in recording.read_text("utf-8").splitlines():
        for resource in json.loads(line)["resourceSpans"]:
            told = _attributes(resource["resource"].get("attributes", []))
            for scope in resource["scopeSpans"]:
                yield from (_row(span, told) for span in scope["spans"])


def _row(span: dict[str, Any], resource: dict[str, str]) -> dict[str, Any]:
    begin, end = int(span["startTimeUnixNano"]), int(span["endTimeUnixNano"])
    links = span.get("links", [])
    return {
        "Timestamp": f"{begin // 10**9}.{begin % 10**9:09d}",
        "TraceId": span["traceId"].lower(),
        "SpanId": span["spanId"].lower(),
        "ParentSpanId": span.get("parentSpanId", "").lower(),
        "TraceState": "",
        "SpanName": span["name"],
        "SpanKind": KINDS[span.get("kind", 0)],
        "ServiceName": resource.get("service.name", ""),
        "ResourceAttributes": resource,
        "SpanAttributes": _attributes(span.get("attributes", [])),
        "Duration": end - begin,
        "StatusCode": STATUSES[span.get("status", {}).get("code", 0)],
        "StatusMessage": span.get("status", {}).get("message", ""),
        "Links.TraceId": [link["traceId"] for link in links],
        "Links.SpanId": [link["spanId"] for link in links],
        "Links.TraceState": ["" for _ in links],
        "Links.Attributes": [{} for _ in links],
    }


def _attributes(given: list[dict[str, Any]]) -> dict[str, str]:
    return {each["key"]: _text(each["value"]) for each in given}


def _text(value: dict[str, Any]) -> str:
    ((kind, content),) = value.items()
    if kind == "boolValue":
        return str(content).lower()
    return json.dumps(content) if kind in ("arrayValue", "kvlistValue") else str(content)
