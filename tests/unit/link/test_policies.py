"""Policies as one service has them."""

import pytest

from commlint.model.operations import Policies, Policy, State
from commlint.model.values import Choice, Literal, Value

from .builders import Files, env, site_of


def finished(policy: Policy, **variables: str) -> Policy:
    """The timeout of a call in `orders`, whose deployment gives it the variables."""
    files = Files()
    files.compose("orders", "orders", env=variables)
    call = files.get("orders/app.py::fetch", "http://stock/", policies=Policies(timeout=policy))
    return site_of(files.system(), call).policies.timeout


@pytest.mark.parametrize(
    ("given", "scale", "value"),
    [("5", 1.0, 5), ("2500", 0.001, 2.5), ("1.5", 1.0, 1.5), ("500ms", 1.0, 0.5), ("2m", 1.0, 120), ("3s", 0.001, 3)],
)
def test_numbers_come_from_the_deployment(given: str, scale: float, value: float) -> None:
    """Read from the environment, then brought to seconds; a unit in the text goes before the library's."""
    found = finished(Policy(State.SET, env("TIMEOUT", "1"), "argument", scale=scale), TIMEOUT=given)

    assert (found.state, found.value, found.scale) == (State.SET, Literal(value), 1.0)


@pytest.mark.parametrize("given", [{}, {"TIMEOUT": "soon"}])
def test_what_is_no_number_is_unknown(given: dict[str, str]) -> None:
    """Not given, or not readable: neither set nor unset."""
    assert finished(Policy(State.SET, env("TIMEOUT"), "argument"), **given).state is State.UNKNOWN


def test_alternatives_stay_alternatives() -> None:
    """Two deployments that differ leave a choice."""
    files = Files()
    files.workload("orders", "x/orders", path="a.yaml", env={"TIMEOUT": "2"})
    files.workload("orders", "x/orders", path="b.yaml", env={"TIMEOUT": "9"})
    files.dockerfile("orders")
    policies = Policies(timeout=Policy(State.SET, env("TIMEOUT"), "argument"))
    call = files.get("orders/app.py::fetch", "http://stock/", policies=policies)

    assert site_of(files.system(), call).policies.timeout.value == Choice((Literal(2), Literal(9)))


@pytest.mark.parametrize("value", [Literal(3), Literal("before"), None])
def test_what_reads_nothing_stays_as_it_is(value: Value | None) -> None:
    """Only values of the environment are finished."""
    policy = Policy(State.SET, value, "argument", scale=0.5)

    assert finished(policy) == policy
