"""CL202."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.handlers import TASKS, word
from commlint.check.mending import edit
from commlint.check.rule import Rule
from commlint.graph import SystemGraph
from commlint.model.findings import Finding, Level, Related
from commlint.model.operations import Confidence, Role, State
from commlint.model.places import Region
from commlint.model.system import Channel, DeclaredChannel, ServiceOperation
from commlint.model.values import Choice, ConfigRead, EnvironmentRead, Literal, Template, walk

_QUEUES = frozenset({"amqp", "sqs"})
# Brokers that pass over what failed, or give it again and again: none of it is ever put aside.
_LOGS = frozenset({"kafka"})
_LESS_SURE = frozenset({
    ("sns", "subscription"), ("eventbridge", "rule"), ("scheduler", "rule"), ("pipes", "mapping"),
    ("kafka", "connector"),
})  # fmt: skip
"""Kinds that are tried again for long before anything is lost, or that stop instead of losing it."""

_DECLARED = {
    "function": "asynchronous events that {} fails on have nowhere to go",
    "mapping": "records that {} fails on have nowhere to go",
    "rule": "events that {} cannot deliver have nowhere to go",
    "connector": "records that {} cannot write have nowhere to go",
}
_STORES = frozenset({"insert", "upsert", "set"})
_FIXED = (Literal, Template, Choice, EnvironmentRead, ConfigRead)
_FAILURES = re.compile(r"dead|dlq|dlx|dlt|error|fail|poison|quarantine|parking|reject", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lost:
    """A channel of which nothing takes what fails, those who receive it, and how sure that is."""

    channel: Channel
    consumers: tuple[ServiceOperation, ...]
    sure: Confidence


@dataclass(frozen=True)
class MissingDeadLetter(Rule):
    """
    A message whose processing fails has nowhere to go.

    What it flags:
        A queue, subscription or topic that something consumes, for which no dead-letter target is given: not in its
        arguments, not in the infrastructure files, not by the framework, and not by the handler itself, which may also
        store what failed where it catches the exception.
        Also a queue, subscription, stream mapping or asynchronously invoked function of Terraform, CloudFormation or a
        broker's definitions that no code which was read consumes.

    Why it matters:
        A message that can never be processed is then lost without a trace, or comes back for ever and keeps the
        good ones waiting.

    Example:
        ```python
        channel.queue_declare("orders", durable=True)
        channel.basic_consume("orders", on_order)
        ```

    Instead:
        Name a dead-letter exchange or queue, and watch what arrives there.
        ```python
        channel.queue_declare("orders", durable=True, arguments={"x-dead-letter-exchange": "orders.dead"})
        ```

    What it cannot see:
        Policies that were set on the broker by hand. A queue that nothing which was read declares is reported only
        as `possible`, and so are a task queue, whose failed tasks are kept as results, and deliveries that the
        platform repeats for long (subscriptions of SNS, rules of EventBridge). A handler that sends to a
        channel named like one for failures is taken to deal with them.

    References:
        - https://www.rabbitmq.com/docs/dlx
        - https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
    """

    code: ClassVar[str] = "CL202"
    level: ClassVar[Level] = Level.ERROR

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        logs: dict[Region, list[Lost]] = defaultdict(list)
        for channel in graph.system.channels:
            if channel.is_dead_letter or channel.ephemeral:
                continue
            for consumers in _receivers(channel, graph):
                sure = _is_missing(channel, consumers)
                if sure is None or any(_is_left_alone(consumer, graph) for consumer in consumers):
                    continue
                lost = Lost(channel, consumers, sure)
                if channel.protocol in _LOGS:
                    logs[consumers[0].operation.region].append(lost)
                else:
                    yield self._finding(graph, [lost], channel.region or consumers[0].operation.region)
        # Nothing but a handler can keep what fails of a log: it is told once, whatever it reads.
        for region, several in sorted(logs.items()):
            yield self._finding(graph, several, region)
        yield from self._declared(graph)

    def _declared(self, graph: SystemGraph) -> Iterator[Finding]:
        """Channels of infrastructure files that nothing in the code which was read consumes."""
        told: dict[str, list[DeclaredChannel]] = defaultdict(list)
        for each in graph.system.declared:
            if each.dead_letter == "unset" and not (each.shared or each.ephemeral or graph.receivers(each.channel)):
                told[f"{each.channel} {each.kind}"].append(each)
        for several in told.values():
            # Where a module makes the channel, its block is the place, and the call that gives nothing stands beside.
            first, *others = sorted(several, key=lambda each: (each.name.startswith("module."), each.region))
            yield self.finding(
                f"{_DECLARED.get(first.kind, 'messages of {} that fail have nowhere to go').format(first.name)}",
                first.region,
                [first.channel],
                help="name a dead-letter target for it, and watch what arrives there",
                confidence=Confidence.POSSIBLE if (first.broker, first.kind) in _LESS_SURE else Confidence.LIKELY,
                related=[Related(each.region, f"declared as {each.name}") for each in others],
                fix=edit(first.remedy, first.region),
            )

    def _finding(self, graph: SystemGraph, several: list[Lost], place: Region) -> Finding:
        first = several[0]
        channels = [lost.channel for lost in several]
        consumers = [consumer for lost in several for consumer in lost.consumers]
        own = first.consumers[0].policies.dead_letter
        policy = first.channel.dead_letter if first.channel.dead_letter.state is State.UNSET else own
        reason = f": {policy.detail}" if policy.detail else ""
        remedy = next((each.remedy for each in graph.system.declared if each.region == place), None)
        return self.finding(
            f"messages of {', '.join(channel.name for channel in channels)} that fail have nowhere to go{reason}",
            place,
            [channel.id for channel in channels],
            help="name a dead-letter target for it, and watch what arrives there",
            confidence=min((lost.sure for lost in several), key=lambda sure: sure.rank),
            related=[
                Related(consumer.operation.region, f"{consumer.service} receives {graph.name_of(consumer)}")
                for consumer in consumers
                if consumer.operation.region != place
            ],
            services=[consumer.service for consumer in consumers],
            fix=edit(remedy, place),
        )


def _receivers(channel: Channel, graph: SystemGraph) -> Iterator[tuple[ServiceOperation, ...]]:
    """Those who receive, as far as what one of them does with failures helps the others: not where each reads a log."""
    consumers = graph.receivers(channel.id)
    if channel.protocol not in _LOGS:
        yield from [consumers] if consumers else []
        return
    by_region: dict[Region, list[ServiceOperation]] = defaultdict(list)
    for consumer in consumers:
        by_region[consumer.operation.region].append(consumer)
    yield from (tuple(several) for _, several in sorted(by_region.items()))


def _is_missing(channel: Channel, consumers: tuple[ServiceOperation, ...]) -> Confidence | None:
    """How sure it is that nothing takes what fails; None when something does, or when it cannot be known."""
    own = {consumer.policies.dead_letter.state for consumer in consumers}
    failures = {word(consumer.policies.failure) for consumer in consumers}
    if channel.dead_letter.state is State.SET or State.SET in own or "dead-letter" in failures:
        return None
    if channel.protocol in TASKS:
        return Confidence.POSSIBLE if State.UNSET in own | {channel.dead_letter.state} else None
    if channel.dead_letter.state is State.UNSET:
        return Confidence.LIKELY
    if channel.protocol in _QUEUES and not channel.kind:
        return Confidence.POSSIBLE
    # Where a broker knows no dead letters, only the framework or the handler can keep what fails.
    known = failures != {""} or channel.protocol in _LOGS
    return Confidence.LIKELY if own == {State.UNSET} and known else None


def _is_left_alone(consumer: ServiceOperation, graph: SystemGraph) -> bool:
    """Whether a handler keeps what fails itself, or nothing that fails is lost with the records a loop looks at."""
    exits = [exit for _, exit in graph.exits(consumer.id) if exit.operation.effect != "read"]
    idle = consumer.operation.protocol in _LOGS and not word(consumer.policies.failure) and not exits
    return idle or _looks_on(consumer) or any(_puts_aside(exit, graph) for exit in exits)


def _looks_on(consumer: ServiceOperation) -> bool:
    """Whether a reader of a log may belong to a group of its own each time it is started, as one with a random name."""
    group = consumer.operation.address.group
    fixed = group is None or all(isinstance(part, _FIXED) for part in walk(group))
    return consumer.operation.protocol in _LOGS and not fixed


def _puts_aside(exit: ServiceOperation, graph: SystemGraph) -> bool:
    """Whether a message is kept for later: sent to where failures go, or stored because something failed."""
    if exit.operation.role is not Role.PRODUCER:
        return exit.operation.rescues and exit.operation.effect in _STORES
    channel = graph.channel_of(exit.id)
    known = channel is not None and channel.is_dead_letter
    return known or exit.operation.rescues or bool(_FAILURES.search(graph.name_of(exit)))
