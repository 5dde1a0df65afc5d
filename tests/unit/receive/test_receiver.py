"""Receiving, from real exporters and from hand-made requests."""

from __future__ import annotations

import gzip
import http.client
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from commlint.errors import UsageError
from commlint.model.observations import Observations
from commlint.receive.journal import FullError, Journal
from commlint.receive.receiver import Receiving, receiving, wait_until_idle
from commlint.store.traces import trace_sources

from ..observe.recordings import batch, message, observed_of, request

SPANS = 500


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Receiving]:
    with receiving(tmp_path, "127.0.0.1", 0, 0) as found:
        yield found


def received(here: Receiving, folder: Path) -> Observations:
    here.journal.close()
    return observed_of(trace_sources([str(path) for path in sorted(folder.glob("*.otlp"))], folder))


def post(here: Receiving, body: bytes, path: str = "/v1/traces", **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(here.host, here.http_port, timeout=5)
    connection.request("POST", path, body, {key.replace("_", "-"): value for key, value in headers.items()})
    answer = connection.getresponse()
    return answer.status, answer.read()


@pytest.mark.parametrize(("protocol", "packed"), [("http", False), ("http", True), ("grpc", False), ("grpc", True)])
def test_real_exporters_lose_nothing(protocol: str, packed: bool, here: Receiving, tmp_path: Path) -> None:
    """Over HTTP and gRPC, compressed and not."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter

    exporter: SpanExporter
    if protocol == "http":
        from opentelemetry.exporter.otlp.proto.http import Compression
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        exporter = OTLPSpanExporter(
            f"http://{here.host}:{here.http_port}/v1/traces",
            compression=Compression.Gzip if packed else Compression.NoCompression,
        )
    else:
        import grpc
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter

        kind = grpc.Compression.Gzip if packed else grpc.Compression.NoCompression
        exporter = GrpcExporter(f"{here.host}:{here.grpc_port}", insecure=True, compression=kind)
    provider = TracerProvider(resource=Resource({"service.name": "orders"}))
    provider.add_span_processor(BatchSpanProcessor(exporter, max_queue_size=2 * SPANS))
    tracer = provider.get_tracer("tests")
    for _ in range(SPANS):
        with tracer.start_as_current_span("work"):
            pass
    provider.shutdown()

    assert received(here, tmp_path).totals.spans == SPANS


def test_json_and_compressed_bodies_are_taken(here: Receiving, tmp_path: Path) -> None:
    """The answer is of the kind of the question."""
    as_json = json.dumps(batch(request("web", 1, 1)), indent=1).encode()

    answers = [
        post(here, as_json, Content_Type="application/json"),
        post(here, gzip.compress(message(request("web", 1, 2))), Content_Encoding="gzip"),
        post(here, b"", Content_Type="application/x-protobuf"),
        post(here, b"anything", "/v1/metrics"),
    ]

    assert answers == [(200, b"{}"), (200, b""), (200, b""), (200, b"")]
    assert received(here, tmp_path).totals.spans == 2


def test_wrong_requests_are_refused(here: Receiving, tmp_path: Path) -> None:
    """And leave nothing behind."""
    assert post(here, b"x", "/v1/other")[0] == 404
    assert post(here, b"", Content_Length=str(1 << 40))[0] == 413
    assert here.journal.close() == ()


def test_bodies_in_chunks_are_taken(here: Receiving, tmp_path: Path) -> None:
    """Some exporters do not know the length before."""
    content = message(request("web", 1, 1))
    connection = http.client.HTTPConnection(here.host, here.http_port, timeout=5)
    connection.request("POST", "/v1/traces", iter((content[:10], content[10:])), encode_chunked=True)

    assert connection.getresponse().status == 200
    assert received(here, tmp_path).totals.spans == 1


def test_full_disk_is_told_to_the_sender(tmp_path: Path) -> None:
    """Who may try again, or elsewhere."""
    with receiving(tmp_path, "127.0.0.1", 0, 0) as here:
        here.journal._left = 10

        assert post(here, message(request("web", 1, 1)))[0] == 503


def test_port_that_is_taken_is_a_usage_error(here: Receiving, tmp_path: Path) -> None:
    """With its number."""
    with pytest.raises(UsageError, match=str(here.http_port)), receiving(tmp_path, here.host, here.http_port, 0):
        pass


def test_messages_of_many_threads_stay_whole(tmp_path: Path) -> None:
    """Over several files, each behind its length."""
    journal = Journal(tmp_path, file=5_000)

    def send(number: int) -> None:
        for index in range(20):
            journal.append(message(request("web", number, index + 1)))

    threads = [threading.Thread(target=send, args=(number,)) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    files = journal.close()
    found = observed_of(trace_sources([str(path) for path in files], tmp_path))

    assert len(files) > 1
    assert (found.totals.spans, found.notices) == (160, ())


def test_journal_that_is_closed_takes_nothing(tmp_path: Path) -> None:
    """So nothing is acknowledged that nobody reads."""
    journal = Journal(tmp_path)
    journal.close()

    with pytest.raises(FullError):
        journal.append(b"x")


def test_waiting_ends_after_silence(tmp_path: Path) -> None:
    """But not before anything has come."""
    journal = Journal(tmp_path)
    looks = iter([False] * 3 + [True])

    wait_until_idle(journal, 0, lambda: next(looks))
    assert next(looks, None) is None
    journal.append(b"x")
    wait_until_idle(journal, 0)
