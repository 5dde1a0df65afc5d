"""Traces laid over a system."""

from __future__ import annotations

from typing import Any

from commlint.link.overlay import NO_CHANNEL, NO_NAME, NOWHERE, overlay
from commlint.model.facts import Notice
from commlint.model.observations import Observations, ObservedEdge, ObservedOperation, bucket_of
from commlint.model.operations import Confidence, Evidence, Role
from commlint.model.system import Edge, Observed, System

from .builders import Files, edge_to, env, text

BOTH = (Evidence.CODED, Evidence.OBSERVED)


def http(service: str, name: str = "GET", role: str = "server", host: str = "") -> ObservedOperation:
    return ObservedOperation(service, role, "http", name, host)


def message(service: str, role: str, channel: str, protocol: str = "kafka") -> ObservedOperation:
    return ObservedOperation(service, role, protocol, f"process {channel}", channel=channel)


def store(name: str, host: str = "", protocol: str = "postgresql") -> ObservedOperation:
    return ObservedOperation(name, "database", protocol, "SELECT", host)


def outside(host: str) -> ObservedOperation:
    return http(host or "unknown", "GET", "external", host)


def seen(
    caller: ObservedOperation, callee: ObservedOperation, kind: str = "sync", calls: int = 4, channel: str = "",
    took: int = 200,
) -> ObservedEdge:  # fmt: skip
    return ObservedEdge(caller, callee, kind, calls, 1, ((bucket_of(took), calls),), channel)


def sent(sender: str, receiver: str, channel: str, protocol: str = "kafka") -> ObservedEdge:
    """A message from the request of one service to another one."""
    return seen(http(sender, "POST /"), message(receiver, "consumer", channel, protocol), "messaging", channel=channel)


def laid(files: Files, *edges: ObservedEdge, **more: Any) -> System:
    names = {side.service for edge in edges for side in (edge.caller, edge.callee) if _is_service(side)}
    services = tuple((name, 1) for name in sorted(names))
    return overlay(files.system(), Observations(edges, services, **more))


def _is_service(side: ObservedOperation) -> bool:
    return side.role not in ("channel", "database", "external")


def shop() -> Files:
    """orders calls pricing, and both are read."""
    files = Files()
    files.compose("orders", "orders")
    files.compose("pricing-service", "pricing")
    files.endpoint("orders/app.py::place", "POST", "/orders")
    files.endpoint("orders/app.py::look", "GET", "/orders/{id}")
    files.endpoint("pricing/app.py::price", "GET", "/prices/{item}")
    files.endpoint("pricing/app.py::change", "PUT", "/prices/{item}")
    files.get("orders/app.py::place", "http://pricing-service/prices/1", line=5)
    return files


def observed_only(system: System) -> list[Edge]:
    return [edge for edge in system.edges if edge.evidence == (Evidence.OBSERVED,)]


def test_coded_edge_is_confirmed_with_figures() -> None:
    """Names of services and of parameters may differ."""
    system = laid(shop(), seen(http("Orders", "POST /orders"), http("pricing", "GET /prices/{sku}")))

    (edge,) = system.edges
    assert (edge.evidence, edge.confidence) == (BOTH, Confidence.CERTAIN)
    assert edge.observed == Observed(4, 1, 2e-7, 2e-7, 2e-7)
    assert [service.name for service in system.services] == ["orders", "pricing-service"]
    assert system.traced


def test_figures_of_several_observed_edges_are_added() -> None:
    """The same call from two operations is one edge in code."""
    slow = seen(http("orders", "GET /orders/{id}"), http("pricing", "GET /prices/{sku}"), took=250)
    system = laid(shop(), seen(http("orders", "POST /orders"), http("pricing", "GET /prices/{sku}")), slow)

    assert system.edges[0].observed == Observed(8, 2, 2e-7, 2.5e-7, 2.5e-7)


def test_observed_call_without_a_route_confirms_what_has_its_method() -> None:
    """Instrumentation without templates records nothing but GET."""
    confirmed = laid(shop(), seen(http("orders"), http("pricing", "GET")))
    other = laid(shop(), seen(http("orders"), http("pricing", "PUT")))

    assert [edge.evidence for edge in confirmed.edges] == [BOTH]
    assert [edge.target for edge in observed_only(other)] == ["service:pricing-service"]


def test_endpoint_the_code_does_not_call_is_an_edge_of_its_own() -> None:
    """The pair is known, the call is not."""
    system = laid(shop(), seen(http("orders", "POST /orders"), http("pricing", "PUT /prices/{x}")))

    (edge,) = observed_only(system)
    assert (edge.target, edge.target_service, edge.source, edge.region) == (
        "endpoint:pricing-service:PUT /prices/{item}",
        "pricing-service",
        "",
        None,
    )
    assert edge.confidence is Confidence.LIKELY


def test_entry_tells_which_of_two_calls_was_seen() -> None:
    """The other one is not confirmed."""
    files = shop()
    files.get("orders/app.py::look", "http://pricing-service/prices/2", line=9)

    system = laid(files, seen(http("orders", "GET /orders/{id}"), http("pricing", "GET /prices/{sku}")))

    assert {edge.region.start_line: edge.evidence for edge in system.edges if edge.region} == {
        5: (Evidence.CODED,),
        9: BOTH,
    }


def test_calls_that_cannot_be_told_apart_are_confirmed_together_and_counted_once() -> None:
    """Sums over edges must stay what was seen."""
    files = shop()
    files.get("orders/app.py::place", "http://pricing-service/prices/2", line=9)

    system = laid(files, seen(http("orders", "POST /orders"), http("pricing", "GET /prices/{sku}")))

    assert [edge.evidence for edge in system.edges] == [BOTH, BOTH]
    assert [edge.observed.calls if edge.observed else 0 for edge in system.edges] == [4, 0]


def test_grpc_is_met_by_its_method() -> None:
    """With the package of the contract."""
    files = Files()
    files.compose("web", "web")
    files.compose("cart", "cart")
    files.contract("shop.Cart", "Get")
    files.operation(Role.SERVER, "grpc", "cart/app.py::Get", rpc="shop.Cart/Get")
    files.operation(Role.CLIENT, "grpc", "web/app.py::get", rpc="shop.Cart/Get", host="cart:50051")
    callee = ObservedOperation("cartservice", "server", "grpc", "shop.Cart/Get")

    system = laid(files, seen(http("web"), callee))

    assert [edge.evidence for edge in system.edges] == [BOTH]


def test_service_that_nobody_declares_is_one_of_traces() -> None:
    """A load generator is told by its name."""
    system = laid(shop(), seen(http("loadgenerator", role="client"), http("risk")))

    found = {service.name: (service.kind, service.evidence) for service in system.services}
    assert found["risk"] == ("service", Evidence.OBSERVED)
    assert found["loadgenerator"] == ("loadgen", Evidence.OBSERVED)


def test_names_that_may_be_two_services_are_neither() -> None:
    """It is a service of its own, instead of a guess."""
    files = Files()
    files.compose("cart-api", "a")
    files.compose("cart-server", "b")

    system = laid(files, seen(http("web"), http("cartservice")))

    assert "cartservice" in [service.name for service in system.services]


def test_namespace_behind_a_name_is_no_part_of_it() -> None:
    """As meshes write it."""
    system = laid(shop(), seen(http("orders.shop", "POST /orders"), http("pricing.shop", "GET /prices/{x}")))

    assert [edge.evidence for edge in system.edges] == [BOTH]


def test_unpaired_call_leads_to_the_service_it_names() -> None:
    """Its own span was lost."""
    callee = http("pricing-service", "GET", "external", "pricing-service")

    system = laid(shop(), seen(http("orders"), callee, "unpaired"))

    assert [edge.evidence for edge in system.edges] == [BOTH]
    assert system.externals == ()


def test_host_of_a_service_is_not_outside() -> None:
    """By its name, or by its name inside a cluster; a public name that begins alike is outside."""
    hosts = ("pricing-service", "pricing-service.shop.svc.cluster.local", "pricing-service.example")

    system = laid(shop(), *(seen(http("orders"), outside(host), "external") for host in hosts))

    assert [external.id for external in system.externals] == ["external:pricing-service.example"]
    assert {edge.target_service: edge.observed.calls for edge in system.edges if edge.observed} == {
        "pricing-service": 8,
        "": 4,
    }


def test_known_outside_host_is_confirmed() -> None:
    """The code calls it, too."""
    files = shop()
    files.get("orders/app.py::pay", "https://bank.example/pay")

    system = laid(files, seen(http("orders"), outside("Bank.example"), "external"))

    assert edge_to(system, "external:bank.example").evidence == BOTH
    assert len(system.externals) == 1


def test_outside_host_that_is_asked_by_another_method_is_not_the_coded_call() -> None:
    """Only the call that was seen is confirmed."""
    files = shop()
    files.get("orders/app.py::pay", "https://bank.example/pay", method="PUT")

    system = laid(files, seen(http("orders"), outside("bank.example"), "external"))

    found = {edge.evidence for edge in system.edges if edge.target == "external:bank.example"}
    assert found == {(Evidence.CODED,), (Evidence.OBSERVED,)}


def test_calls_to_numbers_and_to_nowhere_are_counted_and_left_out() -> None:
    """An address of a machine says nothing of who answers."""
    edges = [seen(http("orders"), outside(host), "external") for host in ("10.0.0.7", "", "localhost")]

    system = laid(shop(), *edges)

    assert observed_only(system) == []
    assert system.notices == (Notice("", 0, f"{NOWHERE} (12 calls)"),)


def test_spans_without_a_service_are_counted_and_left_out() -> None:
    """They may be of anybody."""
    system = laid(shop(), seen(http("unknown_service:python"), http("pricing")))

    assert observed_only(system) == []
    assert system.notices == (Notice("", 0, f"{NO_NAME} (4 calls)"),)
    assert [service.name for service in system.services] == ["orders", "pricing-service"]


def test_database_is_the_declared_one() -> None:
    """By its host; the edge leans on infrastructure."""
    files = shop()
    files.compose("orders-db", image="postgres:16")

    system = laid(files, seen(http("orders"), store("postgresql/shop", "orders-db"), "database"))

    (edge,) = observed_only(system)
    assert (edge.kind, edge.target, edge.protocol) == ("connect", "service:orders-db", "postgresql")


def test_database_without_a_host_is_the_only_one_of_its_kind() -> None:
    """What the service is known to lean on."""
    files = shop()
    files.compose("orders-db", image="postgres:16")
    files.operation(Role.CLIENT, "postgresql", "orders/app.py::place", host="postgresql://orders-db/shop")

    system = laid(files, seen(http("orders"), store("postgresql/shop"), "database"))

    assert edge_to(system, "service:orders-db").evidence == BOTH
    assert system.externals == ()


def test_database_nobody_declares_is_outside() -> None:
    """It has a kind of its own."""
    system = laid(shop(), seen(http("orders"), store("redis/0", protocol="redis"), "database"))

    assert [(external.name, external.kind) for external in system.externals] == [("redis/0", "cache")]


def messages() -> Files:
    """orders sends to mailer over `paid`."""
    files = shop()
    files.compose("mailer", "mailer")
    files.send("kafka", "orders/app.py::place", channel="paid")
    files.receive("kafka", "mailer/app.py::mail", channel="paid")
    return files


def test_both_halves_of_a_message_are_confirmed() -> None:
    """Sending as well as receiving."""
    system = laid(messages(), sent("orders", "mailer", "paid"))

    found = {edge.kind: edge.evidence for edge in system.edges if edge.target == "channel:kafka:paid"}
    assert found == {"send": BOTH, "receive": BOTH}
    assert len(system.channels) == 1


def test_channel_that_nobody_declares_is_one_of_traces() -> None:
    """With an edge for each side that was seen."""
    taken = seen(message("paid2", "channel", "paid2"), message("mailer", "consumer", "paid2"), "messaging")
    lost = seen(http("orders"), message("gone", "channel", "gone"), "messaging", channel="gone")

    system = laid(messages(), taken, lost)

    assert [(edge.kind, edge.source_service, edge.target) for edge in observed_only(system)] == [
        ("receive", "mailer", "channel:kafka:paid2"),
        ("send", "orders", "channel:kafka:gone"),
    ]
    assert [channel.name for channel in system.channels] == ["gone", "paid", "paid2"]


def test_sender_with_amqp_may_name_the_exchange() -> None:
    """The queue the service is known to send to is meant."""
    files = shop()
    files.compose("mailer", "mailer")
    files.send("amqp", "orders/app.py::place", channel="paid")
    files.receive("amqp", "mailer/app.py::mail", channel="paid")
    callee = message("mailer", "consumer", "events:created:paid", "amqp")

    system = laid(files, seen(http("orders"), callee, "messaging", channel="events"))

    assert observed_only(system) == []
    assert [edge.evidence for edge in system.edges if edge.kind in ("send", "receive")] == [BOTH, BOTH]


def test_channel_with_open_parts_is_met() -> None:
    """When nothing else fits better."""
    files = messages()
    files.send("kafka", "orders/app.py::place", channel=text(env("STAGE"), ".shipped"))

    system = laid(files, seen(http("orders"), message("", "channel", ""), "messaging", channel="test.shipped"))

    assert observed_only(system) == []


def test_messages_without_a_channel_are_counted_and_left_out() -> None:
    """The name of a span is no channel."""
    system = laid(messages(), seen(http("orders"), message("mailer", "consumer", ""), "messaging"))

    assert observed_only(system) == []
    assert system.notices == (Notice("", 0, f"{NO_CHANNEL} (4 calls)"),)


def test_nothing_known_is_lost_and_notices_are_kept() -> None:
    """Traces of nothing change nothing but that they were there."""
    before = messages().system()
    notice = Notice("traces.json", 0, "is empty")

    after = overlay(before, Observations(notices=(notice,)))

    assert after.edges == before.edges
    assert (after.services, after.channels, after.externals) == (before.services, before.channels, before.externals)
    assert notice in after.notices


def test_edges_stay_sorted_and_unique() -> None:
    """Whatever is added."""
    system = laid(messages(), sent("mailer", "orders", "a"), sent("web", "mailer", "paid"), sent("orders", "web", "z"))

    ids = [edge.id for edge in system.edges]
    assert ids == sorted(set(ids))
