"""Objects that are read in one function and told in another what to read: each caller of that one is a subscription."""

from __future__ import annotations

from collections.abc import Iterator

from commlint.model.values import Parameter, Value, transform, walk
from commlint.recognize import frames
from commlint.resolve import worth
from commlint.resolve.entities import Entity, Frame, Object
from commlint.resolve.parameters import parameter_value
from commlint.resolve.program import Program

MAX_SUBSCRIPTIONS = 40


def subscriptions(program: Program, frame: Frame, channel: Value | None) -> Iterator[tuple[Value, Frame]]:
    """
    The channels that callers give the function which subscribes the object read in `frame`, each with its call.

    None where the channel is no parameter of another function in the same file, or where nobody calls that.
    """
    opened = next((each for each in walk(channel) if isinstance(each, Parameter)), None) if channel else None
    if opened is None or channel is None:
        return
    function, _, name = opened.name.rpartition(".")
    index = program.file(frame.path)
    facts = index.functions.get(function)
    parameter = next((each for each in facts.parameters if each.name == name), None) if facts is not None else None
    if parameter is None or f"{frame.root.function}.".startswith(f"{function}."):
        return

    def look(current: Frame) -> Value:
        return worth.as_value(program, parameter_value(program, index, current, parameter))

    found = frames.expand(program, Frame(frame.path, function), look, lambda given: (given,))
    for current, given in found[:MAX_SUBSCRIPTIONS]:
        if current.site is not None and _may_be_one(frame.receiver, current.receiver):
            yield _put_in(channel, opened, given), current


def _put_in(channel: Value, opened: Parameter, given: Value) -> Value:
    return transform(channel, lambda part: given if part == opened else None)


def _may_be_one(one: Entity | None, other: Entity | None) -> bool:
    """Whether two may be the same object, as far as the calls are known that made them."""
    made = {(each.site.path, each.site.call) for each in (one, other) if isinstance(each, Object) and each.site}
    return len(made) < 2
