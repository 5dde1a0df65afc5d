"""A graph as a drawing has it: nodes and merged edges at one level, with what is marked on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from commlint.errors import UsageError, nearest
from commlint.graph import TALKING, drift_of_all
from commlint.model.findings import Finding
from commlint.model.operations import Evidence, Role
from commlint.model.system import Edge, Observed, System
from commlint.report.ends import Ends, Pair, infrastructure_of, peers
from commlint.report.focus import around
from commlint.report.labels import Labels
from commlint.report.marks import Mark, Marks, ordered
from commlint.report.totals import count

LEVELS = ("service", "endpoint")
ADDED = "added"
REMOVED = "removed"
_DRIFT = {"code-only": "not in the traces", "trace-only": "only in the traces"}
_SIGNS = {ADDED: "+ ", REMOVED: "− ", "": ""}


@dataclass(frozen=True, slots=True)
class Node:
    """
    `kind`: that of the service or external, `channel`, or at endpoint level `endpoint` or `consumer`.
    `service`: the service it belongs to, "" for channels and externals.
    `change`: added, removed, or "" where nothing is compared or nothing changed.
    """

    id: str
    label: str
    kind: str
    service: str
    marks: tuple[Mark, ...] = ()
    change: str = ""

    def lines(self) -> tuple[str, ...]:
        """What a drawing writes into the node, not yet escaped."""
        return (f"{_SIGNS[self.change]}{self.label}", *_codes(self.marks))


@dataclass(frozen=True, slots=True)
class Arrow:
    """
    All edges of one kind and protocol from one node to another, in the direction things travel.

    `kind`: sync, connect, send, receive. `channel`: the channel's name, "" where none is passed.
    `sites`: how many edges it stands for. `change`: as of a node. `drift`: where traces were given, whether they and
    what was read know it, or one of them alone.
    """

    source: str
    target: str
    label: str
    kind: str
    protocol: str
    channel: str = ""
    sites: int = 1
    marks: tuple[Mark, ...] = ()
    observed: Observed | None = None
    evidence: tuple[Evidence, ...] = ()
    change: str = ""
    drift: str = ""

    def lines(self) -> tuple[str, ...]:
        """What a drawing writes at the arrow, not yet escaped."""
        drift = (_DRIFT[self.drift],) if self.drift in _DRIFT else ()
        return (f"{_SIGNS[self.change]}{self.label}", *_figures(self.observed), *drift, *_codes(self.marks))


def _figures(observed: Observed | None) -> tuple[str, ...]:
    if observed is None:
        return ()
    seconds = observed.p99
    p99 = f"{seconds:.3g} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"
    errors = (f"{count(observed.errors, 'error')} ({_share(observed)})",) if observed.errors else ()
    return (f"{count(observed.calls, 'call')}, p99 {p99}", *errors)


def _share(observed: Observed) -> str:
    """How many of the calls failed, in percent; of two digits those that count."""
    percent = 100 * observed.errors / max(observed.calls, 1)
    return f"{percent:.0f} %" if percent >= 10 else f"{percent:.2g} %"


def _codes(marks: tuple[Mark, ...]) -> tuple[str, ...]:
    return (", ".join(mark.code for mark in marks),) if marks else ()


@dataclass(frozen=True, slots=True)
class GraphView:
    """
    What a diagram draws. `system` is the part of the system in view with all its detail,
    for formats that carry everything; nodes and edges are sorted.
    `notes`: what is to be said beside the drawing. `changed`: two states are compared, and only what differs is drawn.
    """

    title: str
    level: str
    nodes: tuple[Node, ...] = ()
    edges: tuple[Arrow, ...] = ()
    system: System = field(default_factory=System)
    notes: tuple[str, ...] = ()
    changed: bool = False

    def clusters(self) -> tuple[tuple[str, tuple[Node, ...]], ...]:
        """At endpoint level the nodes of each service; else, and for what belongs to none, one group called ""."""
        groups: dict[str, list[Node]] = defaultdict(list)
        for node in self.nodes:
            groups[node.service if self.level == "endpoint" else ""].append(node)
        return tuple((service, tuple(groups[service])) for service in sorted(groups))


def view(
    system: System,
    findings: Sequence[Finding] = (),
    level: str = "service",
    focus: str | None = None,
    depth: int = 1,
    infrastructure: bool = False,
) -> GraphView:
    """
    The drawing of a system; the same input gives the same drawing.

    Args:
        focus: name of a service, channel or external; only what is within `depth` steps of it is in view.
        infrastructure: databases, caches, brokers and their like are nodes as well.

    Raises:
        UsageError: there is no such level, or nothing is called like `focus`.
    """
    if level not in LEVELS:
        raise UsageError(f'unknown level "{level}"{nearest(level, LEVELS)} (known: {", ".join(LEVELS)})')
    if focus is not None:
        system = around(system, focus, depth)
    hidden = frozenset() if infrastructure else _hidden(system, focus)
    marks = Marks(system, findings, level == "endpoint")
    arrows = _arrows(system, Ends(system, level == "endpoint"), hidden, marks)
    nodes = _nodes(system, level, hidden, {end for arrow in arrows for end in (arrow.source, arrow.target)}, marks)
    shown = sum(1 for service in system.services if service.id not in hidden)
    title = count(shown, "service") + (f" within {count(depth, 'step')} of {focus}" if focus is not None else "")
    return GraphView(title, level, nodes, arrows, system)


def _hidden(system: System, focus: str | None) -> frozenset[str]:
    asked = {peer.id for peer in peers(system) if focus in (peer.name, peer.id)}
    hidden = infrastructure_of(system) - asked
    owners = {service.name for service in system.services if service.id in hidden}
    return hidden | {endpoint.id for endpoint in system.endpoints if endpoint.service in owners}


def _arrows(system: System, ends: Ends, hidden: frozenset[str], marks: Marks) -> tuple[Arrow, ...]:
    names = {channel.id: channel.name for channel in system.channels}
    labels = Labels(system)
    merged: dict[tuple[Pair, str, str], list[Edge]] = defaultdict(list)
    for edge in system.edges:
        for pair in ends.of(edge):
            if hidden.isdisjoint(pair):
                merged[pair, edge.kind, edge.protocol].append(edge)
    arrows = []
    for (pair, kind, protocol), edges in sorted(merged.items()):
        called = sorted({labels.of(edge) for edge in edges} - {""})
        named = kind == "sync" and not labels.is_endpoint(pair.target)
        arrows.append(
            Arrow(
                source=pair.source,
                target=pair.target,
                label=_label(called, protocol) if named else protocol,
                kind=kind,
                protocol=protocol,
                channel=names.get(pair.source) or names.get(pair.target, ""),
                sites=len(edges),
                marks=ordered(mark for edge in edges for mark in marks.edge(edge.id)),
                observed=together(edge.observed for edge in edges),
                evidence=tuple(sorted({evidence for edge in edges for evidence in edge.evidence})),
                drift=drift_of_all(edges) if system.traced and kind in TALKING else "",
            )
        )
    return tuple(arrows)


def _label(called: Sequence[str], protocol: str) -> str:
    match called:
        case []:
            return protocol
        case [one]:
            return one
        case _:
            return f"{called[0]} and {len(called) - 1} more"


def together(observed: Iterable[Observed | None]) -> Observed | None:
    """Counts added up; of the latencies the slowest, as percentiles cannot be added."""
    seen = [one for one in observed if one is not None]
    if not seen:
        return None
    return Observed(
        calls=sum(one.calls for one in seen),
        errors=sum(one.errors for one in seen),
        p50=max(one.p50 for one in seen),
        p95=max(one.p95 for one in seen),
        p99=max(one.p99 for one in seen),
        retries=sum(one.retries for one in seen),
        redeliveries=sum(one.redeliveries for one in seen),
        most=max(one.most for one in seen),
    )


def _nodes(system: System, level: str, hidden: frozenset[str], used: set[str], marks: Marks) -> tuple[Node, ...]:
    nodes = {node.id: node for node in _parts(system)} if level == "endpoint" else {}
    divided = {node.service for node in nodes.values()}
    for service in system.services:
        if service.name not in divided or service.id in used:
            nodes[service.id] = Node(service.id, service.name, service.kind, service.name)
    for channel in system.channels:
        nodes[channel.id] = Node(channel.id, channel.name, "channel", "")
    for external in system.externals:
        nodes[external.id] = Node(external.id, external.name, external.kind, "")
    for id in used - nodes.keys():
        name = id.removeprefix("service:")
        nodes[id] = Node(id, name, "external", "")
    return tuple(
        Node(node.id, node.label, node.kind, node.service, ordered(marks.node(id)))
        for id, node in sorted(nodes.items())
        if id not in hidden
    )


def _parts(system: System) -> Iterator[Node]:
    """Endpoints and consumers, which services fall apart into."""
    for endpoint in system.endpoints:
        yield Node(endpoint.id, f"{endpoint.method} {endpoint.path}".strip(), "endpoint", endpoint.service)
    for operation in system.operations:
        if operation.operation.role is Role.CONSUMER:
            yield Node(operation.id, operation.label, "consumer", operation.service)
