"""CL110."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.rule import Rule, option
from commlint.graph import Chain, Hop, SystemGraph, number, tries
from commlint.model.findings import Finding, Level, Related


@dataclass(frozen=True)
class RetryAmplification(Rule):
    """
    One request becomes many, because several places on its way retry.

    What it flags:
        A path of blocking calls along which the attempts of code, client libraries and mesh multiply to more than
        `max-attempts`, at two places at least. Each start is told once, with its worst path.

    Why it matters:
        When the last service is in trouble every layer repeats what the one below has repeated already. Three
        attempts in three places are 27 requests for one, sent to the service that can bear them least.

    Example:
        orders calls billing with five attempts, and billing calls inventory with three.

    Instead:
        Retry at one place, near the fault, with a budget; let the others pass the error on.

    What it cannot see:
        Attempts that are not known count as one. Budgets and circuit breakers that end retries early.

    References:
        - https://sre.google/sre-book/addressing-cascading-failures/#xref_cascading-failure_retries
        - https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
    """

    code: ClassVar[str] = "CL110"
    level: ClassVar[Level] = Level.WARNING
    max_attempts: int = option(9, "requests that one may become at the end of a path")

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        for times, chain in graph.amplified():
            factors = [factor for hop in chain.hops for factor in _factors(graph, hop) if factor > 1]
            if times > self.max_attempts and len(factors) > 1:
                yield self._finding(graph, times, chain)

    def _finding(self, graph: SystemGraph, times: float, chain: Chain) -> Finding:
        last = max((number for number, hop in enumerate(chain.hops) if graph.sendings(hop.call) > 1), default=0)
        hops = chain.hops[: last + 1]
        often = "requests without limit" if times == float("inf") else f"{times:g} requests"
        places = [
            Related(hop.call.operation.region, f"{hop.title} calls {hop.target}{_shown(graph, hop)}") for hop in hops
        ]
        return self.finding(
            f"{hops[0].title} may become {often} to {hops[-1].target}",
            hops[0].call.operation.region,
            [hop.call.operation.id for hop in hops],
            help=f"retry at one place on the way, so that one request becomes at most {self.max_attempts}",
            confidence=chain.confidence,
            related=places,
            services=[hops[0].source],
        )


def _factors(graph: SystemGraph, hop: Hop) -> tuple[float, float]:
    """What the code tries, and what the mesh tries."""
    route = graph.route_of(hop.call)
    return tries(hop.call.policies.retry.attempts), 1 + ((number(route.retries) or 0) if route is not None else 0)


def _shown(graph: SystemGraph, hop: Hop) -> str:
    times = graph.sendings(hop.call)
    return "" if times <= 1 else " without limit" if times == float("inf") else f", up to {times:g} times"
