"""
Whether the exporters of the OpenTelemetry SDK lose a span on their way into `commlint receive`.

    python bench/exporters.py [--spans 200000]

Receiver and sender are processes of their own. One line for each protocol and compression; a lost span makes it fail.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from commlint.store.observations import read_observations
from commlint.store.traces import trace_sources

WAYS: Final = (("http", False), ("http", True), ("grpc", False), ("grpc", True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spans", type=int, default=200_000)
    parser.add_argument("--send", nargs=3, metavar=("PROTOCOL", "PACKED", "ENDPOINT"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.send:
        send(given.send[0], given.send[1] == "True", given.send[2], given.spans)
        return
    print("| exporter | sent | arrived | spans a second |")
    print("| --- | --- | --- | --- |")
    lost = 0
    for protocol, packed in WAYS:
        arrived, seconds = received(protocol, packed, given.spans)
        lost += given.spans - arrived
        name = f"{protocol}{', gzip' if packed else ''}"
        print(f"| {name} | {given.spans} | {arrived} | {given.spans / seconds:,.0f} |", flush=True)
    raise SystemExit(1 if lost else 0)


def received(protocol: str, packed: bool, spans: int) -> tuple[int, float]:
    """How many spans arrived, and how many seconds the sender took."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "run.observations"
        command = [sys.executable, "-m", "commlint", "receive", "-o", str(output)]
        process = subprocess.Popen(
            [*command, "--http-port", "0", "--grpc-port", "0"], stderr=subprocess.PIPE, text=True
        )
        assert process.stderr is not None
        said = process.stderr.readline().strip()
        http, _, grpc = said.removeprefix("receiving at ").partition(", grpc ")
        began = time.monotonic()
        sender = [sys.executable, __file__, "--spans", str(spans), "--send", protocol, str(packed)]
        subprocess.run([*sender, f"{http}/v1/traces" if protocol == "http" else grpc], check=True)
        seconds = time.monotonic() - began
        process.send_signal(signal.SIGTERM)
        if process.wait():
            raise SystemExit("the receiver failed")
        (source,) = trace_sources([str(output)], Path(folder))
        return read_observations(source).totals.spans, seconds


def send(protocol: str, packed: bool, endpoint: str, spans: int) -> None:
    """Make spans, and export them as an instrumented service does."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter

    exporter: SpanExporter
    if protocol == "http":
        from opentelemetry.exporter.otlp.proto.http import Compression
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        exporter = OTLPSpanExporter(endpoint, compression=Compression.Gzip if packed else Compression.NoCompression)
    else:
        import grpc
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter

        kind = grpc.Compression.Gzip if packed else grpc.Compression.NoCompression
        exporter = GrpcExporter(endpoint, insecure=True, compression=kind)
    provider = TracerProvider(resource=Resource({"service.name": "orders"}))
    # What does not fit into the queue of the SDK is lost before anybody could receive it.
    processor = BatchSpanProcessor(exporter, max_queue_size=spans + 1, max_export_batch_size=512)
    provider.add_span_processor(processor)
    tracer = provider.get_tracer("bench")
    for number in range(spans):
        with tracer.start_as_current_span("work", attributes={"number": number, "http.route": "/orders/{id}"}):
            pass
    processor.force_flush(600_000)
    provider.shutdown()


if __name__ == "__main__":
    main()
