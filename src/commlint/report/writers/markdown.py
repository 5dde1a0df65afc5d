"""Findings for the summary of a pipeline step or a comment on a merge request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from commlint.model.findings import Finding, Level, Report
from commlint.report.markup import code, prose
from commlint.report.port import RenderOptions, Writer
from commlint.report.totals import totals

_CHARACTERS = 60_000
"""GitHub takes comments of 65,536 characters."""

_SIGNS = {Level.ERROR: "🔴", Level.WARNING: "🟠", Level.NOTE: "🔵"}
_HEAD = "| | rule | what | where |\n| --- | --- | --- | --- |\n"


class MarkdownWriter(Writer):
    """A line of totals and a table, worst first; what does not fit is counted instead of shown."""

    name: ClassVar[str] = "markdown"

    def render(self, report: Report, options: RenderOptions) -> str:
        head = f"### commlint\n\n{prose(totals(report))}\n"
        findings = sorted(report.findings, key=lambda finding: (-finding.level.rank, finding.region))
        return head + "".join(_table(findings, _CHARACTERS - len(head)))


def _table(findings: Sequence[Finding], room: int) -> Iterator[str]:
    if not findings:
        return
    yield f"\n{_HEAD}"
    for number, finding in enumerate(findings):
        row = _row(finding)
        room -= len(row)
        if room < 0:
            yield f"\nand {len(findings) - number} more\n"
            return
        yield row


def _row(finding: Finding) -> str:
    region = finding.region
    what = prose(finding.message)
    if finding.related:
        hops = "<br>".join(f"{code(str(hop.region))} {prose(hop.message)}" for hop in finding.related)
        what += f"<details><summary>{len(finding.related)} places</summary>{hops}</details>"
    if finding.help:
        what += f"<br><i>{prose(finding.help)}</i>"
    rule = f"{prose(finding.code)} {prose(finding.name)}"
    return f"| {_SIGNS[finding.level]} | {rule} | {what} | {code(f'{region.path}:{region.start_line}')} |\n"
