"""Senders and receivers of a channel."""

from __future__ import annotations

from commlint.model.operations import Confidence, Role
from commlint.model.places import Region
from commlint.model.system import Channel, Edge, Service, System
from commlint.report.messages import messages
from tests.unit.report.builders import CODED, edge, operation, shop


def pairs(system: System) -> list[tuple[str, str, str]]:
    return [(message.sender, message.receiver, message.channel) for message in messages(system)]


def test_each_sender_is_joined_to_each_receiver() -> None:
    """A channel that nobody receives from joins nobody."""
    assert pairs(shop()) == [("service:orders", "service:billing", "channel:amqp:orders.created")]


def test_what_an_exchange_hands_on_to_a_queue_reaches_the_receivers_of_the_queue() -> None:
    """Channels may be bound to one another, even in a circle."""
    send = operation("a", 1, Role.PRODUCER, "amqp", "events")
    receive = operation("b", 2, Role.CONSUMER, "amqp", "work")
    exchange, queue = "channel:amqp:events", "channel:amqp:work"

    def bound(source: str, target: str) -> Edge:
        return Edge(
            f"{source}>{target}", "send", "amqp", source, target, "", "", Region("x"), Confidence.CERTAIN, CODED
        )

    system = System(
        services=(Service("a"), Service("b")),
        operations=(send, receive),
        channels=(Channel(exchange, "events", "amqp"), Channel(queue, "work", "amqp")),
        edges=(
            edge("send", send, exchange),
            bound(exchange, queue),
            bound(queue, exchange),
            edge("receive", receive, queue),
        ),
    )

    assert pairs(system) == [("service:a", "service:b", exchange)]
