"""CL210."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import ClassVar

from commlint.check.rule import Rule, option
from commlint.graph import SystemGraph
from commlint.model.findings import Finding, Level, Related
from commlint.model.operations import Confidence, Role
from commlint.model.system import Channel, Edge


@dataclass(frozen=True)
class OrphanChannel(Rule):
    """
    Messages that nobody receives, or that nobody sends.

    What it flags:
        In a system that is said to be `complete`: a channel that code sends to and nothing receives from, or that code
        receives from and nothing sends to.

    Why it matters:
        Messages pile up or are thrown away unseen, or a handler waits for ever; mostly one side was renamed or removed.

    Example:
        ```python
        channel.basic_publish(exchange="", routing_key="orders.created", body=body)
        # ... and elsewhere
        channel.basic_consume(queue="order.created", on_message_callback=handle)
        ```

    Instead:
        Name the channel in one place that both sides use, or remove the side that is left over.
        Name channels that others outside of the tree use in `external`, with `*` for any text.

    What it cannot see:
        Whether the tree holds all services: without `complete` it is silent.
        Where the channel of some operation with the same protocol is not known, a finding is only `possible`.

    References:
        - https://www.enterpriseintegrationpatterns.com/patterns/messaging/MessageChannel.html
    """

    code: ClassVar[str] = "CL210"
    level: ClassVar[Level] = Level.WARNING
    complete: bool = option(False, "all services that send and receive are in the tree")
    external: tuple[str, ...] = option((), "channels that services outside of the tree use")

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        if not self.complete:
            return
        ends: dict[str, dict[str, list[Edge]]] = defaultdict(lambda: defaultdict(list))
        for edge in graph.system.edges:
            ends[edge.target][edge.kind].append(edge)
        taken = {each.channel for each in graph.system.declared if each.takers or each.watched}
        given = {each.channel for each in graph.system.declared if each.kind in ("mapping", "rule", "connector")}
        open_ends = _open_ends(graph)
        for channel in graph.system.channels:
            sent, received = ends[channel.id]["send"], ends[channel.id]["receive"]
            if bool(sent) == bool(received) or channel.is_dead_letter or self._is_external(channel):
                continue
            if channel.id in (taken if sent else given):
                continue
            missing = (Role.CONSUMER if sent else Role.PRODUCER, channel.protocol)
            yield from self._finding(channel, sent or received, bool(sent), missing in open_ends)

    def _is_external(self, channel: Channel) -> bool:
        return "{" in channel.name or any(fnmatchcase(channel.name, pattern) for pattern in self.external)

    def _finding(self, channel: Channel, edges: list[Edge], sent: bool, doubtful: bool) -> Iterator[Finding]:
        places = sorted({edge.region for edge in edges if edge.region is not None})
        what = "sent and nothing receives it" if sent else "received and nothing sends it"
        if places:
            yield self.finding(
                f"what goes over {channel.name} is {what}",
                places[0],
                [channel.id],
                help="name the channel as the other side does, remove what is left over, or name it in `external`",
                confidence=Confidence.POSSIBLE if doubtful else Confidence.LIKELY,
                related=[Related(place, "here too") for place in places[1:]],
                services=sorted({edge.source_service for edge in edges}),
            )


def _open_ends(graph: SystemGraph) -> set[tuple[Role, str]]:
    """Roles and protocols of operations whose channel is not known: each may be the missing side of any."""
    sites = (graph.operations[call.operation] for call in graph.system.unresolved if call.operation in graph.operations)
    return {(site.operation.role, site.operation.protocol) for site in sites}
