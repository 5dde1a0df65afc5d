"""Runs with traces, from files to report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commlint.cli.app import run as command
from commlint.errors import UsageError
from commlint.model.operations import Evidence
from commlint.pipeline import Request, Result, run

from .observe.recordings import call, framed, json_lines, message, request

COMPOSE = "services:\n  orders: {build: ./orders}\n  pricing: {build: ./pricing}\n"
ORDERS = """
from fastapi import FastAPI

app = FastAPI()


@app.get("/orders")
def look():
    return {}
"""
SPANS = (request("orders", 1, 1, route="/orders"), call("orders", 1, 2, 1), request("pricing", 1, 3, 2))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A service that calls another one in its traces only."""
    (tmp_path / "orders").mkdir()
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    (tmp_path / "orders" / "app.py").write_text(ORDERS)
    (tmp_path / "traces.json").write_bytes(json_lines(SPANS))
    (tmp_path / "empty.json").touch()
    return tmp_path


def with_traces(root: Path, *names: str) -> Result:
    return run(Request(root, cache=root / "cache", jobs=1, traces=tuple(str(root / name) for name in names)))


def codes(result: Result) -> list[str]:
    return [finding.code for finding in result.report.findings]


def test_traces_add_what_the_code_does_not_say(shop: Path) -> None:
    """And the run without them knows nothing of it, before and after."""
    results = [with_traces(shop, *names) for names in ((), ("traces.json",), (), ("traces.json",))]

    assert [codes(result) for result in results] == [[], ["CL501"], [], ["CL501"]]
    assert [result.system.traced for result in results] == [False, True, False, True]


def test_traces_that_changed_are_read_again(shop: Path) -> None:
    """What they led to is not kept."""
    before = with_traces(shop, "traces.json")
    (shop / "traces.json").write_bytes(json_lines(SPANS[:1]))

    after = with_traces(shop, "traces.json")

    assert (codes(before), codes(after)) == (["CL501"], [])


def test_encoding_and_order_of_files_make_no_difference(shop: Path) -> None:
    """Spans of one trace may be anywhere."""
    (shop / "a.pb").write_bytes(framed(message(SPANS[2])))
    (shop / "b.json").write_bytes(json_lines(SPANS[:2]))

    apart, other = with_traces(shop, "a.pb", "b.json"), with_traces(shop, "b.json", "a.pb")

    assert apart.system == other.system == with_traces(shop, "traces.json").system
    assert any(edge.evidence == (Evidence.OBSERVED,) for edge in apart.system.edges)


def test_trouble_in_traces_is_a_notice_with_the_name_of_the_file(shop: Path) -> None:
    """Relative to the root, as all names are."""
    notices = with_traces(shop, "empty.json", "orders").report.notices

    assert {"empty.json", "orders"} <= {notice.path for notice in notices}


def test_traces_that_are_not_there_are_an_error(shop: Path) -> None:
    """Told before any work."""
    with pytest.raises(UsageError, match=r"missing\.json"):
        with_traces(shop, "missing.json")


def test_command_line_takes_traces(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """check, graph and services alike."""
    given = [str(shop), "--no-cache", "-q", "--traces", str(shop / "tr*.json")]

    assert command(["check", *given, "--select", "CL501"]) == 1
    assert "orders calls pricing in the traces (once" in capsys.readouterr().out
    assert command(["graph", *given, "--format", "json"]) == 0
    edges = json.loads(capsys.readouterr().out)["edges"]
    assert [edge["observed"]["calls"] for edge in edges] == [1]
    assert command(["services", *given]) == 0
    assert command(["check", str(shop), "-q", "--traces", "missing"]) == 2
