"""What is installed works like a checkout: the library models, the packs and the command are there."""

from __future__ import annotations

import json
import os
import shutil
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

    assert [hook["id"] for hook in hooks] == ["commlint", "commlint-full", "commlint-config"]
    for hook in hooks:
        assert hook["pass_filenames"] is False
        assert hook["require_serial"] is True
        command = [sys.executable, "-m", *hook["entry"].split(), "--help"]
        assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_no_input_of_the_action_becomes_part_of_a_command() -> None:
    """What a pull request names may hold anything; it goes through the environment."""
    steps = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["runs"]["steps"]

    scripts = [step["run"] for step in steps if "run" in step]
    assert scripts
    assert [script for script in scripts if "${{" in script] == []


def test_the_script_of_the_action(tmp_path: Path) -> None:
    """Findings go to the log, the SARIF file and the summary; the exit code is handed on to the last step."""
    steps = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["runs"]["steps"]
    script = next(step["run"] for step in steps if step.get("id") == "check")
    shutil.copytree(ROOT / "fixtures/systems/shop", tmp_path / "shop", ignore=shutil.ignore_patterns(".commlint_cache"))
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "one"]):
        identity = ["-c", "user.email=team@example.com", "-c", "user.name=team"]
        subprocess.run(["git", *identity, *command], cwd=tmp_path / "shop", check=True)
    summary, output = tmp_path / "summary.md", tmp_path / "output"
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_STEP_SUMMARY": str(summary),
        "GITHUB_OUTPUT": str(output),
        "FOLDER": ".",
        "SINCE": "HEAD",
        "FAIL_ON": "",
        "GRAPH": "true",
    }

    since = subprocess.run(["bash", "-e", "-c", script], cwd=tmp_path / "shop", env=environment, capture_output=True)
    whole = subprocess.run(
        ["bash", "-e", "-c", script], cwd=tmp_path / "shop", env=environment | {"SINCE": ""}, capture_output=True
    )

    assert (since.returncode, since.stdout) == (0, b"")
    assert b"::error " in whole.stdout
    assert output.read_text().splitlines()[1::2] == ["code=0", "code=1"]
    assert "```mermaid\n%% 0 edges added" in summary.read_text()
    assert json.loads((tmp_path / "commlint.sarif").read_text())["runs"][0]["results"]
