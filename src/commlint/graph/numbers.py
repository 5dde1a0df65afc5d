"""Policies as numbers, as far as they are known."""

from __future__ import annotations

from commlint.model.operations import Policy, State
from commlint.model.values import Choice, Literal, Value


def number(policy: Policy) -> float | None:
    """The number a policy is set to, the smallest of alternatives; None when it is not set or not known."""
    found = _number(policy.value) if policy.state is State.SET else None
    return None if found is None else found * policy.scale


def tries(attempts: Policy) -> float:
    """Attempts in all: 1 where nothing is known, without end where they are set and have no limit."""
    if attempts.state is not State.SET:
        return 1.0
    if attempts.value is None or attempts.value == Literal(None):
        return float("inf")
    return max(number(attempts) or 1.0, 1.0)


def _number(value: Value | None) -> float | None:
    match value:
        case Literal(value=bool()):
            return None
        case Literal(value=int(content) | float(content)):
            return float(content)
        case Choice(options=options):
            return min((found for found in map(_number, options) if found is not None), default=None)
        case _:
            return None
