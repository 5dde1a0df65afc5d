"""How long an entry may wait for what it calls, as far as bounds and traces tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from commlint.graph.numbers import number, tries
from commlint.graph.system import REMOTE, SystemGraph
from commlint.model.operations import Policy, Role
from commlint.model.system import Flow, Observed, ServiceOperation


@dataclass(frozen=True, slots=True)
class Wait:
    """
    A call that an entry waits for.

    `each`: seconds that one attempt may take: its bound, or what traces saw one call of a hundred take where no bound
    is known (`is_seen`). `seen`: what traces saw of it.
    """

    call: ServiceOperation
    flow: Flow
    each: float
    attempts: float
    is_seen: bool
    seen: Observed | None

    @property
    def seconds(self) -> float:
        """What all attempts may take together."""
        return self.each * self.attempts


def longest_waits(graph: SystemGraph, entry: str) -> tuple[Wait, ...]:
    """
    Calls that one request to `entry` may make one behind the other, those that take longest, in order of their lines.

    It is never more than can happen: of calls on different branches, of calls that run side by side and of calls
    under one deadline the longest counts alone, and a call that nothing is known of takes no time.
    """
    taken: list[Wait] = []
    for wait in sorted(_waits(graph, entry), key=lambda wait: (-wait.seconds, wait.call.id)):
        if not any(_shares(wait, other) for other in taken):
            taken.append(wait)
    return tuple(sorted(taken, key=lambda wait: (wait.flow.lines[:1], wait.call.operation.region, wait.call.id)))


def _waits(graph: SystemGraph, entry: str) -> Iterator[Wait]:
    for flow, call in graph.exits(entry):
        operation = call.operation
        if not flow.blocking or operation.role is not Role.CLIENT or operation.protocol not in REMOTE:
            continue
        seen = max((edge.observed for edge in graph.edges_from(call.id) if edge.observed), key=_slowness, default=None)
        bound = number(call.policies.timeout)
        if bound:
            yield Wait(call, flow, bound, _attempts(call), False, seen)
        elif seen is not None:
            yield Wait(call, flow, seen.p99, 1, True, seen)


def _slowness(seen: Observed) -> float:
    return seen.p99


def _attempts(call: ServiceOperation) -> float:
    """How often a call may use its bound up; retries without limit are no matter of bounds, and count once."""
    attempts = tries(call.policies.retry.attempts)
    return 1.0 if call.policies.timeout.whole or attempts == float("inf") else attempts


def _shares(one: Wait, other: Wait) -> bool:
    """Whether the time of both is that of the longer one."""
    mine, theirs = one.call.operation, other.call.operation
    if (mine.region, mine.via) == (theirs.region, theirs.via):
        return True
    if one.flow.course.beside and other.flow.course.beside:
        return True
    return _under_one_deadline(one.call.policies.timeout, other.call.policies.timeout) or one.flow.course.excludes(
        other.flow.course
    )


def _under_one_deadline(one: Policy, other: Policy) -> bool:
    return one.whole and one.region is not None and one.source == "context" and one.region == other.region
