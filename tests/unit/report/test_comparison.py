"""Two states of a system as one drawing."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from commlint.model.operations import Role
from commlint.model.system import Flow, System
from commlint.report.comparison import comparison
from commlint.report.report import draw
from commlint.report.view import ADDED, REMOVED, GraphView, view
from tests.unit.report.builders import edge, operation, shop


def compared(before: System, after: System, level: str = "service") -> GraphView:
    return comparison(before, after, lambda system: view(system, level=level), "main")


def with_refund() -> System:
    """The shop, whose stock now calls billing and waits, and nobody sends mail any more."""
    system = shop()
    serves = operation("billing", 41, Role.SERVER, "http", "POST /refund")
    refund = operation("stock", 31, Role.CLIENT, "http", "POST /refund")
    reserve = next(entry for entry in system.operations if entry.service == "stock")
    return replace(
        system,
        services=tuple(service for service in system.services if service.name != "mail"),
        operations=(*(entry for entry in system.operations if entry.service != "mail"), serves, refund),
        edges=(*system.edges[:-1], edge("sync", refund, "service:billing", "billing")),
        channels=system.channels[:-1],
        flows=(*system.flows, Flow("stock", reserve.id, refund.id, ())),
    )


def test_only_what_differs_is_drawn() -> None:
    """Arrows that are new and gone, with their ends; services that came or went."""
    found = compared(shop(), with_refund())

    assert [(arrow.source, arrow.target, arrow.change) for arrow in found.edges] == [
        ("service:mail", "channel:redis:mails", REMOVED),
        ("service:stock", "service:billing", ADDED),
    ]
    assert {node.id: node.change for node in found.nodes} == {
        "service:mail": REMOVED,
        "channel:redis:mails": REMOVED,
        "service:stock": "",
        "service:billing": "",
    }
    assert found.title == "1 edge added and 1 removed since main"


def test_the_change_in_depth_is_told() -> None:
    """Requests that now wait through one more service; the gateway does not count."""
    _, longest, *deeper = compared(shop(), with_refund()).notes

    assert longest == "longest row of waiting calls: 2 → 3 services"
    assert deeper == ["POST /checkout of gateway: 2 → 3 services", "POST /orders of orders: 2 → 3 services"]


def test_equal_states_have_nothing_to_draw() -> None:
    """Lines that moved are no difference."""
    found = compared(shop(), shop())

    assert (found.nodes, found.edges) == ((), ())
    assert found.notes[0] == "0 edges added and 0 removed since main"


def test_a_system_that_was_not_there_is_new_as_a_whole() -> None:
    """Every node and every arrow."""
    found = compared(System(), shop())

    assert {drawn.change for drawn in (*found.nodes, *found.edges)} == {ADDED}


@pytest.mark.parametrize("level", ["service", "endpoint"])
@pytest.mark.parametrize("name", ["dot", "graphml", "json", "mermaid"])
def test_every_diagram_tells_added_from_removed(name: str, level: str) -> None:
    """By sign, colour or attribute."""
    text = draw(compared(shop(), with_refund(), level), name)
    marks = {
        "dot": ('"+ ', '"− ', "#1a7f37"),
        "graphml": (">added<", ">removed<"),
        "json": ('"added"', '"removed"', '"notes"'),
        "mermaid": ("#43; ", "#8722; ", "linkStyle", "2 #8594; 3 services"),
    }
    assert [mark for mark in marks[name] if mark not in text] == []


def test_the_json_document_carries_the_whole_system_and_the_changes() -> None:
    """Programs choose for themselves."""
    document = json.loads(draw(compared(shop(), with_refund()), "json"))

    assert document["changes"]["edges"][1] == {
        "change": "added",
        "source": "stock",
        "target": "billing",
        "kind": "sync",
        "protocol": "http",
        "label": "POST /refund",
    }
    assert {"gateway", "orders"} < {service["name"] for service in document["services"]}
