"""CL301."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.rule import Rule, option
from commlint.graph import SystemGraph
from commlint.model.findings import Finding, Level, Related
from commlint.model.operations import Confidence
from commlint.model.system import Edge

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_PLAIN = frozenset({
    "api", "http", "grpc", "internal", "public", "service", "services", "queue", "topic", "event", "events", "message",
    "messages", "command", "commands", "get", "post", "put", "delete", "patch", "create", "created", "update",
    "updated", "deleted", "new", "list", "all", "status", "request", "requests", "response", "reply",
})  # fmt: skip

Pair = tuple[str, str]


@dataclass(frozen=True)
class MixedBoundary(Rule):
    """
    Two services depend on each other both ways, or do the same thing by call and by message.

    What it flags:
        Two services that call each other and wait, at whatever endpoints; and a service that reaches another one
        about the same resource both by calls and by messages.

    Why it matters:
        Nobody can say which of the two knows what, or in which order a call and a message about the same thing take
        effect. They can neither be deployed nor fail alone.

    Example:
        Orders calls `POST /stock/reserve` of inventory and also sends `stock.reserve` messages that inventory
        receives.

    Instead:
        Decide on one direction and one way for each resource: commands by call, what has happened by message.
        A mixture that is meant is declared in `boundaries`.

    What it cannot see:
        What a resource is: the words of paths and channel names are compared. Calls one way and events the other way
        are the usual thing, and are not flagged.

    References:
        - https://learn.microsoft.com/en-us/azure/architecture/microservices/design/interservice-communication
        - Richards and Ford, Software Architecture: The Hard Parts, 2021, chapter 12
    """

    code: ClassVar[str] = "CL301"
    level: ClassVar[Level] = Level.WARNING
    boundaries: tuple[str, ...] = option((), "pairs of services (`orders billing`) whose mixture is meant")

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        meant = {frozenset(pair.split()) for pair in self.boundaries}
        circles = [frozenset(cycle.services) for cycle in graph.sync_cycles()]
        calls, messages = _calls(graph), _messages(graph)
        for first, second in sorted({(min(pair), max(pair)) for pair in (*calls, *messages)}):
            pair = frozenset((first, second))
            if pair in meant:
                continue
            # A request that comes back is told as a cycle already.
            if (first, second) in calls and (second, first) in calls and not any(pair <= circle for circle in circles):
                yield self._both_ways(first, second, calls[first, second], calls[second, first])
                continue
            for way in ((first, second), (second, first)):
                yield from self._twice(way, calls.get(way, []), messages.get(way, []))

    def _both_ways(self, first: str, second: str, there: list[Edge], back: list[Edge]) -> Finding:
        return self._finding(
            f"{first} and {second} call each other and wait, though no single request comes back",
            (first, second),
            [there[0], back[0]],
        )

    def _twice(self, way: Pair, calls: list[Edge], messages: list[Edge]) -> Iterator[Finding]:
        for message in messages:
            words = _words(_path(message)).keys()
            same = [call for call in calls if words & _words(_path(call)).keys()]
            if same:
                about = next(word for word in _words(_path(same[0])) if word in words)
                yield self._finding(
                    f"{way[0]} reaches {way[1]} about {about} both by call and by message", way, [same[0], message]
                )
                return

    def _finding(self, message: str, pair: Pair, edges: list[Edge]) -> Finding:
        placed = [(edge.region, edge) for edge in edges if edge.region is not None]
        sure = min((edge.confidence for edge in edges), key=lambda confidence: confidence.rank)
        return self.finding(
            message,
            placed[0][0],
            [f"service:{name}" for name in pair],
            help="keep one direction and one way for each resource, or declare the pair in boundaries",
            confidence=min(sure, Confidence.LIKELY, key=lambda confidence: confidence.rank),
            related=[Related(region, f"{edge.source_service} reaches {_path(edge)}") for region, edge in placed],
            services=pair,
        )


def _calls(graph: SystemGraph) -> dict[Pair, list[Edge]]:
    found: dict[Pair, list[Edge]] = defaultdict(list)
    for edge in graph.system.edges:
        call = graph.operations.get(edge.source)
        waits = edge.kind == "sync" and edge.source and (call is None or call.operation.style != "spawned")
        between = graph.is_peer(edge.target_service) and edge.source_service != edge.target_service
        if waits and between and edge.region is not None:
            found[edge.source_service, edge.target_service].append(edge)
    return found


def _messages(graph: SystemGraph) -> dict[Pair, list[Edge]]:
    """For each pair of services the sends of one to channels the other receives from."""
    found: dict[Pair, list[Edge]] = defaultdict(list)
    for channel in graph.system.channels:
        edges = graph.edges_to(channel.id)
        receivers = sorted({edge.source_service for edge in edges if edge.kind == "receive"})
        for edge in edges:
            if edge.kind != "send" or edge.region is None:
                continue
            for receiver in receivers:
                if receiver != edge.source_service:
                    found[edge.source_service, receiver].append(edge)
    return found


def _path(edge: Edge) -> str:
    """What an edge leads to, without the services and hosts: a path or the name of a channel."""
    kind, _, rest = edge.target.partition(":")
    return rest.partition(":")[2] if kind in ("endpoint", "channel") else ""


def _words(text: str) -> dict[str, None]:
    """The words of a name that may mean a resource, in the singular and in order."""
    found = (word.lower() for word in _WORD.findall(text))
    return dict.fromkeys(word.removesuffix("s") for word in found if word not in _PLAIN and len(word) > 2)
