"""A system as it is drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commlint.errors import UsageError
from commlint.model.findings import Level
from commlint.model.operations import Role
from commlint.model.system import Observed, Service, System
from commlint.report.marks import Mark
from commlint.report.view import Arrow, GraphView, view
from tests.unit.report.builders import edge, finding, operation, shop


def arrows(drawn: GraphView) -> list[tuple[str, str, str]]:
    return [(arrow.source, arrow.target, arrow.kind) for arrow in drawn.edges]


def ids(drawn: GraphView) -> list[str]:
    return [node.id for node in drawn.nodes]


def between(drawn: GraphView, source: str, target: str) -> Arrow:
    return next(arrow for arrow in drawn.edges if (arrow.source, arrow.target) == (source, target))


def test_services_channels_and_externals_are_nodes_and_infrastructure_is_not() -> None:
    """Arrows run the way calls and messages do: a channel gives to its receivers."""
    drawn = view(shop())

    assert ids(drawn) == [
        "channel:amqp:orders.created",
        "channel:redis:mails",
        "external:bank.example",
        "service:billing",
        "service:gateway",
        "service:mail",
        "service:orders",
        "service:stock",
    ]
    assert arrows(drawn) == [
        ("channel:amqp:orders.created", "service:billing", "receive"),
        ("service:gateway", "service:orders", "sync"),
        ("service:mail", "channel:redis:mails", "send"),
        ("service:orders", "channel:amqp:orders.created", "send"),
        ("service:orders", "external:bank.example", "sync"),
        ("service:orders", "service:stock", "sync"),
    ]


def test_infrastructure_is_shown_on_request() -> None:
    """Databases and brokers are nodes like any other then."""
    drawn = view(shop(), infrastructure=True)

    assert {"service:orders-db", "service:rabbit"} <= set(ids(drawn))
    assert ("service:orders", "service:orders-db", "sync") in arrows(drawn)


def test_calls_from_one_service_to_another_are_one_arrow() -> None:
    """The arrow says how many sites it stands for and adds up what was observed; of latencies the slowest counts."""
    calls = [operation("a", line, Role.CLIENT, "http", f"GET /{line}") for line in (1, 2)]
    system = System(
        services=(Service("a"), Service("b")),
        operations=tuple(calls),
        edges=(
            edge("sync", calls[0], "service:b", "b", observed=Observed(10, 1, 0.1, 0.2, 0.3)),
            edge("sync", calls[1], "service:b", "b", observed=Observed(5, 0, 0.2, 0.2, 2.5)),
        ),
    )

    (arrow,) = view(system).edges
    assert (arrow.label, arrow.sites) == ("GET /1 and 1 more", 2)
    assert arrow.observed == Observed(15, 1, 0.2, 0.2, 2.5)
    assert arrow.lines() == ("GET /1 and 1 more", "15 calls, p99 2.5 s", "1 error (6.7 %)")


def test_an_operation_with_several_targets_lends_its_name_to_none() -> None:
    """Its label names one of them; where no endpoint names the call the protocol does."""
    call = operation("a", 1, Role.CLIENT, "http", "GET b/items")
    system = System(
        services=(Service("a"), Service("b"), Service("c")),
        operations=(call,),
        edges=(edge("sync", call, "service:b", "b"), edge("sync", call, "service:c", "c")),
    )

    assert [arrow.label for arrow in view(system).edges] == ["http", "http"]


def test_at_endpoint_level_calls_start_at_the_endpoints_that_reach_them() -> None:
    """What no endpoint reaches starts at the service itself, and consumers are nodes of their own."""
    system = shop()
    post_checkout, post_orders, reserve = (endpoint.id for endpoint in system.endpoints)
    consumer = system.operations[8].id

    drawn = view(system, level="endpoint")
    assert arrows(drawn) == sorted(
        [
            ("channel:amqp:orders.created", consumer, "receive"),
            (post_checkout, post_orders, "sync"),
            (post_orders, "channel:amqp:orders.created", "send"),
            (post_orders, reserve, "sync"),
            ("service:mail", "channel:redis:mails", "send"),
            ("service:orders", "external:bank.example", "sync"),
        ]
    )


def test_at_endpoint_level_nodes_stand_in_their_services() -> None:
    """Channels and externals belong to none."""
    drawn = view(shop(), level="endpoint")

    assert {service: [node.label for node in nodes] for service, nodes in drawn.clusters()} == {
        "": ["orders.created", "mails", "bank.example"],
        "billing": ["orders.created"],
        "gateway": ["POST /checkout"],
        "mail": ["mail"],
        "orders": ["POST /orders", "orders"],
        "stock": ["shop.Stock/Reserve"],
    }


def test_a_finding_marks_the_arrow_of_its_edge() -> None:
    """Rules name edges by id."""
    system = shop()

    drawn = view(system, [finding(subjects=(system.edges[0].id,))])
    assert between(drawn, "service:gateway", "service:orders").marks == (Mark("CL101", Level.ERROR),)
    assert not [node for node in drawn.nodes if node.marks]


@pytest.mark.parametrize("as_valued", [True, False])
def test_a_finding_marks_the_arrow_of_its_operation(as_valued: bool) -> None:
    """Rules name operations as a service runs them, or as they stand in the code."""
    system = shop()
    call = system.operations[1]
    subject = call.id if as_valued else call.operation.id

    drawn = view(system, [finding(subjects=(subject,))])
    assert between(drawn, "service:gateway", "service:orders").marks == (Mark("CL101", Level.ERROR),)


def test_an_operation_of_shared_code_is_marked_only_in_the_services_found_guilty() -> None:
    """The same line may be right in one service and wrong in another."""
    calls = [operation(name, 1, Role.CLIENT, "http", "GET /", "shared.py") for name in ("a", "b")]
    system = System(
        services=(Service("a"), Service("b"), Service("c")),
        operations=tuple(calls),
        edges=tuple(edge("sync", call, "service:c", "c") for call in calls),
    )

    drawn = view(system, [finding(subjects=(calls[0].operation.id,), service="b", services=("b",))])
    assert [bool(arrow.marks) for arrow in drawn.edges] == [False, True]


def test_a_finding_without_an_edge_marks_the_node_it_is_about() -> None:
    """A channel is marked itself, an endpoint where it is drawn and else its service."""
    system = shop()
    faults = [
        finding("CL202", level=Level.WARNING, subjects=("channel:amqp:orders.created",)),
        finding("CL303", level=Level.NOTE, subjects=(system.operations[2].id,), service="orders"),
    ]

    marked = {node.id: node.marks[0].code for node in view(system, faults).nodes if node.marks}
    assert marked == {"channel:amqp:orders.created": "CL202", "service:orders": "CL303"}
    marked = {node.id: node.marks[0].code for node in view(system, faults, "endpoint").nodes if node.marks}
    assert marked == {"channel:amqp:orders.created": "CL202", system.endpoints[1].id: "CL303"}


def test_a_finding_about_nothing_in_particular_marks_its_service() -> None:
    """No finding is lost on the way into a drawing."""
    marked = [node.id for node in view(shop(), [finding(service="stock")]).nodes if node.marks]

    assert marked == ["service:stock"]


def test_focus_keeps_what_is_within_the_depth() -> None:
    """Through a channel it is one step from sender to receiver."""
    near = view(shop(), focus="billing", depth=1)
    far = view(shop(), focus="billing", depth=2)

    assert ids(near) == ["channel:amqp:orders.created", "service:billing", "service:orders"]
    assert set(ids(far)) - set(ids(near)) == {"external:bank.example", "service:gateway", "service:stock"}
    assert near.title == "2 services within 1 step of billing"


def test_focus_finds_a_service_by_another_of_its_names() -> None:
    """People know services by their compose or DNS name."""
    assert "service:stock" in ids(view(shop(), focus="order-service"))


def test_a_channel_can_be_the_focus() -> None:
    """Its senders and receivers are one step away."""
    drawn = view(shop(), focus="orders.created", depth=1)

    assert ids(drawn) == ["channel:amqp:orders.created", "service:billing", "service:orders"]


def test_shared_infrastructure_is_no_way_from_one_service_to_another() -> None:
    """Else one database would bring all its users into view."""
    reads = [operation(name, 1, Role.CLIENT, "sql", "select") for name in ("a", "b")]
    system = System(
        services=(Service("a"), Service("b"), Service("db", "database")),
        operations=tuple(reads),
        edges=tuple(edge("sync", read, "service:db", "db") for read in reads),
    )

    assert ids(view(system, focus="a", depth=5, infrastructure=True)) == ["service:a", "service:db"]
    assert ids(view(system, focus="db", depth=1)) == ["service:a", "service:b", "service:db"]


def test_the_system_in_view_is_cut_to_the_focus() -> None:
    """Formats that carry everything carry nothing from outside the focus."""
    part = view(shop(), focus="billing", depth=1).system

    assert [service.name for service in part.services] == ["billing", "orders"]
    assert {operation.service for operation in part.operations} == {"billing", "orders"}
    assert len(part.edges) == 2
    assert part.externals == ()


def test_an_unknown_focus_names_the_nearest_name() -> None:
    """A slip of the pen is answered with what was meant."""
    with pytest.raises(UsageError, match='called "bilings"; did you mean "billing"'):
        view(shop(), focus="bilings")


def test_an_unknown_level_is_refused() -> None:
    """There are two."""
    with pytest.raises(UsageError, match=r'unknown level "services"; did you mean "service"'):
        view(shop(), level="services")


def test_the_order_of_edges_makes_no_difference() -> None:
    """A drawing depends on what is there, not on how it was found."""
    system = shop()
    turned = replace(system, edges=system.edges[::-1])

    assert view(turned).edges == view(system).edges
    assert view(turned, level="endpoint").nodes == view(system, level="endpoint").nodes
