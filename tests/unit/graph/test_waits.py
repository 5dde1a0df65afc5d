"""How long an entry may wait for what it calls."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commlint.graph import longest_waits
from commlint.model.operations import UNKNOWN, Course, Policies, Policy, RetryPolicy, State
from commlint.model.places import Region
from commlint.model.system import Observed, ServiceOperation
from tests.unit.check.builders import Builder, at, bound


def system(*calls: tuple[Policy, Course], attempts: Policy = UNKNOWN, blocking: bool = True) -> tuple[Builder, str]:
    """One endpoint and the calls that it makes, by bound and course."""
    builder = Builder()
    entry = builder.endpoint("billing", 1, "/invoices")
    for line, (timeout, course) in enumerate(calls, 10):
        policies = Policies(timeout=timeout, retry=RetryPolicy(attempts=attempts))
        call = builder.call("billing", line, f"http://bank/{line}", policies=policies)
        builder.flow(entry, call, line, blocking=blocking, course=course)
    return builder, entry.id


def seconds(given: tuple[Builder, str]) -> float:
    builder, entry = given
    return sum(wait.seconds for wait in longest_waits(builder.graph(), entry))


IF, ELSE = Region("billing/app.py", 5, 5, 5, 5), Region("billing/app.py", 7, 5, 7, 5)
STRAIGHT = Course()


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ([(bound(2), STRAIGHT), (bound(3), STRAIGHT)], 5),
        ([(bound(2), Course(beside=True)), (bound(3), Course(beside=True))], 3),
        ([(bound(2), STRAIGHT), (bound(3), Course(beside=True))], 5),
        ([(bound(2), Course(((IF, IF),))), (bound(3), Course(((IF, ELSE),)))], 3),
        ([(bound(2), Course(((IF, IF),))), (bound(3), Course(passed=(IF,)))], 3),
        ([(bound(2), STRAIGHT), (UNKNOWN, STRAIGHT)], 2),
        ([(bound(2), STRAIGHT), (Policy(State.UNSET), STRAIGHT)], 2),
    ],
)
def test_calls_add_up_unless_they_share_their_time(calls: list[tuple[Policy, Course]], expected: float) -> None:
    """In a row they add up; of branches and what runs side by side the longest counts, and the unknown not at all."""
    assert seconds(system(*calls)) == expected


def test_attempts_multiply_unless_the_bound_holds_for_all() -> None:
    """Attempts without limit count once."""
    assert seconds(system((bound(2), STRAIGHT), attempts=bound(3))) == 6
    assert seconds(system((replace(bound(2), whole=True), STRAIGHT), attempts=bound(3))) == 2
    assert seconds(system((bound(2), STRAIGHT), attempts=Policy(State.SET, None))) == 2


def test_one_deadline_holds_for_all_calls_under_it() -> None:
    """Two deadlines add up."""
    one = replace(bound(5, "context"), whole=True, region=at("billing/app.py", 4))

    assert seconds(system((one, STRAIGHT), (one, STRAIGHT))) == 5
    assert seconds(system((one, STRAIGHT), (replace(one, region=at("billing/app.py", 14)), STRAIGHT))) == 10


def test_work_nobody_waits_for_takes_no_time() -> None:
    """The answer is given before it ends."""
    assert seconds(system((bound(2), STRAIGHT), blocking=False)) == 0


def test_what_traces_saw_stands_for_a_bound_that_is_not_known() -> None:
    """A known bound is not replaced by it."""
    builder, entry = system((UNKNOWN, STRAIGHT), (bound(2), STRAIGHT))
    calls: list[ServiceOperation] = [each for each in builder.parts["operations"] if each.id != entry]
    for call in calls:
        edge = builder.edge(call, "service:bank")
        builder.parts["edges"][-1] = replace(edge, observed=Observed(10, 0, 0.1, 0.4, 0.7))

    waits = longest_waits(builder.graph(), entry)

    assert [(wait.each, wait.is_seen) for wait in waits] == [(0.7, True), (2, False)]
