"""Producers and consumers meet at channels."""

from dataclasses import replace

import pytest

from commlint.model.operations import UNKNOWN, Confidence, Policies, Policy, State
from commlint.model.places import Region
from commlint.model.system import Channel, System
from commlint.model.values import Literal, Parameter, Sequence, Unknown

from .builders import Files, env, text

UNSET = Policy(State.UNSET, source="argument")


def shop(**variables: object) -> Files:
    files = Files()
    files.compose("orders", "orders", env=variables)
    files.compose("mail", "mail", env=variables)
    return files


def sent(system: System) -> list[str]:
    return [edge.target for edge in system.edges if edge.kind == "send"]


def received(system: System) -> list[str]:
    return [edge.target for edge in system.edges if edge.kind == "receive"]


def only_channel(files: Files) -> Channel:
    (channel,) = files.system().channels
    return channel


def test_both_sides_meet_at_a_channel() -> None:
    """Send goes from the producer to the channel, receive from the consumer to the same one."""
    files = shop()
    producer = files.send("kafka", "orders/app.py::place", channel="orders.created")
    consumer = files.receive("kafka", "mail/app.py::run", channel="orders.created")

    receive, send = files.system().edges

    assert (send.kind, send.source, send.target) == (
        "send",
        f"service:orders/{producer.id}",
        "channel:kafka:orders.created",
    )
    assert (receive.kind, receive.source, receive.source_service, receive.target) == (
        "receive",
        f"service:mail/{consumer.id}",
        "mail",
        "channel:kafka:orders.created",
    )


def test_names_come_from_the_environment() -> None:
    """A topic is what the deployment says it is."""
    files = shop(TOPIC="orders.v2")
    files.send("kafka", "orders/app.py::place", channel=env("TOPIC", "orders"))

    assert sent(files.system()) == ["channel:kafka:orders.v2"]


def test_several_topics_are_several_edges() -> None:
    """A list of topics is all of them."""
    files = shop()
    files.receive("kafka", "mail/app.py::run", channel=Sequence((Literal("a"), Literal("b"))))

    assert received(files.system()) == ["channel:kafka:a", "channel:kafka:b"]


def test_default_exchange_leads_to_the_queue_of_the_key() -> None:
    """Without an exchange the routing key is the name of the queue."""
    files = shop()
    files.send("amqp", "orders/app.py::place", exchange="", routing_key="orders")
    files.receive("amqp", "mail/app.py::run", channel="orders")

    system = files.system()

    assert sent(system) == received(system) == ["channel:amqp:orders"]


def test_topic_exchange_leads_to_the_queues_whose_binding_meets_the_key() -> None:
    """`*` is one word and `#` any number of them."""
    files = shop()
    files.send("amqp", "orders/app.py::place", exchange="shop", routing_key="order.eu.created")
    for queue, key in (("one", "order.*.created"), ("two", "order.#"), ("three", "order.*"), ("four", "stock.#")):
        files.site("binding", "amqp", "mail/app.py::setup", channel=queue, exchange="shop", routing_key=key)

    assert sent(files.system()) == ["channel:amqp:one", "channel:amqp:two"]


def test_fanout_exchange_leads_to_all_bound_queues() -> None:
    """A binding without a key takes every message."""
    files = shop()
    files.send("amqp", "orders/app.py::place", exchange="news", routing_key="")
    files.site("binding", "amqp", "mail/app.py::setup", channel="a", exchange="news")
    files.site("binding", "amqp", "mail/app.py::setup", channel="b", exchange="news")

    assert sent(files.system()) == ["channel:amqp:a", "channel:amqp:b"]


def test_a_caller_that_nobody_knows_binds_nothing_where_others_are_known() -> None:
    """A wrapper that several call with a key of their own says nothing by the one whose key stays open."""
    files = shop()
    files.send("amqp", "orders/app.py::place", exchange="shop", routing_key="placed")
    files.site("binding", "amqp", "mail/app.py::setup", channel="mail", exchange="shop", routing_key="paid")
    files.site("binding", "amqp", "mail/app.py::setup", channel="mail", exchange="shop", routing_key=Unknown("open"))

    assert sent(files.system()) == ["channel:amqp:shop"]


@pytest.mark.parametrize(
    ("key", "targets"),
    [
        pytest.param(Unknown("open"), ["channel:amqp:shop"], id="who gets what is not known"),
        pytest.param("", ["channel:amqp:mail", "channel:amqp:orders"], id="all get everything"),
    ],
)
def test_keys_of_a_library_that_several_services_run(key: str | Unknown, targets: list[str]) -> None:
    """Keys that nobody can tell bind nothing there; that there is none is known."""
    files = shop()
    for service in ("orders", "mail"):
        start = f"{service}/bus.py::start"
        files.site("binding", "amqp", start, channel=service, exchange="shop", routing_key=key)
    files.send("amqp", "orders/app.py::place", exchange="shop", routing_key="placed")
    files.sites = [replace(each, region=Region("bus.py")) for each in files.sites]

    assert sent(files.system()) == targets


def test_a_binding_whose_queue_cannot_be_told_is_of_the_queue_declared_beside_it() -> None:
    """As where an object knows its queue, and its callers the keys."""
    files = shop()
    files.site("queue", "amqp", "mail/bus.py::open", channel="mails")
    files.site(
        "binding", "amqp", "mail/bus.py::subscribe", channel=Unknown("open"), exchange="shop", routing_key="placed"
    )
    files.send("amqp", "orders/app.py::place", exchange="shop", routing_key="placed")

    assert sent(files.system()) == ["channel:amqp:mails"]


def test_subscriptions_take_what_their_rules_do() -> None:
    """A topic with rules hands a message to the subscriptions that ask for its subject."""
    files = shop()
    files.send("servicebus", "orders/app.py::place", channel="events", routing_key="placed")
    for name, subject in (("stock", "placed"), ("mail", "paid")):
        files.site("binding", "servicebus", "mail/app.py::setup", channel=name, exchange="events", routing_key=subject)
    files.receive("servicebus", "mail/app.py::run", channel="events", group="mail")

    system = files.system()

    assert sent(system) == ["channel:servicebus:stock"]
    assert received(system) == ["channel:servicebus:mail"]


def test_open_key_leads_to_the_bindings_it_may_meet() -> None:
    """`shard-{n}` meets `shard-1` and a binding that is built the same way, but not another word."""
    files = shop()
    files.send("amqp", "orders/app.py::place", exchange="shop", routing_key=text("shard-", Parameter("n")))
    for queue, key in (("one", "shard-1"), ("each", text("shard-", Parameter("i"))), ("other", "stock")):
        files.site("binding", "amqp", "mail/app.py::setup", channel=queue, exchange="shop", routing_key=key)

    assert sent(files.system()) == ["channel:amqp:each", "channel:amqp:one"]


def test_queue_without_a_name_is_read_through_its_exchange() -> None:
    """An exclusive queue named by the broker is the ephemeral end of the exchange it is bound to."""
    files = shop()
    files.send("amqp", "orders/app.py::place", exchange="news", routing_key="")
    files.site("binding", "amqp", "mail/app.py::run", channel=Unknown("made by the broker"), exchange="news")
    files.receive("amqp", "mail/app.py::run", channel=Unknown("made by the broker"))

    system = files.system()

    assert sent(system) == received(system) == ["channel:amqp:news"]
    assert system.channels[0].ephemeral


def test_queues_without_names_get_what_their_keys_take() -> None:
    """A message that one binding of an exchange takes does not reach the unnamed queue of another."""
    files = shop()
    files.send("amqp", "orders/app.py::place", exchange="news", routing_key="order.created")
    for file, key in (("mail", "order.#"), ("stock", "item.#")):
        files.site(
            "binding", "amqp", f"{file}/app.py::run", channel=Unknown("unnamed"), exchange="news", routing_key=key
        )
        files.receive("amqp", f"{file}/app.py::run", channel=Unknown("unnamed"))

    assert sent(files.system()) == ["channel:amqp:news/order.#"]


def test_exchange_without_visible_bindings_is_a_channel() -> None:
    """Who receives is not visible; that something is sent there is."""
    files = shop()
    files.send("amqp", "orders/app.py::place", exchange="shop", routing_key="order.created")

    (channel,) = files.system().channels

    assert (channel.id, channel.kind) == ("channel:amqp:shop", "exchange")


def test_consumer_that_names_exchange_and_queue_binds_them() -> None:
    """Frameworks declare queue, exchange and binding at the handler."""
    files = shop()
    files.send("amqp", "orders/app.py::place", exchange="shop", routing_key="order.created")
    files.receive("amqp", "mail/app.py::run", channel="mails", exchange="shop", routing_key="order.*")

    assert sent(files.system()) == ["channel:amqp:mails"]


def test_urls_and_arns_of_queues_are_their_names() -> None:
    """URL, ARN and bare name of an SQS queue are one channel."""
    files = shop()
    files.send("sqs", "orders/app.py::a", channel="https://sqs.eu-west-1.amazonaws.com/123/mails")
    files.send("sqs", "orders/app.py::b", channel="arn:aws:sqs:eu-west-1:123:mails")
    files.send("sqs", "orders/app.py::c", channel=text(env("ENDPOINT"), "/000000000000/mails"))
    files.receive("sqs", "mail/app.py::run", channel="mails")

    assert {edge.target for edge in files.system().edges} == {"channel:sqs:mails"}


def test_topic_feeds_the_queues_subscribed_to_it() -> None:
    """A message to an SNS topic arrives at the SQS queues that a file subscribes."""
    files = shop()
    files.channel("mails", "queue", "sqs", sources=("arn:aws:sns:eu-west-1:123:orders",))
    files.send("sns", "orders/app.py::place", channel="arn:aws:sns:eu-west-1:123:orders")
    files.receive("sqs", "mail/app.py::run", channel="mails")

    system = files.system()

    assert sent(system) == received(system) == ["channel:sqs:mails"]


def test_patterns_of_consumers_take_what_is_sent() -> None:
    """A Kafka expression, NATS wildcards and a Redis glob receive from every channel they meet."""
    files = shop()
    for protocol, name, pattern in (
        ("kafka", "orders.created", "^orders.*"),
        ("nats", "orders.eu.created", "orders.*.created"),
        ("redis", "orders:1", "orders:*"),
    ):
        files.send(protocol, f"orders/{protocol}.py::place", channel=name)
        files.receive(protocol, f"mail/{protocol}.py::run", channel=pattern)

    system = files.system()

    assert received(system) == [
        "channel:kafka:orders.created",
        "channel:nats:orders.eu.created",
        "channel:redis:orders:1",
    ]


def test_name_with_an_open_part_meets_the_names_it_may_be() -> None:
    """`orders.{region}` likely goes to each channel of that form that is read."""
    files = shop()
    files.send("kafka", "orders/app.py::place", channel=text("orders.", Parameter("region")))
    files.receive("kafka", "mail/app.py::run", channel="orders.eu")

    system = files.system()

    assert sent(system) == ["channel:kafka:orders.eu"]
    assert next(edge for edge in system.edges if edge.kind == "send").confidence is Confidence.LIKELY


def test_name_with_an_open_part_that_nobody_reads_is_kept() -> None:
    """What is known of the name stays visible."""
    files = shop()
    files.send("kafka", "orders/app.py::place", channel=text("orders.", Parameter("region")))

    assert sent(files.system()) == ["channel:kafka:orders.{}"]


def test_tasks_meet_by_full_name_or_last_part() -> None:
    """`tasks.charge` sent by name is the task `shop.tasks.charge` when no other is called so."""
    files = shop()
    files.send("celery", "orders/app.py::place", channel="tasks.charge")
    files.receive("celery", "mail/tasks.py::charge", channel="shop.tasks.charge")

    system = files.system()

    assert sent(system) == received(system) == ["channel:celery:shop.tasks.charge"]


def test_unknown_name_is_in_the_ledger() -> None:
    """Who sends or receives where nobody can tell is counted, with the reason."""
    files = shop()
    files.send("kafka", "orders/app.py::place", channel=env("TOPIC"))
    files.receive("kafka", "mail/app.py::run", channel=env("TOPIC"))

    lines = files.system().unresolved

    assert {line.reason for line in lines} == {
        "the name of the channel comes from $TOPIC, which no deployment file gives a value"
    }
    assert {line.hint for line in lines} == {
        '[services.mail.environment] TOPIC = "<channel>"',
        '[services.orders.environment] TOPIC = "<channel>"',
    }


def test_dead_letter_of_a_declared_queue() -> None:
    """A file that declares the target settles it, and makes the target a dead-letter channel."""
    files = shop()
    files.channel("mails", "queue", "sqs", dead_letter="set", target="mails-failed", redelivery_limit=5)
    files.channel("mails-failed", "queue", "sqs", dead_letter="unset")

    mails, failed = files.system().channels

    assert (mails.dead_letter.state, mails.dead_letter.value) == (State.SET, Literal("mails-failed"))
    assert (mails.redelivery_limit.state, mails.redelivery_limit.value) == (State.SET, Literal(5))
    assert (mails.is_dead_letter, failed.is_dead_letter) == (False, True)


def test_dead_letter_of_a_queue_declared_in_code() -> None:
    """Declared without one, the queue has none; through an exchange, what is bound there takes the failures."""
    files = shop()
    away = Policy(State.SET, Literal("failures"), "argument")
    files.site("queue", "amqp", "mail/app.py::setup", channel="mails", dead_letter=away)
    files.site("queue", "amqp", "mail/app.py::setup", channel="stock", dead_letter=UNSET)
    files.site("queue", "amqp", "mail/app.py::setup", channel="morgue", dead_letter=UNSET)
    files.site("binding", "amqp", "mail/app.py::setup", channel="morgue", exchange="failures")

    mails, morgue, stock = files.system().channels

    assert (mails.dead_letter.state, stock.dead_letter.state) == (State.SET, State.UNSET)
    assert (mails.is_dead_letter, morgue.is_dead_letter, stock.is_dead_letter) == (False, True, False)


def test_one_doubtful_declaration_keeps_the_dead_letter_unknown() -> None:
    """Two declarations of which one cannot be read do not make "unset"."""
    files = shop()
    files.site("queue", "amqp", "mail/app.py::setup", channel="mails", dead_letter=UNSET)
    files.site("queue", "amqp", "orders/app.py::setup", channel="mails", dead_letter=UNKNOWN)

    assert only_channel(files).dead_letter.state is State.UNKNOWN


def test_channel_nobody_declares_has_an_unknown_dead_letter() -> None:
    """It may be declared where nobody looked."""
    files = shop()
    files.receive("amqp", "mail/app.py::run", channel="mails")

    assert only_channel(files).dead_letter.state is State.UNKNOWN


def test_broker_policy_speaks_for_the_queues_it_matches() -> None:
    """A policy with a pattern gives its queues a dead letter whatever their declarations say."""
    files = shop()
    files.channel("^mails", "policy", "rabbitmq", dead_letter="set", target="failures")
    files.site("queue", "amqp", "mail/app.py::setup", channel="mails.eu", dead_letter=UNSET)

    assert only_channel(files).dead_letter.state is State.SET


def test_dead_letter_told_at_the_consumer() -> None:
    """A consumer that sends failures away says so for its channel."""
    files = shop()
    away = Policies(dead_letter=Policy(State.SET, Literal("failures"), "argument"))
    files.receive("kafka", "mail/app.py::run", channel="mails", policies=away)

    assert only_channel(files).dead_letter.state is State.SET


@pytest.mark.parametrize(("word", "ephemeral"), [("false", False), (False, False), ("true", True), (True, True)])
def test_ephemeral_queues_are_told_by_word_or_truth_value(word: str | bool, ephemeral: bool) -> None:
    """A policy says yes or no in either form."""
    files = shop()
    policy = Policy(State.SET, Literal(word), "argument")
    files.site("queue", "amqp", "mail/app.py::setup", channel="mails", ephemeral=policy)

    assert only_channel(files).ephemeral is ephemeral


def test_names_tell_dead_letter_channels() -> None:
    """`orders.dlq` is where failures go, even when nothing declares it."""
    files = shop()
    files.receive("kafka", "mail/app.py::run", channel="orders.dlq")

    assert only_channel(files).is_dead_letter


def test_a_message_without_a_key_reaches_every_queue_of_its_exchange() -> None:
    """Only an exchange that asks for no key takes it, whatever keys the bindings carry."""
    files = shop()
    files.send("amqp", "orders/app.py::place", exchange="events", routing_key="")
    files.receive("amqp", "mail/app.py::run", channel="mails")
    files.site("binding", "amqp", "mail/app.py::setup", channel="mails", exchange="events", routing_key="mail.key")

    assert [(edge.target, edge.confidence) for edge in files.system().edges if edge.kind == "send"] == [
        ("channel:amqp:mails", Confidence.LIKELY)
    ]


def test_an_open_key_means_a_queue_only_where_there_is_one() -> None:
    """A reply to whoever asked goes to none of several queues that others read."""
    files = shop()
    files.send("amqp", "orders/app.py::place", exchange="events", routing_key=Unknown("read from the message"))
    files.receive("amqp", "mail/app.py::run", channel="mails")
    files.site("binding", "amqp", "mail/app.py::setup", channel="mails", exchange="events", routing_key="mail.*")
    assert sent(files.system()) == ["channel:amqp:mails"]

    files.receive("amqp", "mail/app.py::bill", channel="bills")
    files.site("binding", "amqp", "mail/app.py::setup", channel="bills", exchange="events", routing_key="bill.*")
    assert sent(files.system()) == ["channel:amqp:events/{}"]


def test_one_variable_that_nothing_sets_is_one_channel() -> None:
    """Who sends and who receives read its name from the same place; a variable of one side alone stays open."""
    files = shop()
    files.send("sqs", "orders/app.py::place", channel=env("ORDERS_QUEUE_URL"))
    files.send("sqs", "orders/app.py::cancel", channel=env("AUDIT_QUEUE_URL"))
    files.receive("sqs", "mail/app.py::run", channel=env("ORDERS_QUEUE_URL"))
    system = files.system()

    assert sent(system) == received(system) == ["channel:sqs:$ORDERS_QUEUE_URL"]
    assert {edge.confidence for edge in system.edges} == {Confidence.LIKELY}
    assert ["AUDIT_QUEUE_URL" in call.reason for call in system.unresolved] == [True]
