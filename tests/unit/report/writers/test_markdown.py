"""Step summaries and comments."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.model.findings import Level, Report
from commlint.model.places import Region
from commlint.report.report import render
from tests.unit.report.builders import chain, finding, report

ANYTHING = st.text(st.characters(codec=None))
ROW = re.compile(r"\| . \| [^|\n]* \| [^|\n]* \| <code>[^|<\n]*</code> \|")


def test_the_worst_come_first_in_one_table() -> None:
    """Hops can be unfolded, and the help follows the message."""
    text = render(report(finding(level=Level.NOTE, message="a note"), chain(), finding()), "markdown")

    rows = [line for line in text.splitlines() if ROW.fullmatch(line)]
    assert [row[2] for row in rows] == ["🔴", "🟠", "🔵"]
    assert "waits for ever<br><i>give it a timeout</i>" in rows[0]
    assert "<details><summary>2 places</summary>" in rows[1]


def test_a_clean_run_has_no_table() -> None:
    """One line says so."""
    text = render(report(), "markdown")

    assert "No findings in 12 files" in text
    assert "|" not in text


def test_what_does_not_fit_into_a_comment_is_counted() -> None:
    """GitHub refuses comments of more than 65,536 characters."""
    text = render(report(*[finding(message=f"call {number} " + "x" * 200) for number in range(900)]), "markdown")

    assert len(text) < 65_536
    shown = len(ROW.findall(text))
    assert 0 < shown < 900
    assert f"and {900 - shown} more" in text


@settings(deadline=None)
@given(ANYTHING, ANYTHING)
def test_whatever_a_tree_holds_stays_inside_its_cell(path: str, message: str) -> None:
    """No pipe, tag, link, mention or line end gets out."""
    text = render(Report("1", (finding(message=message, region=Region(path)),)), "markdown")

    (row,) = text.rstrip("\n").splitlines()[-1:]
    assert ROW.fullmatch(row)


def test_nobody_is_mentioned_and_nothing_is_linked() -> None:
    """What GitHub makes of plain text is broken up without a trace for the eye."""
    text = render(
        report(finding(message="@team see #12, www.evil.example or http://evil.example <img src=x>")), "markdown"
    )

    assert "@team" not in text
    assert "&#64;&#8203;team" in text
    assert "&#35;&#8203;12" in text
    assert "www&#46;&#8203;evil" in text or "www.&#8203;evil" in text
    assert "://evil" not in text
    assert "<img" not in text
