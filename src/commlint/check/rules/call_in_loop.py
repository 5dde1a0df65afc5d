"""CL111."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.rule import Rule, option
from commlint.graph import Site, SystemGraph
from commlint.model.findings import Finding, Level, Related
from commlint.model.operations import Confidence
from commlint.model.places import Region
from commlint.model.system import ServiceOperation


@dataclass(frozen=True, slots=True)
class Looped:
    """A call, the loop it runs in, the call inside the loop that leads to it, and what is looped over."""

    entry: ServiceOperation
    loop: Region
    place: Region
    over: str = ""


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
        by_place: dict[Region, list[Looped]] = defaultdict(list)
        for entry in graph.calls(self.protocols):
            if entry.operation.style != "spawned":
                for looped in _looped(entry, graph):
                    by_place[looped.place].append(looped)
        for place, found in sorted(by_place.items()):
            yield self._finding(place, found)

    def _finding(self, place: Region, found: list[Looped]) -> Finding:
        site = Site(place, tuple(looped.entry for looped in found))
        over = next((looped.over for looped in found if looped.over), "")
        calls = sorted({looped.entry.operation.region for looped in found} - {place})
        loops = sorted({looped.loop for looped in found})
        return self.finding(
            f"{site.titles} is called once for every element of {over or 'a loop'}",
            place,
            site.subjects,
            help="ask for all elements in one call, or keep a copy of what changes rarely",
            confidence=min(site.confidence, Confidence.LIKELY, key=lambda confidence: confidence.rank),
            related=[
                *(Related(loop, "the loop") for loop in loops if loop.start_line != place.start_line),
                *(Related(call, "the call itself") for call in calls),
            ],
            services=site.services,
        )


def _looped(entry: ServiceOperation, graph: SystemGraph) -> Iterator[Looped]:
    """The loops over data a call runs in: its own, else those around the ways that lead to it."""
    operation = entry.operation
    if operation.loop is not None:
        if operation.loop.kind == "data":
            over = "" if "result of call" in operation.loop.over else operation.loop.over
            yield Looped(entry, operation.loop.region, _inside(operation.loop.region, (), entry), over)
        return
    for flow in graph.flows_to(entry.id):
        if flow.in_loop is not None and flow.blocking:
            yield Looped(entry, flow.in_loop, _inside(flow.in_loop, flow.lines, entry))


def _inside(loop: Region, lines: tuple[Region, ...], entry: ServiceOperation) -> Region:
    """The innermost call of a way that stands in the loop: that is what runs once for every element."""
    way = (*lines, *entry.operation.via, entry.operation.region)
    within = [line for line in way if line.path == loop.path and loop.start_line <= line.start_line <= loop.end_line]
    return within[-1] if within else entry.operation.region
