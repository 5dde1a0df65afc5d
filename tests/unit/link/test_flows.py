"""From the ways into a service to its ways out."""

from commlint.model.operations import UNKNOWN, Policies, Policy, State
from commlint.model.values import Literal

from .builders import Files, env, flow_between, loop, site_of

UNSET = Policies(timeout=Policy(State.UNSET, source="default of library x"))


def bound(seconds: float) -> Policy:
    return Policy(State.SET, Literal(seconds), "context")


def shop(**variables: object) -> Files:
    files = Files()
    files.compose("orders", "orders", env=variables)
    return files


def test_flow_lists_the_calls_between() -> None:
    """Entry and exit with the line of every call on the shortest way, down to the site."""
    files = shop()
    entry = files.endpoint("orders/app.py::index", "POST", "/")
    files.call("orders/app.py::index", "orders/app.py::place", 3)
    files.call("orders/app.py::place", "orders/http.py::fetch", 9)
    files.call("orders/app.py::index", "orders/app.py::log", 4)
    files.call("orders/app.py::log", "orders/app.py::place", 5)
    exit = files.get("orders/http.py::fetch", "http://stock/")
    files.module("orders/http.py")

    flow = flow_between(files.system(), entry, exit)

    assert flow is not None
    assert [str(line) for line in flow.lines] == ["orders/app.py:3", "orders/app.py:9"]
    assert flow.blocking


def test_recursion_ends() -> None:
    """Functions that call each other in a circle are walked once."""
    files = shop()
    entry = files.endpoint("orders/app.py::index", "POST", "/")
    for caller, callee in (("index", "a"), ("a", "b"), ("b", "a"), ("b", "fetch")):
        files.call(f"orders/app.py::{caller}", f"orders/app.py::{callee}")
    exit = files.get("orders/app.py::fetch", "http://stock/")

    assert flow_between(files.system(), entry, exit) is not None


def test_spawned_work_does_not_block() -> None:
    """The entry answers without it, unless another way waits."""
    files = shop()
    entry = files.endpoint("orders/app.py::index", "POST", "/")
    spawned = files.get("orders/app.py::later", "http://stock/")
    waited = files.get("orders/app.py::both", "http://stock/")
    for callee, kind in (("later", "spawn"), ("both", "spawn"), ("both", "call")):
        files.call("orders/app.py::index", f"orders/app.py::{callee}", kind=kind)

    system = files.system()

    assert [
        flow.blocking for flow in (flow_between(system, entry, spawned), flow_between(system, entry, waited)) if flow
    ] == [
        False,
        True,
    ]


def test_operation_nobody_waits_for_does_not_block() -> None:
    """The style of the operation itself counts as well."""
    files = shop()
    entry = files.endpoint("orders/app.py::index", "POST", "/")
    exit = files.get("orders/app.py::index", "http://stock/", style="spawned")

    flow = flow_between(files.system(), entry, exit)

    assert flow is not None
    assert not flow.blocking


def test_loop_over_data_on_the_way_is_told() -> None:
    """A call once per element is marked, a retry loop is not."""
    files = shop()
    entry = files.endpoint("orders/app.py::index", "POST", "/")
    each = files.get("orders/app.py::one", "http://stock/")
    again = files.get("orders/app.py::two", "http://stock/")
    files.call("orders/app.py::index", "orders/app.py::one", 5, loop=loop("data", "orders/app.py", 4))
    files.call("orders/app.py::index", "orders/app.py::two", 8, loop=loop("retry", "orders/app.py", 7))

    system = files.system()

    assert [str(flow.in_loop) for exit in (each, again) if (flow := flow_between(system, entry, exit))] == [
        "orders/app.py:4",
        "None",
    ]


def test_flows_stay_inside_a_service() -> None:
    """A call edge into another service's code is no flow of either."""
    files = shop()
    files.compose("stock", "stock")
    entry = files.endpoint("orders/app.py::index", "POST", "/")
    exit = files.get("stock/app.py::fetch", "http://mail/")
    files.call("orders/app.py::index", "stock/app.py::fetch")

    assert flow_between(files.system(), entry, exit) is None


def timeout(files: Files, deadlines: list[Policy]) -> Policy:
    """The timeout of a call that is reached by one way for each of the deadlines."""
    files.endpoint("orders/app.py::index", "POST", "/")
    exit = files.get("orders/app.py::fetch", "http://stock/", policies=UNSET)
    for number, deadline in enumerate(deadlines):
        files.call("orders/app.py::index", f"orders/app.py::way{number}")
        files.call(f"orders/app.py::way{number}", "orders/app.py::fetch", deadline=deadline)
    return site_of(files.system(), exit).policies.timeout


def test_deadline_on_every_way_bounds_the_call() -> None:
    """The loosest of them is the one that always holds."""
    found = timeout(shop(), [bound(2), bound(5)])

    assert (found.state, found.value, found.source) == (State.SET, Literal(5), "context")


def test_one_way_without_a_deadline_leaves_the_call_unbounded() -> None:
    """What is not always bounded is not bounded."""
    assert timeout(shop(), [bound(2), UNKNOWN]).state is State.UNSET


def test_deadline_from_the_environment_is_finished() -> None:
    """A deadline may be what the deployment says."""
    given = Policy(State.SET, env("BUDGET_MS"), "context", scale=0.001)

    found = timeout(shop(BUDGET_MS="1500"), [given])

    assert (found.state, found.value) == (State.SET, Literal(1.5))
