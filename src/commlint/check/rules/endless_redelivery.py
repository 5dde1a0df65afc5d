"""CL204."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from commlint.check.handlers import MessageHandler, message_handlers, word
from commlint.check.mending import edit
from commlint.check.rule import Rule
from commlint.graph import SystemGraph
from commlint.graph.code import ANY
from commlint.model.findings import Finding, Fix, Level, Related
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
        A count of attempts the handler keeps itself: when it may also drop the message at the same place, the
        finding is only `possible`. A limit that was set on the broker by hand, or where the queue is declared
        outside what was read.

    References:
        - https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling
        - https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
    """

    code: ClassVar[str] = "CL204"
    level: ClassVar[Level] = Level.ERROR

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        for handler in message_handlers(graph):
            limits = {graph.redelivery_is_limited(consumer) for consumer in handler.consumers}
            if State.SET in limits or any(_moves_on(consumer, graph) for consumer in handler.consumers):
                continue
            yield from self._by_hand(handler, graph) or self._by_library(handler, graph)

    def _by_hand(self, handler: MessageHandler, graph: SystemGraph) -> list[Finding]:
        steps = graph.steps_reached(handler.function, ANY)
        back = sorted((step for step in steps if _puts_back(step)), key=lambda step: step.region)
        if not back:
            return []
        drops = [step for step in steps if step.kind == "reject" and step.detail == "drop"]
        counted = all(any(_beside(step, drop) for drop in drops) for step in back)
        message = f"{handler.name} puts a failing message back to {handler.channels} without limit"
        sure = Confidence.POSSIBLE if counted else Confidence.LIKELY
        others = [Related(step.region, "and here") for step in back[1:] if step.region != back[0].region]
        fix = _fix(back[0], handler, graph) if not others else None
        return [self._finding(handler, back[0].region, message, sure, others, fix)]

    def _by_library(self, handler: MessageHandler, graph: SystemGraph) -> list[Finding]:
        for consumer in handler.consumers:
            if graph.redelivery_is_limited(consumer) is State.UNSET and _comes_back(consumer):
                detail = consumer.policies.failure.detail
                message = f"a message of {handler.channels} that {handler.name} fails on comes back without limit"
                reason = f": {detail}" if detail else ""
                return [self._finding(handler, consumer.operation.region, message + reason, Confidence.LIKELY)]
        return []

    def _finding(
        self,
        handler: MessageHandler,
        place: Region,
        message: str,
        sure: Confidence,
        others: Iterable[Related] = (),
        fix: Fix | None = None,
    ) -> Finding:
        return self.finding(
            message,
            place,
            handler.subjects,
            help="reject without putting back and name a dead-letter target, or limit the deliveries",
            confidence=sure,
            related=[*([Related(handler.region, "the handler")] if handler.region != place else []), *others],
            services=handler.services,
            fix=fix,
        )


def _fix(step: Step, handler: MessageHandler, graph: SystemGraph) -> Fix | None:
    """The message is rejected for good; that loses it where nothing takes dead letters, so it is safe only there."""
    made = edit(step.remedy, step.region)
    if made is None or not made.name.startswith("kw:"):
        return None
    channels = [graph.channel_of(consumer.id) for consumer in handler.consumers]
    taken = all(channel is not None and channel.dead_letter.state is State.SET for channel in channels)
    return replace(made, kind="set-argument", safe=taken)


def _puts_back(step: Step) -> bool:
    return step.detail == "requeue" and step.kind in ("reject", "acknowledge")


def _beside(back: Step, drop: Step) -> bool:
    """Whether the two may be the branches of one decision, such as a count of attempts."""
    same = back.function == drop.function and back.handler == drop.handler
    return same and (back.clause is None or drop.clause is None or back.clause == drop.clause)


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
