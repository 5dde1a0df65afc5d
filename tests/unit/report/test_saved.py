"""A saved report says the same as the run that saved it."""

from __future__ import annotations

import pytest

from commlint.errors import UsageError
from commlint.model.facts import Notice
from commlint.model.findings import BaselineSummary, Report
from commlint.report.report import render, writers
from commlint.report.saved import saved_report
from tests.unit.report.builders import chain, finding, report


@pytest.mark.parametrize("name", list(writers()))
def test_every_format_comes_out_as_from_the_run_itself(name: str) -> None:
    """Nothing that any writer shows is lost on the way."""
    whole = report(chain(), finding(line_hash="abc:1"))
    run = Report(
        whole.version,
        whole.findings,
        (Notice("a.py", 3, "cannot be parsed here"),),
        whole.rules,
        whole.summary,
        whole.sources,
        BaselineSummary(3, 1, 2, 0),
    )

    again = saved_report(render(run, "json").encode(), "saved.json")

    assert render(again, name) == render(run, name)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"version": 2}', "\x00", '{"version": 1, "findings": "none"}'])
def test_what_is_no_report_is_named(text: str) -> None:
    """The message says which file it is and how a report is saved."""
    with pytest.raises(UsageError, match=r"saved\.json: is no report of commlint .*json:FILE"):
        saved_report(text.encode(), "saved.json")
