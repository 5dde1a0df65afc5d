"""CL111 on systems built by hand."""

import pytest

from commlint.check.rules.call_in_loop import CallInLoop
from commlint.model.operations import Confidence, Loop

from ..builders import Builder, at, data_loop, found, lines_of


def test_call_inside_a_loop_over_data_is_flagged() -> None:
    """The message names the call and what is looped over."""
    builder = Builder()
    builder.call("orders", 7, "prices/{}", loop=data_loop(6))

    (finding,) = found(CallInLoop(), builder)

    assert finding.message == "GET prices/{} is called once for every element of items"
    assert [str(entry.region) for entry in finding.related] == ["orders/app.py:6"]
    assert finding.confidence is Confidence.LIKELY


@pytest.mark.parametrize("kind", ["retry", "poll", "pages", "fixed"])
def test_other_loops_are_silent(kind: str) -> None:
    """Retries, receive loops, pages and a few literals do not grow with data."""
    builder = Builder()
    call = builder.call("orders", 7, loop=Loop(kind, at("orders/app.py", 6)))
    builder.flow(builder.endpoint("orders", 1, "/"), call, 7, in_loop=at("orders/app.py", 5))

    assert found(CallInLoop(), builder) == []


def test_loop_further_up_is_flagged() -> None:
    """The loop may stand in the function that calls the one with the call."""
    builder = Builder()
    call = builder.call("orders", 17, "prices/{}")
    builder.flow(builder.endpoint("orders", 1, "/"), call, 4, in_loop=at("orders/app.py", 3, 5))

    (finding,) = found(CallInLoop(), builder)

    assert str(finding.region) == "orders/app.py:4"
    assert [str(entry.region) for entry in finding.related] == ["orders/app.py:3", "orders/app.py:17"]


def test_wrapper_called_in_two_loops_is_told_at_each() -> None:
    """The place to mend is the loop, not the wrapper."""
    builder = Builder()
    for line in (27, 37):
        builder.call("orders", 7, "prices/{}", loop=data_loop(line - 1), via=(at("orders/app.py", line),))

    assert lines_of(found(CallInLoop(), builder)) == ["orders/app.py:27", "orders/app.py:37"]


def test_call_for_several_targets_in_one_loop_is_told_once() -> None:
    """One place, one finding."""
    builder = Builder()
    for target in ("prices/{}", "rates/{}"):
        builder.call("orders", 7, target, loop=data_loop(6))

    (finding,) = found(CallInLoop(), builder)

    assert finding.message.startswith("GET prices/{}, GET rates/{} is called")


def test_spawned_call_and_database_are_silent() -> None:
    """Nobody waits for the one; the other is no other service."""
    builder = Builder()
    builder.call("orders", 7, loop=data_loop(6), style="spawned")
    builder.call("orders", 8, loop=data_loop(6), protocol="sql")

    assert lines_of(found(CallInLoop(), builder)) == []
