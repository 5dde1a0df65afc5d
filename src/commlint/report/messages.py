"""Who receives what whom sends: a channel's edges joined to pairs of services."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from commlint.model.system import Edge, System
from commlint.report.ends import Ends


@dataclass(frozen=True, slots=True)
class Message:
    """A send and a receive of one channel; `sender` and `receiver` are node ids."""

    sender: str
    receiver: str
    channel: str
    send: Edge
    receive: Edge


def messages(system: System) -> tuple[Message, ...]:
    """
    One for each sender, receiver and channel, sorted; of several sites the first in order of edges stands for all.

    A message that a channel hands on to other channels reaches their receivers too, and `channel` is the first of them.
    """
    channels = {channel.id for channel in system.channels}
    sends: dict[str, list[tuple[str, Edge]]] = defaultdict(list)
    receives: dict[str, list[tuple[str, Edge]]] = defaultdict(list)
    hands_on: dict[str, set[str]] = defaultdict(set)
    ends = Ends(system, endpoints=False)
    for edge in system.edges:
        for source, target in ends.of(edge):
            if source in channels and target in channels:
                hands_on[source].add(target)
            elif target in channels:
                sends[target].append((source, edge))
            elif source in channels:
                receives[source].append((target, edge))
    found: dict[tuple[str, str, str], Message] = {}
    for channel, sent in sends.items():
        for reached in _reached(channel, hands_on):
            for sender, send in sent:
                for receiver, receive in receives.get(reached, ()):
                    message = Message(sender, receiver, channel, send, receive)
                    found.setdefault((sender, receiver, channel), message)
    return tuple(found[key] for key in sorted(found))


def _reached(channel: str, hands_on: dict[str, set[str]]) -> Iterator[str]:
    seen = {channel}
    pending = [channel]
    while pending:
        current = pending.pop()
        yield current
        fresh = hands_on.get(current, set()) - seen
        seen |= fresh
        pending.extend(sorted(fresh))
