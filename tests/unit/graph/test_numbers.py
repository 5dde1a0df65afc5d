from __future__ import annotations

import pytest

from commlint.graph import number, tries
from commlint.model.operations import Policy, State
from commlint.model.values import Choice, Literal, Unknown, Value


@pytest.mark.parametrize(
    ("state", "value", "scale", "expected"),
    [
        (State.SET, Literal(3), 1.0, 3.0),
        (State.SET, Literal(2500), 0.001, 2.5),
        (State.SET, Choice((Literal(5), Literal(2))), 1.0, 2.0),
        (State.SET, Literal(True), 1.0, None),
        (State.SET, Unknown("x"), 1.0, None),
        (State.UNSET, Literal(3), 1.0, None),
    ],
)
def test_numbers(state: State, value: Value, scale: float, expected: float | None) -> None:
    """What is set, in the unit of the policy, the smallest of alternatives."""
    assert number(Policy(state, value, scale=scale)) == expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (Policy(State.SET, Literal(3)), 3),
        (Policy(State.SET, None), float("inf")),
        (Policy(State.SET, Unknown("x")), 1),
        (Policy(State.UNSET), 1),
        (Policy(), 1),
    ],
)
def test_tries(policy: Policy, expected: float) -> None:
    """One try where nothing is known, tries without end where they have no limit."""
    assert tries(policy) == expected
