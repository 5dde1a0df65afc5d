"""A saved JSON report read again, to be written in another format."""

from __future__ import annotations

import msgspec

from commlint.errors import UsageError
from commlint.model.facts import Notice
from commlint.model.findings import BaselineSummary, DriftSummary, Finding, Level, Related, Report, RuleInfo, Summary
from commlint.model.operations import Confidence
from commlint.model.places import Region
from commlint.report.report_v1 import BaselineV1, DriftV1, FindingV1, ReportV1, SummaryV1


def saved_report(source: bytes, where: str) -> Report:
    """
    The report in a document that the `json` format wrote.

    Raises:
        UsageError: it is no such document, or of a version that is not known.
    """
    try:
        public = msgspec.json.decode(source, type=ReportV1)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(
            f"{where}: is no report of commlint ({error}); save one with check --output-format json:FILE"
        ) from error
    return Report(
        version=public.tool.version,
        findings=tuple(_finding(finding) for finding in public.findings),
        notices=tuple(Notice(notice.path, notice.line, notice.message) for notice in public.notices),
        rules=tuple(
            RuleInfo(rule.code, rule.name, Level(rule.level), rule.summary, rule.page) for rule in public.rules
        ),
        summary=_summary(public.summary),
        sources=tuple((line.path, line.line, line.text) for line in public.sources),
        baseline=_baseline(public.baseline),
        drift=_drift(public.drift),
    )


def _finding(public: FindingV1) -> Finding:
    return Finding(
        code=public.code,
        name=public.name,
        level=Level(public.level),
        confidence=Confidence(public.confidence),
        message=public.message,
        region=Region(public.path, public.line, public.column, public.end_line, public.end_column),
        subjects=public.subjects,
        help=public.help,
        related=tuple(
            Related(Region(hop.path, hop.line, hop.column, hop.end_line, hop.end_column), hop.message)
            for hop in public.related
        ),
        service=public.service,
        fingerprint=public.fingerprint,
        services=public.services,
        line_hash=public.line_hash,
    )


def _summary(public: SummaryV1) -> Summary:
    return Summary(
        files=public.files,
        services=public.services,
        endpoints=public.endpoints,
        channels=public.channels,
        edges=public.edges,
        unresolved=public.unresolved,
        suppressed=public.suppressed,
    )


def _drift(public: DriftV1 | None) -> DriftSummary | None:
    if public is None:
        return None
    return DriftSummary(public.confirmed, public.code_only, public.trace_only, public.watched, public.orphans)


def _baseline(public: BaselineV1 | None) -> BaselineSummary | None:
    return BaselineSummary(public.known, public.gone, public.new, public.expired) if public else None
