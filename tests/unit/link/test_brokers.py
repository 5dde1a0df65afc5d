"""Messages whose code leaves the broker open meet those of the broker that the other side names."""

from __future__ import annotations

from dataclasses import replace

from commlint.link.brokers import UNTOLD, with_brokers
from commlint.link.codedsites import CodedSite
from commlint.link.declared import Declared
from commlint.link.operations import Finished
from commlint.link.values import Open, Text
from commlint.model.operations import Operation, Policies, Role
from commlint.model.places import Extent, Region
from commlint.model.system import ServiceOperation

_PLACE = Region("a/A.java", Extent(1, 1, 1, 1))


def message(role: Role, protocol: str, channel: str = "", exchange: str = "") -> Finished:
    """A message of a service, by its channel or exchange."""
    operation = Operation(f"{role}{protocol}", role, protocol, "acme", "a/A.java::A.go", _PLACE)
    site = ServiceOperation(f"service:a/{operation.id}", "a", operation, "", "", Policies())
    named = (Text((channel,)),) if channel else ()
    return Finished(site, channels=named, exchanges=(Text((exchange,)),) if exchange else ())


def brokers(*given: Finished, sites: tuple[CodedSite, ...] = ()) -> list[str]:
    return [each.operation.protocol for each in with_brokers(given, sites, Declared())]


def test_the_other_side_tells_the_broker() -> None:
    """A destination that a Kafka listener reads as a topic is carried by Kafka."""
    sent, read = message(Role.PRODUCER, UNTOLD, "orders"), message(Role.CONSUMER, "kafka", "orders")

    assert brokers(sent, read) == ["kafka", "kafka"]


def test_nobody_tells_or_two_do() -> None:
    """What nobody else names, and what two brokers know, stays open."""
    lone = message(Role.PRODUCER, UNTOLD, "lone")
    both = (message(Role.CONSUMER, "kafka", "bills"), message(Role.CONSUMER, "jms", "bills"))

    assert brokers(lone, message(Role.PRODUCER, UNTOLD, "bills"), *both)[:2] == [UNTOLD, UNTOLD]


def test_a_destination_that_is_an_exchange() -> None:
    """Over AMQP a destination is an exchange, and who receives from it takes whatever comes."""
    sent = message(Role.PRODUCER, "amqp", exchange="shop")
    read, _ = with_brokers((message(Role.CONSUMER, UNTOLD, "shop"), sent), (), Declared())

    assert (read.operation.protocol, [text.literal for text in read.exchanges], read.channels) == ("amqp", ["shop"], ())


def test_a_function_that_nothing_binds_is_no_message() -> None:
    """A channel that is a setting which no file gives binds nothing; one whose name is not known stays."""
    bean = message(Role.CONSUMER, UNTOLD, "x")
    unbound = replace(
        bean, channels=(Text((Open("stock", "a setting", "spring.cloud.stream.bindings.stock-in-0.destination"),)),)
    )
    unknown = replace(bean, channels=(Text((Open("topic", "a parameter"),)),))

    assert with_brokers((unbound, unknown), (), Declared()) == (unknown,)
