"""What the documents show is what happens."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from commlint.cli.app import run
from commlint.model.config import Config
from commlint.store.config import load_config

ROOT = Path(__file__).resolve().parents[1]
ACCEPT = bool(os.environ.get("COMMLINT_ACCEPT"))


def blocks(document: str, language: str) -> list[str]:
    """The fenced blocks of a document that are marked with a language."""
    text = (ROOT / document).read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_readme_shows_real_output(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command in the README prints what stands below it; `make accept` writes down what it prints now."""
    monkeypatch.chdir(ROOT)
    readme = ROOT / "README.md"
    shown = blocks("README.md", "console")
    assert shown
    for block in shown:
        command, _, output = block.partition("\n")
        run([*command.removeprefix("$ commlint ").split(), "--no-cache", "--quiet"])

        printed = capsys.readouterr().out
        if ACCEPT:
            readme.write_text(readme.read_text("utf-8").replace(block, f"{command}\n{printed}"), "utf-8")
        else:
            assert printed == output


def test_configuration_that_is_shown_can_be_used(tmp_path: Path) -> None:
    """The example of all keys is read without complaint, and has every key."""
    (example,) = blocks("docs/configuration.md", "toml")
    (tmp_path / "commlint.toml").write_text(example)

    config = load_config(tmp_path).config

    assert config != Config()
    named = set(re.findall(r"^\[?([a-z-]+)", example, re.MULTILINE))
    assert named >= {field.replace("_", "-") for field in Config.__dataclass_fields__}
