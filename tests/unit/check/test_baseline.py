"""Findings held against a baseline."""

from __future__ import annotations

import datetime

from commlint.check.baseline import against, compare
from commlint.model.baseline import Baseline, Known
from commlint.model.findings import Finding, Level, Report, RuleInfo
from commlint.model.operations import Confidence
from commlint.model.places import Region

TODAY = datetime.date(2030, 5, 17)


def finding(code: str, *subjects: str, line: int = 1) -> Finding:
    region = Region("app.py", line, 1, line, 9)
    return Finding(code, code.lower(), Level.ERROR, Confidence.CERTAIN, "is wrong", region, subjects, "mend it")


def report(*findings: Finding, on: tuple[str, ...] = ("CL101", "CL202", "CL901")) -> Report:
    rules = tuple(RuleInfo(code, code.lower(), Level.NOTE, "", "") for code in on)
    return Report("1", findings, rules=rules)


def shown(run: Report, *entries: Known, everything: bool = True) -> Report:
    lines = range(5, 5 + len(entries))
    return against(run, Baseline(findings=entries), lines, "known.yaml", TODAY, everything)


def test_what_is_known_is_not_shown_wherever_it_moves() -> None:
    """Rule and subjects say which finding it is; its line does not."""
    run = shown(report(finding("CL101", "a", line=90), finding("CL202", "a")), Known("CL101", ("a",), "old"))

    assert [each.code for each in run.findings] == ["CL202"]
    assert run.baseline is not None
    assert (run.baseline.known, run.baseline.gone, run.baseline.new) == (1, 0, 1)


def test_one_entry_speaks_for_all_with_the_same_subjects() -> None:
    """Counts are no part of what a finding is."""
    run = shown(report(finding("CL101", "a"), finding("CL101", "a", line=2)), Known("CL101", ("a",)))

    assert run.findings == ()


def test_an_entry_that_matches_nothing_is_a_finding_itself() -> None:
    """At its line in the baseline, at the level of that rule."""
    (stale,) = shown(report(), Known("CL101", ("a",)), Known("CL202", ("b",))).findings[:1]

    assert (stale.code, stale.level, str(stale.region)) == ("CL901", Level.NOTE, "known.yaml:5")
    assert "CL101 of a" in stale.message
    assert stale.fingerprint


def test_an_entry_whose_rule_was_not_on_says_nothing() -> None:
    """Nobody has looked."""
    run = report(on=("CL202", "CL901"))

    assert shown(run, Known("CL101", ("a",))).findings == ()
    assert compare(run, Baseline(findings=(Known("CL101", ("a",)),)), TODAY).undecided == (Known("CL101", ("a",)),)


def test_a_run_that_looks_less_closely_finds_nothing_stale() -> None:
    """What is hidden for its confidence may well be there."""
    run = shown(report(), Known("CL101", ("a",)), everything=False)

    assert run.findings == ()
    assert run.baseline is not None
    assert run.baseline.gone == 0


def test_after_its_last_day_an_entry_hides_nothing() -> None:
    """The finding is back, and a notice says why."""
    last, over = Known("CL101", ("a",), expires="2030-05-17"), Known("CL202", ("b",), expires="2030-05-16")
    run = shown(report(finding("CL101", "a"), finding("CL202", "b")), last, over)

    assert [each.code for each in run.findings] == ["CL202"]
    assert run.baseline is not None
    assert (run.baseline.known, run.baseline.new, run.baseline.expired) == (1, 0, 1)
    assert [str(notice) for notice in run.notices if "expired" in notice.message]
