"""The line that sums a run up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from commlint.model.findings import BaselineSummary, DriftSummary, Level, Report, Summary

HOLES: Final = 0.005
"""Share of spans without their parents that is worth a word."""


def totals(report: Report) -> str:
    """`2 errors and 1 note in 12 files: 5 services, …`."""
    summary = report.summary
    return f"{found(report)} in {count(summary.files, 'file')}: {', '.join(_counts(summary))}"


def found(report: Report) -> str:
    """`2 errors, 1 warning and 1 note`."""
    levels = [finding.level for finding in report.findings]
    words = [count(levels.count(level), level.value) for level in reversed(Level) if level in levels]
    return " and ".join((", ".join(words[:-1]), words[-1]) if words[1:] else words) or "No findings"


def against(baseline: BaselineSummary) -> str:
    """`20 known (−2, +0)`."""
    expired = f", {baseline.expired} expired" if baseline.expired else ""
    return f"{baseline.known} known (−{baseline.gone}, +{baseline.new}){expired}"


def seen(drift: DriftSummary) -> str:
    """`12 edges confirmed, 3 in code only (1 of them where traces look), 1 in traces only`."""
    where = f" ({drift.watched} of them though the caller was seen at work)" if drift.watched else ""
    holes = f"; {drift.orphans:.0%} of spans lack their parent" if drift.orphans >= HOLES else ""
    confirmed = f"{count(drift.confirmed, 'edge')} confirmed"
    return f"{confirmed}, {drift.code_only} in code only{where}, {drift.trace_only} in traces only{holes}"


def count(number: int, word: str) -> str:
    """A number and what it counts."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _counts(summary: Summary) -> Iterator[str]:
    yield count(summary.services, "service")
    yield count(summary.endpoints, "endpoint")
    yield count(summary.channels, "channel")
    yield count(summary.edges, "edge")
    yield f"{summary.unresolved} unresolved"
    yield f"{summary.suppressed} suppressed"
