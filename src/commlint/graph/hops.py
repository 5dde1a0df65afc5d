"""Blocking hops in a row: how long a request waits through services, and where it comes back."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from commlint.model.operations import Confidence
from commlint.model.places import Region
from commlint.model.system import Edge, Endpoint, Flow, ServiceOperation


@dataclass(frozen=True, slots=True)
class Hop:
    """
    Something in `source` calls `target` and waits.

    `entry`: the operation whose request waits, None when nothing known starts the call.
    `endpoint`: what answers, None when only the service is known.
    """

    source: str
    target: str
    entry: ServiceOperation | None
    call: ServiceOperation
    flow: Flow | None
    edge: Edge
    endpoint: Endpoint | None

    @property
    def start(self) -> str:
        """Id of the node the hop leaves from."""
        return (self.entry or self.call).id

    @property
    def goal(self) -> str:
        """Id of the operation that answers, "" when unknown."""
        return self.endpoint.operation if self.endpoint else ""

    @property
    def title(self) -> str:
        """What waits, as a person would say it: `POST /orders of orders`."""
        name = self.entry.label if self.entry else self.call.operation.function.rpartition("::")[2]
        return f"{name} of {self.source}" if name else self.source


@dataclass(frozen=True, slots=True)
class Chain:
    """Hops in a row; each starts where the one before it has led."""

    hops: tuple[Hop, ...]

    @property
    def services(self) -> tuple[str, ...]:
        """Every service on the way once, in order, the first one included."""
        names = [self.hops[0].source, *(hop.target for hop in self.hops)]
        return tuple(dict.fromkeys(names))

    @property
    def subjects(self) -> tuple[str, ...]:
        """Ids of the operations that call, without the services."""
        return tuple(hop.call.operation.id for hop in self.hops)

    @property
    def places(self) -> tuple[tuple[Region, str], ...]:
        """Where each hop is made and what waits there, and at last where the answer comes from."""
        found = [
            (hop.call.operation.region, f"{hop.title} waits for {hop.target}: {hop.call.label}") for hop in self.hops
        ]
        end = self.hops[-1]
        if end.endpoint:
            found.append(
                (end.endpoint.region, f"{end.target} answers {end.endpoint.method} {end.endpoint.path}".rstrip())
            )
        return tuple(found)

    @property
    def confidence(self) -> Confidence:
        """That of its weakest link."""
        links = [hop.edge.confidence for hop in self.hops] + [hop.call.operation.confidence for hop in self.hops]
        return min(links, key=lambda confidence: confidence.rank)


@dataclass(frozen=True, slots=True)
class Cycle:
    """Services that wait for each other, sorted, and the shortest chain that shows it, from the first of them."""

    services: tuple[str, ...]
    chain: Chain


Hops = Mapping[str, Sequence[Hop]]


def longest_chains(hops: Hops, uncounted: frozenset[str] = frozenset()) -> dict[str, Chain]:
    """For every start the chain through most services; services of `uncounted` do not add to it."""

    def length(hop: Hop, rest: float) -> float:
        return rest if hop.target == hop.source or hop.target in uncounted else rest + 1

    return {start: chain for start, (_, chain) in best_chains(hops, length, 0).items()}


def best_chains(hops: Hops, worth: Callable[[Hop, float], float], nothing: float) -> dict[str, tuple[float, Chain]]:
    """
    For every start the chain that is worth most, and what it is worth.

    `worth` of a hop is told what the chain after it is worth, `nothing` where none follows.
    A hop back to where the walk is already does not count, so cycles end; each start is walked once.
    """
    best: dict[str, tuple[float, Hop]] = {}
    finished: set[str] = set()
    for start in sorted(hops):
        for node in _postorder(start, hops, finished):
            ways = [
                (worth(hop, best[hop.goal][0] if hop.goal in best else nothing), hop)
                for hop in hops.get(node, ())
                if _ahead(hop, finished)
            ]
            finished.add(node)
            if ways:
                best[node] = max(ways, key=lambda way: way[0])
    return {start: (best[start][0], _unroll(start, best)) for start in best}


def cycles(hops: Hops) -> tuple[Cycle, ...]:
    """
    Services a request comes back to while they wait for it; one for each group of services, sorted.

    Two services that call each other at endpoints no single request passes are no cycle.
    """
    # Imported when needed: a tree that did not change is answered before it would be loaded.
    import networkx as nx

    returning = [chain for start in sorted(hops) if (chain := _way_back(start, hops))]
    between: nx.DiGraph[str] = nx.DiGraph()
    for chain in returning:
        between.add_edges_from((hop.source, hop.target) for hop in chain.hops if hop.source != hop.target)
    found: list[Cycle] = []
    for group in nx.strongly_connected_components(between):
        names = tuple(sorted(group))
        inside = [chain for chain in returning if set(chain.services) <= group]
        if len(names) > 1 and inside:
            found.append(Cycle(names, min(inside, key=_canonical)))
    return tuple(sorted(found, key=lambda cycle: cycle.services))


def _canonical(chain: Chain) -> tuple[object, ...]:
    return (chain.services[0], len(chain.hops), [hop.call.id for hop in chain.hops])


def _way_back(start: str, hops: Hops) -> Chain | None:
    """The shortest chain from an entry into another service and back to its own."""
    pending: deque[tuple[str, tuple[Hop, ...]]] = deque([(start, ())])
    seen = {start}
    while pending:
        node, way = pending.popleft()
        for hop in hops.get(node, ()):
            if hop.entry is None:
                continue
            further = (*way, hop)
            home = further[0].source
            if hop.target == home and hop.source != home:
                return Chain(further)
            if hop.goal and hop.goal not in seen:
                seen.add(hop.goal)
                pending.append((hop.goal, further))
    return None


def _postorder(start: str, hops: Hops, finished: set[str]) -> Iterable[str]:
    """Nodes reached from `start` that are not finished, each after those it leads to (but for hops back)."""
    on_way = {start}
    stack = [(start, iter(hops.get(start, ())))]
    if start in finished:
        return
    while stack:
        node, rest = stack[-1]
        for hop in rest:
            if hop.goal and hop.goal not in on_way and hop.goal not in finished:
                on_way.add(hop.goal)
                stack.append((hop.goal, iter(hops.get(hop.goal, ()))))
                break
        else:
            stack.pop()
            yield node


def _ahead(hop: Hop, finished: set[str]) -> bool:
    return not hop.goal or hop.goal in finished


def _unroll(start: str, best: Mapping[str, tuple[float, Hop]]) -> Chain:
    way: list[Hop] = []
    node = start
    while node in best:
        hop = best[node][1]
        way.append(hop)
        node = hop.goal
    return Chain(tuple(way))
