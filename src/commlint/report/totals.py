"""The line that sums a run up."""

from __future__ import annotations

from collections.abc import Iterator

from commlint.model.findings import BaselineSummary, Level, Report, Summary


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
