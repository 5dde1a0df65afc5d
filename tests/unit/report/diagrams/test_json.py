"""The public JSON of the graph."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from commlint.model.operations import Confidence, Evidence, Policy, Role, State
from commlint.model.places import Region
from commlint.model.system import Channel, Edge, External, Service, System
from commlint.model.values import Literal
from commlint.report.report import draw
from commlint.report.schemas import documents
from commlint.report.view import view
from tests.unit.report.builders import edge, operation, shop

VALIDATOR = Draft202012Validator(json.loads(documents()["graph.schema.json"]))
LIKELY, DECLARED = Confidence.LIKELY, (Evidence.DECLARED,)
ANYTHING = st.text(st.characters(codec=None), max_size=30)


def graph(system: System, **options: Any) -> Any:
    document = json.loads(draw(view(system, **options), "json"))
    VALIDATOR.validate(document)
    return document


def pairs(document: Any, kind: str) -> list[tuple[str, str]]:
    return [(one["source"], one["target"]) for one in document["edges"] if one["kind"] == kind]


def test_calls_run_from_service_to_service_with_the_line_that_makes_them() -> None:
    """Databases and outside peers are ends like any other."""
    document = graph(shop())

    assert pairs(document, "sync") == [
        ("gateway", "orders"),
        ("orders", "bank.example"),
        ("orders", "orders-db"),
        ("orders", "stock"),
    ]
    assert document["edges"][0] == {
        "source": "gateway",
        "target": "orders",
        "protocol": "http",
        "kind": "sync",
        "confidence": "certain",
        "evidence": ["coded", "observed"],
        "file": "gateway/app.py",
        "line": 12,
        "label": "POST /orders",
        "operation": "service:gateway/gateway/app.py::f#12",
        "endpoint": "endpoint:orders:POST /orders",
        "observed": {
            "calls": 100,
            "errors": 2,
            "p50": 0.1,
            "p95": 0.2,
            "p99": 0.3,
            "retries": 0,
            "redeliveries": 0,
            "most": 0,
        },
    }


def test_messages_are_listed_by_channel_and_from_sender_to_receiver() -> None:
    """A pair is as sure as the less sure of its halves; what nobody receives stays a send to the channel."""
    document = graph(shop())

    assert pairs(document, "send") == [("mail", "mails"), ("orders", "orders.created")]
    assert pairs(document, "receive") == [("orders.created", "billing")]
    assert [one for one in document["edges"] if one["kind"] == "message"] == [
        {
            "source": "orders",
            "target": "billing",
            "protocol": "messaging",
            "kind": "message",
            "confidence": "likely",
            "evidence": ["coded"],
            "file": "orders/app.py",
            "line": 25,
            "label": "orders.created",
            "channel": "orders.created",
            "transport": "amqp",
            "operation": "service:orders/orders/app.py::f#25",
            "receiver": {"file": "billing/app.py", "line": 40},
        }
    ]


def test_every_edge_names_nodes_that_are_listed() -> None:
    """Readers find the kind of either end: no end is made up by an edge."""
    document = graph(shop())
    services = {service["name"] for service in document["services"]}
    channels = {channel["name"] for channel in document["channels"]}

    assert {one["target"] for one in document["edges"]} | {one["source"] for one in document["edges"]} <= (
        services | channels
    )
    assert not services & channels


def test_every_message_edge_is_of_the_family_messaging() -> None:
    """Whatever the broker, readers tell messages from calls by one word; what they travel over stands beside it."""
    document = graph(shop())
    of_channels = [one for one in document["edges"] if "channel" in one]

    assert {one["protocol"] for one in of_channels} == {"messaging"}
    assert {one["transport"] for one in of_channels} == {"amqp", "redis"}


def test_what_only_a_deployment_declares_has_its_own_kinds() -> None:
    """Leaning on a broker is no call, and an edge over nobody knows what is a dependency."""
    broker = Edge(
        "1", "connect", "amqp", "", "service:rabbit", "a", "rabbit", Region("compose.yaml", 3), LIKELY, DECLARED
    )
    peer = Edge("2", "sync", "", "", "service:b", "a", "b", Region("compose.yaml", 4), LIKELY, DECLARED)
    system = System(services=(Service("a"), Service("b"), Service("rabbit", "broker")), edges=(broker, peer))

    edges = [(one["target"], one["kind"], one["protocol"], one["evidence"]) for one in graph(system)["edges"]]
    assert edges == [("b", "sync", "dependency", ["declared"]), ("rabbit", "connect", "amqp", ["declared"])]


def test_outside_peers_stand_among_the_services_with_their_kind() -> None:
    """An edge to an outside host must not look like one to a service."""
    document = graph(shop())

    kinds = {service["name"]: service["kind"] for service in document["services"]}
    assert kinds["bank.example"] == "external"
    assert kinds["orders-db"] == "database"
    assert document["externals"] == [{"id": "external:bank.example", "name": "bank.example", "kind": "external"}]


def test_a_channel_says_what_becomes_of_failed_messages() -> None:
    """Three states, and a limit where that is known."""
    created, mails = graph(shop())["channels"]

    assert created == {
        "id": "channel:amqp:orders.created",
        "name": "orders.created",
        "protocol": "amqp",
        "kind": "queue",
        "dead_letter": "unset",
        "redelivery_limit": 5,
        "is_dead_letter": False,
        "ephemeral": False,
        "file": "billing/app.py",
        "line": 39,
    }
    assert (mails["dead_letter"], mails["redelivery_limit"]) == ("unknown", None)


def test_a_limit_that_is_no_number_is_not_known() -> None:
    """Readers need not check its type."""
    limit = Policy(State.SET, Literal(True))
    channel = Channel("channel:amqp:q", "q", "amqp", redelivery_limit=limit)

    assert graph(System(channels=(channel,)))["channels"][0]["redelivery_limit"] is None


def test_services_say_where_they_were_found() -> None:
    """Roots, aliases and the declarations that account for them."""
    services = {service["name"]: service for service in graph(shop())["services"]}

    assert services["orders"] == {
        "name": "orders",
        "kind": "service",
        "roots": ["orders"],
        "aliases": ["order-service"],
        "evidence": ["declared"],
        "declared": [{"file": "compose.yaml", "line": 8}],
    }


def test_endpoints_flows_and_unresolved_calls_carry_their_lines() -> None:
    """The ways through a service and the gaps in what is known are public too."""
    document = graph(shop())

    assert document["endpoints"][1] == {
        "id": "endpoint:orders:POST /orders",
        "service": "orders",
        "method": "POST",
        "path": "/orders",
        "protocol": "http",
        "operation": "service:orders/orders/app.py::f#20",
        "file": "orders/app.py",
        "line": 20,
        "evidence": ["coded"],
        "prefix": "",
    }
    assert document["flows"][2] == {
        "service": "orders",
        "entry": "service:orders/orders/app.py::f#20",
        "exit": "service:orders/orders/app.py::f#25",
        "blocking": False,
        "lines": [],
        "in_loop": {"file": "orders/app.py", "line": 21},
    }
    assert document["unresolved"] == [
        {
            "service": "orders",
            "file": "orders/app.py",
            "line": 60,
            "label": "GET ?",
            "reason": "host unknown",
            "hint": "set [hosts] X",
            "operation": "service:orders/orders/app.py::f#23",
        }
    ]


def test_the_focus_holds_for_programs_too_and_level_and_infrastructure_do_not() -> None:
    """Programs choose for themselves what to leave out."""
    assert graph(shop(), level="endpoint", infrastructure=True) == graph(shop())
    assert [service["name"] for service in graph(shop(), focus="mail")["services"]] == ["mail"]


def test_an_external_called_like_a_service_is_that_service() -> None:
    """One name is one node."""
    call = operation("a", 1, Role.CLIENT, "redis", "get")
    system = System(
        services=(Service("a"), Service("cache", "cache")),
        externals=(External("external:cache", "cache", "database"),),
        operations=(call,),
        edges=(edge("sync", call, "external:cache"),),
    )

    document = graph(system)
    assert [(service["name"], service["kind"]) for service in document["services"]] == [
        ("a", "service"),
        ("cache", "cache"),
    ]


def test_an_edge_only_seen_in_traces_has_no_place() -> None:
    """Null says that there is no line, not that it is the first."""
    system = shop()
    seen = replace(system.edges[0], source="", region=None, target="service:orders")

    (call,) = graph(replace(system, edges=(seen,)))["edges"]
    assert (call["source"], call["target"], call["file"], call["line"]) == ("gateway", "orders", None, None)
    assert "operation" not in call


@settings(deadline=None)
@given(ANYTHING, ANYTHING, ANYTHING)
def test_whatever_a_tree_holds_the_document_fits_its_schema(service: str, channel: str, label: str) -> None:
    """Names and labels may hold anything."""
    send = operation(service, 1, Role.PRODUCER, channel, label, path=label)
    system = System(
        services=(Service(service, aliases=(label,)),),
        operations=(send,),
        channels=(Channel(f"channel:{channel}", channel, label),),
        edges=(edge("send", send, f"channel:{channel}"),),
    )

    assert len(graph(system)["channels"]) == 1
