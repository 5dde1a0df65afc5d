"""CL204."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.handlers import MessageHandler, message_handlers, word
from commlint.check.rule import Rule
from commlint.graph import SystemGraph
from commlint.graph.code import ANY
from commlint.model.findings import Finding, Level, Related
from commlint.model.operations import Confidence, State, Step
from commlint.model.places import Region
from commlint.model.system import ServiceOperation

_POLLED = frozenset({"sqs", "pubsub", "nats", "servicebus"})


@dataclass(frozen=True)
class EndlessRedelivery(Rule):
    """
    A message that fails is put back without any limit.

    What it flags:
        A handler that rejects a message and has it put back (`basic_nack` with requeue), or a framework that does so
        when the handler raises, on a channel without a limit on deliveries.

    Why it matters:
        A message that can never be processed goes round for ever at full speed; it takes the place of the good
        ones, fills the log and keeps the processor busy.

    Example:
        ```python
        def on_order(channel, method, properties, body):
            try:
                store(json.loads(body))
                channel.basic_ack(method.delivery_tag)
            except Exception:
                channel.basic_nack(method.delivery_tag, requeue=True)
        ```

    Instead:
        Reject without putting back and let a dead-letter target take the message, or limit the deliveries.
        ```python
        channel.queue_declare(
            "orders",
            arguments={"x-queue-type": "quorum", "x-delivery-limit": 5, "x-dead-letter-exchange": "dead"},
        )
        ```

    What it cannot see:
        A count of attempts the handler keeps itself: when the same handler also drops messages, the finding is only
        `possible`. A limit that was set on the broker by hand, or where the queue is declared outside what was read.

    References:
        - https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling
        - https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
    """

    code: ClassVar[str] = "CL204"
    level: ClassVar[Level] = Level.ERROR

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        by_place: dict[Region, Finding] = {}
        for handler in message_handlers(graph):
            limits = {graph.redelivery_is_limited(consumer) for consumer in handler.consumers}
            if State.SET in limits or any(_moves_on(consumer, graph) for consumer in handler.consumers):
                continue
            for finding in (*self._by_hand(handler, graph), *self._by_library(handler, graph)):
                by_place.setdefault(finding.region, finding)
        yield from by_place.values()

    def _by_hand(self, handler: MessageHandler, graph: SystemGraph) -> Iterator[Finding]:
        steps = graph.steps_reached(handler.function, ANY)
        otherwise = any(step.kind == "reject" and step.detail == "drop" for step in steps)
        for step in steps:
            if _puts_back(step):
                yield self._finding(
                    handler,
                    step.region,
                    f"{handler.name} puts a failing message back to {handler.channels} without limit",
                    Confidence.POSSIBLE if otherwise else Confidence.LIKELY,
                )

    def _by_library(self, handler: MessageHandler, graph: SystemGraph) -> Iterator[Finding]:
        for consumer in handler.consumers:
            detail = consumer.policies.failure.detail
            if graph.redelivery_is_limited(consumer) is State.UNSET and _comes_back(consumer):
                yield self._finding(
                    handler,
                    consumer.operation.region,
                    f"a message of {handler.channels} that {handler.name} fails on comes back without limit"
                    + (f": {detail}" if detail else ""),
                    Confidence.LIKELY,
                )

    def _finding(self, handler: MessageHandler, place: Region, message: str, sure: Confidence) -> Finding:
        return self.finding(
            message,
            place,
            handler.subjects,
            help="reject without putting back and name a dead-letter target, or limit the deliveries",
            confidence=sure,
            related=[Related(handler.region, "the handler")] if handler.region != place else [],
            services=handler.services,
        )


def _puts_back(step: Step) -> bool:
    return step.detail == "requeue" and step.kind in ("reject", "acknowledge")


def _comes_back(consumer: ServiceOperation) -> bool:
    """Whether what the handler raises on comes back while the consumer runs on, not only when it has gone."""
    failure = word(consumer.policies.failure)
    if word(consumer.policies.acknowledgement) == "before":
        return False
    return failure == "requeue" or (failure == "redeliver" and consumer.operation.protocol in _POLLED)


def _moves_on(consumer: ServiceOperation, graph: SystemGraph) -> bool:
    """Whether the broker's dead letters take what was delivered too often: they count deliveries by themselves."""
    channel = graph.channel_of(consumer.id)
    return channel is not None and channel.protocol in _POLLED and channel.dead_letter.state is State.SET
