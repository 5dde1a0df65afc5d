"""CL111."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.rule import Rule, option
from commlint.graph import Site, SystemGraph, sites
from commlint.model.findings import Finding, Level, Related
from commlint.model.operations import Confidence
from commlint.model.places import Region
from commlint.model.system import ServiceOperation


@dataclass(frozen=True)
class CallInLoop(Rule):
    """
    Another service is called once for every element of some data.

    What it flags:
        A blocking HTTP, gRPC, GraphQL or RPC call inside a loop or comprehension over data, also when the loop
        stands in a function further up the way.

    Why it matters:
        The time of the request grows with the data, as does the load on the callee: one request for a page of a
        hundred orders is a hundred and one requests.

    Example:
        ```python
        for item in order.items:
            prices.append(httpx.get(f"http://prices/prices/{item.sku}").json())
        ```

    Instead:
        Ask for all of them at once, keep a copy of what changes rarely, or at least ask side by side with a bound
        on how many.
        ```python
        prices = httpx.get("http://prices/prices", params={"sku": [item.sku for item in order.items]}).json()
        ```

    What it cannot see:
        How many elements there are. Retry loops, pagination, receive loops and a few written-out elements are
        told apart and not flagged.

    References:
        - https://learn.microsoft.com/en-us/azure/architecture/antipatterns/chatty-io/
    """

    code: ClassVar[str] = "CL111"
    level: ClassVar[Level] = Level.WARNING
    protocols: tuple[str, ...] = option(("http", "grpc", "graphql", "rpc"), "protocols whose calls are looked at")

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        looped: dict[Region, list[ServiceOperation]] = defaultdict(list)
        for entry in graph.calls(self.protocols):
            loop = _data_loop(entry, graph)
            if loop is not None and entry.operation.style != "spawned":
                looped[loop].append(entry)
        for loop, entries in sorted(looped.items()):
            for site in sites(entries):
                yield self._finding(site, loop)

    def _finding(self, site: Site, loop: Region) -> Finding:
        over = next((found.over for entry in site.operations if (found := entry.operation.loop)), "")
        each = f"every element of {over}" if over else "every element of a loop"
        return self.finding(
            f"{site.titles} is called once for {each}",
            site.region,
            site.subjects,
            help="ask for all elements in one call, or keep a copy of what changes rarely",
            confidence=min(site.confidence, Confidence.LIKELY, key=lambda confidence: confidence.rank),
            related=[Related(loop, "the loop")],
            services=site.services,
        )


def _data_loop(entry: ServiceOperation, graph: SystemGraph) -> Region | None:
    loop = entry.operation.loop
    if loop is not None:
        return loop.region if loop.kind == "data" else None
    return next((flow.in_loop for flow in graph.flows_to(entry.id) if flow.in_loop and flow.blocking), None)
