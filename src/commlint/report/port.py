"""What a plug-in on the shelves `writers/` (findings) and `diagrams/` (graphs) does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from commlint.model.findings import Report

if TYPE_CHECKING:
    from commlint.report.view import GraphView


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """
    How a report is shown; formats for machines ignore all of it.

    `width`: columns of the screen. `verbose`: chains are shown to the last hop.
    `elapsed`: seconds the run took; without it the output depends on the report alone.
    """

    width: int = 100
    color: bool = False
    verbose: bool = False
    elapsed: float | None = None


class Writer(ABC):
    """
    Renders findings; a pure function: the same report gives the same text, ending in a newline.

    `carries_line_hashes`: findings must have theirs, see `line_hash.py`.
    """

    name: ClassVar[str]
    carries_line_hashes: ClassVar[bool] = False

    @abstractmethod
    def render(self, report: Report, options: RenderOptions) -> str:
        """Whatever names, paths and messages hold, the text stays well-formed."""


class Diagram(ABC):
    """Renders a graph; a pure function: the same view gives the same text, ending in a newline."""

    name: ClassVar[str]

    @abstractmethod
    def render(self, view: GraphView) -> str:
        """Whatever names, paths and labels hold, the text stays well-formed."""
