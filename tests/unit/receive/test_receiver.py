"""Receiving, from real exporters and from hand-made requests."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from commlint.errors import UsageError
from commlint.model.observations import Observations
from commlint.receive.journal import FullError, Journal
from commlint.receive.receiver import Receiving, receiving, wait_until_idle
from commlint.store.observations import read_observations
from commlint.store.traces import trace_sources

from ..observe.recordings import batch, message, observed_of, request

SPANS = 500


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Receiving]:
    with receiving(tmp_path, "127.0.0.1", 0, 0) as found:
        yield found


def received(here: Receiving, folder: Path) -> Observations:
    here.journal.close()
    return received_in(folder)


def received_in(folder: Path) -> Observations:
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


def test_killed_receiver_loses_only_what_it_did_not_acknowledge(tmp_path: Path) -> None:
    """What it had acknowledged is summed up by the next run over the same folder."""
    kept, output = tmp_path / "kept", tmp_path / "run.observations"
    command = [sys.executable, "-m", "commlint", "receive", "-o", str(output), "--keep", str(kept)]
    ports = ["--http-port", "0", "--grpc-port", "0"]
    process = subprocess.Popen([*command, *ports], stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    place = process.stderr.readline().split("http://")[1].split(",")[0].strip()
    connection = http.client.HTTPConnection(place, timeout=5)
    acknowledged = 0

    def kill() -> None:
        while acknowledged < 20:
            time.sleep(0.001)
        process.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    with contextlib.suppress(OSError, http.client.HTTPException):
        while acknowledged < 100_000:
            connection.request("POST", "/v1/traces", message(request("orders", 1, acknowledged + 1)))
            if connection.getresponse().read() == b"":
                acknowledged += 1
    killer.join()
    process.wait()
    found = received_in(kept)

    assert 20 <= acknowledged <= found.totals.spans <= acknowledged + 1
    with receiving(kept, "127.0.0.1", 0, 0) as again:
        post(again, message(request("orders", 2, 1)))
    assert received_in(kept).totals.spans == found.totals.spans + 1


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_interrupted_receiver_sums_up(signal_number: int, tmp_path: Path) -> None:
    """And ends well."""
    output = tmp_path / "run.observations"
    command = [sys.executable, "-m", "commlint", "receive", "-o", str(output), "--http-port", "0", "--grpc-port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    place = process.stderr.readline().split("http://")[1].split(",")[0].strip()
    connection = http.client.HTTPConnection(place, timeout=5)
    connection.request("POST", "/v1/traces", message(request("orders", 1, 1)))
    connection.getresponse().read()
    connection.close()
    process.send_signal(signal_number)

    assert process.wait(60) == 0
    (source,) = trace_sources([str(output)], tmp_path)
    assert read_observations(source).totals.spans == 1
