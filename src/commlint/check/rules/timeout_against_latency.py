"""CL504."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.rule import Rule, option
from commlint.check.sightings import duration, other_side
from commlint.graph import SystemGraph, number
from commlint.model.findings import Finding, Level, Related


@dataclass(frozen=True)
class TimeoutAgainstLatency(Rule):
    """
    A call gives up before its answer usually comes, or waits far longer than it ever takes.

    What it flags:
        A call whose effective bound is below the 99th percentile of what traces saw it take, or more than
        `max-factor` times above it and above `min-seconds`.

    Why it matters:
        A bound that is too short fails requests that would have been answered, and is often followed by a retry. One
        that is far too long holds threads and connections of everybody who waits when the other side hangs.

    Example:
        The bound is 200 ms, and one request of a hundred takes 350 ms or more.

    Instead:
        Set the bound a little above what the slowest answer of use takes, and mend what makes answers slow.

    What it cannot see:
        Calls that were cut off by the bound may be in the traces with its length. Bounds that are not known.

    References:
        - https://sre.google/sre-book/addressing-cascading-failures/
    """

    code: ClassVar[str] = "CL504"
    level: ClassVar[Level] = Level.WARNING
    needs_traces: ClassVar[bool] = True
    min_calls: int = option(100, "calls that must have been seen")
    max_factor: float = option(20.0, "how many times the latency a bound may be")
    min_seconds: float = option(1.0, "longest bound that is never too long")

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        for edge in graph.system.edges:
            caller = graph.operations.get(edge.source)
            seen = edge.observed
            if caller is None or seen is None or edge.kind != "sync" or seen.calls < self.min_calls:
                continue
            policy = caller.policies.timeout
            bound = number(policy)
            if not bound:
                continue
            short = bound < seen.p99
            if not short and (bound <= self.max_factor * seen.p99 or bound <= self.min_seconds):
                continue
            verdict = "gives up before its answer" if short else "waits far longer than its answer takes"
            region = caller.operation.region
            elsewhere = [Related(policy.region, "the bound is set here")] if policy.region not in (None, region) else []
            yield self.finding(
                f"{caller.label} to {other_side(edge, graph)} {verdict}: the bound is {duration(bound)}, "
                f"p99 is {duration(seen.p99)} ({seen.calls} calls)",
                region,
                [edge.source, edge.target],
                help="set the bound a little above what the slowest answer of use takes",
                confidence=edge.confidence,
                related=[each for each in elsewhere if each.region is not None],
                services=[edge.source_service],
            )
