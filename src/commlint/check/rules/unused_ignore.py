"""CL901."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.rule import IgnoreUse, Rule
from commlint.graph import SystemGraph
from commlint.model.findings import Finding, Level
from commlint.model.places import Region


@dataclass(frozen=True)
class UnusedIgnore(Rule):
    """
    An inline ignore silences nothing.

    What it flags:
        A `commlint: ignore[...]` comment, or one code in it, that matches no finding of this run, and one that
        names no rule. A code whose rule did not run is left alone.

    Why it matters:
        The comment says that there is a known exception where there is none, and it will hide the next fault on
        its line without anybody having decided so.

    Example:
        ```python
        requests.get(url, timeout=2)  # commlint: ignore[CL101] the batch may wait
        ```

    Instead:
        Delete the comment, or the code that matches nothing.

    What it cannot see:
        Ignores in files that were not read.

    References:
        - https://docs.astral.sh/ruff/rules/unused-noqa/
    """

    code: ClassVar[str] = "CL901"
    level: ClassVar[Level] = Level.NOTE

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        return iter(())

    def review(self, uses: Iterable[IgnoreUse]) -> Iterator[Finding]:
        for use in uses:
            if use.matched or (use.known and not use.decided):
                continue
            what = f"ignore[{use.code}]" if use.code else "ignore"
            message = f"{what} silences nothing" if use.known else f"{what} names no rule"
            region = Region(use.path, use.line, use.column, use.line, use.column)
            yield self.finding(message, region, (use.path, use.code), help="delete it from the comment")
