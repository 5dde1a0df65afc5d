"""CL201 on systems built by hand."""

import pytest

from commlint.check.rules.consumer_not_idempotent import ConsumerNotIdempotent
from commlint.model.findings import Finding
from commlint.model.operations import UNKNOWN, Confidence, Policies
from commlint.model.system import ServiceOperation

from ..builders import UNSET, Builder, bound, found

MANUAL = Policies(acknowledgement=bound("manual"))
BEFORE = Policies(acknowledgement=bound("before"))


def consumer(builder: Builder, policies: Policies = MANUAL, protocol: str = "amqp") -> ServiceOperation:
    builder.code("stock", "on_order", (3, 9))
    return builder.consumer("stock", 20, "orders", function_name="on_order", policies=policies, protocol=protocol)


def store(builder: Builder, entry: ServiceOperation, effect: str, line: int = 5, protocol: str = "sql") -> None:
    call = builder.call("stock", line, f"{protocol} {effect}", method="", protocol=protocol, effect=effect)
    builder.flow(entry, call, line)


def one(builder: Builder) -> Finding:
    (finding,) = found(ConsumerNotIdempotent(), builder)
    return finding


@pytest.mark.parametrize("effect", ["insert", "increment", "mail"])
def test_effect_that_a_second_delivery_repeats_is_flagged_at_the_handler(effect: str) -> None:
    """Insert, counter and mail happen twice when the message does."""
    builder = Builder()
    store(builder, consumer(builder), effect)

    finding = one(builder)

    assert finding.message.startswith("on_order repeats its work when a message of orders comes twice: ")
    assert str(finding.region) == "stock/app.py:3"
    assert finding.confidence is Confidence.LIKELY


@pytest.mark.parametrize("effect", ["set", "delete", "upsert", "read", ""])
def test_effect_that_is_the_same_twice_is_silent(effect: str) -> None:
    """Setting, deleting and upserting are idempotent by nature; what is not known is not held against anyone."""
    builder = Builder()
    store(builder, consumer(builder), effect)

    assert found(ConsumerNotIdempotent(), builder) == []


def test_guard_in_a_called_function_silences() -> None:
    """Guards count wherever the handler reaches them."""
    builder = Builder()
    store(builder, consumer(builder), "insert")
    builder.calls("stock", "on_order", "seen", 4)
    builder.step("stock", 12, "guard", "lock", function_name="seen")

    assert found(ConsumerNotIdempotent(), builder) == []


def test_guard_in_a_caller_silences() -> None:
    """A decorator or base class around the handler counts too."""
    builder = Builder()
    store(builder, consumer(builder), "insert")
    builder.calls("stock", "wrapper", "on_order", 30)
    builder.step("stock", 29, "guard", "inbox", function_name="wrapper")

    assert found(ConsumerNotIdempotent(), builder) == []


def test_upsert_of_the_same_store_is_a_guard() -> None:
    """`ON CONFLICT DO NOTHING` beside the insert tells the second delivery."""
    builder = Builder()
    entry = consumer(builder)
    store(builder, entry, "upsert", 4)
    store(builder, entry, "insert", 5)

    assert found(ConsumerNotIdempotent(), builder) == []


def test_lookup_before_the_effect_makes_it_only_possible() -> None:
    """It may or may not be a guard."""
    builder = Builder()
    entry = consumer(builder)
    store(builder, entry, "read", 4)
    store(builder, entry, "insert", 5)

    assert one(builder).confidence is Confidence.POSSIBLE


def test_lookup_after_the_effect_changes_nothing() -> None:
    """What is read later cannot have stopped the insert."""
    builder = Builder()
    entry = consumer(builder)
    store(builder, entry, "insert", 5)
    store(builder, entry, "read", 6)

    assert one(builder).confidence is Confidence.LIKELY


def test_handler_that_only_publishes_is_only_possible() -> None:
    """The receiver may tell duplicates apart."""
    builder = Builder()
    builder.flow(consumer(builder), builder.producer("stock", 5, "reserved", effect="send"), 5)

    assert one(builder).confidence is Confidence.POSSIBLE


def test_post_to_anybody_is_flagged_and_other_calls_are_only_possible() -> None:
    """A mail that somebody outside sends goes out twice, as an order of another service is made twice."""
    inside, outside, asking = Builder(), Builder(), Builder()
    for builder, method in ((inside, "POST"), (outside, "POST"), (asking, "GET")):
        call = builder.call("stock", 5, "billing/invoices", method=method, effect="call")
        builder.flow(consumer(builder), call, 5)
        builder.edge(call, "external:bank" if builder is outside else "service:billing")

    assert [one(each).confidence for each in (inside, outside)] == [Confidence.LIKELY] * 2
    assert one(asking).confidence is Confidence.POSSIBLE


def test_put_and_calls_with_an_idempotency_key_are_silent() -> None:
    """Both may be repeated."""
    builder = Builder()
    entry = consumer(builder)
    put = builder.call("stock", 5, "billing", method="PUT", effect="set")
    keyed = builder.call(
        "stock", 6, "billing", method="POST", effect="call", policies=Policies(message_id=bound("header"))
    )
    for call in (put, keyed):
        builder.flow(entry, call, 5)

    assert found(ConsumerNotIdempotent(), builder) == []


@pytest.mark.parametrize(
    ("protocol", "policies", "flagged"),
    [
        ("amqp", MANUAL, Confidence.LIKELY),
        ("amqp", BEFORE, None),
        ("amqp", Policies(), Confidence.POSSIBLE),
        ("kafka", BEFORE, Confidence.LIKELY),
        ("kafka", Policies(), Confidence.LIKELY),
        ("kafka", Policies(acknowledgement=UNSET), None),
        ("sqs", Policies(acknowledgement=UNKNOWN), Confidence.LIKELY),
        ("sqs", BEFORE, None),
        ("nats", BEFORE, None),
        ("nats", Policies(), None),
        ("redis", Policies(), None),
        ("celery", BEFORE, None),
        ("celery", Policies(acknowledgement=bound("after")), Confidence.LIKELY),
    ],
)
def test_only_what_comes_again_is_flagged(protocol: str, policies: Policies, flagged: Confidence | None) -> None:
    """Brokers that forget on delivery send nothing twice; one that keeps an offset does."""
    builder = Builder()
    store(builder, consumer(builder, policies, protocol), "increment")

    assert [finding.confidence for finding in found(ConsumerNotIdempotent(), builder)] == ([flagged] if flagged else [])


def test_handler_of_two_channels_and_services_is_told_once() -> None:
    """One function, one finding."""
    builder = Builder()
    for channel in ("orders", "returns"):
        entry = builder.consumer("stock", 20, channel, function_name="on_order", policies=MANUAL)
        store(builder, entry, "insert")

    assert "a message of orders, returns comes twice" in one(builder).message
