"""What is installed works like a checkout: the library models, the packs and the command are there."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from commlint.store.shipped import rules_directory

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as it would be published."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True)
    (built,) = folder.glob("*.whl")
    return built


def test_checkout_finds_its_rules() -> None:
    """In an editable installation the rules are those at the root of the checkout."""
    assert rules_directory() == ROOT / "rules"


def test_wheel_carries_all_rules_and_nothing_else(wheel: Path) -> None:
    """Every model and pack is in the wheel, beside the code, and neither tests nor caches are."""
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = {f"commlint/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "rules").rglob("*.yaml")}

    assert shipped <= names
    assert {name for name in names if name.endswith((".py", ".typed"))} >= {"commlint/__main__.py", "commlint/py.typed"}
    others = [name for name in names if not name.endswith((".py", ".yaml", ".typed")) and ".dist-info/" not in name]
    assert others == []


def test_wheel_works_where_it_is_installed(wheel: Path, tmp_path: Path) -> None:
    """Installed somewhere else, commlint finds its rules inside itself and analyses a system with them."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    system = tmp_path / "system"
    system.mkdir()
    (system / "app.py").write_text("import requests\nrequests.get('http://stock/1')\n")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}

    where = subprocess.run(
        [sys.executable, "-c", "from commlint.store.shipped import rules_directory; print(rules_directory())"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    checked = subprocess.run(
        [sys.executable, "-m", "commlint", "check", "--select", "CL101", str(system)],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert where.stdout.strip() == str(tmp_path / "site" / "commlint" / "rules")
    assert checked.returncode == 1, checked.stderr
    assert "error[CL101] call-without-timeout" in checked.stdout


def test_hooks_name_commands_there_are() -> None:
    """What the hooks run is a command of commlint, once for the whole system."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))

    assert [hook["id"] for hook in hooks] == ["commlint", "commlint-config"]
    for hook in hooks:
        assert hook["pass_filenames"] is False
        assert hook["require_serial"] is True
        command = [sys.executable, "-m", *hook["entry"].split(), "--help"]
        assert subprocess.run(command, capture_output=True, check=False).returncode == 0
