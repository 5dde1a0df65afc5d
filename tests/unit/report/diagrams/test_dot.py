"""Graphviz."""

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
STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')


def test_services_channels_and_what_is_wrong_with_them_are_drawn() -> None:
    """Calls are solid, messages dashed; findings colour what they mark."""
    system = shop()
    drawn = view(system, [finding(subjects=(system.edges[4].id,))], focus="billing")

    assert draw(drawn, "dot") == (
        """\
digraph commlint {
  graph [rankdir=LR, label="2 services within 1 step of billing"]
  node [fontname="Helvetica", shape=box, style=rounded]
  edge [fontname="Helvetica", fontsize=10]
  n0 [label="orders.created", shape="cylinder", style="solid"]
  n1 [label="billing"]
  n2 [label="orders"]
  n0 -> n1 [label="amqp", style="dashed"]
  n2 -> n0 [label="amqp\\nCL101", style="dashed", color="#d1242f", fontcolor="#d1242f", penwidth="2"]
}
"""
    )


def test_endpoints_stand_in_the_cluster_of_their_service() -> None:
    """Graphviz draws a box around what is called a cluster."""
    text = draw(view(shop(), level="endpoint", focus="billing"), "dot")

    assert '  subgraph cluster_1 {\n    label="billing"\n    n2 [label="orders.created"' in text


@settings(deadline=None)
@given(ANYTHING, ANYTHING, st.sampled_from(["service", "endpoint"]))
def test_whatever_a_tree_holds_stays_inside_its_string(name: str, text: str, level: str) -> None:
    """With the strings taken out, nothing of the tree is left."""
    nodes = (Node("a", name, text, text), Node("b", text, "channel", ""))
    arrows = (Arrow("a", "b", text, "send", name, marks=(Mark(name, Level.NOTE),)),)
    drawn = draw(GraphView(text, level, nodes, arrows), "dot")

    left = STRING.sub("S", drawn)
    assert re.fullmatch(r"[A-Za-z0-9_ \n{}\[\]=,>-]*", left)
    assert len(re.findall(r"^ +n\d \[", left, re.MULTILINE)) == 2
    assert len(re.findall(r" -> ", left)) == 1


def test_entities_and_escapes_are_shown_as_written() -> None:
    """Graphviz would read `&lt;` as a sign and `\\N` as the name of the node."""
    drawn = draw(GraphView("", "service", (Node("a", r'&lt; \N "q"', "service", ""),)), "dot")

    assert r'label="&amp;lt; \\N \"q\""' in drawn
