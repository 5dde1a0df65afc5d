"""CL502."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.rule import Rule, option
from commlint.check.sightings import other_side
from commlint.graph import SystemGraph
from commlint.model.findings import Finding, Level
from commlint.model.operations import Confidence, Evidence


@dataclass(frozen=True)
class UnobservedEdge(Rule):
    """
    Code makes a call that no trace holds, though what leads to it was seen often.

    What it flags:
        A call or sending whose entry operations were entered at least `min-entries` times in the traces, and which
        was never seen itself. Silent where more than `max-orphans` of all spans have lost their parents: such traces
        have holes.

    Why it matters:
        The call may be dead code, sit behind a flag, or run without instrumentation: then nobody sees it fail.

    Example:
        `orders POST /orders` was entered 12,000 times, and its call of `loyalty` never seen.

    Instead:
        Take away what is dead, or instrument the client.

    What it cannot see:
        Rare branches: never seen is not never made.

    References:
        - https://opentelemetry.io/docs/concepts/instrumentation/
    """

    code: ClassVar[str] = "CL502"
    level: ClassVar[Level] = Level.NOTE
    needs_traces: ClassVar[bool] = True
    min_entries: int = option(100, "times that what leads to the call must have been entered")
    max_orphans: float = option(0.05, "share of spans without their parents from which on traces prove nothing")

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        watched = graph.system.watched
        if watched.orphans > self.max_orphans:
            return
        entered = dict(watched.entered)
        for edge in graph.system.edges:
            caller = graph.operations.get(edge.source)
            if caller is None or edge.kind not in ("sync", "send") or Evidence.OBSERVED in edge.evidence:
                continue
            count = sum(entered.get(flow.entry, 0) for flow in graph.flows_to(caller.id))
            if count < self.min_entries:
                continue
            yield self.finding(
                f"{caller.label} to {other_side(edge, graph)} was never seen, though what leads to it was entered "
                f"{count} times",
                caller.operation.region,
                [edge.source, edge.target],
                help="take away what is dead, or instrument the client",
                confidence=Confidence.LIKELY,
                services=[edge.source_service],
            )
