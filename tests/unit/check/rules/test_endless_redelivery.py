"""CL204 on systems built by hand."""

from commlint.check.rules.endless_redelivery import EndlessRedelivery
from commlint.model.operations import Confidence, Policies
from commlint.model.system import ServiceOperation

from ..builders import UNSET, Builder, at, bound, found, lines_of

RETURNS = Policies(acknowledgement=bound("after"), failure=bound("requeue"))


def consumer(builder: Builder, policies: Policies = Policies(), protocol: str = "amqp") -> ServiceOperation:  # noqa: B008
    builder.code("stock", "on_order", (3, 9))
    return builder.consumer("stock", 20, "orders", function_name="on_order", policies=policies, protocol=protocol)


def test_message_put_back_without_limit_is_flagged_at_its_line() -> None:
    """The queue is known to have no limit."""
    builder = Builder()
    builder.channel("orders", redelivery_limit=UNSET)
    consumer(builder)
    builder.step("stock", 8, "reject", "requeue", function_name="on_order", handler=True)

    (finding,) = found(EndlessRedelivery(), builder)

    assert str(finding.region) == "stock/app.py:8"
    assert finding.message == "on_order puts a failing message back to orders without limit"
    assert finding.confidence is Confidence.LIKELY


def test_limit_on_the_queue_silences() -> None:
    """A quorum queue with a delivery limit ends it."""
    builder = Builder()
    builder.channel("orders", redelivery_limit=bound(5))
    consumer(builder, RETURNS)
    builder.step("stock", 8, "reject", "requeue", function_name="on_order")

    assert found(EndlessRedelivery(), builder) == []


def test_queue_that_is_not_known_is_flagged() -> None:
    """Queues have no limit unless somebody gives them one."""
    builder = Builder()
    consumer(builder)
    builder.step("stock", 8, "reject", "requeue", function_name="on_order")

    assert [finding.confidence for finding in found(EndlessRedelivery(), builder)] == [Confidence.LIKELY]


def test_handler_that_also_drops_makes_it_only_possible() -> None:
    """It may count the attempts itself."""
    builder = Builder()
    builder.channel("orders", redelivery_limit=UNSET)
    consumer(builder)
    builder.step("stock", 8, "reject", "requeue", function_name="on_order")
    builder.step("stock", 10, "reject", "drop", function_name="on_order")

    assert [finding.confidence for finding in found(EndlessRedelivery(), builder)] == [Confidence.POSSIBLE]


def test_drop_in_another_clause_changes_nothing() -> None:
    """What cannot be parsed is dropped; all else goes round."""
    builder = Builder()
    consumer(builder)
    here, there = at("stock/app.py", 7, 8), at("stock/app.py", 9, 10)
    builder.step("stock", 8, "reject", "requeue", function_name="on_order", handler=True, clause=here)
    builder.step("stock", 10, "reject", "drop", function_name="on_order", handler=True, clause=there)

    assert [finding.confidence for finding in found(EndlessRedelivery(), builder)] == [Confidence.LIKELY]


def test_several_places_of_a_handler_are_told_once() -> None:
    """The first is the place, the others are related."""
    builder = Builder()
    consumer(builder)
    builder.step("stock", 8, "reject", "requeue", function_name="on_order")
    builder.step("stock", 6, "reject", "requeue", function_name="on_order")

    (finding,) = found(EndlessRedelivery(), builder)

    assert str(finding.region) == "stock/app.py:6"
    assert [str(entry.region) for entry in finding.related] == ["stock/app.py:3", "stock/app.py:8"]


def test_reject_without_putting_back_is_silent() -> None:
    """The message goes away or to the dead letters."""
    builder = Builder()
    builder.channel("orders", redelivery_limit=UNSET)
    consumer(builder)
    builder.step("stock", 8, "reject", "drop", function_name="on_order")

    assert found(EndlessRedelivery(), builder) == []


def test_block_that_puts_back_is_flagged() -> None:
    """`with message.process(requeue=True):` does so when the block raises."""
    builder = Builder()
    builder.channel("orders", redelivery_limit=UNSET)
    consumer(builder)
    builder.step("stock", 4, "acknowledge", "requeue", function_name="on_order")

    assert lines_of(found(EndlessRedelivery(), builder)) == ["stock/app.py:4"]


def test_framework_that_requeues_is_flagged_at_the_consumer() -> None:
    """What raises comes back at once."""
    builder = Builder()
    builder.channel("orders", redelivery_limit=UNSET)
    consumer(builder, RETURNS)

    assert lines_of(found(EndlessRedelivery(), builder)) == ["stock/app.py:20"]


def test_message_that_comes_back_when_the_connection_closes_is_silent() -> None:
    """It does not go round while the consumer runs."""
    builder = Builder()
    builder.channel("orders", redelivery_limit=UNSET)
    consumer(builder, Policies(acknowledgement=bound("manual"), failure=bound("redeliver")))

    assert found(EndlessRedelivery(), builder) == []


def test_polled_queue_with_dead_letters_is_silent() -> None:
    """Its redrive policy counts deliveries."""
    builder = Builder()
    builder.channel("orders", "sqs", redelivery_limit=UNSET, dead_letter=bound("orders-dead"))
    consumer(builder, Policies(acknowledgement=bound("manual"), failure=bound("redeliver")), "sqs")

    assert found(EndlessRedelivery(), builder) == []
