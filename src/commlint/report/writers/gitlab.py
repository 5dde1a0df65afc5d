"""Findings as a Code Quality report of GitLab."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from commlint.model.findings import Finding, Level, Report
from commlint.report.escaping import to_json, visible
from commlint.report.port import RenderOptions, Writer

_SEVERITIES = {Level.ERROR: "critical", Level.WARNING: "major", Level.NOTE: "info"}


class GitlabWriter(Writer):
    """One issue a finding; GitLab compares reports by fingerprint, so each is there once."""

    name: ClassVar[str] = "gitlab"

    def render(self, report: Report, options: RenderOptions) -> str:
        return to_json([_issue(finding) for finding in report.findings])


def _issue(finding: Finding) -> dict[str, Any]:
    return {
        "description": visible(f"{finding.code} {finding.name}: {finding.message}"),
        "check_name": visible(finding.code),
        "fingerprint": finding.fingerprint or _fingerprint(finding),
        "severity": _SEVERITIES[finding.level],
        "location": {
            "path": visible(finding.region.path),
            "lines": {"begin": max(finding.region.start_line, 1)},
        },
    }


def _fingerprint(finding: Finding) -> str:
    """For a finding that never went through triage."""
    text = "\0".join((finding.code, str(finding.region), finding.message))
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32]
