"""Overlay: what traces say is laid over the system, as evidence for what is known and as edges nobody wrote down."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from commlint.link.infrastructure import scheme_kind
from commlint.link.seen import UNNAMED, Nodes
from commlint.link.unmatched import unmatched
from commlint.link.watched import watched
from commlint.model.facts import Notice
from commlint.model.observations import Observations, ObservedEdge, ObservedOperation, percentile
from commlint.model.operations import Confidence, Evidence
from commlint.model.system import Edge, Observed, System

NO_NAME = "traces: spans of services without a name, left out; set OTEL_SERVICE_NAME where they run"
NOWHERE = "traces: calls that do not say where they lead, left out"
NO_CHANNEL = "traces: messages that do not name their channel, left out"

_FITTING = {"sync": ("sync", "connect"), "connect": ("sync", "connect"), "send": ("send",), "receive": ("receive",)}


@dataclass(frozen=True, slots=True)
class Sighting:
    """
    An observed edge, or one half of a message, by the nodes it runs between.

    `source`: name of the service. `entry`: its operation at which it began. `method`: that of an HTTP request.
    """

    source: str
    kind: str
    protocol: str
    target: str
    target_service: str
    entry: ObservedOperation
    edge: ObservedEdge
    method: str = ""


@dataclass(slots=True)
class _Tally:
    """Everything that was seen of one edge of the system."""

    edge: Edge
    calls: int = 0
    errors: int = 0
    retries: int = 0
    redeliveries: int = 0
    most: int = 0
    unanswered: int = 0
    latencies: Counter[int] = field(default_factory=Counter)

    def add(self, seen: ObservedEdge) -> None:
        self.calls += seen.calls
        self.errors += seen.errors
        self.retries += seen.retries
        self.redeliveries += seen.redeliveries
        self.most = max(self.most, seen.most)
        halved = "channel" in (seen.caller.role, seen.callee.role)
        self.unanswered += seen.calls if seen.kind == "unpaired" or halved else 0
        self.latencies.update(dict(seen.latencies))

    def result(self) -> Edge:
        latencies = sorted(self.latencies.items())
        p50, p95, p99 = (percentile(latencies, percent) for percent in (50, 95, 99))
        more = (self.retries, self.redeliveries, self.most, self.unanswered)
        return replace(_confirmed(self.edge), observed=Observed(self.calls, self.errors, p50, p95, p99, *more))


def overlay(system: System, observations: Observations) -> System:
    """
    The system with what traces say of it; pure, and nothing that was known is lost.

    Where several sites may have made an observed call all of them are confirmed, and the first carries the counts,
    so that sums stay right. The latency of a message is that of its processing, on both of its edges.
    """
    nodes = Nodes(system)
    sightings = _Sightings(system, nodes)
    for name, _ in observations.services:
        if not name.startswith(UNNAMED):
            nodes.service(name)
    sites = _Sites(system, nodes)
    tallies: dict[str, _Tally] = {}
    confirmed: set[str] = set()
    for sighting in (each for edge in observations.edges for each in sightings.of(edge)):
        candidates = sites.of(sighting) or [_edge(sighting)]
        confirmed.update(edge.id for edge in candidates)
        tallies.setdefault(candidates[0].id, _Tally(candidates[0])).add(sighting.edge)
    edges = {edge.id: _confirmed(edge) if edge.id in confirmed else edge for edge in system.edges}
    edges |= {identity: tally.result() for identity, tally in tallies.items()}
    unknown = unmatched(system, observations, nodes)
    return replace(
        system,
        services=tuple(sorted((*system.services, *nodes.services.values()), key=lambda service: service.name)),
        channels=tuple(sorted((*system.channels, *nodes.channels.values()), key=lambda channel: channel.id)),
        externals=tuple(sorted((*system.externals, *nodes.externals.values()), key=lambda external: external.id)),
        edges=tuple(edges[identity] for identity in sorted(edges)),
        notices=tuple(sorted({*system.notices, *observations.notices, *sightings.notices(), *unknown})),
        traced=True,
        watched=watched(system, observations, nodes),
    )


class _Sightings:
    """Turns observed edges into sightings, and counts those that say too little."""

    def __init__(self, system: System, nodes: Nodes) -> None:
        self._nodes = nodes
        self._left_out: Counter[str] = Counter()
        self._coded: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._carriers = {channel.id: channel.protocol for channel in system.channels}
        kinds = {service.id: service.kind for service in system.services}
        kinds |= {external.id: external.kind for external in system.externals}
        for edge in system.edges:
            self._coded[edge.source_service, kinds.get(edge.target, edge.kind)].add(edge.target)
        self._services = {service.id: service.name for service in system.services}
        self._kinds = kinds

    def notices(self) -> Iterator[Notice]:
        return (Notice("", 0, f"{message} ({count} calls)") for message, count in self._left_out.items())

    def of(self, edge: ObservedEdge) -> Iterator[Sighting]:
        """What one observed edge is in terms of the system."""
        sides = [side for side in (edge.caller, edge.callee) if side.role not in ("channel", "database", "external")]
        if any(side.service.startswith(UNNAMED) for side in sides):
            self._left_out[NO_NAME] += edge.calls
        elif edge.kind == "messaging":
            yield from self._message(edge)
        elif edge.kind in ("sync", "unpaired"):
            yield self._call(edge, self._nodes.service(edge.callee.service))
        else:
            yield from self._outside(edge)

    def _call(self, edge: ObservedEdge, service: str) -> Sighting:
        operation = edge.callee
        endpoint = self._nodes.endpoint(service, operation)
        target = endpoint.id if endpoint else f"service:{service}"
        protocol = endpoint.protocol if endpoint else operation.protocol
        source = self._nodes.service(edge.caller.service)
        return Sighting(source, "sync", protocol, target, service, edge.caller, edge, _method(operation))

    def _outside(self, edge: ObservedEdge) -> Iterator[Sighting]:
        source, callee = self._nodes.service(edge.caller.service), edge.callee
        if edge.kind == "external":
            service = self._nodes.at(callee.host) or self._nodes.at(callee.service)
            if service:
                yield self._call(edge, service)
                return
            target, kind = self._nodes.external((callee.host, callee.service), "external"), "sync"
        else:
            service = self._nodes.at(callee.host)
            target, kind = f"service:{service}" if service else self._database(source, callee), "connect"
        if target:
            service = self._services.get(target, "")
            yield Sighting(source, kind, callee.protocol, target, service, edge.caller, edge, _method(callee))
        else:
            self._left_out[NOWHERE] += edge.calls

    def _database(self, source: str, callee: ObservedOperation) -> str:
        """The store of that kind the source is known to lean on, when it is one; else an outside one."""
        kind = scheme_kind(callee.protocol) or "database"
        known = self._coded.get((source, kind), set())
        return next(iter(known)) if len(known) == 1 else self._nodes.external((callee.host, callee.service), kind)

    # -- messages ----------------------------------------------------------------------------------------

    def _message(self, edge: ObservedEdge) -> Iterator[Sighting]:
        caller, callee = edge.caller, edge.callee
        came_from = (
            (callee.channel if callee.role == "consumer" else "")
            or edge.channel
            or (caller.service if caller.role == "channel" else "")
        )
        halves = []
        if caller.role != "channel":
            halves.append((caller, "send", (edge.channel, came_from)))
        if callee.role != "channel":
            halves.append((callee, "receive", (came_from, edge.channel)))
        protocol = callee.protocol or caller.protocol
        lost = False
        for side, kind, names in halves:
            service = self._nodes.service(side.service)
            target = self._channel(service, kind, protocol, [name for name in names if name])
            lost |= not target
            if target:
                carrier = self._carriers.get(target, protocol or "messaging")
                yield Sighting(service, kind, carrier, target, "", side, edge)
        if lost:
            self._left_out[NO_CHANNEL] += edge.calls

    def _channel(self, service: str, kind: str, protocol: str, names: list[str]) -> str:
        """The channel by the first name it may have, one that the service is known to use before others."""
        coded = self._coded.get((service, kind), set())
        known = [found for name in names if (found := self._nodes.known_channel(protocol, name))]
        used = next((found for found in known if found in coded), "")
        if used or not names:
            return used
        # With AMQP a producer names an exchange, a consumer a queue, and instrumentation one or the other.
        same = {target for target in coded if self._carriers.get(target) == "amqp"} if protocol == "amqp" else set()
        if len(same) == 1 and not known:
            return next(iter(same))
        return known[0] if known else self._nodes.channel(protocol, names[0])


class _Sites:
    """The edges of the system, asked which of them a sighting may be."""

    def __init__(self, system: System, nodes: Nodes) -> None:
        self._nodes = nodes
        self._methods = {endpoint.id: endpoint.method for endpoint in system.endpoints}
        self._methods |= {site.id: site.operation.address.method for site in system.operations}
        self._handlers = {endpoint.id: endpoint.operation for endpoint in system.endpoints}
        self._by_target: dict[tuple[str, str], list[Edge]] = defaultdict(list)
        self._by_service: dict[tuple[str, str], list[Edge]] = defaultdict(list)
        self._received: dict[tuple[str, str], set[str]] = defaultdict(set)
        for edge in system.edges:
            self._by_target[edge.source_service, edge.target].append(edge)
            if edge.target_service:
                self._by_service[edge.source_service, edge.target_service].append(edge)
            if edge.kind == "receive":
                self._received[edge.source_service, edge.target].add(edge.source)
        self._entries: dict[str, set[str]] = defaultdict(set)
        for flow in system.flows:
            self._entries[flow.exit].add(flow.entry)

    def of(self, sighting: Sighting) -> list[Edge]:
        """The edges that fit best, none when none does; sorted by id."""
        fitting = [
            edge
            for edge in self._by_target.get((sighting.source, sighting.target), ())
            if edge.kind in _FITTING[sighting.kind] and self._asks(edge.source, sighting.method)
        ]
        fitting = fitting or list(self._coarser(sighting))
        entries = self._entries_of(sighting)
        ranked = sorted(((self._rank(edge, entries), edge.id, edge) for edge in fitting), key=lambda each: each[:2])
        return [edge for rank, _, edge in ranked if rank == ranked[0][0]]

    def _coarser(self, sighting: Sighting) -> Iterator[Edge]:
        """Edges to the same service where only one of the two knows the endpoint."""
        whole = f"service:{sighting.target_service}"
        for edge in self._by_service.get((sighting.source, sighting.target_service), ()):
            meant = edge.target == whole or (sighting.target == whole and self._asks(edge.target, sighting.method))
            if meant and edge.kind in _FITTING[sighting.kind] and self._asks(edge.source, sighting.method):
                yield edge

    def _asks(self, node: str, method: str) -> bool:
        """Whether an endpoint answers, or an operation uses, this method of HTTP, as far as either is known."""
        known = self._methods.get(node, "")
        return not method or not known or known == "*" or method.upper() in known.upper().split(",")

    def _entries_of(self, sighting: Sighting) -> set[str]:
        """The operations of the system at which the observed call may have begun."""
        entry = sighting.entry
        if entry.role == "consumer":
            channel = self._nodes.known_channel(entry.protocol, entry.channel)
            return self._received.get((sighting.source, channel), set())
        endpoint = self._nodes.endpoint(sighting.source, entry)
        return {self._handlers[endpoint.id]} if endpoint else set()

    def _rank(self, edge: Edge, entries: set[str]) -> tuple[bool, bool]:
        """Sites that the entry leads to go first, and code before declarations."""
        led_to = bool(entries & self._entries.get(edge.source, set()))
        return (not led_to, not edge.source)


def _edge(sighting: Sighting) -> Edge:
    """The edge of a sighting that nothing else tells of."""
    source, target = sighting.source, sighting.target
    return Edge(
        id=f"service:{source} -> {target} ({sighting.kind}, observed)",
        kind=sighting.kind,
        protocol=sighting.protocol,
        source="",
        target=target,
        source_service=source,
        target_service=sighting.target_service,
        region=None,
        confidence=Confidence.LIKELY,
        evidence=(Evidence.OBSERVED,),
    )


def _confirmed(edge: Edge) -> Edge:
    return replace(edge, evidence=tuple(sorted({*edge.evidence, Evidence.OBSERVED})))


def _method(operation: ObservedOperation) -> str:
    return operation.name.partition(" ")[0] if operation.protocol == "http" else ""
