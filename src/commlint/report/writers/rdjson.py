"""Findings in the diagnostic format of reviewdog."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from commlint.model.findings import Finding, Level, Report
from commlint.model.places import Region
from commlint.report.escaping import to_json, visible
from commlint.report.port import RenderOptions, Writer

_SEVERITIES = {Level.ERROR: "ERROR", Level.WARNING: "WARNING", Level.NOTE: "INFO"}

Sources = Mapping[tuple[str, int], str]


class RdjsonWriter(Writer):
    """One diagnostic a finding; columns count bytes of UTF-8, as the format wants, where the line is known."""

    name: ClassVar[str] = "rdjson"

    def render(self, report: Report, options: RenderOptions) -> str:
        sources = {(path, line): text for path, line, text in report.sources}
        return to_json({
            "source": {"name": "commlint"},
            "diagnostics": [_diagnostic(finding, sources) for finding in report.findings],
        })  # fmt: skip


def _diagnostic(finding: Finding, sources: Sources) -> dict[str, Any]:
    message = f"{finding.name}: {visible(finding.message)}"
    found: dict[str, Any] = {
        "message": f"{message}\n{visible(finding.help)}" if finding.help else message,
        "location": _location(finding.region, sources),
        "severity": _SEVERITIES[finding.level],
        "code": {"value": visible(finding.code)},
    }
    if finding.related:
        found["relatedLocations"] = [
            {"message": visible(hop.message), "location": _location(hop.region, sources)} for hop in finding.related
        ]
    return found


def _location(region: Region, sources: Sources) -> dict[str, Any]:
    line = max(region.start_line, 1)
    text = sources.get((region.path, line))
    found: dict[str, Any] = {"path": visible(region.path), "range": {"start": {"line": line}}}
    if text is not None:
        found["range"]["start"]["column"] = _bytes_before(text, region.start_column)
        if region.end_line == region.start_line and region.end_column > region.start_column:
            found["range"]["end"] = {"line": line, "column": _bytes_before(text, region.end_column)}
    return found


def _bytes_before(text: str, column: int) -> int:
    """The 1-based column in bytes of a 1-based column in characters."""
    return len(text[: max(column, 1) - 1].encode("utf-8", "backslashreplace")) + 1
