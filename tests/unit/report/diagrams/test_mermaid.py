"""Mermaid flowcharts."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.model.findings import Level
from commlint.report.marks import Mark
from commlint.report.report import draw
from commlint.report.view import Arrow, GraphView, Node, view
from tests.unit.report.builders import finding, shop

ANYTHING = st.text(st.characters(codec=None), max_size=30)
# What Mermaid reads as a command, an entity of its own, HTML or Markdown is never in a label as such.
LABEL = r'(?:#\d+;|<br/>|[^"#%<>&`*|~\\\[\]@:;$\n])+'
NODE = re.compile(rf' +n\d+(?:\("{LABEL}"\)|\["{LABEL}"\]|\[\("{LABEL}"\)\]|\(\["{LABEL}"\]\)|\{{\{{"{LABEL}"\}}\}})')
ARROW = re.compile(rf' +n\d+ (?:-->|-\.->)(?:\|"{LABEL}"\|)? n\d+')
FRAME = re.compile(
    rf'%% .*|flowchart LR| +subgraph s\d+\["{LABEL}"\]| +end| +cut\["{LABEL}"\]'
    r"| +classDef \w+ [\w:#,-]+| +class [n\d,]+ \w+| +linkStyle [\d,]+ [\w:#,-]+"
)


def test_services_channels_and_what_is_wrong_with_them_are_drawn() -> None:
    """Calls are solid, messages dotted; findings colour what they mark."""
    system = shop()
    faults = [
        finding(subjects=(system.edges[0].id,)),
        finding("CL202", level=Level.WARNING, subjects=("channel:amqp:orders.created",)),
    ]

    assert draw(view(system, faults, focus="orders"), "mermaid") == (
        """\
%% 4 services within 1 step of orders
flowchart LR
    n0[("orders.created<br/>CL202")]
    n1{{"bank.example"}}
    n2("billing")
    n3[/"gateway"\\]
    n4("orders")
    n5("stock")
    n0 -.->|"amqp"| n2
    n3 -->|"POST /orders<br/>100 calls, p99 300 ms<br/>2 errors (2 #37;)<br/>CL101"| n4
    n4 -.->|"amqp"| n0
    n4 -->|"POST /charge"| n1
    n4 -->|"shop.Stock/Reserve"| n5
    linkStyle 1 stroke:#d1242f,stroke-width:2px
    classDef warning stroke:#bf8700,stroke-width:2px
    class n0 warning
"""
    )


def test_endpoints_stand_in_their_services() -> None:
    """Each service is a box around its endpoints and consumers."""
    text = draw(view(shop(), level="endpoint", focus="billing"), "mermaid")

    assert '    subgraph s1["billing"]\n        n2(["orders.created"])\n    end\n' in text


def test_reliance_on_infrastructure_is_a_line_without_head() -> None:
    """It is no call, and where nothing is known of it nothing is written."""
    nodes = (Node("a", "orders", "service", "orders"), Node("b", "rabbit", "broker", "rabbit"))

    text = draw(GraphView("", "service", nodes, (Arrow("a", "b", "", "connect", ""),)), "mermaid")
    assert "    n0 --- n1\n" in text


def test_an_empty_graph_says_that_it_is_empty() -> None:
    """A blank picture would look like a fault."""
    assert draw(GraphView("nothing", "service"), "mermaid") == (
        '%% nothing\nflowchart LR\n%% Nothing is in view.\n    cut["Nothing is in view."]\n'
    )


def star(
    count: int, level: str = "service", label: str = "GET /", protocols: tuple[str, ...] = ("grpc", "http")
) -> GraphView:
    """A hub that calls `count` others in each of the protocols."""
    nodes = tuple(Node(f"e{n:04}", f"GET /{n}", "endpoint", f"s{n % 20:02}") for n in range(count + 1))
    arrows = tuple(Arrow("e0000", node.id, label, "sync", protocol) for node in nodes[1:] for protocol in protocols)
    return GraphView("star", level, nodes, arrows)


def test_what_is_too_large_by_endpoint_is_drawn_by_service() -> None:
    """The drawing says so where everybody sees it."""
    text = draw(star(300, "endpoint"), "mermaid")

    assert 'cut["Too large to draw by endpoint, so services are shown. Ask for a part of it with --focus."]' in text
    assert len(re.findall(r"-->", text)) == 40


def test_parallel_edges_become_one_before_anything_is_left_out() -> None:
    """400 pairs in two protocols are 800 edges, and 400 after merging."""
    text = draw(star(400), "mermaid")

    assert "parallel edges are shown as one" in text
    assert len(re.findall(r"-->", text)) == 400


def test_of_a_larger_graph_the_most_connected_part_is_drawn_within_the_limits() -> None:
    """GitHub shows an error instead of a drawing beyond 500 edges."""
    text = draw(star(2000), "mermaid")

    assert "most connected of 2001 nodes are shown" in text
    assert 400 < len(re.findall(r"-->", text)) <= 500
    assert len(text) <= 50_000


def test_long_labels_count_against_the_limit_too() -> None:
    """GitHub draws at most 50,000 characters."""
    text = draw(star(490, label=":" * 60, protocols=("http",)), "mermaid")

    assert "most connected of 491 nodes are shown" in text
    assert 30_000 < len(text) <= 50_000


@settings(deadline=None)
@given(
    st.lists(st.tuples(ANYTHING, ANYTHING), min_size=1, max_size=4), ANYTHING, st.sampled_from(["service", "endpoint"])
)
def test_whatever_a_tree_holds_stays_inside_its_label(names: list[tuple[str, str]], text: str, level: str) -> None:
    """Every line is one of ours, and there are as many nodes and arrows as asked for."""
    kinds = ("service", "channel", "external", "consumer", text)
    nodes = tuple(Node(f"{n}{name}", name, kinds[n], service) for n, (name, service) in enumerate(names))
    arrows = tuple(Arrow(nodes[0].id, node.id, text, "sync", text, marks=(Mark(text, Level.ERROR),)) for node in nodes)
    lines = draw(GraphView(text, level, nodes, arrows), "mermaid").split("\n")[:-1]

    assert sum(bool(NODE.fullmatch(line)) for line in lines) == len(nodes)
    assert sum(bool(ARROW.fullmatch(line)) for line in lines) == len(arrows)
    assert [line for line in lines if not any(form.fullmatch(line) for form in (NODE, ARROW, FRAME))] == []


def test_what_mermaid_obeys_even_inside_quotes_is_disarmed() -> None:
    """Its lexer looks for directions anywhere in a line, and Markdown for lists, emphasis and links."""
    labels = ["direction TB", "1. first", "- item", "__init__", "a_b", "www.a.example", "http://a"]
    nodes = tuple(Node(str(number), label, "service", "") for number, label in enumerate(labels))
    text = draw(GraphView("", "service", nodes), "mermaid")

    assert re.findall(r'\("(.*)"\)', text) == [
        "direction#32;TB",
        "1#46; first",
        "#45; item",
        "#95;#95;init#95;#95;",
        "a_b",
        "www#46;a.example",
        "http#58;//a",
    ]
