"""CL302 on systems built by hand."""

from commlint.check.rules.sync_call_in_consumer import SyncCallInConsumer
from commlint.model.findings import Level
from commlint.model.operations import Policies

from ..builders import Builder, bound, found

GUARDED = Policies(timeout=bound(2), breaker=bound("open"))


def waiting(target: str = "service:inventory", policies: Policies = Policies(), blocking: bool = True) -> Builder:  # noqa: B008
    builder = Builder()
    builder.code("billing", "on_order", (3, 9))
    entry = builder.consumer("billing", 20, "orders", function_name="on_order")
    call = builder.call("billing", 40, "inventory/stock", policies=policies)
    builder.flow(entry, call, 5, 33, blocking=blocking)
    builder.edge(call, target)
    return builder


def test_handler_that_waits_for_another_service_is_flagged() -> None:
    """The way to the call is shown."""
    (finding,) = found(SyncCallInConsumer(), waiting())

    assert finding.message == "on_order cannot finish a message of orders without inventory: GET inventory/stock"
    assert str(finding.region) == "billing/app.py:3"
    assert [entry.region.start_line for entry in finding.related] == [5, 33, 40]
    assert finding.level is Level.WARNING


def test_call_to_somebody_outside_or_itself_is_silent() -> None:
    """A worker may be there for nothing else."""
    assert found(SyncCallInConsumer(), waiting("external:bank")) == []
    assert found(SyncCallInConsumer(), waiting("service:billing")) == []


def test_database_is_no_service() -> None:
    """Infrastructure is not meant."""
    builder = waiting("service:store")
    builder.service("store", "database")

    assert found(SyncCallInConsumer(), builder) == []


def test_spawned_call_is_silent() -> None:
    """The handler finishes without it."""
    assert found(SyncCallInConsumer(), waiting(blocking=False)) == []


def test_bound_breaker_and_dead_letters_make_it_a_note() -> None:
    """All three are needed."""
    calm, hasty = waiting(policies=GUARDED), waiting(policies=GUARDED)
    calm.channel("orders", dead_letter=bound("dead"))
    hasty.channel("orders")

    assert [finding.level for finding in found(SyncCallInConsumer(), calm)] == [Level.NOTE]
    assert [finding.level for finding in found(SyncCallInConsumer(), hasty)] == [Level.WARNING]
