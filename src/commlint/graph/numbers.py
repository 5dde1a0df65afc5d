"""Policies as numbers, as far as they are known."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from commlint.model.operations import Policy, State
from commlint.model.values import Choice, Literal, Value


def number(policy: Policy, of: Callable[[Iterable[float]], float] = min) -> float | None:
    """
    The number a policy is set to; None when it is not set or not known.

    Args:
        of: which one of alternatives counts.
    """
    found = _number(policy.value, of) if policy.state is State.SET else None
    return None if found is None else found * policy.scale


def tries(attempts: Policy) -> float:
    """Attempts in all: 1 where nothing is known, without end where they are set and have no limit."""
    if attempts.state is not State.SET:
        return 1.0
    if attempts.value is None or attempts.value == Literal(None):
        return float("inf")
    return max(number(attempts) or 1.0, 1.0)


def _number(value: Value | None, of: Callable[[Iterable[float]], float]) -> float | None:
    match value:
        case Literal(value=bool()):
            return None
        case Literal(value=int(content) | float(content)):
            return float(content)
        case Choice(options=options):
            found = [each for option in options if (each := _number(option, of)) is not None]
            return of(found) if found else None
        case _:
            return None
