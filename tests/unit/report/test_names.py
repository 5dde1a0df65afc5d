"""Names of nodes in the public graph."""

from __future__ import annotations

from commlint.model.system import Channel, External, Service, System
from commlint.report.names import Names


def test_a_channel_called_like_a_service_gets_its_protocol_in_front() -> None:
    """Edges name their ends, so one name must not mean two things."""
    channel = Channel("channel:amqp:orders", "orders", "amqp")
    names = Names(System(services=(Service("orders"),), channels=(channel,)))

    assert names.of("service:orders") == "orders"
    assert names.of(channel.id) == "amqp/orders"


def test_channels_of_one_name_are_told_apart_by_protocol() -> None:
    """A topic and a queue may be called the same."""
    channels = (Channel("channel:amqp:jobs", "jobs", "amqp"), Channel("channel:kafka:jobs", "jobs", "kafka"))
    names = Names(System(channels=channels))

    assert [names.of(channel.id) for channel in channels] == ["amqp/jobs", "kafka/jobs"]


def test_when_that_is_taken_too_the_id_is_the_name() -> None:
    """Ids are never the same."""
    channels = (Channel("channel:amqp:jobs", "jobs", "amqp"), Channel("channel:mqtt:amqp/jobs", "amqp/jobs", "mqtt"))
    names = Names(System(externals=(External("external:jobs", "jobs"),), channels=channels))

    assert [names.of(channel.id) for channel in channels] == ["channel:amqp:jobs", "amqp/jobs"]
