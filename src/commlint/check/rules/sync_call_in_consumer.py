"""CL302."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.handlers import MessageHandler, message_handlers
from commlint.check.rule import Rule
from commlint.graph import SystemGraph
from commlint.model.findings import Finding, Level, Related
from commlint.model.operations import State
from commlint.model.places import Region
from commlint.model.system import Edge, Flow, ServiceOperation


@dataclass(frozen=True, slots=True)
class Waiting:
    """A handler waits for another service."""

    flow: Flow
    call: ServiceOperation
    edge: Edge


@dataclass(frozen=True)
class SyncCallInConsumer(Rule):
    """
    A message handler cannot finish without another service answering.

    What it flags:
        A handler of messages from which a blocking call to another service of the system is reached, however many
        functions down.

    Why it matters:
        The queue was to keep the two apart, and now the outage of the callee stops the queue as well: messages pile
        up or fail, and come back all at once when it recovers.

    Example:
        ```python
        @broker.subscriber("orders")
        async def on_order(order: Order) -> None:
            stock = await client.get(f"http://inventory/stock/{order.sku}")
        ```

    Instead:
        Put what the handler needs into the message, keep a copy of it from events, or answer with a message. Where
        the call has to stay, give it a bound, a circuit breaker and a dead-letter target for what fails; the finding
        is a note then.

    What it cannot see:
        Calls whose target is not resolved. Calls to somebody outside the system are not flagged: a worker may be
        there for nothing else.

    References:
        - https://learn.microsoft.com/en-us/azure/architecture/microservices/design/interservice-communication
        - https://microservices.io/patterns/communication-style/messaging.html
    """

    code: ClassVar[str] = "CL302"
    level: ClassVar[Level] = Level.WARNING

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        for handler in message_handlers(graph):
            waiting = _waiting(handler, graph)
            if waiting:
                yield self._finding(handler, waiting, _is_guarded(handler, waiting, graph))

    def _finding(self, handler: MessageHandler, waiting: list[Waiting], guarded: bool) -> Finding:
        services = list(dict.fromkeys(wait.edge.target_service for wait in waiting))
        sure = max((wait.edge.confidence for wait in waiting), key=lambda confidence: confidence.rank)
        return self.finding(
            f"{handler.name} cannot finish a message of {handler.channels} without {', '.join(services)}: "
            + ", ".join(dict.fromkeys(wait.call.label for wait in waiting[:3])),
            handler.region,
            handler.subjects,
            help="put what is needed into the message, keep a copy of it, or answer with a message",
            confidence=sure,
            related=_places(waiting),
            services=handler.services,
            level=Level.NOTE if guarded else None,
        )


def _waiting(handler: MessageHandler, graph: SystemGraph) -> list[Waiting]:
    found: dict[tuple[Region, str], Waiting] = {}
    for consumer in handler.consumers:
        for flow, call in graph.exits(consumer.id):
            for edge in graph.edges_from(call.id):
                other = graph.is_peer(edge.target_service) and edge.target_service != consumer.service
                if edge.kind == "sync" and flow.blocking and other:
                    found.setdefault((call.operation.region, edge.target_service), Waiting(flow, call, edge))
    return [found[key] for key in sorted(found)]


def _is_guarded(handler: MessageHandler, waiting: list[Waiting], graph: SystemGraph) -> bool:
    """Whether every call has a bound and a breaker, and what fails has somewhere to go."""
    calm = all(
        wait.call.policies.timeout.state is State.SET and wait.call.policies.breaker.state is State.SET
        for wait in waiting
    )
    return calm and all(_dead_letters(consumer, graph) for consumer in handler.consumers)


def _dead_letters(consumer: ServiceOperation, graph: SystemGraph) -> bool:
    channel = graph.channel_of(consumer.id)
    set_aside = channel is not None and channel.dead_letter.state is State.SET
    return set_aside or consumer.policies.dead_letter.state is State.SET


def _places(waiting: list[Waiting]) -> list[Related]:
    places: dict[Region, str] = {}
    for wait in waiting:
        for line in wait.flow.lines:
            places.setdefault(line, "on the way")
        places[wait.call.operation.region] = f"{wait.call.label} waits for {wait.edge.target_service}"
    return [Related(region, words) for region, words in places.items()]
