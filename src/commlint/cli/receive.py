"""`commlint record` and `commlint receive`: traces as they are made."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Final

import typer

from commlint.cli import options
from commlint.cli.destinations import require_writable
from commlint.cli.screen import complain, show_notices
from commlint.errors import UsageError

if TYPE_CHECKING:
    from commlint.receive.receiver import Receiving

LOOPBACK: Final = "127.0.0.1"
PROTOCOLS: Final = ("http/protobuf", "grpc")
LATE: Final = 1.0
"""Seconds of silence after the end of a program, in which its last spans may still come."""

Keep = Annotated[
    Path | None,
    typer.Option(
        "--keep", metavar="DIR", help="Keep what is received there; what a killed run left there is summed up, too."
    ),
]
Output = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write the observations.")]


def record(
    command: Annotated[list[str], typer.Argument(metavar="COMMAND…", help="What to run, behind `--`.")],
    output: Output,
    protocol: Annotated[
        str, typer.Option("--protocol", metavar="NAME", help="What the program shall speak: http/protobuf or grpc.")
    ] = PROTOCOLS[0],
    keep: Keep = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """
    Run a program, and sum up the traces it sends.

    Listens on this machine alone, and tells the program where by the standard variables (OTEL_EXPORTER_OTLP_…).
    Leaves as the program does.
    """
    from commlint.receive.receiver import receiving, wait_until_idle

    require_writable(output)
    with _kept(keep) as folder:
        with receiving(folder, LOOPBACK, 0, 0) as here:
            if protocol not in PROTOCOLS or (protocol == "grpc" and not here.grpc_port):
                raise UsageError(f'protocol "{protocol}": use http/protobuf, or grpc with `pip install commlint[grpc]`')
            code = _ran(command, here, protocol)
            if here.journal.messages:
                wait_until_idle(here.journal, LATE)
        _write(folder, output, quiet, verbose)
    return code


def receive(
    output: Output,
    until_idle: Annotated[
        str | None,
        typer.Option("--until-idle", metavar="TIME", help="Stop once nothing has come for that long, such as 10s."),
    ] = None,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Where to listen.")] = LOOPBACK,
    http_port: Annotated[int, typer.Option("--http-port", min=0, max=65535, help="OTLP over HTTP.")] = 4318,
    grpc_port: Annotated[int, typer.Option("--grpc-port", min=0, max=65535, help="OTLP over gRPC.")] = 4317,
    keep: Keep = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """
    Receive traces until interrupted or idle, and sum them up.

    Nothing that was acknowledged is lost by the end.
    """
    from commlint.receive.receiver import receiving, wait_until_idle

    require_writable(output)
    idle = _seconds(until_idle) if until_idle else float("inf")
    with _kept(keep) as folder, _stoppable() as stopped:
        with receiving(folder, host, http_port, grpc_port) as here:
            if not quiet:
                places = f"http://{host}:{here.http_port}" + (
                    f", grpc {host}:{here.grpc_port}" if here.grpc_port else ""
                )
                print(f"receiving at {places}", file=sys.stderr, flush=True)
            wait_until_idle(here.journal, idle, lambda: bool(stopped))
        _write(folder, output, quiet, verbose)


@contextmanager
def _kept(keep: Path | None) -> Iterator[Path]:
    """
    The folder for what is received.

    Raises:
        UsageError: it cannot be made.
    """
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="commlint-") as folder:
            yield Path(folder)
        return
    try:
        keep.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--keep {keep}: cannot be made ({error.strerror or error})") from error
    yield keep


def _ran(command: list[str], here: Receiving, protocol: str) -> int:
    """Run a command to its end; a signal is its own to answer."""
    try:
        with _stoppable() as stopped:
            process = subprocess.Popen(command, env={**os.environ, **here.environment(protocol)})
            while True:
                try:
                    return process.wait(0.2)
                except subprocess.TimeoutExpired:
                    if stopped:
                        process.send_signal(stopped.pop())
    except OSError as error:
        raise UsageError(f"{command[0]}: cannot be run ({error.strerror or error})") from error


@contextmanager
def _stoppable() -> Iterator[list[int]]:
    """The signals that came to end this."""
    came: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        came.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _write(folder: Path, output: Path, quiet: bool, verbose: bool) -> None:
    from commlint.observing import observed
    from commlint.receive.journal import FILES
    from commlint.store.observations import write_observations
    from commlint.store.traces import trace_sources

    files = [str(path) for path in sorted(folder.glob(FILES))]
    found = observed(trace_sources(files, folder))
    if not quiet:
        show_notices(found.notices, verbose)
    if not found.totals.spans:
        complain("no traces came; is the program instrumented with OpenTelemetry?")
    write_observations(output, found)


def _seconds(text: str) -> float:
    number, unit = text.rstrip("ms"), text[len(text.rstrip("ms")) :]
    scale = {"": 1.0, "s": 1.0, "m": 60.0, "ms": 0.001}.get(unit)
    if scale is None or not number.replace(".", "", 1).isdecimal():
        raise UsageError(f'"{text}" is no time; write it like 10s, 500ms or 2m')
    return float(number) * scale
