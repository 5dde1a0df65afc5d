"""Senders and receivers of a channel."""

from __future__ import annotations

from commlint.model.operations import Role
from commlint.model.system import Channel, Service, System
from commlint.report.messages import messages
from tests.unit.report.builders import edge, operation, shop


def pairs(system: System) -> list[tuple[str, str, str]]:
    return [(message.sender, message.receiver, message.channel) for message in messages(system)]


def test_a_channel_that_nobody_receives_from_joins_nobody() -> None:
    """A message needs both halves."""
    assert pairs(shop()) == [("service:orders", "service:billing", "channel:amqp:orders.created")]


def test_each_sender_is_joined_to_each_receiver_once() -> None:
    """Several sites in one service are one sender, and the first stands for all."""
    sends = [operation("a", line, Role.PRODUCER, "kafka", "events") for line in (1, 2)]
    receives = [operation(name, 3, Role.CONSUMER, "kafka", "events") for name in ("a", "b")]
    channel = Channel("channel:kafka:events", "events", "kafka")
    system = System(
        services=(Service("a"), Service("b")),
        operations=(*sends, *receives),
        channels=(channel,),
        edges=(
            *(edge("send", send, channel.id) for send in sends),
            *(edge("receive", receive, channel.id) for receive in receives),
        ),
    )

    assert pairs(system) == [("service:a", "service:a", channel.id), ("service:a", "service:b", channel.id)]
    assert {message.send.source for message in messages(system)} == {sends[0].id}
