"""Observing: whole recordings, against an oracle and against trouble."""

from __future__ import annotations

import gc
import gzip
import io
import json
from random import Random
from typing import Any, BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commlint.model.observations import (
    Observations,
    ObservedEdge,
    ObservedOperation,
    Totals,
    TraceSource,
    percentile,
)
from commlint.observe.observe import merge
from commlint.observe.statistics import statistics

from .oracle import expected
from .recordings import (
    CLIENT,
    CONSUMER,
    INTERNAL,
    PRODUCER,
    SERVER,
    Recorded,
    batch,
    call,
    edges,
    framed,
    json_lines,
    message,
    observed,
    observed_of,
    request,
    source,
)

SERVICES = ("web", "orders", "pricing", "mailer")
ATTRIBUTES: tuple[dict[str, Any], ...] = (
    {},
    {"http.request.method": "GET", "http.route": "/a/{id}", "server.address": "orders"},
    {"http.request.method": "POST", "server.address": "bank.example"},
    {"rpc.system": "grpc", "rpc.service": "shop.Orders", "rpc.method": "Get", "server.address": "pricing"},
    {"db.system": "postgresql", "db.name": "shop", "db.operation": "SELECT", "db.sql.table": "t"},
    {"messaging.system": "kafka", "messaging.destination.name": "paid"},
    {"messaging.system": "kafka", "messaging.destination.name": "sent"},
)


def recording(seed: int, spans: int = 120) -> list[Recorded]:
    """Random spans: trees, orphans, circles, links within and across traces, and records sent twice."""
    random = Random(seed)
    found = []
    for number in range(1, spans + 1):
        parent = random.choice((0, *range(max(1, number - 6), number + 1), number + 2, 10_000))
        links = tuple((random.randint(1, 4), random.randint(1, spans)) for _ in range(random.choice((0, 0, 1, 3))))
        record = Recorded(
            service=random.choice(SERVICES),
            trace=random.randint(1, 4),
            id=number if random.random() < 0.9 else random.randint(1, number),
            parent=parent,
            kind=random.choice((INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER)),
            name=random.choice(("work", "job")),
            start=random.randint(0, 50),
            took=random.choice((-5, 0, 200, 10_000, 3_000_000_000)),
            error=random.random() < 0.2,
            attributes=random.choice(ATTRIBUTES),
            links=links,
        )
        found += [record] * random.choice((1, 1, 1, 2))
    return found


@pytest.mark.parametrize("seed", range(40))
def test_random_recordings_give_what_the_definitions_say(seed: int) -> None:
    """Edges, errors, latencies and totals are those of the oracle."""
    records = recording(seed)
    random = Random(seed)
    files: list[list[Recorded]] = [[], [], []]
    for record in records:
        random.choice(files).append(record)

    found = observed(json_lines(files[0][:20], files[0][20:]), framed(message(*files[1])), message(*files[2]))
    wanted = expected(records)

    calls: dict[tuple[str, ...], int] = {}
    errors: dict[tuple[str, ...], int] = {}
    latencies: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    for edge in found.edges:
        row = (edge.caller.service, edge.caller.name, edge.kind, edge.callee.service, edge.callee.name)
        calls[row] = calls.get(row, 0) + edge.calls
        errors[row] = errors.get(row, 0) + edge.errors
        latencies.setdefault(row, []).extend(edge.latencies)
    assert calls == wanted.calls
    assert errors == {row: wanted.errors[row] for row in wanted.calls}
    assert dict(found.services) == {name: count for name, count in wanted.services.items() if count}
    assert (found.totals.spans, found.totals.traces, found.totals.orphans) == (
        wanted.spans,
        wanted.traces,
        wanted.orphans,
    )
    for row, durations in wanted.durations.items():
        middle = sorted(durations)[-(-len(durations) // 2) - 1]
        assert percentile(sorted(latencies[row]), 50) * 1e9 == pytest.approx(middle, rel=0.004)


@pytest.mark.parametrize("buckets", [1, 7])
def test_percentiles_are_exact_where_that_is_asked(buckets: int) -> None:
    """The nearest ranks of all calls of an edge, whatever the channel; the histogram is the same as without."""
    records = recording(3, 400)

    found = observed(json_lines(records), exact=True, buckets=buckets)

    wanted = expected(records).durations
    for edge in found.edges:
        took = sorted(wanted[edge.caller.service, edge.caller.name, edge.kind, edge.callee.service, edge.callee.name])
        assert edge.exact == tuple(took[-(-len(took) * percent // 100) - 1] for percent in (50, 95, 99))
    plain = observed(json_lines(records))
    assert [edge.latencies for edge in found.edges] == [edge.latencies for edge in plain.edges]
    assert found.chains == plain.chains


LARGE = "x" * ((1 << 16) + 1)
SPAN = {"id": "01", "name": "work", "kind": "SERVER", "timestamp": 1, "duration": 1}
ZIPKIN = [SPAN | {"traceId": "a", "localEndpoint": {"serviceName": "web"}, "tags": {"http.method": "GET"}}]
TAGS = [{"key": "span.kind", "value": "server"}, {"key": "http.method", "value": "GET"}]
JAEGER = {
    "data": [{
        "spans": [{"traceID": "a", "spanID": "1", "operationName": "work", "tags": TAGS, "processID": "p"}],
        "processes": {"p": {"serviceName": "web"}},
    }]
}  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        json_lines([request("web", 1, 1, route=LARGE)]),
        json.dumps(batch(request("web", 1, 1, route=LARGE))).encode(),
        message(request("web", 1, 1, route=LARGE)),
        json.dumps(ZIPKIN).replace('"tags": {', f'"tags": {{"http.route": "{LARGE}", ').encode(),
        json.dumps(JAEGER).replace('"tags": [', f'"tags": [{{"key": "http.route", "value": "{LARGE}"}}, ').encode(),
    ],
    ids=["json", "printed", "protobuf", "zipkin", "jaeger"],
)
def test_attribute_too_large_for_a_name_is_left_out_and_told(content: bytes) -> None:
    """The span counts without it, in whatever format."""
    found = observed(content)

    assert [entry.operation.name for entry in found.entries] == ["GET"]
    assert [notice.message for notice in found.notices] == [
        "attributes of more than 64 KiB, not looked at; what names an operation is shorter"
    ]


def test_order_of_files_and_spans_makes_no_difference() -> None:
    """The same spans give the same observations."""
    records = recording(7)
    other = list(reversed(records))

    assert observed(json_lines(records)) == observed(json_lines(other[:50]), message(*other[50:]))


def test_caller_is_the_operation_at_which_its_service_was_entered() -> None:
    """Not the client span, whose name says nothing."""
    spans = (
        request("orders", 1, 1, route="/orders/{id}"),
        Recorded("orders", 1, 2, 1, INTERNAL, "load"),
        call("orders", 1, 3, 2),
        request("pricing", 1, 4, 3, route="/prices/{sku}", error=True),
    )

    found = observed(json_lines(spans))

    assert edges(found) == [("orders", "GET /orders/{id}", "sync", "pricing", "GET /prices/{sku}", 1)]
    assert found.edges[0].errors == 1


def test_consumer_is_linked_to_producers_of_other_traces() -> None:
    """A batch that was sent by two requests is two messages."""
    given = {"messaging.system": "rabbitmq", "messaging.destination.name": "paid"}
    sent = [Recorded("orders", trace, 5, 0, PRODUCER, "send paid", attributes=given) for trace in (1, 2)]
    taken = Recorded("mailer", 3, 6, 0, CONSUMER, "process paid", attributes=given, links=((1, 5), (2, 5), (2, 5)))

    found = observed(json_lines(sent), json_lines([taken]))

    assert edges(found) == [("orders", "publish paid", "messaging", "mailer", "process paid", 2)]
    assert (found.edges[0].channel, found.edges[0].callee.protocol) == ("paid", "amqp")


def test_deep_traces_do_not_overflow() -> None:
    """Depth is no reason to fail."""
    spans = [Recorded("batch", 1, number, number - 1, INTERNAL) for number in range(1, 20_000)]

    found = observed(json_lines(spans))

    assert (found.totals.spans, found.services) == (19_999, (("batch", 1),))


def test_trouble_in_one_file_leaves_the_others() -> None:
    """Every broken file is told, the good one is read."""

    def missing() -> BinaryIO:
        raise FileNotFoundError(2, "No such file or directory")

    def folder() -> BinaryIO:
        return io.FileIO("/")

    good = json_lines([request("orders", 1, 1)])
    contents = {"empty": b"", "noise": bytes(range(256)) * 20, "text": b"hello\n", "wrong": b'{"a": 1}\n', "good": good}
    sources = [source(content, name) for name, content in contents.items()]

    found = observed_of([TraceSource("missing", missing), TraceSource("folder", folder), *sources])

    assert found.totals.spans == 1
    assert sorted({notice.path for notice in found.notices}) == ["empty", "folder", "missing", "noise", "text", "wrong"]


def test_same_trouble_is_told_once_with_its_count() -> None:
    """A file with a million broken lines is one notice."""
    found = observed(json_lines([request("orders", 1, 1)]) + b'{"resourceSpans": 1}\n' * 3)

    assert [str(notice) for notice in found.notices] == [
        "traces-0:2: a record that is no OTLP JSON, left out (and 2 more like this)"
    ]


def test_file_that_goes_on_without_a_span_is_given_up() -> None:
    """A small compressed file may hold lines without an end."""
    end = json_lines([request("orders", 1, 1)])

    read = observed(b'{"resourceSpans": []}\n' * 9_999 + end)
    left = observed(b'{"resourceSpans": []}\n' * 10_000 + end)

    assert (read.totals.spans, read.notices) == (1, ())
    assert (left.totals.spans, [notice.message for notice in left.notices]) == (
        0,
        ["10000 records in a row without a span, the rest is left out"],
    )


def test_compressed_files_are_read_and_cut_off_ones_as_far_as_they_go() -> None:
    """What was written before a crash still counts."""
    lines = json_lines(*([request("orders", 1, number)] for number in range(1, 400)))
    packed = gzip.compress(lines)

    whole, part = observed(packed), observed(packed[: len(packed) // 2])

    assert whole.totals.spans == 399
    assert 0 < part.totals.spans < 399
    assert len(part.notices) == 1


def test_collection_of_garbage_goes_on_as_before() -> None:
    """It is only off while traces are read, whatever happens."""

    def broken() -> BinaryIO:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        observed_of([TraceSource("broken", broken)])

    assert gc.isenabled()


def test_outside_host_is_a_service_once_one_of_that_name_is_seen() -> None:
    """Which may be in the traces of another day."""
    one = observed(json_lines([call("orders", 1, 1, host="pricing")]))
    other = observed(json_lines([request("pricing", 2, 1)]))

    assert [edge.kind for edge in one.edges] == ["external"]
    assert [edge.kind for edge in merge(one, other).edges] == ["unpaired"]


@pytest.mark.parametrize("seed", range(5))
def test_merging_equals_reading_all_at_once(seed: int) -> None:
    """As long as no trace and no link is in both."""
    one, other = (
        [Recorded(**{**vars(record), "trace": record.trace + shift, "links": ()}) for record in recording(seed + shift)]
        for shift in (0, 50)
    )

    together = observed(json_lines(one), json_lines(other))

    assert statistics(merge(observed(json_lines(one)), observed(json_lines(other)))) == statistics(together)


sides = st.builds(
    ObservedOperation,
    st.sampled_from(("orders", "pricing")),
    st.sampled_from(("server", "external")),
    st.sampled_from(("http", "grpc")),
    st.sampled_from(("GET /", "a.B/C")),
)
seen = st.builds(
    lambda caller, callee, kind, errors, buckets: ObservedEdge(
        caller, callee, kind, sum(buckets.values()), errors, tuple(sorted(buckets.items()))
    ),
    sides,
    sides,
    st.sampled_from(("sync", "external", "unpaired")),
    st.integers(0, 3),
    st.dictionaries(st.integers(0, 5), st.integers(1, 4), min_size=1),
)
everything = st.builds(
    lambda edges, services, spans: merge(
        Observations(tuple(edges), tuple(services.items()), totals=Totals(spans, spans)), Observations()
    ),
    st.lists(seen, max_size=4),
    st.dictionaries(st.sampled_from(("orders", "pricing")), st.integers(1, 3)),
    st.integers(0, 9),
)


@given(everything, everything, everything)
def test_merging_is_associative_and_commutative(a: Observations, b: Observations, c: Observations) -> None:
    """Parts may be joined in any order."""
    assert merge(a, b) == merge(b, a)
    assert merge(merge(a, b), c) == merge(a, merge(b, c))
