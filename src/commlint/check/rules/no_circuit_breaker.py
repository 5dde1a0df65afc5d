"""CL106."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.rule import Rule, option
from commlint.graph import Site, SystemGraph, sites
from commlint.model.findings import Finding, Level
from commlint.model.operations import UNKNOWN, Role, State
from commlint.model.system import ServiceOperation


@dataclass(frozen=True)
class NoCircuitBreaker(Rule):
    """
    A request waits for another service, and nothing stops it from asking when that service is down.

    What it flags:
        A blocking call on the way of a request to another service with neither a circuit breaker in code nor outlier
        detection in the mesh.

    Why it matters:
        While the callee is down every request still waits for it until its bound, holds its thread or connection so
        long, and adds load to what is trying to come back.

    Example:
        ```python
        @app.get("/orders/{number}")
        def order(number):
            return requests.get(f"http://billing/invoices/{number}", timeout=2).json()
        ```

    Instead:
        Put a breaker around the call, or let the mesh leave out hosts that fail.
        ```python
        breaker = pybreaker.CircuitBreaker(fail_max=5, reset_timeout=30)


        @app.get("/orders/{number}")
        def order(number):
            return breaker.call(requests.get, f"http://billing/invoices/{number}", timeout=2).json()
        ```

    What it cannot see:
        A breaker far outside the call, of one's own making, or in a proxy whose files are elsewhere.

    References:
        - https://learn.microsoft.com/en-us/azure/architecture/patterns/circuit-breaker
        - https://istio.io/latest/docs/tasks/traffic-management/circuit-breaking/
    """

    code: ClassVar[str] = "CL106"
    level: ClassVar[Level] = Level.WARNING
    external: bool = option(False, "calls to hosts outside the system count too")

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        for site in sites(entry for entry in graph.calls() if self._unprotected(entry, graph)):
            yield self._finding(site)

    def _unprotected(self, entry: ServiceOperation, graph: SystemGraph) -> bool:
        breaker = entry.policies.breaker
        # A breaker is found where it stands; where nothing at all is told of one there is none.
        if breaker.state is not State.UNSET and breaker != UNKNOWN:
            return False
        return self._leads_away(entry, graph) and _is_waited_for(entry, graph)

    def _leads_away(self, entry: ServiceOperation, graph: SystemGraph) -> bool:
        edges = graph.edges_from(entry.id)
        peers = [edge for edge in edges if edge.target_service != entry.service and graph.is_peer(edge.target_service)]
        return bool(peers) or (self.external and any(edge.target in graph.externals for edge in edges))

    def _finding(self, site: Site) -> Finding:
        return self.finding(
            f"{site.titles} is asked on the way of a request, and no circuit breaker stands before it",
            site.region,
            site.subjects,
            help="put a circuit breaker around the call, or give its host outlier detection in the mesh",
            confidence=site.confidence,
            services=site.services,
        )


def _is_waited_for(entry: ServiceOperation, graph: SystemGraph) -> bool:
    """Whether a request that arrives has to wait for the call."""
    return any(
        flow.blocking and flow.entry in graph.operations and graph.operations[flow.entry].operation.role is Role.SERVER
        for flow in graph.flows_to(entry.id)
    )
