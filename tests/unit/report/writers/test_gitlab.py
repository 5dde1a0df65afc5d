"""Code Quality reports of GitLab."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.model.findings import Level, Report
from commlint.model.places import Region
from commlint.report.report import render
from tests.unit.report.builders import chain, finding, report

ANYTHING = st.text(st.characters(codec=None))
SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


def test_an_issue_has_what_gitlab_asks_for() -> None:
    """Description, name of the check, fingerprint, severity and the first line."""
    (issue,) = json.loads(render(report(finding()), "gitlab"))

    assert issue == {
        "description": "CL101 call-without-timeout: POST /orders waits for ever",
        "check_name": "CL101",
        "fingerprint": "f00d",
        "severity": "critical",
        "location": {"path": "gateway/app.py", "lines": {"begin": 12}},
    }


def test_no_findings_are_an_empty_report() -> None:
    """GitLab compares with it to see what was mended."""
    assert json.loads(render(report(), "gitlab")) == []


def test_levels_become_severities() -> None:
    """Worse stays worse, and all are words that GitLab knows."""
    issues = json.loads(render(report(finding(), chain(), finding(level=Level.NOTE)), "gitlab"))

    assert [issue["severity"] for issue in issues] == ["critical", "major", "info"]
    assert {issue["severity"] for issue in issues} <= SEVERITIES


@settings(deadline=None)
@given(ANYTHING, ANYTHING)
def test_whatever_a_tree_holds_the_report_is_json_with_a_fingerprint(path: str, message: str) -> None:
    """A finding that never got a fingerprint has one nevertheless."""
    fault = finding(message=message, region=Region(path), fingerprint="")

    (issue,) = json.loads(render(Report("1", (fault,)), "gitlab").encode())
    assert issue["fingerprint"]
    assert "\x1b" not in issue["description"]
