"""CL505."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.rule import Rule, option
from commlint.check.sightings import other_side, place_of, seen_edges, subjects_of
from commlint.graph import SystemGraph
from commlint.model.findings import Finding, Level


@dataclass(frozen=True)
class ObservedCallStorm(Rule):
    """
    One request makes the same call again and again.

    What it flags:
        A call to a service or a database that a single request was seen making more than `max-calls` times.

    Why it matters:
        The latency of the request and the load on the other side grow with the data. It is the query in a loop
        (N+1), across the network.

    Example:
        A request to `orders GET /orders` makes 120 calls of `pricing GET /prices/{sku}`, one for each line.

    Instead:
        Ask for all at once (a batch endpoint, `IN (…)`, a join), or keep what was asked for.

    What it cannot see:
        Calls that differ in what the traces call them, such as paths without a template, count as different ones.

    References:
        - https://learn.microsoft.com/en-us/azure/architecture/antipatterns/chatty-io/
    """

    code: ClassVar[str] = "CL505"
    level: ClassVar[Level] = Level.WARNING
    needs_traces: ClassVar[bool] = True
    max_calls: int = option(10, "calls that one request may make")

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        for edge, seen in seen_edges(graph):
            if edge.kind not in ("sync", "connect") or seen.most <= self.max_calls:
                continue
            yield self.finding(
                f"{edge.source_service} calls {other_side(edge, graph)} up to {seen.most} times in one request",
                place_of(edge, graph),
                subjects_of(edge),
                help="ask for all at once, or keep what was asked for",
                confidence=edge.confidence,
                services=[edge.source_service],
            )
