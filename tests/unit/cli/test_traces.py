"""`commlint traces`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from commlint.cli.app import run

from ..observe.recordings import call, json_lines, request

FIRST = json_lines([request("web", 1, 1), call("web", 1, 2, 1, "orders"), request("orders", 1, 3, 2, "/a")])
SECOND = json_lines([request("web", 2, 1), call("web", 2, 2, 1, "orders"), request("orders", 2, 3, 2, "/a")])


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    for name, content in (("a.json", FIRST), ("b.json", SECOND)):
        (tmp_path / name).write_bytes(content)
    return tmp_path


def stats(capsys: pytest.CaptureFixture[str], *files: object) -> dict[str, object]:
    assert run(["traces", "stats", *map(str, files), "--format", "json"]) == 0
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return answer


def test_statistics_of_a_pattern(recordings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every file that fits counts."""
    found = stats(capsys, recordings / "*.json")

    assert found["totals"] == {"records": 6, "spans": 6, "duplicates": 0, "cyclic": 0, "traces": 2, "orphans": 0}
    assert found["edges"] == [
        {
            "caller_service": "web", "caller_op": "GET /", "callee_service": "orders", "callee_op": "GET /a",
            "kind": "sync", "calls": 2, "errors": 0, "retries": 0, "redeliveries": 0, "max_fanout": 1,
            "p50": 1000, "p95": 1000, "p99": 1000,
        }
    ]  # fmt: skip
    assert found["trace_depth_histogram"] == {"1": 2}


def test_observations_stand_for_their_traces(recordings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Alone, and beside traces that were not summed up yet."""
    kept = recordings / "a.observations"
    assert run(["traces", "ingest", str(recordings / "a.json"), "-o", str(kept)]) == 0

    once, again = stats(capsys, kept), stats(capsys, recordings / "a.json")
    both, all_at_once = stats(capsys, kept, recordings / "b.json"), stats(capsys, recordings / "*.json")

    assert (once["totals"], once["chains"]) == (again["totals"], again["chains"])
    assert (both["totals"], both["chains"]) == (all_at_once["totals"], all_at_once["chains"])


def test_same_traces_give_the_same_observations(recordings: Path) -> None:
    """To the byte."""
    for name in ("one", "two"):
        assert run(["traces", "ingest", str(recordings / "a.json"), "-o", str(recordings / name)]) == 0

    assert (recordings / "one").read_bytes() == (recordings / "two").read_bytes()


def test_observations_of_another_version_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With a way out."""
    (tmp_path / "old").write_bytes(b'{"commlint-observations":0,"observations":{}}')

    assert run(["traces", "stats", str(tmp_path / "old")]) == 2
    assert "make it anew" in capsys.readouterr().err


def test_damaged_observations_are_refused(recordings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They are no traces either."""
    (recordings / "bad").write_bytes(b'{"commlint-observations":1,"observations":{"edges": 5}}')

    assert run(["traces", "stats", str(recordings / "bad")]) == 2
    assert "damaged" in capsys.readouterr().err


def test_nothing_to_read_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever gives a file expects something of it."""
    (tmp_path / "empty").touch()

    assert run(["traces", "stats", str(tmp_path / "empty")]) == 2
    assert "no spans" in capsys.readouterr().err


def test_words_for_a_person(recordings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Edges with their figures."""
    assert run(["traces", "stats", str(recordings / "a.json")]) == 0

    assert "web GET / -> orders GET /a (sync)\n  1 calls, p50 1 us, p95 1 us, p99 1 us\n" in capsys.readouterr().out


def test_code_alone_is_checked_without_what_traces_need(shop: Path) -> None:
    """Numbers and databases take longer to load than a small folder to check."""
    program = (
        "import sys; from commlint.cli.app import run; run(['check', sys.argv[1], '--no-cache', '-q']);"
        "print({'numpy', 'duckdb', 'grpc'} & set(sys.modules), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", program, str(shop)], capture_output=True, text=True, check=True)

    assert ran.stderr.splitlines()[-1] == "set()"
