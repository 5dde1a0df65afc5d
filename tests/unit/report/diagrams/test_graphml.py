"""GraphML."""

from __future__ import annotations

import networkx
from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.report.escaping import visible
from commlint.report.report import draw
from commlint.report.view import Arrow, GraphView, Node, view
from tests.unit.report.builders import finding, shop

ANYTHING = st.text(st.characters(codec=None), max_size=30)


def test_what_is_drawn_can_be_read_back() -> None:
    """Nodes and arrows carry everything a drawing knows of them."""
    system = shop()
    drawn = view(system, [finding(subjects=(system.edges[0].id,))], focus="gateway")
    graph = networkx.parse_graphml(draw(drawn, "graphml"))

    assert [data["label"] for _, data in graph.nodes(data=True)] == ["gateway", "orders"]
    assert list(graph.edges(data=True)) == [
        (
            "n0",
            "n1",
            {
                "label": "POST /orders",
                "kind": "sync",
                "protocol": "http",
                "channel": "",
                "sites": 1,
                "evidence": "coded observed",
                "findings": "CL101",
                "change": "",
                "calls": 100,
                "errors": 2,
                "p50": 0.1,
                "p95": 0.2,
                "p99": 0.3,
                "id": "e0",
            },
        )
    ]


@settings(deadline=None)
@given(ANYTHING)
def test_whatever_a_tree_holds_is_valid_xml(text: str) -> None:
    """Characters that XML forbids are written out."""
    nodes = (Node(text, text, text, text),)
    drawn = GraphView(text, "service", nodes, (Arrow(text, text, text, text, text, text),))

    (data,) = (data for _, data in networkx.parse_graphml(draw(drawn, "graphml")).nodes(data=True))
    assert data["label"] == visible(text)
