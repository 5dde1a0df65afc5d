"""`commlint record` and `commlint receive`."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from commlint.cli.app import run

from ..observe.recordings import message, request

PROGRAM = """
import os, sys, urllib.request
with open(sys.argv[1], "rb") as file:
    body = file.read()
asked = urllib.request.Request(os.environ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"], body)
asked.add_header("Content-Type", "application/x-protobuf")
urllib.request.urlopen(asked).read()
sys.exit(int(sys.argv[2]))
"""


@pytest.fixture
def spans(tmp_path: Path) -> Path:
    path = tmp_path / "spans.pb"
    path.write_bytes(message(request("web", 1, 1), request("web", 2, 1)))
    return path


def spans_in(path: Path, capsys: pytest.CaptureFixture[str]) -> int:
    capsys.readouterr()
    assert run(["traces", "stats", str(path), "--format", "json", "-q"]) == 0
    found: int = json.loads(capsys.readouterr().out)["totals"]["spans"]
    return found


@pytest.mark.parametrize("code", [0, 3])
def test_traces_of_a_program_are_recorded(
    code: int, spans: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And its exit code is kept."""
    output = tmp_path / "run.observations"
    program = [sys.executable, "-c", PROGRAM, str(spans), str(code)]

    assert run(["record", "-o", str(output), "--", *program]) == code
    assert spans_in(output, capsys) == 2


def test_program_without_traces_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It may lack instrumentation."""
    assert run(["record", "-o", str(tmp_path / "o"), "--", sys.executable, "-c", ""]) == 0
    assert "no traces came" in capsys.readouterr().err


def test_program_that_is_not_there_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With its name."""
    assert run(["record", "-o", str(tmp_path / "o"), "--", "no-such-program"]) == 2
    assert "no-such-program: cannot be run" in capsys.readouterr().err


@pytest.mark.parametrize("end", ["idle", "signal"])
def test_receiving_ends_when_idle_or_told_to(
    end: str, spans: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Everything that was acknowledged is in the result."""
    output = tmp_path / "run.observations"
    options = ["--until-idle", "200ms"] if end == "idle" else []
    ports = ["--http-port", "0", "--grpc-port", "0"]
    command = [sys.executable, "-m", "commlint", "receive", "-o", str(output), *ports, *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        found = re.search(r"http://([\d.]+):(\d+)", process.stderr.readline())
        assert found is not None
        connection = http.client.HTTPConnection(found[1], int(found[2]), timeout=5)
        connection.request("POST", "/v1/traces", spans.read_bytes())
        assert connection.getresponse().status == 200
        connection.close()
        if end == "signal":
            process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0

    assert spans_in(output, capsys) == 2


def test_time_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With an example."""
    assert run(["receive", "-o", str(tmp_path / "o"), "--until-idle", "soon"]) == 2
    assert "10s" in capsys.readouterr().err
