"""Findings of a change only."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from commlint.cli.app import run

NEW = """

def cancel(sku):
    return requests.delete(f"{os.environ['INVENTORY_URL']}/stock/{sku}")
"""


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.email=team@example.com", "-c", "user.name=team")
    subprocess.run(("git", *identity, *arguments), cwd=root, check=True, capture_output=True)


def check(root: Path, *arguments: str) -> int:
    return run(["check", str(root), "--select", "CL101", "--no-cache", *arguments])


@pytest.fixture
def changed(shop: Path) -> Path:
    """The shop under git, with one old finding, and a new one that is not staged yet."""
    git(shop, "init", "-q")
    git(shop, "add", "-A")
    git(shop, "commit", "-qm", "one")
    file = shop / "orders/app.py"
    file.write_text(file.read_text() + NEW)
    return shop


def test_only_what_is_staged_counts(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The old finding is not the business of this commit."""
    assert check(changed, "--changed-only") == 0
    git(changed, "add", "-A")
    capsys.readouterr()

    assert check(changed, "--changed-only") == 1
    out = capsys.readouterr().out
    assert "DELETE inventory/stock" in out
    assert "GET inventory/stock" not in out


def test_since_a_ref(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Staged or not, committed or not."""
    assert check(changed, "--since", "HEAD") == 1
    assert capsys.readouterr().out.count("error[CL101]") == 1


def test_both_at_once_and_a_ref_that_is_not_there(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Told before any work is done."""
    assert check(changed, "--since", "HEAD", "--changed-only") == 2
    assert check(changed, "--since", "nowhere") == 2
    assert "nowhere: there is no such commit" in capsys.readouterr().err


def test_the_graph_of_a_change(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Edges that are new since the commit, in green; the folder of the earlier state is gone afterwards."""
    file = changed / "inventory/app.py"
    file.write_text(file.read_text() + "\nimport requests\nrequests.get('http://orders:1/', timeout=1)\n")

    assert run(["graph", str(changed), "--since", "HEAD", "--no-cache"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("%% 1 edge added and 0 removed since HEAD")
    assert "classDef added" not in out
    assert "linkStyle 0 stroke:#1a7f37" in out


def test_the_graph_before_there_was_anything(tmp_path: Path, shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty first commit is an empty system, not an error."""
    git(shop, "init", "-q")
    git(shop, "commit", "-q", "--allow-empty", "-m", "empty")

    assert run(["graph", str(shop), "--since", "HEAD", "--no-cache"]) == 0
    assert "1 edge added and 0 removed" in capsys.readouterr().out
