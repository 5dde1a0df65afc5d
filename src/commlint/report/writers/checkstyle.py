"""Findings as Checkstyle XML, the common language of older build servers and review bots."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import groupby
from typing import ClassVar

from commlint.model.findings import Finding, Level, Report
from commlint.report.escaping import visible
from commlint.report.port import RenderOptions, Writer
from commlint.report.xml import to_xml

_SEVERITIES = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "info"}


class CheckstyleWriter(Writer):
    """By file; the source of an error is `commlint.` and the code of its rule."""

    name: ClassVar[str] = "checkstyle"

    def render(self, report: Report, options: RenderOptions) -> str:
        root = ET.Element("checkstyle", {"version": "10.0"})
        findings = sorted(report.findings, key=lambda finding: finding.region)
        for path, group in groupby(findings, key=lambda finding: finding.region.path):
            file = ET.SubElement(root, "file", {"name": visible(path)})
            for finding in group:
                ET.SubElement(file, "error", _error(finding))
        return to_xml(root)


def _error(finding: Finding) -> dict[str, str]:
    help = f" ({finding.help})" if finding.help else ""
    return {
        "line": str(max(finding.region.start_line, 1)),
        "column": str(max(finding.region.start_column, 1)),
        "severity": _SEVERITIES[finding.level],
        "message": visible(f"{finding.message}{help}"),
        "source": visible(f"commlint.{finding.code}"),
    }
