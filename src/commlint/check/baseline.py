"""Findings held against those that are known."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from commlint.model.baseline import Baseline, Known
from commlint.model.facts import Notice
from commlint.model.findings import BaselineSummary, Finding, Report
from commlint.model.operations import Confidence
from commlint.model.places import Region

STALE = "CL901"
"""The rule that speaks of what silences nothing."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    The findings of a run and the entries of a baseline, sorted out.

    `new`: no entry speaks of them. `expired`: an entry does whose time is over. `known`: entries that hide something.
    `gone`: entries that match nothing though their rule was on. `undecided`: entries whose rule was not.
    """

    new: tuple[Finding, ...]
    expired: tuple[Finding, ...]
    known: tuple[Known, ...]
    gone: tuple[Known, ...]
    undecided: tuple[Known, ...]


def compare(report: Report, baseline: Baseline, today: datetime.date, everything: bool = True) -> Comparison:
    """
    Args:
        today: entries that expired before it hide nothing.
        everything: the run looked for all that the baseline was made from; else an entry without a match says nothing.
    """
    live = {entry.identity: entry for entry in baseline.findings if not _over(entry, today)}
    over = {entry.identity for entry in baseline.findings} - live.keys()
    found = [(finding, (finding.code, finding.subjects)) for finding in report.findings]
    seen = {identity for _, identity in found}
    on = {rule.code for rule in report.rules} if everything else frozenset()
    unmatched = [entry for entry in baseline.findings if entry.identity not in seen]
    return Comparison(
        new=tuple(finding for finding, identity in found if identity not in live and identity not in over),
        expired=tuple(finding for finding, identity in found if identity in over and identity not in live),
        known=tuple(entry for entry in live.values() if entry.identity in seen),
        gone=tuple(entry for entry in unmatched if entry.rule in on),
        undecided=tuple(entry for entry in unmatched if entry.rule not in on),
    )


def against(
    report: Report, baseline: Baseline, lines: Sequence[int], path: str, today: datetime.date, everything: bool = True
) -> Report:
    """
    The report without what is known; entries that match nothing are findings of their own where that rule is on.

    Args:
        lines: line of each entry in the baseline's file `path`.
    """
    compared = compare(report, baseline, today, everything)
    shown = {id(finding) for finding in (*compared.new, *compared.expired)}
    stale = _stale(report, compared.gone, dict(zip(baseline.findings, lines, strict=True)), path)
    summary = BaselineSummary(len(compared.known), len(compared.gone), len(compared.new), len(compared.expired))
    findings = [finding for finding in report.findings if id(finding) in shown]
    return replace(
        report,
        findings=tuple(sorted((*findings, *stale), key=lambda finding: (finding.region, finding.code))),
        notices=(*report.notices, *_expired(compared.expired)),
        baseline=summary,
    )


def _over(entry: Known, today: datetime.date) -> bool:
    return bool(entry.expires) and datetime.date.fromisoformat(entry.expires) < today


def _expired(findings: Iterable[Finding]) -> tuple[Notice, ...]:
    message = "the baseline knew this finding until its entry expired; mend it, or give the entry more time"
    return tuple(Notice(finding.region.path, finding.region.start_line, message) for finding in findings)


def _stale(report: Report, gone: Iterable[Known], lines: dict[Known, int], path: str) -> Iterable[Finding]:
    rule = next((rule for rule in report.rules if rule.code == STALE), None)
    if rule is None:
        return
    for entry in gone:
        subjects = (path, entry.rule, *entry.subjects)
        line = lines[entry]
        yield Finding(
            code=rule.code,
            name=rule.name,
            level=rule.level,
            confidence=Confidence.CERTAIN,
            message=f"the baseline knows {entry.rule} of {', '.join(entry.subjects)}, which is not found any more",
            region=Region(path, line, 1, line, 1),
            subjects=subjects,
            help="take it out with: commlint baseline update",
            fingerprint=hashlib.sha256("\0".join((rule.code, *subjects)).encode()).hexdigest()[:32],
        )
