"""Findings for other programs."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from commlint.model.findings import Report
from commlint.report.escaping import to_json
from commlint.report.port import RenderOptions, Writer
from commlint.report.report_v1 import document


class JsonWriter(Writer):
    """The versioned JSON document."""

    name: ClassVar[str] = "json"
    carries_line_hashes: ClassVar[bool] = True

    def render(self, report: Report, options: RenderOptions) -> str:
        return to_json(msgspec.to_builtins(document(report)))
