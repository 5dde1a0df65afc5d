"""SARIF 2.1.0, held against the schema of the standard."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from commlint.model.facts import Notice
from commlint.model.findings import Level, Related, Report
from commlint.model.places import Region
from commlint.report.report import render
from tests.unit.report.builders import chain, finding, report

SCHEMA = Path(__file__).resolve().parents[3] / "schemas" / "sarif-2.1.0-rtm.5.json"
VALIDATOR = Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
ANYTHING = st.text(st.characters(codec=None), max_size=30)


def run(of: Report) -> Any:
    document = json.loads(render(of, "sarif").encode("utf-8"))
    VALIDATOR.validate(document)
    return document["runs"][0]


def test_a_result_has_its_rule_its_place_and_a_fingerprint_of_its_own() -> None:
    """Place and fingerprint are what code scanning keeps alerts apart by."""
    (result,) = run(report(finding(subjects=("edge:1",))))["results"]

    assert result == {
        "ruleId": "CL101",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": "POST /orders waits for ever\ngive it a timeout"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "gateway/app.py", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 12, "startColumn": 12, "endLine": 12, "endColumn": 24},
                }
            }
        ],
        "properties": {"confidence": "certain", "services": ["gateway"], "subjects": ["edge:1"]},
        "partialFingerprints": {"commlint/v1": "f00d"},
    }


def test_rules_carry_their_page_and_their_level() -> None:
    """A viewer shows the manual beside the finding."""
    rules = run(report(finding(), chain()))["tool"]["driver"]["rules"]

    assert rules[0] == {
        "id": "CL101",
        "name": "call-without-timeout",
        "shortDescription": {"text": "A call without a bound."},
        "fullDescription": {"text": "A call without a bound."},
        "help": {"text": "**Why** it hangs.", "markdown": "**Why** it hangs."},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": ["architecture", "communication"], "problem.severity": "error"},
    }


def test_a_rule_the_report_does_not_carry_is_made_from_its_finding() -> None:
    """Every result points to a rule."""
    written = run(report(chain()))

    assert [rule["id"] for rule in written["tool"]["driver"]["rules"]] == ["CL101", "CL104"]
    assert written["results"][0]["ruleIndex"] == 1


def test_the_hops_of_a_chain_are_a_code_flow_in_order() -> None:
    """They are related places as well, for viewers without flows."""
    (result,) = run(report(chain()))["results"]

    (flow,) = result["codeFlows"][0]["threadFlows"]
    places = [step["location"]["physicalLocation"]["artifactLocation"]["uri"] for step in flow["locations"]]
    assert places == ["gateway/app.py", "orders/app.py"]
    assert [place["message"]["text"] for place in result["relatedLocations"]] == [
        "gateway: POST /orders",
        "orders: shop.Stock/Reserve",
    ]


def test_one_further_place_is_no_flow() -> None:
    """A flow has at least a from and a to."""
    (result,) = run(report(finding(related=(Related(Region("b.py", 2), "here"),))))["results"]

    assert "codeFlows" not in result
    assert len(result["relatedLocations"]) == 1


def test_a_place_of_several_lines_is_shown_as_its_first() -> None:
    """Code scanning marks one line anyhow."""
    (result,) = run(report(finding(region=Region("a.py", 3, 5, 9, 2))))["results"]

    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 5}


def test_paths_are_percent_encoded() -> None:
    """A blank, a hash or a colon in a file name does not change what a URI means."""
    (result,) = run(report(finding(region=Region("my app/c:#1.py"))))["results"]

    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "my%20app/c%3A%231.py"


def test_notices_are_notifications() -> None:
    """What could not be read is told, and is no result."""
    notices = (Notice("a.py", 3, "syntax error"), Notice("", 0, "no traces given"))
    (invocation,) = run(Report("1", notices=notices))["invocations"]

    assert invocation["executionSuccessful"] is True
    assert invocation["toolExecutionNotifications"] == [
        {
            "level": "note",
            "message": {"text": "syntax error"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "a.py", "uriBaseId": "%SRCROOT%"},
                        "region": {"startLine": 3},
                    }
                }
            ],
        },
        {"level": "note", "message": {"text": "no traces given"}},
    ]


def test_beyond_what_code_scanning_takes_the_least_bad_are_left_out_and_it_is_said() -> None:
    """An upload that is refused would show nothing at all."""
    notes = [finding(level=Level.NOTE, help="")] * 25_000
    document = json.loads(render(Report("1", (*notes, finding(level=Level.ERROR))), "sarif"))

    written = document["runs"][0]
    assert len(written["results"]) == 25_000
    assert written["results"][-1]["level"] == "error"
    assert written["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"] == (
        "1 findings left out: code scanning takes 25000"
    )


def test_a_name_of_the_tree_does_not_become_a_link() -> None:
    """Viewers read `[text](target)` as a link even in plain text."""
    (result,) = run(report(finding(message="[click](http://evil.example)", help="")))["results"]

    assert result["message"]["text"] == "[click] (http://evil.example)"


@settings(max_examples=40, deadline=None)
@given(ANYTHING, ANYTHING, ANYTHING)
def test_whatever_a_tree_holds_the_log_is_valid(path: str, name: str, message: str) -> None:
    """Names, paths and messages may hold anything."""
    fault = finding(name, name, message=message, region=Region(path), service=name, fingerprint=name)
    written = run(Report("1", (fault,), (Notice(path, 1, message),)))

    uri = written["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    if path and not any("\ud800" <= character <= "\udfff" for character in path):
        assert unquote(uri) == path
