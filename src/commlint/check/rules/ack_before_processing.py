"""CL203."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.handlers import TASKS, MessageHandler, channels_of, message_handlers, word, work_of
from commlint.check.rule import Rule, option
from commlint.check.settling import acknowledged_early, left_running
from commlint.graph import SystemGraph
from commlint.model.findings import Finding, Level, Related
from commlint.model.operations import Confidence
from commlint.model.places import Region
from commlint.model.system import ServiceOperation


@dataclass(frozen=True)
class AckBeforeProcessing(Rule):
    """
    A message is acknowledged before its work is done.

    What it flags:
        A consumer that lets the broker forget messages on delivery (automatic acknowledgement, offsets committed on
        a timer), a handler that acknowledges first and works afterwards, and one that hands the work to a task or
        thread and returns.

    Why it matters:
        When the process stops or the work fails in between, the message is lost and nobody is told.

    Example:
        ```python
        channel.basic_consume("orders", on_order, auto_ack=True)
        ```

    Instead:
        Acknowledge when the work is done.
        ```python
        def on_order(channel, method, properties, body):
            store(json.loads(body))
            channel.basic_ack(method.delivery_tag)


        channel.basic_consume("orders", on_order)
        ```

    What it cannot see:
        Whether losing a message matters: name channels where it does not in `at-most-once`. A handler from which no
        work is reached, such as one that only logs or counts, is not flagged. A task queue that acknowledges early
        because that is the default of the library is only `possible`.

    References:
        - https://www.rabbitmq.com/docs/confirms#acknowledgement-modes
        - https://docs.confluent.io/kafka-clients/python/current/overview.html
    """

    code: ClassVar[str] = "CL203"
    level: ClassVar[Level] = Level.ERROR
    at_most_once: tuple[str, ...] = option((), "channels whose messages may be lost")

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        for handler in message_handlers(graph):
            consumers = tuple(each for each in handler.consumers if graph.name_of(each) not in self.at_most_once)
            if not consumers or not _works(handler, graph):
                continue
            early = [each for each in consumers if word(each.policies.acknowledgement) == "before"]
            if early:
                yield from self._automatic(early, graph)
            else:
                yield from self._by_hand(handler, graph)

    def _automatic(self, consumers: list[ServiceOperation], graph: SystemGraph) -> Iterator[Finding]:
        by_region: dict[Region, list[ServiceOperation]] = {}
        for consumer in consumers:
            by_region.setdefault(consumer.operation.region, []).append(consumer)
        for region, group in sorted(by_region.items()):
            policy = group[0].policies.acknowledgement
            reason = policy.detail or (policy.source if policy.source != "argument" else "")
            unsure = group[0].operation.protocol in TASKS and policy.source.startswith("default")
            yield self.finding(
                f"messages of {channels_of(group, graph)} are acknowledged before they are processed"
                + (f": {reason}" if reason else ""),
                region,
                {consumer.operation.id for consumer in group},
                help="turn the automatic acknowledgement off and acknowledge when the work is done",
                confidence=Confidence.POSSIBLE if unsure else group[0].operation.confidence,
                related=[Related(policy.region, "set here")] if policy.region and policy.region != region else [],
                services={consumer.service for consumer in group},
            )

    def _by_hand(self, handler: MessageHandler, graph: SystemGraph) -> Iterator[Finding]:
        early = acknowledged_early(handler, graph)
        if early is not None:
            yield self._finding(handler, early, "acknowledges a message of {} before its work is done")
            return
        left = left_running(handler, graph)
        if left is not None:
            what = "starts the work on a message of {} and does not wait for it before it is acknowledged"
            yield self._finding(handler, left.region, what, left.sure)

    def _finding(
        self, handler: MessageHandler, place: Region, what: str, sure: Confidence = Confidence.LIKELY
    ) -> Finding:
        return self.finding(
            f"{handler.name} " + what.format(handler.channels),
            place,
            handler.subjects,
            help="acknowledge when the work is done",
            confidence=sure,
            related=[Related(handler.region, "the handler")] if handler.region != place else [],
            services=handler.services,
        )


def _works(handler: MessageHandler, graph: SystemGraph) -> bool:
    """Whether a handler changes anything: a call says so, or it commits what it changed on loaded objects."""
    if any(True for _ in work_of(handler, graph)):
        return True
    return any(step.kind == "commit" and step.detail == "database" for step in graph.steps_reached(handler.function))
