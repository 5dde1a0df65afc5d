"""The graph as GraphML, for Gephi, yEd and their like."""

from __future__ import annotations

from typing import ClassVar

import networkx

from commlint.report.escaping import visible
from commlint.report.port import Diagram
from commlint.report.view import GraphView


class GraphmlDiagram(Diagram):
    """A directed multigraph; every property of nodes and arrows is an attribute."""

    name: ClassVar[str] = "graphml"

    def render(self, view: GraphView) -> str:
        graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(title=visible(view.title), level=view.level)
        ids = {node.id: f"n{number}" for number, node in enumerate(view.nodes)}
        for node in view.nodes:
            graph.add_node(
                ids[node.id],
                id=visible(node.id),
                label=visible(node.label),
                kind=visible(node.kind),
                service=visible(node.service),
                findings=" ".join(visible(mark.code) for mark in node.marks),
                change=node.change,
            )
        for number, arrow in enumerate(view.edges):
            figures = (
                {}
                if arrow.observed is None
                else {
                    "calls": arrow.observed.calls,
                    "errors": arrow.observed.errors,
                    "p50": arrow.observed.p50,
                    "p95": arrow.observed.p95,
                    "p99": arrow.observed.p99,
                }
            )
            graph.add_edge(
                ids[arrow.source],
                ids[arrow.target],
                key=f"e{number}",
                label=visible(arrow.label),
                kind=visible(arrow.kind),
                protocol=visible(arrow.protocol),
                channel=visible(arrow.channel),
                sites=arrow.sites,
                evidence=" ".join(evidence.value for evidence in arrow.evidence),
                findings=" ".join(visible(mark.code) for mark in arrow.marks),
                change=arrow.change,
                **figures,
            )
        return "\n".join(networkx.generate_graphml(graph)) + "\n"
