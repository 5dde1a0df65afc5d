"""Message handlers as the rules on messages see them: one for each function, whatever it is registered for."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from commlint.graph import SystemGraph
from commlint.model.operations import Confidence, Policy, Role, State, Step
from commlint.model.places import Region
from commlint.model.system import Flow, ServiceOperation
from commlint.model.values import Literal

TASKS = frozenset({"celery", "rq", "arq", "huey", "dramatiq", "taskiq"})
_KEEPS_UNACKNOWLEDGED = frozenset({"kafka", "sqs", "kinesis", "pubsub", "servicebus"})
_NAMELESS = re.compile(r"<lambda@(\d+):\d+>$")
_RETURNS = frozenset({"requeue", "redeliver", "retry"})


@dataclass(frozen=True, slots=True)
class MessageHandler:
    """A function that runs for every message of some channels (their names joined), in one or several services."""

    function: str
    region: Region
    consumers: tuple[ServiceOperation, ...]
    channels: str

    @property
    def name(self) -> str:
        """The function's own name, as a person would say it; that of the file for what no function holds."""
        path, _, function = self.function.rpartition("::")
        own = function.rpartition(".")[2].partition("#")[0]
        return nameless(own) or (posixpath.basename(path) if own == "<module>" else own)

    @property
    def services(self) -> tuple[str, ...]:
        return tuple(sorted({consumer.service for consumer in self.consumers}))

    @property
    def subjects(self) -> tuple[str, ...]:
        return tuple(sorted({consumer.operation.id for consumer in self.consumers}))


def nameless(function: str) -> str:
    """How a person would say a function that has no name; "" when it has one."""
    found = _NAMELESS.search(function)
    return f"the function at line {found[1]}" if found else ""


def message_handlers(graph: SystemGraph) -> tuple[MessageHandler, ...]:
    """Every message handler, sorted by place."""
    by_function: dict[str, list[ServiceOperation]] = defaultdict(list)
    for consumer in graph.with_role(Role.CONSUMER):
        by_function[consumer.operation.function].append(consumer)
    found = (
        MessageHandler(function, graph.handler_region(consumers[0]), tuple(consumers), channels_of(consumers, graph))
        for function, consumers in by_function.items()
    )
    return tuple(sorted(found, key=lambda handler: (handler.region, handler.function)))


def channels_of(consumers: Iterable[ServiceOperation], graph: SystemGraph) -> str:
    """The names of the channels of some consumers, joined."""
    return ", ".join(sorted({graph.name_of(consumer) for consumer in consumers}))


def word(policy: Policy) -> str:
    """The word of a policy that is set, such as `before`; "" when it is not."""
    settled = policy.state is State.SET and isinstance(policy.value, Literal)
    return str(policy.value.value) if settled and isinstance(policy.value, Literal) else ""


def delivered_again(consumer: ServiceOperation) -> Confidence | None:
    """
    How sure it is that a message whose processing failed comes again; None when it does not.

    A broker that forgets a message on delivery never sends it twice, but one that keeps an offset may. A framework
    that remembers what it has handled hands nothing on twice.
    """
    acknowledgement, failure = word(consumer.policies.acknowledgement), word(consumer.policies.failure)
    protocol = consumer.operation.protocol
    if consumer.policies.acknowledgement.state is State.UNSET or acknowledgement == "once":
        return None
    if acknowledgement == "before" and failure == "drop":
        return None
    if acknowledgement in ("after", "manual") or (failure in _RETURNS and acknowledgement != "before"):
        return Confidence.CERTAIN
    if protocol in _KEEPS_UNACKNOWLEDGED and (acknowledgement != "before" or protocol == "kafka"):
        return Confidence.LIKELY
    return Confidence.POSSIBLE if protocol == "amqp" and not acknowledgement else None


def acknowledges(step: Step) -> bool:
    """Whether a step tells the broker at once that a message is done; one that opens a block does so at its end."""
    return (step.kind == "acknowledge" and not step.detail) or (step.kind == "commit" and step.detail == "offsets")


def work_of(handler: MessageHandler, graph: SystemGraph) -> Iterator[tuple[Flow, ServiceOperation]]:
    """What a handler does to the world: everything it reaches that is more than reading."""
    for consumer in handler.consumers:
        for flow, exit in graph.exits(consumer.id):
            if exit.operation.effect != "read":
                yield flow, exit


def first_line(flow: Flow, exit: ServiceOperation) -> Region:
    """Where the entry's own code starts on its way to the exit."""
    return flow.lines[0] if flow.lines else exit.operation.region
