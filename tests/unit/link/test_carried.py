"""Bounds that travel with a request, from the service that sends it to what the handler does."""

from commlint.model.operations import Confidence, Policies, Policy, State
from commlint.model.system import ServiceOperation
from commlint.model.values import Literal

from .builders import Files, site_of

CARRIED = Policies(timeout=Policy(State.UNSET, source="default of library x", carried=True))
UNSET = Policies(timeout=Policy(State.UNSET))
BOUND = Policies(timeout=Policy(State.SET, Literal(3)))


def asked(*callers: Policies) -> ServiceOperation:
    """What `orders` asks of `stock` while it answers these calls of `shop`."""
    files = Files()
    for name in ("shop", "orders", "stock"):
        files.compose(name, name)
    files.endpoint("stock/app.py::all", "GET", "/stock")
    files.endpoint("orders/app.py::place", "POST", "/orders")
    call = files.get("orders/app.py::place", "http://stock/stock", policies=CARRIED)
    for number, policies in enumerate(callers):
        files.get(f"shop/app.py::buy{number}", "http://orders/orders", method="POST", policies=policies)
    return site_of(files.system(), call)


def test_without_a_bound_of_any_caller_there_is_none() -> None:
    """All who call are known, and none gives one."""
    found = asked(UNSET)

    assert (found.policies.timeout.state, found.operation.confidence) == (State.UNSET, Confidence.CERTAIN)


def test_a_bound_of_a_caller_may_hold() -> None:
    """One of several is enough for it not to be known to be missing; so is one of whom nothing is known."""
    assert asked(UNSET, BOUND).policies.timeout.state is State.UNKNOWN
    assert asked(Policies(timeout=Policy())).policies.timeout.state is State.UNKNOWN


def test_without_known_callers_it_is_only_likely() -> None:
    """Somebody outside may ask, with a bound."""
    found = asked()

    assert (found.policies.timeout.state, found.operation.confidence) == (State.UNSET, Confidence.LIKELY)


def test_bounds_travel_through_several_services() -> None:
    """What bounds the first request bounds the third; a circle of services gives no bound to itself."""
    files = Files()
    for name in ("a", "b", "c"):
        files.compose(name, name)
        files.endpoint(f"{name}/app.py::run", "GET", "/run")
    second = files.get("b/app.py::run", "http://c/run", policies=CARRIED)
    third = files.get("c/app.py::run", "http://b/run", policies=CARRIED)
    assert site_of(files.system(), third).policies.timeout.state is State.UNSET

    files.get("a/app.py::run", "http://b/run", policies=BOUND)
    system = files.system()

    assert site_of(system, second).policies.timeout.state is State.UNKNOWN
    assert site_of(system, third).policies.timeout.state is State.UNKNOWN
