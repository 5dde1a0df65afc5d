"""Known findings from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from commlint.cli.app import run

NEW = """

def cancel(sku):
    return requests.delete(f"{os.environ['INVENTORY_URL']}/stock/{sku}")
"""


def commlint(*arguments: object) -> int:
    return run([*map(str, arguments), "--no-cache"])


def check(root: Path, *arguments: object) -> int:
    return commlint("check", root, "--select", "CL101,CL901", *arguments)


@pytest.fixture
def adopted(shop: Path) -> Path:
    """The shop with its one old finding written down."""
    (shop / "commlint.toml").write_text('extends = []\nselect = ["CL101", "CL901"]\n')
    assert commlint("baseline", "create", shop) == 0
    return shop


def test_what_is_known_does_not_fail_the_run(adopted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The summary says how many there are; asked for, they are shown."""
    assert check(adopted) == 0
    assert "baseline: 1 known (−0, +0)" in capsys.readouterr().out
    assert check(adopted, "--no-baseline") == 1


def test_a_new_finding_is_the_only_one_reported_and_a_moved_line_is_not(
    adopted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twenty lines above the old finding, and a new one below it."""
    file = adopted / "orders/app.py"
    file.write_text("\n" * 20 + file.read_text() + NEW)

    assert check(adopted) == 1
    out = capsys.readouterr().out
    assert out.count("call-without-timeout") == 1
    assert "DELETE inventory/stock" in out
    assert "1 known (−0, +1)" in out


def test_a_mended_finding_is_stale_and_update_takes_it_out(adopted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """CL901 names the line in the baseline until it is gone."""
    file = adopted / "orders/app.py"
    file.write_text(file.read_text().replace('/stock/{sku}")', '/stock/{sku}", timeout=2)'))

    assert check(adopted) == 0
    assert "note[CL901]" in capsys.readouterr().out
    assert commlint("baseline", "update", adopted) == 0
    assert "0 known (−1, +0)" in capsys.readouterr().out
    assert check(adopted) == 0
    assert "CL901" not in capsys.readouterr().out


def test_update_takes_up_new_findings_only_with_a_reason(adopted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without, they are counted and left."""
    file = adopted / "orders/app.py"
    file.write_text(file.read_text() + NEW)

    assert commlint("baseline", "update", adopted) == 0
    assert "1 finding not taken up" in capsys.readouterr().out
    assert commlint("baseline", "update", adopted, "--add") == 2
    assert "--reason" in capsys.readouterr().err
    assert commlint("baseline", "update", adopted, "--add", "--reason", "the proxy bounds it", "--owner", "orders") == 0
    assert check(adopted) == 0
    capsys.readouterr()
    assert commlint("baseline", "show", adopted) == 0
    assert "(the proxy bounds it; owner orders)" in capsys.readouterr().out


def test_a_time_that_is_over(adopted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The finding is back, and show says why; with --add it gets more time."""
    file = adopted / "commlint-baseline.yaml"
    file.write_text(file.read_text().replace("}\n", ', expires: "2001-01-01"}\n'))

    assert check(adopted) == 1
    captured = capsys.readouterr()
    assert "0 known (−0, +0), 1 expired" in captured.out
    assert "until its entry expired" in captured.err
    assert commlint("baseline", "show", adopted) == 0
    assert "until 2001-01-01; expired" in capsys.readouterr().out
    again = ("--add", "--reason", "still", "--expires", "2999-12-31")
    assert commlint("baseline", "update", adopted, *again) == 0
    assert check(adopted) == 0


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["create"], "is there already"),
        (["update", "--reason", "x"], "give --add too"),
        (["create", "--baseline", "other.yaml", "--expires", "soon"], "is no day; write YYYY-MM-DD"),
        (["show", "--baseline", "other.yaml"], "make one with commlint baseline create"),
    ],
)
def test_what_cannot_be_done_is_told_with_its_cure(
    adopted: Path, arguments: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 and one line."""
    command, *rest = arguments

    assert commlint("baseline", command, adopted, *rest) == 2
    assert problem in capsys.readouterr().err


def test_a_named_baseline_must_be_there(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A slip in its name must not bring back all that is known."""
    assert check(shop, "--baseline", "bseline.yaml") == 2
    assert "bseline.yaml: there is no baseline" in capsys.readouterr().err
