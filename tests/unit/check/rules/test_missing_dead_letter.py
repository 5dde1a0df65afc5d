"""CL202 on systems built by hand."""

import pytest

from commlint.check.rules.missing_dead_letter import MissingDeadLetter
from commlint.model.operations import Confidence, Policies

from ..builders import UNSET, Builder, at, bound, found

HERE = at("stock/queues.py", 4)


def test_consumed_queue_without_dead_letters_is_flagged_where_it_is_declared() -> None:
    """The consumer is related."""
    builder = Builder()
    builder.channel("orders", dead_letter=UNSET, region=HERE)
    builder.consumer("stock", 20, "orders")

    (finding,) = found(MissingDeadLetter(), builder)

    assert str(finding.region) == "stock/queues.py:4"
    assert finding.message.startswith("messages of orders that fail have nowhere to go")
    assert [str(entry.region) for entry in finding.related] == ["stock/app.py:20"]
    assert finding.confidence is Confidence.LIKELY


@pytest.mark.parametrize(
    "given",
    [
        {"dead_letter": bound("orders.dead")},
        {"kind": "queue"},
        {"dead_letter": UNSET, "is_dead_letter": True},
        {"dead_letter": UNSET, "ephemeral": True},
    ],
)
def test_set_unknown_dead_letter_and_ephemeral_queues_are_silent(given: dict[str, object]) -> None:
    """Only what is known to be missing is a fault."""
    builder = Builder()
    builder.channel("orders", region=HERE, **given)
    builder.consumer("stock", 20, "orders")

    assert found(MissingDeadLetter(), builder) == []


def test_queue_nobody_receives_from_is_silent() -> None:
    """Nothing fails where nothing is processed."""
    builder = Builder()
    builder.channel("orders", dead_letter=UNSET, region=HERE)
    builder.producer("shop", 20, "orders")

    assert found(MissingDeadLetter(), builder) == []


@pytest.mark.parametrize("policies", [Policies(dead_letter=bound("built-in")), Policies(failure=bound("dead-letter"))])
def test_framework_that_keeps_failures_silences(policies: Policies) -> None:
    """A built-in error queue is one."""
    builder = Builder()
    builder.channel("orders", dead_letter=UNSET, region=HERE)
    builder.consumer("stock", 20, "orders", policies=policies)

    assert found(MissingDeadLetter(), builder) == []


def test_handler_that_sends_failures_on_silences() -> None:
    """A channel named for failures is taken for one."""
    builder = Builder()
    builder.channel("orders", dead_letter=UNSET, region=HERE)
    builder.channel("orders.failed")
    entry = builder.consumer("stock", 20, "orders")
    builder.flow(entry, builder.producer("stock", 25, "orders.failed"), 25)

    assert found(MissingDeadLetter(), builder) == []


@pytest.mark.parametrize(
    ("policies", "flagged"),
    [
        (Policies(dead_letter=UNSET, failure=bound("drop")), True),
        (Policies(dead_letter=UNSET), False),
        (Policies(failure=bound("drop")), False),
    ],
)
def test_topic_is_flagged_when_framework_and_failure_are_known(policies: Policies, flagged: bool) -> None:
    """Where nothing can be declared, the consumer decides; half of the knowledge is not enough."""
    builder = Builder()
    builder.channel("orders", "kafka")
    builder.consumer("stock", 20, "orders", protocol="kafka", policies=policies)

    assert bool(found(MissingDeadLetter(), builder)) is flagged


def test_queue_nobody_declares_is_only_possible() -> None:
    """It may have been made by hand, with dead letters."""
    builder = Builder()
    builder.channel("orders")
    builder.consumer("stock", 20, "orders")

    assert [finding.confidence for finding in found(MissingDeadLetter(), builder)] == [Confidence.POSSIBLE]


def test_task_queue_is_only_possible() -> None:
    """Failed tasks are kept as results."""
    builder = Builder()
    builder.channel("tasks.pay", "celery")
    builder.consumer("stock", 20, "tasks.pay", protocol="celery", policies=Policies(dead_letter=UNSET))

    assert [finding.confidence for finding in found(MissingDeadLetter(), builder)] == [Confidence.POSSIBLE]
