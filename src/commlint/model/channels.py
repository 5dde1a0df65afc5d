"""What brokers and infrastructure code say of queues, topics and subscriptions, and what these start."""

from __future__ import annotations

from dataclasses import dataclass

from commlint.model.places import Extent
from commlint.model.remedies import Remedy


@dataclass(frozen=True, slots=True)
class ChannelDeclaration:
    """
    A queue, topic, exchange, subscription, or function that is invoked asynchronously, as a file declares it.

    `kind`: queue, topic, exchange, subscription, stream, function, mapping, rule, connector; `policy` speaks for every
    queue of the broker whose name its `name`, a pattern, matches.
    `address`: what the file calls it (`aws_sqs_queue.orders`), "" where that is its name.
    `dead_letter`: "set", "unset", "unknown" or "is-a-dlq"; `target`: where dead letters go, as far as known.
    `redelivery_limit` in deliveries; None when not stated.
    `visibility`: seconds a message stays with who took it (visibility timeout, ack deadline); None when not stated.
    `runs_for`: seconds the declared function that takes its messages may run; None when there is none.
    `sources`: channels whose messages arrive here. `priority`: among policies that match, the highest counts.
    `scope`: virtual host or namespace. `ephemeral`: it is gone with its consumer.
    `takers`: functions and channels that its messages start or go on to, as files declare it.
    `watched`: something declared takes what arrives here, or raises an alarm.
    `fault`: what is wrong with where dead letters go: `itself`, `cycle` or `missing`; "" when nothing is.
    `shared`: several callers make different channels of this block; what each of them makes is declared beside it.
    A `binding` leads messages of its `sources` that have its `routing_key` to the queue `name`.
    `remedy`: the one edit of its block that would give it a dead letter, None when there is none.
    """

    name: str
    kind: str
    broker: str
    extent: Extent
    dead_letter: str = "unknown"
    target: str = ""
    redelivery_limit: int | None = None
    visibility: float | None = None
    durable: bool | None = None
    sources: tuple[str, ...] = ()
    address: str = ""
    runs_for: float | None = None
    priority: int = 0
    scope: str = ""
    ephemeral: bool = False
    routing_key: str = ""
    shared: bool = False
    watched: bool = False
    takers: tuple[str, ...] = ()
    fault: str = ""
    remedy: Remedy | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """
    Messages of a channel, or requests, start a declared function.

    `function`: name of its ServiceDeclaration. `handler`: path of the file without suffix and name of the function in
    it (`src/app.handler`), "" when not known. `channel`: its name, as `broker` has it; with the broker `http` the path
    of the requests, of this `method` ("" for any).
    `asynchronous`: the platform holds the message and tries again by itself.
    """

    function: str
    handler: str
    broker: str
    channel: str
    extent: Extent
    asynchronous: bool = False
    method: str = ""
