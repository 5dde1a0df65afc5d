"""Findings as annotations of a GitHub Actions run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from commlint.model.findings import Finding, Level, Report
from commlint.report.escaping import visible
from commlint.report.port import RenderOptions, Writer

_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}


class GithubWriter(Writer):
    """
    One workflow command a finding; worst first, as the runner shows only the first ten of each level in a step.

    Of a line the runner reads `%`, line ends, and in properties `:` and `,`: all of these are escaped.
    """

    name: ClassVar[str] = "github"

    def render(self, report: Report, options: RenderOptions) -> str:
        findings = sorted(report.findings, key=lambda finding: -finding.level.rank)
        return "".join(f"{_command(finding)}\n" for finding in findings)


def _command(finding: Finding) -> str:
    region = finding.region
    properties = {
        "file": visible(region.path),
        "line": str(region.start_line),
        "endLine": str(max(region.end_line, region.start_line)),
        "title": visible(f"{finding.code} {finding.name}"),
    }
    if region.end_line == region.start_line and region.end_column > region.start_column:
        properties |= {"col": str(region.start_column), "endColumn": str(region.end_column)}
    written = ",".join(f"{key}={_property(text)}" for key, text in sorted(properties.items()) if text)
    return f"::{_COMMANDS[finding.level]} {written}::{_data(chr(10).join(_message(finding)))}"


def _message(finding: Finding) -> Iterator[str]:
    yield visible(finding.message)
    for number, hop in enumerate(finding.related, start=1):
        yield f"{number}. {visible(str(hop.region))}  {visible(hop.message)}"
    if finding.help:
        yield f"help: {visible(finding.help)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
