"""Finish policies for one service: what the deployment gives a timeout, what a deadline or mesh adds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from commlint.link.values import Text, Valuer
from commlint.model.operations import Policies, Policy, RetryPolicy, State
from commlint.model.values import Choice, ConfigRead, EnvironmentRead, Literal, Scalar, Value, walk

NUMBER = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*(ms|s|sec|seconds|m|min|h)?")
ISO = re.compile(r"^PT(?=[\d.]+[HMS]$)")
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
    """One policy; what cannot be read as a number or is not given at all is unknown."""
    if policy.configured:
        return _of_settings(policy, valuer)
    if policy.value is None or not any(isinstance(part, EnvironmentRead | ConfigRead) for part in walk(policy.value)):
        return policy
    numbers = [_number(text, policy.scale) for text in valuer.texts(policy.value)]
    known = sorted({number for number in numbers if number is not None})
    if not known or None in numbers:
        return replace(policy, state=State.UNKNOWN, value=policy.value)
    return replace(policy, value=_either(known), scale=1.0)


def counted(policy: Policy, valuer: Valuer) -> Policy:
    """A policy whose value may stand in settings, as a number; unset when no file gives any of its keys."""
    if not isinstance(policy.value, ConfigRead):
        return finish_policy(policy, valuer)
    return _of_settings(replace(policy, state=State.UNSET, configured=True), valuer)


def _of_settings(policy: Policy, valuer: Valuer) -> Policy:
    """A policy by the first of its keys that some file gives, else what holds without any."""
    value: Value | None = policy.value
    while isinstance(value, ConfigRead):
        given = valuer.setting(value.key)
        if given:
            texts = [text for bound in given for text in valuer.bound_texts(bound)]
            found = replace(
                policy, value=given[0].value, source=f"configuration key {value.key}", region=given[0].region,
                configured=False, words=(),
            )  # fmt: skip
            return _worded(found, texts, dict(policy.words)) if policy.words else _counted(found, texts)
        value = value.default
    told = replace(policy, value=None, configured=False, words=())
    if policy.state is State.SET:
        return replace(told, value=value)
    if policy.state is State.UNSET and not valuer.complete:
        return replace(told, state=State.UNKNOWN, detail="settings of a configuration server may say otherwise")
    return told


def _counted(policy: Policy, texts: Iterable[Text]) -> Policy:
    numbers = [_number(text, policy.scale) for text in texts]
    known = sorted({number for number in numbers if number is not None})
    if not known or None in numbers:
        return replace(policy, state=State.UNKNOWN)
    return replace(policy, state=State.SET, value=_either(known), scale=1.0)


def _worded(policy: Policy, texts: Iterable[Text], words: Mapping[str, str]) -> Policy:
    told = {words.get((text.literal or "").strip().lower(), words.get("*")) for text in texts}
    word = next(iter(told)) if len(told) == 1 else None
    if word is None or word in ("unset", "unknown"):
        return replace(policy, state=State(word or "unknown"), value=None)
    return replace(policy, state=State.SET, value=Literal(word))


def _number(text: Text, scale: float) -> float | None:
    # `PT2.5S` is how ISO 8601 writes a duration.
    found = NUMBER.fullmatch(ISO.sub("", (text.literal or "").strip()).lower())
    if not found:
        return None
    # A unit in the text goes before the unit the library takes.
    return round(float(found[1]) * (UNITS[found[2]] if found[2] else scale), 9)


def _either(numbers: Iterable[float]) -> Value:
    options = tuple(Literal(_plain(number)) for number in numbers)
    return options[0] if len(options) == 1 else Choice(options)


def _plain(number: float) -> Scalar:
    return int(number) if number.is_integer() else number
