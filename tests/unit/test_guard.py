"""A failure inside costs what it is about, and is told; the rest goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commlint.check.rules.call_without_timeout import CallWithoutTimeout
from commlint.cli.app import run
from commlint.guard import Guard
from commlint.model.facts import Notice
from commlint.recognize import recognize


@pytest.fixture
def forgiving(monkeypatch: pytest.MonkeyPatch) -> None:
    """As users have it."""
    monkeypatch.setattr(Guard, "strict", False)


def failing() -> Iterator[int]:
    yield 1
    raise ValueError


@pytest.mark.usefixtures("forgiving")
def test_a_failure_is_a_notice_in_place_of_an_answer() -> None:
    """It says what failed, where, and how; what came before it counts."""
    guard = Guard("counting")

    assert guard.ask("a.py", 3, int, "x") is None
    assert guard.ask("a.py", 4, int, "7") == 7
    assert list(guard.each(failing())) == [1]
    assert guard.notices == (
        Notice("", 0, "counting failed with ValueError in failing: please report it"),
        Notice("a.py", 3, "counting failed with ValueError in ask: please report it"),
    )


def test_tests_see_failures() -> None:
    """A notice would hide what tests are for."""
    with pytest.raises(ValueError, match="invalid literal"):
        Guard("counting").ask("a.py", 3, int, "x")


@pytest.mark.usefixtures("forgiving")
def test_one_call_that_cannot_be_understood_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The other calls are understood, the failure is told with its place, and the exit code is that of the findings."""
    understood = recognize._of_call

    def of_call(program: Any, site: Any, *more: Any) -> None:
        if site.path == "bad.py":
            raise KeyError(site.path)
        understood(program, site, *more)

    monkeypatch.setattr(recognize, "_of_call", of_call)
    (tmp_path / "requirements.txt").write_text("requests\n")
    for name in ("bad.py", "good.py"):
        (tmp_path / name).write_text("import requests\n\nrequests.get('http://stock/all')\n")

    assert run(["check", str(tmp_path), "--select", "CL101", "--no-cache", "--jobs", "1"]) == 1
    told = capsys.readouterr()
    assert "good.py:3" in told.out
    assert "bad.py:3: recognizing what this code does failed with KeyError in of_call: please report it" in told.err


@pytest.mark.usefixtures("forgiving")
def test_one_rule_that_fails_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its findings are missing, and that is said."""
    (tmp_path / "main.tf").write_text('resource "aws_sqs_queue" "jobs" {\n}\n')

    def check(self: CallWithoutTimeout, graph: object) -> Iterator[Any]:
        raise ZeroDivisionError
        yield

    monkeypatch.setattr(CallWithoutTimeout, "check", check)

    assert run(["check", str(tmp_path), "--select", "CL101,CL202", "--no-cache", "--exit-zero"]) == 0
    told = capsys.readouterr()
    assert "CL202" in told.out
    assert "rule CL101 failed with ZeroDivisionError in check: please report it" in told.err
