"""Who receives what whom sends: a channel's edges joined to pairs of services."""

from __future__ import annotations

from collections import defaultdict
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
    """One for each sender, receiver and channel, sorted; of several sites the first edge stands for all."""
    channels = {channel.id for channel in system.channels}
    sends: dict[str, list[tuple[str, Edge]]] = defaultdict(list)
    receives: dict[str, list[tuple[str, Edge]]] = defaultdict(list)
    ends = Ends(system, endpoints=False)
    for edge in system.edges:
        for source, target in ends.of(edge):
            if target in channels:
                sends[target].append((source, edge))
            elif source in channels:
                receives[source].append((target, edge))
    found: dict[tuple[str, str, str], Message] = {}
    for channel, sent in sends.items():
        for sender, send in sent:
            for receiver, receive in receives[channel]:
                found.setdefault((sender, receiver, channel), Message(sender, receiver, channel, send, receive))
    return tuple(found[key] for key in sorted(found))
