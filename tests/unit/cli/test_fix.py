from __future__ import annotations

from pathlib import Path

import pytest

from commlint.cli.app import run


def check(*arguments: object) -> int:
    return run(["check", *map(str, arguments), "--select", "CL101", "--no-cache"])


def test_diff_changes_nothing(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--diff` shows the edit on stdout, leaves with 1, and leaves the file alone."""
    before = (shop / "orders/app.py").read_bytes()

    assert check(shop, "--diff") == 1

    out = capsys.readouterr().out
    assert "+++ b/orders/app.py" in out
    assert "timeout=5)" in out
    assert (shop / "orders/app.py").read_bytes() == before


def test_mended_finding_is_gone(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--fix` writes the edit, looks again, and a second time there is nothing left to do."""
    assert check(shop, "--fix") == 0

    assert '/stock/{sku}", timeout=5)' in (shop / "orders/app.py").read_text()
    assert "mended 1 place in 1 file" in capsys.readouterr().err
    assert check(shop, "--diff") == 0


def test_bound_comes_from_the_configuration(shop: Path) -> None:
    """The bound that is written is the one that the rule is configured with."""
    (shop / "commlint.toml").write_text("[rules.CL101]\nfix-seconds = 1.5\n")

    check(shop, "--fix")

    assert "timeout=1.5)" in (shop / "orders/app.py").read_text()


def test_findings_are_silenced_where_they_stand(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the reason that was given; the next run is clean."""
    assert check(shop, "--add-ignores", "--reason", "the proxy bounds it") == 0

    assert "# commlint: ignore[CL101] the proxy bounds it" in (shop / "orders/app.py").read_text()
    assert "silenced 1 finding in 1 file" in capsys.readouterr().err
    assert check(shop) == 0
