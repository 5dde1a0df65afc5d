"""Finish policies for one service: what the deployment gives a timeout, what a deadline or mesh adds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from commlint.link.values import Text, Valuer
from commlint.model.operations import Policies, Policy, RetryPolicy, State
from commlint.model.values import Choice, ConfigRead, EnvironmentRead, Literal, Scalar, Value, walk

NUMBER = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*(ms|s|sec|seconds|m|min|h)?")
UNITS = {"ms": 0.001, "s": 1.0, "sec": 1.0, "seconds": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}


def finished(policies: Policies, valuer: Valuer) -> Policies:
    """All policies with what they read from the environment replaced by what this service is given."""
    retry = policies.retry
    return Policies(
        finish_policy(policies.timeout, valuer),
        RetryPolicy(
            finish_policy(retry.attempts, valuer),
            finish_policy(retry.backoff, valuer),
            finish_policy(retry.jitter, valuer),
        ),
        *(
            finish_policy(policy, valuer)
            for policy in (
                policies.breaker,
                policies.acknowledgement,
                policies.failure,
                policies.confirmation,
                policies.dead_letter,
                policies.redelivery_limit,
                policies.ordering_key,
                policies.message_id,
                policies.trace_context,
            )
        ),
    )


def finish_policy(policy: Policy, valuer: Valuer) -> Policy:
    """One policy; what it cannot be read as a number or is not given at all is unknown."""
    if policy.value is None or not any(isinstance(part, EnvironmentRead | ConfigRead) for part in walk(policy.value)):
        return policy
    numbers = [_number(text, policy.scale) for text in valuer.texts(policy.value)]
    known = sorted({number for number in numbers if number is not None})
    if not known or None in numbers:
        return replace(policy, state=State.UNKNOWN, value=policy.value)
    return replace(policy, value=_either(known), scale=1.0)


def _number(text: Text, scale: float) -> float | None:
    found = NUMBER.fullmatch((text.literal or "").strip())
    if not found:
        return None
    # A unit in the text goes before the unit the library takes.
    return round(float(found[1]) * (UNITS[found[2]] if found[2] else scale), 9)


def _either(numbers: Iterable[float]) -> Value:
    options = tuple(Literal(_plain(number)) for number in numbers)
    return options[0] if len(options) == 1 else Choice(options)


def _plain(number: float) -> Scalar:
    return int(number) if number.is_integer() else number
