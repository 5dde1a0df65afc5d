from __future__ import annotations

import json
from pathlib import Path

import pytest

from commlint.cli.app import run


def check(*arguments: object) -> int:
    return run(["check", *map(str, arguments)])


def test_findings_on_stdout_and_exit_code_1(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A finding at or above the level leaves with 1; the result is on stdout."""
    assert check(shop, "--select", "CL101") == 1

    captured = capsys.readouterr()
    assert "error[CL101] call-without-timeout" in captured.out
    assert captured.err == ""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--select", "CL101", "--exit-zero"], 0),
        (["--select", "CL104"], 0),
        (["--select", "CL1", "--ignore", "call-without-timeout"], 0),
        (["--select", "call-without-timeout,CL104"], 1),
        (["--select", "CL104", "--select", "CL101"], 1),
        (["--select", "CL101", "--fail-on", "error"], 1),
        (["--select", "CL101", "--fail-on", "note"], 1),
    ],
)
def test_exit_codes(shop: Path, arguments: list[str], code: int) -> None:
    """Only what is selected and bad enough counts, unless it is asked to leave with 0."""
    assert check(shop, "--no-cache", *arguments) == code


def test_findings_below_the_level_are_shown_and_leave_with_0(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`fail-on` decides on the exit code, not on what is shown."""
    (shop / "commlint.toml").write_text('fail-on = "error"\n[rules.CL101]\nlevel = "warning"\n')

    assert check(shop, "--select", "CL101") == 0
    assert "warning[CL101]" in capsys.readouterr().out
    assert check(shop, "--select", "CL101", "--fail-on", "warning") == 1


def test_several_formats_at_once(shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One run writes text to the screen and others to files, all saying the same."""
    sarif, document = tmp_path / "out.sarif", tmp_path / "out.json"
    formats = ["--output-format", "text", "-f", f"sarif:{sarif}", "-f", f"json:{document}"]

    assert check(shop, "--select", "CL101", *formats) == 1

    assert "error[CL101]" in capsys.readouterr().out
    assert [finding["code"] for finding in json.loads(document.read_text())["findings"]] == ["CL101"]
    assert [result["ruleId"] for result in json.loads(sarif.read_text())["runs"][0]["results"]] == ["CL101"]


def test_output_is_the_same_each_time(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With or without a cache, the first time or the third, the bytes on stdout are the same."""
    outputs = set()
    for arguments in (["--no-cache"], [], [], ["--jobs", "2"]):
        check(shop, *arguments)
        outputs.add(capsys.readouterr().out)

    assert len(outputs) == 1


@pytest.mark.parametrize(
    ("formats", "problem"),
    [
        (["sarf"], 'unknown output format "sarf"; did you mean "sarif"?'),
        (["json:"], "no file after the colon"),
        (["json", "text"], "two formats go to stdout"),
        (["json:a.json", "sarif:a.json"], "two formats go to a.json"),
        (["json:no/such/folder/a.json"], "there is no folder"),
        (["json:orders"], "is a folder"),
    ],
)
def test_wrong_destinations_are_told_before_the_work(
    shop: Path, formats: list[str], problem: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is analysed for a result that could not be written."""
    monkeypatch.chdir(shop)

    code = check(shop, *(part for name in formats for part in ("--output-format", name)))

    assert code == 2
    assert problem in capsys.readouterr().err
    assert not (shop / ".commlint_cache").exists()


@pytest.mark.parametrize(
    ("name", "problem"), [("nowhere", "there is no such folder"), ("compose.yaml", "is a file; name")]
)
def test_path_must_be_a_folder(shop: Path, name: str, problem: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A path that is no folder is told with what to do."""
    assert check(shop / name) == 2
    assert problem in capsys.readouterr().err


def test_nothing_to_analyse_is_no_clean_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without anything to read leaves with 2."""
    assert check(tmp_path) == 2
    assert "nothing to analyse" in capsys.readouterr().err


def test_cache_is_where_it_is_wanted(shop: Path, tmp_path: Path) -> None:
    """The cache is in the analysed folder, or in the one that is named, or nowhere."""
    check(shop, "--no-cache")
    assert not (shop / ".commlint_cache").exists()
    check(shop, "--cache-dir", tmp_path / "mine")
    assert (tmp_path / "mine" / "commlint.cache").exists()
    assert not (shop / ".commlint_cache").exists()
    check(shop)
    assert (shop / ".commlint_cache" / "commlint.cache").exists()


def test_notices_go_to_stderr(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Trouble is told beside the result: once per kind, all of it on request, none when quiet."""
    for number in range(3):
        (shop / "orders" / f"broken_{number}.py").write_bytes(b"import requests\n\x00")

    check(shop, "--select", "CL101")
    some = capsys.readouterr()
    check(shop, "--select", "CL101", "--verbose")
    everything = capsys.readouterr()
    check(shop, "--select", "CL101", "--quiet")
    quiet = capsys.readouterr()

    assert some.err.count("notice: ") == 1
    assert "orders/broken_0.py: " in some.err
    assert "(and 2 more like this)" in some.err
    assert everything.err.count("notice: ") == 3
    assert quiet.err == ""
    assert some.out == quiet.out


def test_tests_and_confidence_and_config_are_taken_over(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Options of the command line change what the configuration says."""
    (shop / "orders" / "tests").mkdir()
    (shop / "orders" / "tests" / "test_app.py").write_text(
        "import requests\nrequests.get('http://inventory/stock/1')\n"
    )
    (tmp_path / "other.toml").write_text('ignore = ["CL101"]\n')

    check(shop, "--select", "CL101")
    assert "test_app.py" not in capsys.readouterr().out
    check(shop, "--select", "CL101", "--tests", "--confidence", "possible")
    assert "orders/tests/test_app.py" in capsys.readouterr().out
    assert check(shop, "--select", "CL101", "--config", tmp_path / "other.toml") == 0


def test_colour_is_asked_for(shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal there is colour when it is forced, and never against NO_COLOR."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    check(shop)
    assert "\x1b[" not in capsys.readouterr().out
    monkeypatch.setenv("FORCE_COLOR", "1")
    check(shop)
    assert "\x1b[" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    check(shop)
    assert "\x1b[" not in capsys.readouterr().out
