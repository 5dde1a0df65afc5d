"""CL211."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.rule import Rule
from commlint.graph import SystemGraph
from commlint.model.findings import Finding, Level
from commlint.model.operations import Confidence, State


@dataclass(frozen=True)
class FragileQueue(Rule):
    """
    A queue is gone when its broker starts again.

    What it flags:
        A named queue that is declared as not durable, in code or in the definitions of a broker.

    Why it matters:
        When the broker restarts, the queue and all messages in it are lost, and what is sent until it is declared
        again has nowhere to go.

    Example:
        ```python
        channel.queue_declare("orders")
        ```

    Instead:
        ```python
        channel.queue_declare("orders", durable=True)
        ```

    What it cannot see:
        Whether the messages themselves are persistent. Queues that are exclusive or delete themselves are meant to go,
        and are not flagged.

    References:
        - https://www.rabbitmq.com/docs/queues#durability
    """

    code: ClassVar[str] = "CL211"
    level: ClassVar[Level] = Level.WARNING

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        told = set()
        for each in graph.system.declared:
            if each.durable is False and not each.ephemeral and each.kind == "queue":
                told.add(each.channel)
                yield self.finding(
                    f"{each.name} and its messages are lost when the broker restarts",
                    each.region,
                    [each.channel],
                    help="declare it as durable",
                )
        for channel in graph.system.channels:
            fragile = channel.durable.state is State.UNSET and channel.protocol == "amqp" and not channel.ephemeral
            if fragile and channel.region is not None and channel.id not in told:
                yield self.finding(
                    f"{channel.name} and its messages are lost when the broker restarts",
                    channel.region,
                    [channel.id],
                    help="declare it as durable",
                    confidence=Confidence.LIKELY,
                )
