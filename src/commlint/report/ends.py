"""Which nodes of a drawing the two sides of an edge are, at the level that is drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from commlint.model.operations import Role
from commlint.model.system import INFRASTRUCTURE, Edge, External, Service, System


class Pair(NamedTuple):
    """The way a call or message takes, from node id to node id."""

    source: str
    target: str


def infrastructure_of(system: System) -> frozenset[str]:
    """Ids of the services and externals that are infrastructure."""
    return frozenset(peer.id for peer in peers(system) if peer.kind in INFRASTRUCTURE)


def peers(system: System) -> Iterator[Service | External]:
    """Everything that talks: services, then externals."""
    yield from system.services
    yield from system.externals


class Ends:
    """
    Answers between which nodes an edge runs.

    At service level these are services, channels and externals. At endpoint level a service falls apart
    into its endpoints and consumers; what it does outside of them stays with the service itself.
    """

    def __init__(self, system: System, endpoints: bool) -> None:
        self._endpoints = endpoints
        self._alone = {channel.id for channel in system.channels} | {external.id for external in system.externals}
        self._endpoint_ids = {endpoint.id for endpoint in system.endpoints}
        self._entries: dict[str, set[str]] = defaultdict(set)
        if endpoints:
            self._find_entries(system)

    def _find_entries(self, system: System) -> None:
        nodes: dict[str, set[str]] = defaultdict(set)
        for endpoint in system.endpoints:
            nodes[endpoint.operation].add(endpoint.id)
        for operation in system.operations:
            if operation.operation.role is Role.CONSUMER:
                nodes[operation.id].add(operation.id)
                self._entries[operation.id].add(operation.id)
        for flow in system.flows:
            self._entries[flow.exit] |= nodes.get(flow.entry, set())

    def of(self, edge: Edge) -> tuple[Pair, ...]:
        """The node pairs of an edge in the direction things travel; empty when a side is not known at all."""
        near, far = self._near(edge), self._far(edge)
        if not near or not far:
            return ()
        if edge.kind == "receive":
            return tuple(Pair(far, node) for node in near)
        return tuple(Pair(node, far) for node in near)

    def _near(self, edge: Edge) -> tuple[str, ...]:
        entries = self._entries.get(edge.source)
        if entries:
            return tuple(sorted(entries))
        if edge.source in self._alone:
            return (edge.source,)
        owner = edge.source_service or (edge.target_service if edge.kind == "receive" else "")
        return (f"service:{owner}",) if owner else ()

    def _far(self, edge: Edge) -> str:
        if edge.target in self._alone or (self._endpoints and edge.target in self._endpoint_ids):
            return edge.target
        return f"service:{edge.target_service}" if edge.target_service else edge.target
