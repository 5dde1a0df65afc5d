"""CL102 on systems built by hand."""

from commlint.check.rules.timeout_too_long import TimeoutTooLong
from commlint.model.operations import Policies, Policy, State
from commlint.model.values import Choice, EnvironmentRead, Literal

from ..builders import UNSET, Builder, at, bound, found, lines_of


def test_bound_above_the_limit_is_flagged_with_its_source() -> None:
    """Defaults of libraries count like bounds given by hand."""
    builder = Builder()
    policy = Policy(State.SET, Literal(300), "default of aiohttp", detail="aiohttp gives up after 300 seconds")
    builder.call("orders", 7, "inventory/stock", policies=Policies(timeout=policy))

    (finding,) = found(TimeoutTooLong(), builder)

    assert finding.message == "GET inventory/stock may wait 300 seconds (aiohttp gives up after 300 seconds)"


def test_bound_at_the_limit_unset_and_unknown_are_silent() -> None:
    """Calls without a bound are another rule's matter."""
    builder = Builder()
    for line, policy in enumerate((bound(30), UNSET, Policy()), 1):
        builder.call("orders", line, policies=Policies(timeout=policy))

    assert found(TimeoutTooLong(), builder) == []


def test_milliseconds_are_scaled() -> None:
    """40,000 milliseconds are 40 seconds, 5,000 are 5."""
    builder = Builder()
    for line, number in enumerate((40_000, 5_000), 1):
        policy = Policy(State.SET, Literal(number), "argument", scale=0.001)
        builder.call("orders", line, policies=Policies(timeout=policy))

    assert lines_of(found(TimeoutTooLong(), builder)) == ["orders/app.py:1"]


def test_shortest_of_alternatives_counts() -> None:
    """A bound that is short on one way and long on another is not known to be too long."""
    builder = Builder()
    for line, numbers in enumerate(((5, 60), (60, 90)), 1):
        policy = Policy(State.SET, Choice(tuple(Literal(number) for number in numbers)), "argument")
        builder.call("orders", line, policies=Policies(timeout=policy))

    assert lines_of(found(TimeoutTooLong(), builder)) == ["orders/app.py:2"]


def test_bound_that_is_no_number_is_silent() -> None:
    """What the deployment does not give is not known."""
    builder = Builder()
    policy = Policy(State.SET, EnvironmentRead("TIMEOUT"), "argument")
    builder.call("orders", 1, policies=Policies(timeout=policy))

    assert found(TimeoutTooLong(), builder) == []


def test_place_of_a_bound_set_elsewhere_is_related() -> None:
    """The client that was given the bound is shown."""
    builder = Builder()
    policy = Policy(State.SET, Literal(90), "client", at("orders/client.py", 3))
    builder.call("orders", 7, policies=Policies(timeout=policy))

    (finding,) = found(TimeoutTooLong(), builder)

    assert [str(entry.region) for entry in finding.related] == ["orders/client.py:3"]


def test_slow_targets_are_silent() -> None:
    """What is known to be slow is named by pattern; the limit can be raised."""
    builder = Builder()
    builder.call("orders", 7, "reports/export/all", policies=Policies(timeout=bound(90)))

    assert found(TimeoutTooLong(slow_targets=("*/export/*",)), builder) == []
    assert found(TimeoutTooLong(max_seconds=100.0), builder) == []
