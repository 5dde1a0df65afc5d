"""Findings for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import StringIO
from itertools import groupby
from typing import ClassVar

from rich.console import Console
from rich.style import Style
from rich.text import Text

from commlint.model.findings import Finding, Level, Related, Report
from commlint.model.operations import Confidence
from commlint.report.escaping import visible
from commlint.report.frame import frame
from commlint.report.port import RenderOptions, Writer
from commlint.report.totals import against, found, seen, totals

_NARROWEST = 24
_HOPS = 10
_PLACE_WIDTH = 36
_STYLES = {
    Level.ERROR: Style(color="red", bold=True),
    Level.WARNING: Style(color="yellow", bold=True),
    Level.NOTE: Style(color="cyan", bold=True),
}
_STRONG = Style(bold=True)
_FAINT = Style(dim=True)
_HELP = Style(color="green")


class TextWriter(Writer):
    """Grouped by file; the code that is meant, the hops of a chain, what to do, and a line that sums up."""

    name: ClassVar[str] = "text"

    def render(self, report: Report, options: RenderOptions) -> str:
        page = _Page(report, options)
        findings = sorted(report.findings, key=lambda finding: finding.region)
        for path, group in groupby(findings, key=lambda finding: finding.region.path):
            page.file(path, group)
        page.closing(report)
        return page.text()


class _Page:
    """Lines already wrapped and escaped, then written with or without colour."""

    def __init__(self, report: Report, options: RenderOptions) -> None:
        self._options = options
        self._width = max(options.width, _NARROWEST)
        self._sources = {(path, line): text for path, line, text in report.sources}
        # An empty environment: what the text looks like is decided by the options alone.
        self._console = Console(
            file=StringIO(),
            width=self._width,
            color_system="standard" if options.color else None,
            force_terminal=options.color,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
            _environ={},
        )
        self._lines: list[Text] = []

    def text(self) -> str:
        with self._console.capture() as capture:
            for line in self._lines:
                line.rstrip()
                self._console.print(line, soft_wrap=True)
        return capture.get()

    def file(self, path: str, findings: Iterable[Finding]) -> None:
        self._lines.append(Text(visible(path), _STRONG))
        for finding in findings:
            self._finding(finding)
            self._lines.append(Text())

    def closing(self, report: Report) -> None:
        words, line = found(report), Text(totals(report))
        worst = max((finding.level for finding in report.findings), key=lambda level: level.rank, default=None)
        line.stylize(_STYLES[worst] if worst else _HELP, 0, len(words))
        if self._options.elapsed is not None:
            line.append(f" ({self._options.elapsed:.2f} s)", _FAINT)
        # Not wrapped: whoever reads only this looks for one line.
        self._lines.append(line)
        if report.drift is not None:
            self._lines.append(Text(f"traces: {seen(report.drift)}"))
        if report.baseline is not None:
            self._lines.append(Text(f"baseline: {against(report.baseline)}"))

    def _finding(self, finding: Finding) -> None:
        style = _STYLES[finding.level]
        heading = Text.assemble(
            (f"{finding.level.value}[{visible(finding.code)}]", style), " ", (visible(finding.name), _STRONG)
        )
        if finding.confidence is not Confidence.CERTAIN:
            heading.append(f" ({finding.confidence.value})", _FAINT)
        heading.append(f": {visible(finding.message)}")
        self._add(heading, "  ", "    ")
        self._place(finding, style)
        self._related(finding.related)
        if finding.help:
            self._add(Text.assemble(("help:", _HELP), f" {visible(finding.help)}"), "    ", "          ")

    def _place(self, finding: Finding, style: Style) -> None:
        region = finding.region
        place = Text(f"--> {visible(region.path)}:{region.start_line}:{region.start_column}", _FAINT)
        services = finding.services or ((finding.service,) if finding.service else ())
        if services:
            place.append(f" ({', '.join(visible(service) for service in services)})")
        self._add(place, "    ", "        ")
        source = self._sources.get((region.path, region.start_line), "")
        if not source.strip():
            return
        gutter = f"{region.start_line:>6} | "
        end = region.end_column if region.end_line == region.start_line else 0
        shown = frame(source, region.start_column, end, self._width - len(gutter))
        self._lines.append(Text.assemble((gutter, _FAINT), shown.code))
        self._lines.append(Text.assemble((" " * (len(gutter) - 2) + "| ", _FAINT), (shown.marker, style)))

    def _related(self, related: Sequence[Related]) -> None:
        hops = related if self._options.verbose else related[:_HOPS]
        places = [visible(str(hop.region)) for hop in hops]
        room = min(max((len(place) for place in places), default=0), _PLACE_WIDTH, self._width // 3)
        for number, (place, hop) in enumerate(zip(places, hops, strict=True), start=1):
            mark = f"{number}. " if len(related) > 1 else "also "
            line = Text.assemble((mark, _STRONG), f"{place:<{room}}  {visible(hop.message)}")
            self._add(line, "    ", " " * (4 + len(mark)))
        if len(hops) < len(related):
            self._add(Text(f"... and {len(related) - len(hops)} more", _FAINT), "    ", "    ")

    def _add(self, line: Text, first: str, rest: str) -> None:
        """Wrap a line at the width, its continuation indented."""
        indent = first
        for part in line.wrap(self._console, self._width - max(len(first), len(rest)), overflow="fold"):
            self._lines.append(Text.assemble(indent, part))
            indent = rest
