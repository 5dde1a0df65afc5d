"""From nothing to a configuration and a baseline."""

from __future__ import annotations

from pathlib import Path

import pytest

from commlint.cli.app import run


def init(root: Path, *arguments: str) -> int:
    return run(["init", str(root), "--no-cache", *arguments])


def check(root: Path) -> int:
    return run(["check", str(root), "--no-cache"])


def test_a_green_gate_in_one_step(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is proposed can be used as it is, and old findings do not fail the next run."""
    assert check(shop) == 1

    assert init(shop, "--yes") == 0
    out = capsys.readouterr().out
    assert "2 services" in out
    assert "inventory  (inventory)" in out
    assert run(["config", str(shop), "--quiet"]) == 0
    assert check(shop) == 0
    assert "1 known (−0, +0)" in capsys.readouterr().out


def test_nothing_is_written_where_nobody_can_be_asked(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In a pipeline the proposal is shown, with how to say yes."""
    before = sorted(path.name for path in shop.iterdir())

    assert init(shop) == 0
    assert "say yes with --yes" in capsys.readouterr().out
    assert sorted(path.name for path in shop.iterdir()) == before


def test_what_is_there_stays(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither configuration nor baseline is written over."""
    (shop / "commlint.toml").write_text('fail-on = "error"\n')
    (shop / "commlint-baseline.yaml").write_text("version: 1\nfindings: []\n")

    assert init(shop, "--yes") == 0
    assert (shop / "commlint.toml").read_text() == 'fail-on = "error"\n'
    assert (shop / "commlint-baseline.yaml").read_text() == "version: 1\nfindings: []\n"
    assert capsys.readouterr().out.count("is there already and stays as it is") == 2


def test_without_a_baseline(shop: Path) -> None:
    """Who starts clean wants none."""
    assert init(shop, "--yes", "--no-baseline") == 0
    assert not (shop / "commlint-baseline.yaml").exists()
    assert (shop / "commlint.toml").exists()
