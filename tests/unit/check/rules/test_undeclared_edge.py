"""CL501 on systems built by hand."""

from commlint.check.rules.undeclared_edge import UndeclaredEdge
from commlint.model.operations import Confidence, Evidence
from commlint.model.system import Edge, Observed, UnresolvedCall

from ..builders import Builder, found


def seen(source: str, target: str, calls: int, *evidence: Evidence, kind: str = "sync") -> Edge:
    service = target.removeprefix("service:") if target.startswith("service:") else ""
    name = f"{source}>{target}:{calls}"
    observed = Observed(calls, 0, 0.1, 0.2, 0.3)
    return Edge(name, kind, "http", "", target, source, service, None, Confidence.CERTAIN, evidence, observed)


def builder_with(*edges: Edge) -> Builder:
    builder = Builder()
    builder.service("orders")
    builder.service("load", "loadgen")
    builder.service("store", "database")
    builder.endpoint("orders", 1, "/orders")
    builder.endpoint("load", 1, "/run")
    for edge in edges:
        builder.add("edges", edge)
    return builder


def test_edge_only_traces_know_is_flagged_with_its_count() -> None:
    """Counts of the same pair are added; the place is the service's declaration."""
    builder = builder_with(
        seen("orders", "service:pricing", 1200, Evidence.OBSERVED),
        seen("orders", "service:pricing", 4, Evidence.OBSERVED),
    )

    (finding,) = found(UndeclaredEdge(), builder, traced=True)

    assert finding.message == "orders calls pricing in the traces (1204 times, p99 300 ms), but not in what was read"
    assert str(finding.region) == "compose.yaml:3"


def test_pair_that_code_knows_at_another_endpoint_is_silent() -> None:
    """The dependency is no secret."""
    builder = builder_with(
        seen("orders", "service:pricing", 5, Evidence.OBSERVED),
        seen("orders", "service:pricing", 6, Evidence.CODED, Evidence.OBSERVED),
    )

    assert found(UndeclaredEdge(), builder, traced=True) == []


def test_load_generators_databases_and_outside_hosts_are_silent() -> None:
    """None of them is a dependency between services."""
    builder = builder_with(
        seen("load", "service:orders", 5, Evidence.OBSERVED),
        seen("orders", "service:store", 5, Evidence.OBSERVED),
        seen("orders", "external:bank", 5, Evidence.OBSERVED),
    )

    assert found(UndeclaredEdge(), builder, traced=True) == []


def test_channel_is_named() -> None:
    """What is sent counts as well as what is called."""
    builder = builder_with(seen("orders", "channel:kafka:paid", 1, Evidence.OBSERVED, kind="send"))
    builder.channel("paid", "kafka")

    (finding,) = found(UndeclaredEdge(), builder, traced=True)

    assert finding.message == "orders sends to paid in the traces (once, p99 300 ms), but not in what was read"


def test_fewer_calls_than_asked_for_are_silent() -> None:
    """A single odd span need not be reported."""
    builder = builder_with(seen("orders", "service:pricing", 2, Evidence.OBSERVED))

    assert found(UndeclaredEdge(min_calls=3), builder, traced=True) == []


def test_service_without_code_is_silent_unless_asked_for() -> None:
    """What was not read is not absent."""
    builder = builder_with(seen("web", "service:orders", 2, Evidence.OBSERVED))
    builder.service("web")

    assert found(UndeclaredEdge(), builder, traced=True) == []
    assert len(found(UndeclaredEdge(code_less=True), builder, traced=True)) == 1


def test_call_that_leads_nowhere_known_may_be_the_seen_one() -> None:
    """The code may well make the call, so it is possible only, and the place is shown."""
    builder = builder_with(seen("orders", "service:pricing", 2, Evidence.OBSERVED))
    builder.unresolved("orders", 9, "GET {PRICES}", "PRICES has no value", "")

    (finding,) = found(UndeclaredEdge(), builder, traced=True)

    assert finding.confidence is Confidence.POSSIBLE
    assert [str(place.region) for place in finding.related] == ["orders/app.py:9"]


def test_call_that_leads_nowhere_known_sends_no_message() -> None:
    """Only what goes the same way may be the seen one."""
    builder = builder_with(seen("orders", "channel:kafka:paid", 1, Evidence.OBSERVED, kind="send"))
    builder.channel("paid", "kafka")
    call = builder.call("orders", 9)
    builder.add("unresolved", UnresolvedCall(call.id, "orders", call.operation.region, "GET", "no value", ""))

    (finding,) = found(UndeclaredEdge(), builder, traced=True)

    assert finding.confidence is Confidence.CERTAIN
    assert finding.related == ()


def test_sending_to_a_channel_says_nothing_of_receiving_from_it() -> None:
    """The code knows one way, the traces know both."""
    builder = builder_with(
        seen("orders", "channel:kafka:paid", 1, Evidence.CODED, kind="send"),
        seen("orders", "channel:kafka:paid", 2, Evidence.OBSERVED, kind="receive"),
    )
    builder.channel("paid", "kafka")

    (finding,) = found(UndeclaredEdge(), builder, traced=True)

    assert finding.message.startswith("orders receives from paid in the traces (2 times")
