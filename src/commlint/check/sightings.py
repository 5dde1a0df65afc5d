"""What rules that need traces have in common: where to point at, and how to say a time."""

from __future__ import annotations

from collections.abc import Iterator

from commlint.graph import SystemGraph
from commlint.model.places import Region
from commlint.model.system import Edge, Observed


def duration(seconds: float) -> str:
    """A time in the unit that suits it."""
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def seen_edges(graph: SystemGraph) -> Iterator[tuple[Edge, Observed]]:
    """The edges that traces saw begin at a service of the system, with what they saw."""
    for edge in graph.system.edges:
        if edge.observed is not None and edge.source_service in graph.services:
            yield edge, edge.observed


def subjects_of(edge: Edge) -> list[str]:
    """What a finding on an edge is about: its ends, the service where no operation is known to begin it."""
    return [edge.source or f"service:{edge.source_service}", edge.target]


def place_of(edge: Edge, graph: SystemGraph) -> Region:
    """The line of an edge, or where its service is declared when traces alone know it."""
    return edge.region or anchor(edge.source_service, graph)


def anchor(source: str, graph: SystemGraph) -> Region:
    """Where to point at for what has no line: the service's declaration, else its code."""
    service = graph.services[source]
    operations = [entry.operation.region for entry in graph.system.operations if entry.service == source]
    if service.why:
        return service.why[0]
    return min(operations, default=Region(service.roots[0] if service.roots else "."))


def other_side(edge: Edge, graph: SystemGraph) -> str:
    """What the target of an edge is called."""
    target = graph.operations.get(edge.target)
    if edge.target in graph.channels:
        return graph.channels[edge.target].name
    return edge.target_service or (target.label if target else edge.target.partition(":")[2])
