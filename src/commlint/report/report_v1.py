"""
The public JSON of findings, version 1; `docs/report.schema.json` is generated from these types.

Fields may be added within a version; none changes its meaning or goes away.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from commlint.model.findings import BaselineSummary, DriftSummary, Finding, Level, Related, Report


class ToolV1(msgspec.Struct, frozen=True):
    """What wrote the document."""

    name: str
    version: str


class RelatedV1(msgspec.Struct, frozen=True):
    """One further place of a finding; the hops of a chain stand in their order."""

    path: str
    line: int
    column: int
    message: str
    end_line: int = 0
    end_column: int = 0


class FindingV1(msgspec.Struct, frozen=True):
    """
    One fault. `path` is POSIX and relative to the analysed root; lines and columns are 1-based, `end_column` exclusive.

    `services`: all that run the site, `service` the first of them.
    `subjects`: ids of the operations, edges, channels or services it is about.
    `fingerprint`: stays the same when lines move. `line_hash`: what the line is known by to code scanning.
    """

    code: str
    name: str
    level: Literal["note", "warning", "error"]
    confidence: Literal["possible", "likely", "certain"]
    message: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    service: str
    services: tuple[str, ...]
    subjects: tuple[str, ...]
    fingerprint: str
    help: str
    related: tuple[RelatedV1, ...]
    line_hash: str = ""


class NoticeV1(msgspec.Struct, frozen=True):
    """Something that could not be read or resolved; `line` 0 speaks of the whole file, `path` "" of the whole run."""

    path: str
    line: int
    message: str


class RuleV1(msgspec.Struct, frozen=True):
    """A rule that was on; `page` is its manual page in Markdown."""

    code: str
    name: str
    level: Literal["note", "warning", "error"]
    summary: str
    page: str


class SourceV1(msgspec.Struct, frozen=True):
    """A line that a finding or a hop stands on."""

    path: str
    line: int
    text: str


class BaselineV1(msgspec.Struct, frozen=True):
    """
    What a baseline made of the findings: entries matched (and so not among `findings`), entries that nothing matches,
    findings no entry speaks of, and findings whose entry has expired.
    """

    known: int
    gone: int
    new: int
    expired: int


class DriftV1(msgspec.Struct, frozen=True):
    """
    How far what was read and what traces saw are the same, in pairs of what talks to each other.

    `confirmed`: both know them. `code_only`: traces never saw them, `watched` of them though their caller was seen at
    work. `trace_only`: nothing that was read knows them. `orphans`: share of spans whose parent is missing.
    """

    confirmed: int
    code_only: int
    trace_only: int
    watched: int
    orphans: float


class SummaryV1(msgspec.Struct, frozen=True):
    """Counts of the run; errors, warnings and notes are those of `findings`."""

    errors: int
    warnings: int
    notes: int
    files: int
    services: int
    endpoints: int
    channels: int
    edges: int
    unresolved: int
    suppressed: int


class ReportV1(msgspec.Struct, frozen=True):
    """
    The result of `commlint check`; `baseline` is null where there is none, `drift` where no traces were given.

    `rules` and `sources` are what `commlint report` needs to write it in another format.
    """

    version: Literal[1]
    tool: ToolV1
    findings: tuple[FindingV1, ...]
    notices: tuple[NoticeV1, ...]
    summary: SummaryV1
    baseline: BaselineV1 | None = None
    rules: tuple[RuleV1, ...] = ()
    sources: tuple[SourceV1, ...] = ()
    drift: DriftV1 | None = None


def document(report: Report) -> ReportV1:
    """The public form of a report."""
    return ReportV1(
        version=1,
        tool=ToolV1("commlint", report.version),
        findings=tuple(_finding(finding) for finding in report.findings),
        notices=tuple(NoticeV1(notice.path, notice.line, notice.message) for notice in report.notices),
        summary=_summary(report),
        baseline=_baseline(report.baseline),
        drift=_drift(report.drift),
        rules=tuple(RuleV1(rule.code, rule.name, rule.level.value, rule.summary, rule.page) for rule in report.rules),
        sources=tuple(SourceV1(path, line, text) for path, line, text in report.sources),
    )


def _finding(finding: Finding) -> FindingV1:
    region = finding.region
    return FindingV1(
        code=finding.code,
        name=finding.name,
        level=finding.level.value,
        confidence=finding.confidence.value,
        message=finding.message,
        path=region.path,
        line=region.start_line,
        column=region.start_column,
        end_line=region.end_line,
        end_column=region.end_column,
        service=finding.service,
        services=finding.services or ((finding.service,) if finding.service else ()),
        subjects=finding.subjects,
        fingerprint=finding.fingerprint,
        help=finding.help,
        related=tuple(_related(hop) for hop in finding.related),
        line_hash=finding.line_hash,
    )


def _related(hop: Related) -> RelatedV1:
    region = hop.region
    start, end = (region.start_line, region.start_column), (region.end_line, region.end_column)
    return RelatedV1(region.path, *start, hop.message, *end)


def _drift(drift: DriftSummary | None) -> DriftV1 | None:
    if drift is None:
        return None
    return DriftV1(drift.confirmed, drift.code_only, drift.trace_only, drift.watched, drift.orphans)


def _baseline(baseline: BaselineSummary | None) -> BaselineV1 | None:
    if baseline is None:
        return None
    return BaselineV1(baseline.known, baseline.gone, baseline.new, baseline.expired)


def _summary(report: Report) -> SummaryV1:
    levels = [finding.level for finding in report.findings]
    counts = report.summary
    return SummaryV1(
        errors=levels.count(Level.ERROR),
        warnings=levels.count(Level.WARNING),
        notes=levels.count(Level.NOTE),
        files=counts.files,
        services=counts.services,
        endpoints=counts.endpoints,
        channels=counts.channels,
        edges=counts.edges,
        unresolved=counts.unresolved,
        suppressed=counts.suppressed,
    )
