"""Both receivers over one journal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from commlint.errors import UsageError
from commlint.receive.grpc import GrpcReceiver, grpc_is_here
from commlint.receive.http import HttpReceiver
from commlint.receive.journal import Journal

Receiver = TypeVar("Receiver", HttpReceiver, GrpcReceiver)

LOOK: Final = 0.1
"""Seconds between two looks at whether something came."""


@dataclass(frozen=True, slots=True)
class Receiving:
    """What is listened at; `grpc_port` 0 where gRPC is not installed."""

    journal: Journal
    host: str
    http_port: int
    grpc_port: int

    def environment(self, protocol: str) -> dict[str, str]:
        """What makes an OpenTelemetry SDK send its traces here, whatever else it is told."""
        port = self.grpc_port if protocol == "grpc" else self.http_port
        return {
            "OTEL_TRACES_EXPORTER": "otlp",
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{self.host}:{port}",
            "OTEL_EXPORTER_OTLP_PROTOCOL": protocol,
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": f"http://{self.host}:{port}"
            + ("" if protocol == "grpc" else "/v1/traces"),
            "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": protocol,
            "OTEL_TRACES_SAMPLER": "always_on",
        }


@contextmanager
def receiving(folder: Path, host: str, http_port: int, grpc_port: int) -> Iterator[Receiving]:
    """
    Listen for as long as the block runs.

    Raises:
        UsageError: a port cannot be listened at.
    """
    journal = Journal(folder)
    receivers: list[HttpReceiver | GrpcReceiver] = []
    try:
        http = _started(lambda: HttpReceiver(host, http_port, journal), host, http_port)
        receivers.append(http)
        grpc = _started(lambda: GrpcReceiver(host, grpc_port, journal), host, grpc_port) if grpc_is_here() else None
        if grpc is not None:
            receivers.append(grpc)
        yield Receiving(journal, host, http.port, grpc.port if grpc else 0)
    finally:
        for receiver in receivers:
            receiver.stop()
        journal.close()


def _started(start: Callable[[], Receiver], host: str, port: int) -> Receiver:
    try:
        return start()
    except (OSError, OverflowError) as error:
        raise UsageError(f"{host}:{port}: cannot be listened at ({error}); give another port") from error


def wait_until_idle(journal: Journal, idle: float, stopped: Callable[[], bool] = lambda: False) -> None:
    """Return once something has come and then nothing for `idle` seconds, or when stopped."""
    while not stopped():
        if journal.messages and time.monotonic() - journal.changed >= idle:
            return
        time.sleep(LOOK)
