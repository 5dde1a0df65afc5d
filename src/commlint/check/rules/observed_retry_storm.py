"""CL508."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.rule import Rule, option
from commlint.check.sightings import other_side, place_of, seen_edges, subjects_of
from commlint.graph import SystemGraph
from commlint.model.findings import Finding, Level


@dataclass(frozen=True)
class ObservedRetryStorm(Rule):
    """
    A large share of the calls between two services are repetitions.

    What it flags:
        A call of which more than `max-share` were requests made again, over at least `min-calls` of them.

    Why it matters:
        Repetitions multiply the load exactly when the other side is weak, and keep it from recovering.

    Example:
        Of 400 calls from `orders` to `pricing` 180 are repetitions.

    Instead:
        Repeat less and later (fewer attempts, growing waits with jitter, a budget for repetitions), break the circuit
        while the other side fails, and mend what makes it fail.

    What it cannot see:
        Repetitions whose instrumentation does not count them (`http.request.resend_count`), as those of gRPC.

    References:
        - https://sre.google/sre-book/handling-overload/
    """

    code: ClassVar[str] = "CL508"
    level: ClassVar[Level] = Level.WARNING
    needs_traces: ClassVar[bool] = True
    max_share: float = option(0.1, "share of the calls that may be repetitions")
    min_calls: int = option(20, "calls that must have been seen")

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        for edge, seen in seen_edges(graph):
            if seen.calls < self.min_calls or seen.retries <= self.max_share * seen.calls:
                continue
            yield self.finding(
                f"of {seen.calls} calls from {edge.source_service} to {other_side(edge, graph)} {seen.retries} are "
                f"repetitions ({seen.errors} failed)",
                place_of(edge, graph),
                subjects_of(edge),
                help="repeat less and later, and break the circuit while the other side fails",
                confidence=edge.confidence,
                services=[edge.source_service],
            )
