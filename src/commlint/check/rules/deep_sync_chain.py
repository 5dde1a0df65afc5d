"""CL104."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import ClassVar

from commlint.check.rule import Rule, option
from commlint.check.sightings import duration
from commlint.graph import Chain, SystemGraph
from commlint.model.findings import Finding, Level, Related
from commlint.model.places import Region
from commlint.model.system import Observed


@dataclass(frozen=True)
class DeepSyncChain(Rule):
    """
    A request waits for more services in a row than allowed.

    What it flags:
        A path of blocking calls, from endpoint to endpoint, through more than `max-services` services, the first
        one counted. Each start is told once, with its longest path.

    Why it matters:
        The request fails when any of them fails and takes as long as all of them together; no team on the way can
        tell from its own code how long the path is.

    Example:
        `POST /orders` of orders calls billing, whose endpoint calls inventory, whose endpoint calls prices.

    Instead:
        Answer from data at hand (a copy kept up to date by events), let a message carry the later steps, or call
        the services one beside the other instead of one behind the other.

    What it cannot see:
        A call whose target is not resolved ends the path, and so does a service whose endpoint is not known.
        Spawned and queued work does not count: nobody waits for it. Where traces are given, the latency is that of the
        slowest hop they saw, since each waits for all behind it; what every hop took is told at its place.

    References:
        - https://sre.google/sre-book/addressing-cascading-failures/
        - https://learn.microsoft.com/en-us/dotnet/architecture/microservices/architect-microservice-container-applications/communication-in-microservice-architecture
    """

    code: ClassVar[str] = "CL104"
    level: ClassVar[Level] = Level.ERROR
    max_services: int = option(3, "services a request may pass, the first one counted")
    count_gateways: bool = option(False, "count gateways as services")

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        uncounted = () if self.count_gateways else ("gateway",)
        by_place: dict[tuple[Region, ...], list[Chain]] = defaultdict(list)
        for chain in graph.sync_chains(self.max_services, uncounted):
            by_place[tuple(hop.call.operation.region for hop in chain.hops)].append(chain)
        for _, chains in sorted(by_place.items()):
            yield self._finding(chains)

    def _finding(self, chains: list[Chain]) -> Finding:
        chain = chains[0]
        starts = [found.hops[0].title for found in chains]
        who = f"{starts[0]} and {len(starts) - 1} more" if len(starts) > 1 else starts[0]
        way = " → ".join(chain.services)
        took = _took([hop.edge.observed for hop in chain.hops if hop.edge.observed])
        return self.finding(
            f"{who} waits through {len(chain.services)} services in a row: {way}{took}",
            chain.hops[0].call.operation.region,
            {node for found in chains for node in found.subjects},
            help="answer from data at hand, or let a message carry the later steps",
            confidence=chain.confidence,
            related=list(_places(chain)),
            services=[found.hops[0].source for found in chains],
        )


def _took(seen: list[Observed]) -> str:
    """How long a request waits, as traces saw it; the first call waits for all others, but may not have been seen."""
    if not seen:
        return ""
    slowest = max(seen, key=lambda each: (each.p95, each.p99))
    return f" (p95 {duration(slowest.p95)}, p99 {duration(max(each.p99 for each in seen))} in the traces)"


def _places(chain: Chain) -> Iterator[Related]:
    """The hops in order, each with what traces saw of it, and where the answer comes from."""
    for hop, (region, message) in zip_longest(chain.hops, chain.places):
        seen = hop.edge.observed if hop else None
        yield Related(region, f"{message} (p95 {duration(seen.p95)}, {seen.calls} calls)" if seen else message)
