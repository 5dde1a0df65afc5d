from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from commlint.cli.app import run
from commlint.report.report import diagrams


@pytest.mark.parametrize("name", sorted(diagrams()))
def test_graph_draws_in_every_format(shop: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each format shows both services, on stdout."""
    assert run(["graph", str(shop), "--format", name]) == 0

    drawing = capsys.readouterr().out
    assert "orders" in drawing
    assert "inventory" in drawing


def test_graph_to_a_file(shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --output nothing is on stdout."""
    assert run(["graph", str(shop), "-f", "json", "--output", str(tmp_path / "graph.json")]) == 0

    assert capsys.readouterr().out == ""
    assert {edge["target"] for edge in json.loads((tmp_path / "graph.json").read_text())["edges"]} == {"inventory"}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--format", "mermad"], 'unknown graph format "mermad"; did you mean "mermaid"?'),
        (["--level", "house"], 'unknown level "house"'),
        (["--focus", "inventry"], "inventry"),
        (["--output", "no/such/folder/a"], "there is no folder"),
    ],
)
def test_wrong_graphs_are_refused(
    shop: Path, arguments: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A format, level, focus or place that does not exist is told."""
    assert run(["graph", str(shop), *arguments]) == 2
    assert problem in capsys.readouterr().err


def test_services_are_listed_with_reasons(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each service is there with where its code is and what says that it is one."""
    assert run(["services", str(shop)]) == 0

    listed = capsys.readouterr().out
    assert listed.startswith("inventory (service)\n  endpoints 1, edges to others 0\n")
    assert "  code in   orders\n" in listed
    assert "because   compose.yaml:" in listed


INGRESS = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: public, annotations: {nginx.ingress.kubernetes.io/proxy-read-timeout: "30"}}
spec: {rules: [{host: shop.io, http: {paths: [{path: /o, backend: {service: {name: orders}}}]}}]}
"""


@pytest.mark.parametrize(("folder", "more", "found"), [("k8s", (), 1), ("tests", (), 1), ("tests", ("--no-tests",), 0)])
def test_routes_are_listed(
    shop: Path, folder: str, more: tuple[str, ...], found: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each route with what it states, those made for tests too unless told otherwise."""
    (shop / folder).mkdir()
    (shop / folder / "ingress.yaml").write_text(INGRESS)

    assert run(["routes", str(shop), *more, "--format", "json"]) == 0

    routes = json.loads(capsys.readouterr().out)["routes"]
    assert [(each["path"], each["line"], each["timeout_s"]) for each in routes] == [
        (f"{folder}/ingress.yaml", 5, 30)
    ] * found
    assert run(["routes", str(shop)]) == 0
    assert f"{folder}/ingress.yaml:5  ingress  public  shop.io" in capsys.readouterr().out


def test_wrong_inventories_are_refused(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A format that does not exist is told."""
    assert run(["routes", str(shop), "--format", "jsn"]) == 2
    assert 'unknown format "jsn"; did you mean "json"?' in capsys.readouterr().err


@pytest.mark.parametrize("name", ["CL101", "cl101", "call-without-timeout"])
def test_rule_prints_its_page(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The page of a rule is found by code and by name."""
    assert run(["rule", name]) == 0
    assert capsys.readouterr().out.startswith("# CL101 call-without-timeout\n")


def test_rule_lists_all(capsys: pytest.CaptureFixture[str]) -> None:
    """All rules stand in a list, one a line, sorted by code."""
    assert run(["rule", "--all"]) == 0

    codes = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert "CL101" in codes
    assert codes == sorted(set(codes))


def test_unknown_rule_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A rule that does not exist is told with the nearest."""
    assert run(["rule", "call-without-timeot"]) == 2
    assert 'did you mean "call-without-timeout"?' in capsys.readouterr().err


def test_config_shows_what_is_in_effect(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the configuration stands, what it says, and which rules are on at which level."""
    (shop / "commlint.toml").write_text('extends = []\nselect = ["CL101"]\n[rules.CL101]\nlevel = "note"\n')

    assert run(["config", str(shop)]) == 0

    shown = capsys.readouterr().out
    assert shown.startswith("configuration: commlint.toml\n")
    assert shown.endswith("rules that are on: 1\n  CL101  note     call-without-timeout\n")


@pytest.mark.parametrize(
    "content",
    [
        "fail-onn = 'error'",
        "select = ['CL999']",
        "models = ['nowhere.yaml']",
        "[per-path-ignores]\n'a' = ['CL999']",
        "x =",
    ],
)
def test_config_finds_mistakes(shop: Path, content: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A configuration that cannot be used leaves with 2 and says why, also when quiet."""
    (shop / "commlint.toml").write_text(content)

    assert run(["config", "--quiet", str(shop)]) == 2
    assert capsys.readouterr().err.startswith("error: ")


def test_config_is_silent_when_quiet(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A hook wants to hear of mistakes only."""
    assert run(["config", "--quiet", str(shop)]) == 0

    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


@pytest.mark.parametrize("name", ["config", "model"])
def test_config_prints_schemas(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What editors need to complete and check a configuration or a library model."""
    assert run(["config", "--schema", name]) == 0

    jsonschema.Draft202012Validator.check_schema(json.loads(capsys.readouterr().out))
