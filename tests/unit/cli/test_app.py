from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from commlint import __version__
from commlint.cli.app import run
from commlint.errors import CommlintError

COMMAND = [sys.executable, "-m", "commlint"]


def test_version_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    """Both ways to ask for the version answer it, and leave with 0."""
    assert run(["--version"]) == 0
    assert run(["version"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"commlint {__version__}"
    assert lines[1].startswith(f"commlint {__version__} (Python {sys.version_info.major}.")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["check", "--no-such-option"], "--no-such-option"),
        (["no-such-command"], "no-such-command"),
        (["check", "--fail-on", "disaster"], "disaster"),
        (["check", "a", "b"], "unexpected extra argument"),
    ],
)
def test_wrong_command_line(arguments: list[str], problem: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A command line nobody understands is told on stderr, and is no finding."""
    assert run(arguments) == 2

    captured = capsys.readouterr()
    assert problem in captured.err
    assert captured.out == ""


def test_error_is_one_line_with_a_cure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What could not be done is one line on stderr that says where, what and the cure; the exit code is 2."""
    (tmp_path / "commlint.toml").write_text("selct = []\n")

    code = run(["check", str(tmp_path)])

    assert code == 2
    assert capsys.readouterr().err == 'error: commlint.toml: no key "selct"; did you mean "select"?\n'


def test_error_shows_no_terminal_sequences(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name from the analysed tree cannot speak to the terminal."""
    (tmp_path / "commlint.yaml").write_text('"\\e[31mred\\e[0m": 1\n')

    run(["check", str(tmp_path)])

    error = capsys.readouterr().err
    assert "\x1b" not in error
    assert "[31mred" in error


def test_bug_keeps_its_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What nobody foresaw is shown in full, and does not look like a finding."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(os, "scandir", broken)
    (tmp_path / "a.py").write_text("")

    assert run(["check", "--no-cache", str(tmp_path)]) == 2
    assert "ZeroDivisionError: a bug" in capsys.readouterr().err


def test_every_error_is_told_and_not_traced(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An error meant for a person has no traceback."""

    def refuse(*_: object) -> None:
        raise CommlintError("here: nothing; try there")

    monkeypatch.setattr(Path, "is_dir", refuse)

    assert run(["check", "somewhere"]) == 2
    assert capsys.readouterr().err == "error: here: nothing; try there\n"


def test_interrupt_leaves_quietly(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C ends a run with 130 and without a traceback."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "is_dir", interrupt)

    assert run(["check", "somewhere"]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_closed_pipe_is_quiet() -> None:
    """When the reader of stdout leaves, nothing is printed about it and it is no finding."""
    process = subprocess.Popen([*COMMAND, "rule", "--all"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    error = process.stderr.read()

    assert process.wait() == 128 + signal.SIGPIPE
    assert error == b""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_full_disk_is_an_error() -> None:
    """A result that cannot be written is told, and is no finding."""
    with open("/dev/full", "w") as full:
        done = subprocess.run([*COMMAND, "rule", "--all"], stdout=full, stderr=subprocess.PIPE, check=False)

    assert done.returncode == 2
    assert done.stderr.startswith(b"error: stdout: cannot be written (")
    assert done.stderr.count(b"\n") == 1


def test_terminal_that_knows_few_letters(shop: Path) -> None:
    """Where stdout cannot show a letter its escape is written, and the exit code stays."""
    (shop / "orders" / "grüße.py").write_text("import requests\nrequests.get('http://inventory:8000/stock/1')\n")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}

    done = subprocess.run(
        [*COMMAND, "check", "--no-cache", "--select", "CL101", str(shop)],
        capture_output=True,
        env=environment,
        check=False,
    )

    assert done.returncode == 1
    assert rb"gr\xfc\xdfe.py" in done.stdout
