"""Zipkin JSON, and the spans whose two halves share one id."""

from __future__ import annotations

import json
from typing import Any

import pytest

from commlint.observe.readers.zipkin import BROKEN, Zipkin

from ..batches import reading_of, spans_of
from ..recordings import edges, observed


def span(service: str, id: str, kind: str = "", parent: str = "", **more: Any) -> dict[str, Any]:
    made = {"traceId": "ab", "id": id, "name": "get", "timestamp": 5, "duration": 20}
    made |= {"localEndpoint": {"serviceName": service}} | more
    return made | ({"kind": kind} if kind else {}) | ({"parentId": parent} if parent else {})


SHARED = (
    span("web", "1", "SERVER"),
    span("web", "2", "CLIENT", "1"),
    span("orders", "2", "SERVER", "1", shared=True),
    span("orders", "3", parent="2"),
    span("orders", "4", "CLIENT", "3", remoteEndpoint={"serviceName": "bank"}),
)
CALLS = [
    ("orders", "get", "external", "bank", "get", 1),
    ("web", "get", "sync", "orders", "get", 1),
]


def written(*spans: dict[str, Any]) -> bytes:
    return json.dumps(list(spans)).encode()


def test_all_of_a_span_is_read() -> None:
    """Ids are padded, microseconds become nanoseconds."""
    (found,) = spans_of(Zipkin, written(span("web", "1", "SERVER", "2", tags={"error": "", "http.method": "GET"})))

    assert (found.trace, found.id, found.parent) == (f"{0xAB:032x}", f"{1:016x}", f"{2:016x}")
    assert (found.start, found.end, found.error) == (5_000, 25_000, True)
    assert (found.meaning.service, found.meaning.kind, found.meaning.operation) == ("web", 2, "GET")


def test_two_halves_with_one_id_are_a_call() -> None:
    """And what goes on behind is the child of the server's half."""
    assert edges(observed(written(*SHARED))) == CALLS


def test_it_makes_no_difference_how_spans_are_written() -> None:
    """One a line, or as a list of traces."""
    lines = b"".join(json.dumps(each).encode() + b"\n" for each in SHARED)
    traces = json.dumps([list(SHARED)]).encode()

    assert edges(observed(lines)) == edges(observed(traces)) == CALLS


def test_client_with_an_id_of_its_own_is_found_by_the_server() -> None:
    """As OpenTelemetry writes Zipkin."""
    spans = (span("web", "1", "SERVER"), span("web", "2", "CLIENT", "1"), span("orders", "3", "SERVER", "2"))

    assert edges(observed(written(*spans))) == CALLS[1:]


def test_child_of_a_client_stays_its_child_beside_a_shared_server() -> None:
    """A child of another service is none of the server's."""
    spans = (*SHARED[:3], span("web", "5", parent="2"))

    assert edges(observed(written(*spans))) == CALLS[1:]


def test_broker_is_no_service() -> None:
    """What stands at the other end of a message is not called."""
    sent = span("web", "1", "PRODUCER", remoteEndpoint={"serviceName": "kafka"}, tags={"kafka.topic": "paid"})
    taken = span("mailer", "2", "CONSUMER", "1", remoteEndpoint={"serviceName": "kafka"}, tags={"kafka.topic": "paid"})

    found = observed(written(sent, taken))

    assert edges(found) == [("web", "publish paid", "messaging", "mailer", "process paid", 1)]
    assert found.edges[0].channel == "paid"


@pytest.mark.parametrize("record", [b'[{"traceId": 1}]', b'[{"traceId":', b"[[[1]]]", b"[" * 100_000])
def test_broken_records_are_problems(record: bytes) -> None:
    """Not exceptions."""
    assert reading_of(Zipkin, record)[1].problems == ((0, BROKEN),)
