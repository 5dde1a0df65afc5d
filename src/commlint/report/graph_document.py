"""A system in its public form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from commlint.graph import Coverage, drift_of
from commlint.model.operations import Evidence, Policy, State
from commlint.model.places import Region
from commlint.model.system import Channel, Edge, Observed, System
from commlint.model.values import Literal
from commlint.report import graph_v1 as v1
from commlint.report.ends import Ends
from commlint.report.labels import Labels
from commlint.report.messages import Message, messages
from commlint.report.names import Names

_KINDS: dict[str, v1.EdgeKind] = {"sync": "sync", "connect": "connect", "send": "send", "receive": "receive"}


def document(system: System) -> v1.GraphV1:
    """Everything of the system that is public; lists are sorted as the system's are, edges by their ends."""
    names = Names(system)
    return v1.GraphV1(
        version=1,
        services=tuple(_services(system)),
        channels=tuple(_channel(channel, names) for channel in system.channels),
        externals=tuple(v1.ExternalV1(external.id, external.name, external.kind) for external in system.externals),
        operations=tuple(_operations(system)),
        endpoints=tuple(_endpoints(system)),
        edges=tuple(_edges(system, names)),
        flows=tuple(_flows(system)),
        unresolved=tuple(_unresolved(system)),
    )


def _services(system: System) -> list[v1.ServiceV1]:
    evidence: dict[str, set[Evidence]] = defaultdict(set)
    for edge in system.edges:
        evidence[edge.target].update(edge.evidence)
    found: dict[str, v1.ServiceV1] = {}
    for service in system.services:
        declared = tuple(_place(region) for region in service.why)
        words = _words([service.evidence])
        public = v1.ServiceV1(service.name, service.kind, service.roots, service.aliases, words, declared)
        found[service.name] = public
    for external in system.externals:
        words = _words(evidence[external.id])
        found.setdefault(external.name, v1.ServiceV1(external.name, external.kind, (), (), words, ()))
    return [found[name] for name in sorted(found)]


def _channel(channel: Channel, names: Names) -> v1.ChannelV1:
    return v1.ChannelV1(
        id=channel.id,
        name=names.of(channel.id),
        protocol=channel.protocol,
        kind=channel.kind,
        dead_letter=channel.dead_letter.state.value,
        redelivery_limit=_number(channel.redelivery_limit),
        is_dead_letter=channel.is_dead_letter,
        ephemeral=channel.ephemeral,
        file=channel.region.path if channel.region else None,
        line=channel.region.start_line if channel.region else None,
    )


def _number(policy: Policy) -> int | float | None:
    match policy.value:
        case Literal(value=bool()):
            return None
        case Literal(value=int() | float() as number) if policy.state is State.SET:
            return number
        case _:
            return None


def _operations(system: System) -> Iterator[v1.OperationV1]:
    for valued in system.operations:
        operation = valued.operation
        yield v1.OperationV1(
            id=valued.id,
            service=valued.service,
            role=operation.role.value,
            protocol=operation.protocol,
            label=valued.label,
            target=valued.target,
            confidence=operation.confidence.value,
            file=operation.region.path,
            line=operation.region.start_line,
        )


def _endpoints(system: System) -> Iterator[v1.EndpointV1]:
    for endpoint in system.endpoints:
        yield v1.EndpointV1(
            id=endpoint.id,
            service=endpoint.service,
            method=endpoint.method,
            path=endpoint.path.removeprefix(endpoint.prefix) or "/",
            protocol=endpoint.protocol,
            operation=endpoint.operation,
            file=endpoint.region.path,
            line=endpoint.region.start_line,
            evidence=tuple(each.value for each in endpoint.evidence),
            prefix=endpoint.prefix,
        )


def _edges(system: System, names: Names) -> list[v1.EdgeV1]:
    labels = Labels(system)
    channels = {channel.id for channel in system.channels}
    ends = Ends(system, endpoints=False)
    seen = _Seen(system)
    edges = [_message(message, names, seen) for message in messages(system)]
    for edge in system.edges:
        for source, target in ends.of(edge):
            channel = next((end for end in (target, source) if end in channels), "")
            public = _edge(edge, names.of(source), names.of(target), names.of(channel), labels, seen)
            # An end that is no node of the system has no name to go by.
            if public.source and public.target:
                edges.append(public)
    return sorted(edges, key=_order)


def _order(edge: v1.EdgeV1) -> tuple[str, ...]:
    place = (edge.file or "", f"{edge.line or 0:09}")
    return (edge.source, edge.target, edge.kind, edge.protocol, edge.channel or "", *place, edge.label, repr(edge))


class _Seen:
    """What traces say of edges besides figures; nothing where none were given."""

    def __init__(self, system: System) -> None:
        self._coverage = Coverage(system) if system.traced else None

    def drift(self, *edges: Edge) -> v1.DriftWord | msgspec.UnsetType:
        """Of several edges in a row the whole is known as the least of them."""
        if self._coverage is None:
            return msgspec.UNSET
        words = {drift_of(edge) for edge in edges}
        if "code-only" in words:
            return "code-only"
        return "trace-only" if "trace-only" in words else "confirmed"

    def entered(self, edge: Edge) -> int | msgspec.UnsetType:
        """How often what leads to an edge was entered."""
        return self._coverage.of(edge) if self._coverage is not None and edge.source else msgspec.UNSET


def _edge(edge: Edge, source: str, target: str, channel: str, labels: Labels, seen: _Seen) -> v1.EdgeV1:
    message = edge.kind in ("send", "receive")
    return v1.EdgeV1(
        source=source,
        target=target,
        protocol="messaging" if message else edge.protocol or "dependency",
        kind=_KINDS.get(edge.kind, "sync"),
        confidence=edge.confidence.value,
        evidence=_words(edge.evidence),
        file=edge.region.path if edge.region else None,
        line=edge.region.start_line if edge.region else None,
        label=labels.of(edge),
        channel=channel or msgspec.UNSET,
        transport=edge.protocol if message else msgspec.UNSET,
        operation=edge.source or msgspec.UNSET,
        endpoint=edge.target if labels.is_endpoint(edge.target) else msgspec.UNSET,
        observed=_observed(edge.observed),
        drift=seen.drift(edge),
        entered=seen.entered(edge),
    )


def _message(message: Message, names: Names, seen: _Seen) -> v1.EdgeV1:
    send, receive = message.send, message.receive
    confidence = min(send.confidence, receive.confidence, key=lambda one: one.rank)
    return v1.EdgeV1(
        source=names.of(message.sender),
        target=names.of(message.receiver),
        protocol="messaging",
        kind="message",
        confidence=confidence.value,
        evidence=_words({*send.evidence, *receive.evidence}),
        file=send.region.path if send.region else None,
        line=send.region.start_line if send.region else None,
        label=names.of(message.channel),
        channel=names.of(message.channel),
        transport=send.protocol,
        operation=send.source or msgspec.UNSET,
        receiver=_place(receive.region) if receive.region else msgspec.UNSET,
        drift=seen.drift(send, receive),
        entered=seen.entered(send),
    )


def _observed(observed: Observed | None) -> v1.ObservedV1 | msgspec.UnsetType:
    if observed is None:
        return msgspec.UNSET
    more = (observed.retries, observed.redeliveries, observed.most)
    return v1.ObservedV1(observed.calls, observed.errors, observed.p50, observed.p95, observed.p99, *more)


def _flows(system: System) -> Iterator[v1.FlowV1]:
    for flow in system.flows:
        yield v1.FlowV1(
            service=flow.service,
            entry=flow.entry,
            exit=flow.exit,
            blocking=flow.blocking,
            lines=tuple(_place(region) for region in flow.lines),
            in_loop=_place(flow.in_loop) if flow.in_loop else msgspec.UNSET,
        )


def _unresolved(system: System) -> Iterator[v1.UnresolvedV1]:
    for call in system.unresolved:
        yield v1.UnresolvedV1(
            service=call.service,
            file=call.region.path,
            line=call.region.start_line,
            label=call.label,
            reason=call.reason,
            hint=call.hint,
            operation=call.operation,
        )


def _place(region: Region) -> v1.PlaceV1:
    return v1.PlaceV1(region.path, region.start_line)


def _words(evidence: Iterable[Evidence]) -> tuple[v1.EvidenceWord, ...]:
    return tuple(word.value for word in sorted(set(evidence)))
