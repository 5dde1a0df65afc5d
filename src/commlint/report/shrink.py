"""A drawing made smaller step by step, so that it fits where it is shown."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

from commlint.report.marks import ordered
from commlint.report.view import Arrow, GraphView, Node, together

_PARTS = frozenset({"endpoint", "consumer"})


def collapsed(view: GraphView) -> GraphView:
    """Endpoints and consumers drawn as the services they belong to."""
    kinds = {service.name: service.kind for service in view.system.services}
    home = {node.id: f"service:{node.service}" if node.kind in _PARTS else node.id for node in view.nodes}
    groups: dict[str, list[Node]] = defaultdict(list)
    for node in view.nodes:
        groups[home[node.id]].append(node)
    nodes = []
    for id, members in sorted(groups.items()):
        whole = next((node for node in members if node.id == id), None)
        service = members[0].service
        plain = whole or Node(id, service, kinds.get(service, "service"), service)
        nodes.append(replace(plain, marks=ordered(mark for node in members for mark in node.marks)))
    moved = [replace(arrow, source=home[arrow.source], target=home[arrow.target]) for arrow in view.edges]
    return replace(view, level="service", nodes=tuple(nodes), edges=_joined(moved, by_protocol=True))


def merged(view: GraphView) -> GraphView:
    """At most one arrow of a kind from one node to another, whatever the protocols."""
    return replace(view, edges=_joined(view.edges, by_protocol=False))


def most_connected(view: GraphView, count: int) -> GraphView:
    """Only the `count` nodes with most arrows, and the arrows between them; what is marked counts double."""
    weight: Counter[str] = Counter()
    for arrow in view.edges:
        value = 2 if arrow.marks else 1
        weight[arrow.source] += value
        weight[arrow.target] += value
    ranked = sorted(view.nodes, key=lambda node: (-weight[node.id] - len(node.marks), node.id))
    kept = {node.id for node in ranked[:count]}
    return replace(
        view,
        nodes=tuple(node for node in view.nodes if node.id in kept),
        edges=tuple(arrow for arrow in view.edges if arrow.source in kept and arrow.target in kept),
    )


def _joined(arrows: list[Arrow] | tuple[Arrow, ...], by_protocol: bool) -> tuple[Arrow, ...]:
    groups: dict[tuple[str, ...], list[Arrow]] = defaultdict(list)
    for arrow in arrows:
        protocol = arrow.protocol if by_protocol else ""
        groups[arrow.source, arrow.target, arrow.kind, protocol, arrow.change].append(arrow)
    return tuple(_one(groups[key]) for key in sorted(groups))


def _one(arrows: list[Arrow]) -> Arrow:
    if len(arrows) == 1:
        return arrows[0]
    protocols = sorted({arrow.protocol for arrow in arrows})
    sites = sum(arrow.sites for arrow in arrows)
    return replace(
        arrows[0],
        label=f"{', '.join(protocols)} x{sites}",
        protocol=", ".join(protocols),
        sites=sites,
        marks=ordered(mark for arrow in arrows for mark in arrow.marks),
        observed=together(arrow.observed for arrow in arrows),
        evidence=tuple(sorted({evidence for arrow in arrows for evidence in arrow.evidence})),
    )
