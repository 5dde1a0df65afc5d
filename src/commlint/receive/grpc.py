"""OTLP over gRPC, where the extra is installed."""

from __future__ import annotations

import importlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from commlint.receive.journal import MESSAGE, FullError, Journal

EXPORTS: Final = "/opentelemetry.proto.collector.{0}.v1.{1}Service/Export"
TRACES: Final = EXPORTS.format("trace", "Trace")
PASSED_OVER: Final = (EXPORTS.format("metrics", "Metrics"), EXPORTS.format("logs", "Logs"))
AT_ONCE: Final = 16
PATIENCE: Final = 5.0
"""Seconds in which requests on their way may end."""


def grpc_is_here() -> bool:
    """Whether gRPC can be spoken."""
    try:
        importlib.import_module("grpc")
    except ImportError:
        return False
    return True


class GrpcReceiver:
    """Listens until it is stopped; `port` is the one it got when it asked for any, 0 when it got none."""

    def __init__(self, host: str, port: int, journal: Journal) -> None:
        grpc = importlib.import_module("grpc")
        options = [("grpc.max_receive_message_length", MESSAGE), ("grpc.so_reuseport", 0)]
        self._server = grpc.server(ThreadPoolExecutor(AT_ONCE), options=options, maximum_concurrent_rpcs=4 * AT_ONCE)
        self._server.add_generic_rpc_handlers((_handlers(grpc, journal),))
        try:
            self.port = self._server.add_insecure_port(f"{host}:{port}")
        except RuntimeError as error:
            raise OSError(str(error)) from error
        self._server.start()

    def stop(self) -> None:
        """Answer what is on its way, and listen no more."""
        self._server.stop(PATIENCE).wait()


def _handlers(grpc: Any, journal: Journal) -> Any:
    def take(message: bytes, context: Any) -> bytes:
        try:
            journal.append(message)
        except FullError as error:
            context.abort(grpc.StatusCode.UNAVAILABLE, str(error))
        return b""

    def forget(message: bytes, context: Any) -> bytes:
        return b""

    # Without a deserializer a handler gets the bytes as they came.
    handlers = {TRACES: grpc.unary_unary_rpc_method_handler(take)}
    handlers |= {path: grpc.unary_unary_rpc_method_handler(forget) for path in PASSED_OVER}

    class Handlers(grpc.GenericRpcHandler):  # type: ignore[misc]
        def service(self, call: Any) -> Any:
            return handlers.get(call.method)

    return Handlers()
