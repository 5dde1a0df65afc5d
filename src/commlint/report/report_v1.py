"""
The public JSON of findings, version 1; `docs/report.schema.json` is generated from these types.

Fields may be added within a version; none changes its meaning or goes away.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from commlint.model.findings import Finding, Level, Report


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


class FindingV1(msgspec.Struct, frozen=True):
    """
    One fault. `path` is POSIX and relative to the analysed root; lines and columns are 1-based, `end_column` exclusive.

    `services`: all that run the site, `service` the first of them.
    `subjects`: ids of the operations, edges, channels or services it is about.
    `fingerprint`: stays the same when lines move.
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


class NoticeV1(msgspec.Struct, frozen=True):
    """Something that could not be read or resolved; `line` 0 speaks of the whole file, `path` "" of the whole run."""

    path: str
    line: int
    message: str


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
    """The result of `commlint check`."""

    version: Literal[1]
    tool: ToolV1
    findings: tuple[FindingV1, ...]
    notices: tuple[NoticeV1, ...]
    summary: SummaryV1


def document(report: Report) -> ReportV1:
    """The public form of a report."""
    return ReportV1(
        version=1,
        tool=ToolV1("commlint", report.version),
        findings=tuple(_finding(finding) for finding in report.findings),
        notices=tuple(NoticeV1(notice.path, notice.line, notice.message) for notice in report.notices),
        summary=_summary(report),
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
        related=tuple(
            RelatedV1(hop.region.path, hop.region.start_line, hop.region.start_column, hop.message)
            for hop in finding.related
        ),
    )


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
