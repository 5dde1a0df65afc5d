"""Drawings made smaller."""

from __future__ import annotations

from commlint.model.findings import Level
from commlint.report.marks import Mark
from commlint.report.shrink import collapsed, merged, most_connected
from commlint.report.view import Arrow, GraphView, Node, view
from tests.unit.report.builders import finding, shop


def test_collapsing_endpoints_gives_the_nodes_and_arrows_of_the_service_level() -> None:
    """Only labels are coarser."""
    whole, small = view(shop()), collapsed(view(shop(), level="endpoint"))

    assert small.level == "service"
    assert small.nodes == whole.nodes
    assert [(arrow.source, arrow.target, arrow.kind) for arrow in small.edges] == [
        (arrow.source, arrow.target, arrow.kind) for arrow in whole.edges
    ]


def test_marks_of_endpoints_stay_on_their_service() -> None:
    """A smaller drawing hides no finding."""
    system = shop()
    fault = finding("CL303", subjects=(system.endpoints[0].id,))

    small = collapsed(view(system, [fault], "endpoint"))
    assert {node.id: node.marks for node in small.nodes if node.marks} == {
        "service:gateway": (Mark("CL303", Level.ERROR),)
    }


def test_merging_leaves_one_arrow_of_a_kind() -> None:
    """Solid and dotted ones stay apart."""
    view_of_three = GraphView(
        "",
        "service",
        edges=(
            Arrow("a", "b", "GET /", "sync", "http", sites=2),
            Arrow("a", "b", "X/Y", "sync", "grpc", sites=1),
            Arrow("a", "b", "amqp", "send", "amqp"),
        ),
    )

    send, sync = sorted(merged(view_of_three).edges, key=lambda arrow: arrow.kind)
    assert (sync.label, sync.sites) == ("grpc, http x3", 3)
    assert send.label == "amqp"


def test_the_most_connected_nodes_are_kept_with_the_arrows_between_them() -> None:
    """A finding on an arrow makes its ends more worth showing."""
    nodes = tuple(Node(name, name, "service", name) for name in "abcd")
    mark = (Mark("CL101", Level.ERROR),)
    star = GraphView(
        "",
        "service",
        nodes,
        (
            Arrow("a", "b", "", "sync", "http"),
            Arrow("a", "c", "", "sync", "http"),
            Arrow("a", "d", "", "sync", "http", marks=mark),
        ),
    )

    small = most_connected(star, 2)
    assert [node.id for node in small.nodes] == ["a", "d"]
    assert [(arrow.source, arrow.target) for arrow in small.edges] == [("a", "d")]
