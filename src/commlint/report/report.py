"""The formats there are, and rendering by the name of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from commlint.errors import UsageError, nearest
from commlint.model.findings import Report
from commlint.plugins import on_shelf
from commlint.report.port import Diagram, RenderOptions, Writer

if TYPE_CHECKING:
    from commlint.report.view import GraphView


def writers() -> dict[str, type[Writer]]:
    """Writers of findings by name, sorted."""
    shelf = on_shelf("commlint.report.writers", Writer)
    return {writer.name: writer for writer in sorted(shelf, key=lambda plugin: plugin.name)}


def diagrams() -> dict[str, type[Diagram]]:
    """Writers of graphs by name, sorted."""
    shelf = on_shelf("commlint.report.diagrams", Diagram)
    return {diagram.name: diagram for diagram in sorted(shelf, key=lambda plugin: plugin.name)}


def render(report: Report, format_name: str, options: RenderOptions | None = None) -> str:
    """
    The report as text of the named format.

    Raises:
        UsageError: there is no such format.
    """
    known = writers()
    require(format_name, known, "output format")
    return known[format_name]().render(report, options or RenderOptions())


def draw(view: GraphView, format_name: str) -> str:
    """
    The graph as text of the named format.

    Raises:
        UsageError: there is no such format.
    """
    known = diagrams()
    require(format_name, known, "graph format")
    return known[format_name]().render(view)


def require(name: str, known: Mapping[str, object], what: str) -> None:
    """
    Check a name before any work is done for it.

    Raises:
        UsageError: `known` does not have it.
    """
    if name not in known:
        raise UsageError(f'unknown {what} "{name}"{nearest(name, known)} (known: {", ".join(known)})')
