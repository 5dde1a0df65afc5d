"""A saved report from the command line."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from commlint.cli.app import run


def test_a_saved_run_in_another_format(shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same bytes as if the run had written it."""
    saved, sarif, again = tmp_path / "saved.json", tmp_path / "a.sarif", tmp_path / "b.sarif"
    assert run(["check", str(shop), "--no-cache", "-f", f"json:{saved}", "-f", f"sarif:{sarif}", "-f", "text"]) == 1
    said = capsys.readouterr().out

    assert run(["report", str(saved), "-f", f"sarif:{again}", "-f", "text"]) == 0

    assert again.read_bytes() == sarif.read_bytes()
    assert b"primaryLocationLineHash" in again.read_bytes()
    assert capsys.readouterr().out == said


def test_standard_input(shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A dash reads what another command writes."""
    assert run(["check", str(shop), "--no-cache", "-f", "json"]) == 1
    source = io.TextIOWrapper(io.BytesIO(capsys.readouterr().out.encode()))
    monkeypatch.setattr("sys.stdin", source)

    assert run(["report", "-", "-f", "gitlab"]) == 0
    assert '"check_name": "CL101"' in capsys.readouterr().out


def test_what_is_no_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, the place and the cure."""
    (tmp_path / "x.json").write_text("{}")

    assert run(["report", str(tmp_path / "x.json")]) == 2
    assert run(["report", str(tmp_path / "y.json")]) == 2
    assert "is no report of commlint" in capsys.readouterr().err
