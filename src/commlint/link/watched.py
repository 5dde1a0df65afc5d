"""How much of the system traces have seen: what was entered, and what waited for what."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from commlint.link.seen import Nodes
from commlint.model.observations import Observations, ObservedChain, ObservedOperation, percentile
from commlint.model.system import ObservedPath, System, Watched


def watched(system: System, observations: Observations, nodes: Nodes) -> Watched:
    """What observations say of whole operations, in terms of the system."""
    handlers = {endpoint.id: endpoint.operation for endpoint in system.endpoints}
    receivers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for edge in system.edges:
        if edge.kind == "receive":
            receivers[edge.source_service, edge.target].append(edge.source)

    def known(operation: ObservedOperation) -> Iterator[str]:
        service = nodes.service(operation.service)
        if operation.role == "consumer":
            yield from receivers.get((service, nodes.known_channel(operation.protocol, operation.channel)), ())
        elif endpoint := nodes.endpoint(service, operation):
            yield handlers[endpoint.id]

    entered: Counter[str] = Counter()
    began: Counter[str] = Counter()
    for entry in observations.entries:
        for operation in known(entry.operation):
            entered[operation] += entry.entered
            began[operation] += entry.began
    paths = (_path(chain, nodes) for chain in observations.chains)
    totals = observations.totals
    return Watched(
        entered=_sorted(entered),
        began=_sorted(began),
        paths=tuple(sorted((path for path in paths if len(path.services) > 1), key=lambda path: path.entry)),
        orphans=totals.orphans / totals.spans if totals.spans else 0.0,
    )


def _sorted(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((operation, count) for operation, count in counts.items() if operation and count))


def _path(chain: ObservedChain, nodes: Nodes) -> ObservedPath:
    services: list[str] = []
    for operation in chain.path:
        service = nodes.service(operation.service)
        # A proxy beside a service is called like it, and calls it.
        if not services or services[-1] != service:
            services.append(service)
    total = sum(count for _, count in chain.depths)
    deep, took = chain.depths[-1][1], chain.latencies[-1]
    entry = f"{nodes.service(chain.entry.service)} {chain.entry.name}"
    return ObservedPath(entry, tuple(services), deep / total, percentile(took, 99), chain.trace)
