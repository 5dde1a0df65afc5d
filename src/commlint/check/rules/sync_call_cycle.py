"""CL105."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.rule import Rule
from commlint.graph import Cycle, SystemGraph
from commlint.model.findings import Finding, Level, Related


@dataclass(frozen=True)
class SyncCallCycle(Rule):
    """
    Services wait for each other within one request.

    What it flags:
        Endpoints whose blocking calls lead back to a service that is already waiting. One finding for each group of
        services, with the shortest path that shows it.

    Why it matters:
        Under load each holds the threads the other needs, and both stop. Neither can be deployed, started or
        tested without the other.

    Example:
        `POST /orders` of orders calls `POST /invoices` of billing, which calls `GET /orders/{id}` of orders.

    Instead:
        Send along what the callee would ask for, let it keep a copy of what it needs from events, or let the answer
        come back as a message.

    What it cannot see:
        Two services that call each other at endpoints no single request passes are no cycle, and are not told here.
        A call whose target is not resolved ends the path.

    References:
        - https://sre.google/sre-book/addressing-cascading-failures/
        - Fowler, Reducing Coupling, IEEE Software 18(4), 2001
    """

    code: ClassVar[str] = "CL105"
    level: ClassVar[Level] = Level.ERROR

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        for cycle in graph.sync_cycles():
            yield self._finding(cycle)

    def _finding(self, cycle: Cycle) -> Finding:
        first, last = ", ".join(cycle.services[:-1]), cycle.services[-1]
        return self.finding(
            f"{first} and {last} wait for each other",
            cycle.chain.hops[0].call.operation.region,
            [f"service:{name}" for name in cycle.services],
            help="send along what the callee asks back for, or answer with a message",
            confidence=cycle.chain.confidence,
            related=[Related(*place) for place in cycle.chain.places],
            services=cycle.services,
        )
