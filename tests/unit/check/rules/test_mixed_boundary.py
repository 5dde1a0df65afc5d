"""CL301 on systems built by hand."""

from commlint.check.rules.mixed_boundary import MixedBoundary
from commlint.model.system import ServiceOperation

from ..builders import Builder, found


def call(builder: Builder, source: str, target: ServiceOperation, line: int = 5) -> None:
    builder.edge(builder.call(source, line), target)


def message(builder: Builder, source: str, target: str, channel: str) -> None:
    builder.channel(channel)
    builder.producer(source, 30, channel)
    builder.consumer(target, 31, channel)


def test_same_resource_by_call_and_by_message_is_flagged() -> None:
    """Both places are shown."""
    builder = Builder()
    call(builder, "orders", builder.endpoint("inventory", 1, "/stock/reserve", method="POST"))
    message(builder, "orders", "inventory", "stock.reserved")

    (finding,) = found(MixedBoundary(), builder)

    assert finding.message == "orders reaches inventory about stock both by call and by message"
    assert [str(entry.region) for entry in finding.related] == ["orders/app.py:5", "orders/app.py:30"]


def test_different_resources_are_silent() -> None:
    """One thing by call, another by message is no mixture."""
    builder = Builder()
    call(builder, "orders", builder.endpoint("inventory", 1, "/prices"))
    message(builder, "orders", "inventory", "stock.reserved")

    assert found(MixedBoundary(), builder) == []


def test_command_by_call_and_event_back_is_silent() -> None:
    """That is the usual thing."""
    builder = Builder()
    call(builder, "orders", builder.endpoint("inventory", 1, "/stock/reserve", method="POST"))
    message(builder, "inventory", "orders", "stock.reserved")

    assert found(MixedBoundary(), builder) == []


def test_calls_both_ways_are_flagged() -> None:
    """They need no request that passes both."""
    builder = Builder()
    call(builder, "orders", builder.endpoint("billing", 1, "/invoices"))
    call(builder, "billing", builder.endpoint("orders", 1, "/orders"))

    (finding,) = found(MixedBoundary(), builder)

    assert finding.message.startswith("billing and orders call each other")


def test_cycle_is_left_to_its_own_rule() -> None:
    """A request that comes back is not told twice."""
    builder = Builder()
    entries = {name: builder.endpoint(name, 1, f"/{name}") for name in ("a", "b")}
    for source, target in ("ab", "ba"):
        made = builder.call(source, 5)
        builder.flow(entries[source], made, 5)
        builder.edge(made, entries[target])

    assert found(MixedBoundary(), builder) == []


def test_declared_boundary_is_silent() -> None:
    """A pair may be mixed on purpose."""
    builder = Builder()
    call(builder, "orders", builder.endpoint("inventory", 1, "/stock"))
    message(builder, "orders", "inventory", "stock")

    assert found(MixedBoundary(boundaries=("inventory orders",)), builder) == []
