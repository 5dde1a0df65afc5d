"""CL101 on systems built by hand."""

from commlint.check.rules.call_without_timeout import CallWithoutTimeout
from commlint.model.operations import Policies, Policy, State

from ..builders import UNSET, Builder, at, bound, found, lines_of

ENDLESS = Policies(timeout=UNSET)
BOUNDED = Policies(timeout=bound(2))


def test_unset_timeout_is_flagged_with_target_and_reason() -> None:
    """The message names the call, its target and why nothing bounds it."""
    builder = Builder()
    builder.call("orders", 7, "inventory/stock/{}", policies=ENDLESS)

    (finding,) = found(CallWithoutTimeout(), builder)

    assert finding.message == "GET inventory/stock/{} has no timeout: requests waits for ever by default"
    assert str(finding.region) == "orders/app.py:7"
    assert finding.services == ("orders",)


def test_set_and_unknown_timeouts_are_silent() -> None:
    """A bound that is set, or that cannot be known, is no fault."""
    builder = Builder()
    builder.call("orders", 7, policies=BOUNDED)
    builder.call("orders", 8, policies=Policies(timeout=Policy(State.UNKNOWN)))

    assert found(CallWithoutTimeout(), builder) == []


def test_other_protocols_are_silent() -> None:
    """Database calls are not this rule's matter."""
    builder = Builder()
    builder.call("orders", 8, policies=ENDLESS, protocol="sql")

    assert found(CallWithoutTimeout(), builder) == []


def test_site_in_two_services_is_told_once() -> None:
    """Shared code is one finding that names every service."""
    builder = Builder()
    for service in ("orders", "billing"):
        builder.call(service, 7, policies=ENDLESS, path="shared/client.py", id="shared/client.py::f#0")

    (finding,) = found(CallWithoutTimeout(), builder)

    assert finding.services == ("billing", "orders")
    assert finding.subjects == ("shared/client.py::f#0",)


def test_wrapper_whose_callers_all_forget_the_bound_is_flagged_itself() -> None:
    """When no caller gives a bound, the wrapper is the place to mend."""
    builder = Builder()
    builder.call("orders", 7, policies=ENDLESS, via=(at("orders/app.py", 20),))
    builder.call("orders", 7, policies=ENDLESS, via=(at("orders/app.py", 30),))

    assert lines_of(found(CallWithoutTimeout(), builder)) == ["orders/app.py:7"]


def test_caller_that_forgets_the_bound_others_give_is_flagged() -> None:
    """When some callers give the wrapper a bound, the one that does not is the place to mend."""
    builder = Builder()
    builder.call("orders", 7, policies=BOUNDED, via=(at("orders/app.py", 20),))
    builder.call("orders", 7, policies=ENDLESS, via=(at("orders/app.py", 30),))

    (finding,) = found(CallWithoutTimeout(), builder)

    assert str(finding.region) == "orders/app.py:30"
    assert [str(entry.region) for entry in finding.related] == ["orders/app.py:7"]


def test_caller_of_whom_nothing_is_known_gives_no_bound() -> None:
    """Where no caller is seen to give a bound, the wrapper is the place to mend."""
    builder = Builder()
    builder.call("orders", 7, policies=Policies(timeout=Policy(State.UNKNOWN)), via=(at("orders/app.py", 20),))
    builder.call("orders", 7, policies=ENDLESS, via=(at("orders/app.py", 30),))

    assert lines_of(found(CallWithoutTimeout(), builder)) == ["orders/app.py:7"]
