"""CL501 on systems built by hand."""

from commlint.check.rules.undeclared_edge import UndeclaredEdge
from commlint.model.operations import Confidence, Evidence
from commlint.model.system import Edge, Observed

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

    assert finding.message == "orders calls pricing in the traces (1204 times), but not in what was read"
    assert str(finding.region) == "compose.yaml:3"


def test_pair_that_code_knows_at_another_endpoint_is_silent() -> None:
    """The dependency is no secret."""
    builder = builder_with(
        seen("orders", "service:pricing", 5, Evidence.OBSERVED),
        seen("orders", "service:pricing", 6, Evidence.CODED, Evidence.OBSERVED),
    )

    assert found(UndeclaredEdge(), builder, traced=True) == []


def test_load_generators_and_outside_hosts_are_silent() -> None:
    """Neither is a dependency between services."""
    builder = builder_with(
        seen("load", "service:orders", 5, Evidence.OBSERVED), seen("orders", "external:bank", 5, Evidence.OBSERVED)
    )

    assert found(UndeclaredEdge(), builder, traced=True) == []


def test_channel_is_named() -> None:
    """What is sent counts as well as what is called."""
    builder = builder_with(seen("orders", "channel:kafka:paid", 1, Evidence.OBSERVED, kind="send"))
    builder.channel("paid", "kafka")

    (finding,) = found(UndeclaredEdge(), builder, traced=True)

    assert finding.message == "orders sends to paid in the traces (once), but not in what was read"


def test_fewer_calls_than_asked_for_are_silent() -> None:
    """A single odd span need not be reported."""
    builder = builder_with(seen("orders", "service:pricing", 2, Evidence.OBSERVED))

    assert found(UndeclaredEdge(min_calls=3), builder, traced=True) == []
