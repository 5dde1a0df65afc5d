"""CL203 on systems built by hand."""

from commlint.check.rules.ack_before_processing import AckBeforeProcessing
from commlint.model.operations import Confidence, Policies, Policy, State
from commlint.model.system import ServiceOperation
from commlint.model.values import Literal

from ..builders import Builder, bound, found, lines_of

MANUAL = Policies(acknowledgement=bound("manual"))
AFTER = Policies(acknowledgement=bound("after"))
AUTOMATIC = Policies(
    acknowledgement=Policy(State.SET, Literal("before"), "argument", detail="the broker forgets it on delivery")
)


def consumer(builder: Builder, policies: Policies = MANUAL, **given: str) -> ServiceOperation:
    builder.code("stock", "on_order", (3, 9))
    return builder.consumer("stock", 20, "orders", function_name="on_order", policies=policies, **given)


def work(builder: Builder, entry: ServiceOperation, line: int, effect: str = "insert", name: str = "on_order") -> None:
    call = builder.call("stock", line, protocol="sql", effect=effect, function_name=name)
    builder.flow(entry, call, line)


def test_automatic_acknowledgement_is_flagged_at_the_consumer() -> None:
    """The message says what acknowledges."""
    builder = Builder()
    work(builder, consumer(builder, AUTOMATIC), 5)

    (finding,) = found(AckBeforeProcessing(), builder)

    assert str(finding.region) == "stock/app.py:20"
    assert finding.message == (
        "messages of orders are acknowledged before they are processed: the broker forgets it on delivery"
    )


def test_handler_without_work_is_silent() -> None:
    """Consumers that log, count or only read lose nothing."""
    builder = Builder()
    work(builder, consumer(builder, AUTOMATIC), 5, effect="read")

    assert found(AckBeforeProcessing(), builder) == []


def test_channel_that_may_lose_messages_is_silent() -> None:
    """It is named in the options."""
    builder = Builder()
    work(builder, consumer(builder, AUTOMATIC), 5)

    assert found(AckBeforeProcessing(at_most_once=("orders",)), builder) == []


def test_acknowledgement_above_the_work_is_flagged_at_its_line() -> None:
    """A crash in between loses the message."""
    builder = Builder()
    builder.step("stock", 4, "acknowledge", function_name="on_order")
    work(builder, consumer(builder), 5)

    assert lines_of(found(AckBeforeProcessing(), builder)) == ["stock/app.py:4"]


def test_offsets_committed_above_the_work_are_flagged() -> None:
    """Committing offsets is acknowledging; committing to a database is not."""
    early, other = Builder(), Builder()
    for builder, detail in ((early, "offsets"), (other, "database")):
        builder.step("stock", 4, "commit", detail, function_name="on_order")
        work(builder, consumer(builder), 5)

    assert lines_of(found(AckBeforeProcessing(), early)) == ["stock/app.py:4"]
    assert found(AckBeforeProcessing(), other) == []


def test_acknowledgement_below_the_work_is_silent() -> None:
    """That is where it belongs."""
    builder = Builder()
    work(builder, consumer(builder), 5)
    builder.step("stock", 6, "acknowledge", function_name="on_order")

    assert found(AckBeforeProcessing(), builder) == []


def test_early_acknowledgement_of_skipped_messages_is_silent() -> None:
    """When there is one below the work too, the first is for messages that are not worked on."""
    builder = Builder()
    builder.step("stock", 4, "acknowledge", function_name="on_order")
    work(builder, consumer(builder), 5)
    builder.step("stock", 6, "acknowledge", function_name="on_order")

    assert found(AckBeforeProcessing(), builder) == []


def test_acknowledgement_in_an_except_block_is_silent() -> None:
    """It runs only when something has failed."""
    builder = Builder()
    builder.step("stock", 4, "acknowledge", function_name="on_order", handler=True)
    work(builder, consumer(builder), 5)

    assert found(AckBeforeProcessing(), builder) == []


def test_block_that_acknowledges_at_its_end_is_silent() -> None:
    """`with message.process():` stands above the work and acknowledges below it."""
    builder = Builder()
    builder.step("stock", 4, "acknowledge", "drop", function_name="on_order")
    work(builder, consumer(builder), 5)

    assert found(AckBeforeProcessing(), builder) == []


def test_work_in_a_called_function_counts_at_the_call() -> None:
    """The acknowledgement stands above the call that works."""
    builder = Builder()
    builder.step("stock", 4, "acknowledge", function_name="on_order")
    builder.calls("stock", "on_order", "save", 5)
    work(builder, consumer(builder), 40, name="save")

    assert lines_of(found(AckBeforeProcessing(), builder)) == ["stock/app.py:4"]


def test_late_acknowledgement_in_a_called_function_is_silent() -> None:
    """A helper below the work settles the message."""
    builder = Builder()
    builder.step("stock", 4, "acknowledge", function_name="on_order")
    work(builder, consumer(builder), 5)
    builder.calls("stock", "on_order", "settle", 6)
    builder.step("stock", 50, "acknowledge", function_name="settle")

    assert found(AckBeforeProcessing(), builder) == []


def test_work_left_to_a_task_is_possible_when_the_library_acknowledges() -> None:
    """The handler returns before the work is done."""
    builder = Builder()
    builder.calls("stock", "on_order", "save", 5, "spawn")
    work(builder, consumer(builder, AFTER), 40, name="save")

    findings = found(AckBeforeProcessing(), builder)

    assert [(str(finding.region), finding.confidence) for finding in findings] == [
        ("stock/app.py:5", Confidence.POSSIBLE)
    ]


def test_task_that_acknowledges_itself_is_silent() -> None:
    """It does so when it is done."""
    builder = Builder()
    builder.calls("stock", "on_order", "save", 5, "spawn")
    work(builder, consumer(builder), 40, name="save")
    builder.step("stock", 41, "acknowledge", function_name="save")

    assert found(AckBeforeProcessing(), builder) == []


def test_task_queue_default_is_only_possible() -> None:
    """Task queues acknowledge early unless told otherwise."""
    builder = Builder()
    policy = Policy(State.SET, Literal("before"), "default of celery")
    work(builder, consumer(builder, Policies(acknowledgement=policy), protocol="celery"), 5)

    assert [finding.confidence for finding in found(AckBeforeProcessing(), builder)] == [Confidence.POSSIBLE]
