"""What traces say, in a form that merges by sum and maximum."""

from __future__ import annotations

from dataclasses import dataclass

from commlint.model.facts import Notice


@dataclass(frozen=True, slots=True, order=True)
class ObservedOperation:
    """
    One side of an observed edge.

    `name`: `GET /stock/{sku}` by route template, `package.Service/Method`, channel name, or the span name.
    """

    service: str
    role: str
    protocol: str
    name: str


@dataclass(frozen=True, slots=True)
class ObservedEdge:
    """
    Pairs of spans between two services, or between a service and a channel, database or outside host.

    `caller` is the *entry* operation of the calling service. `kind`: sync, messaging, database, external.
    `latencies`: (bucket, count) of a log-linear histogram over nanoseconds, 8 significant bits; sorted.
    """

    caller: ObservedOperation
    callee: ObservedOperation
    kind: str
    calls: int
    errors: int
    latencies: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Observations:
    """Merged result of any number of trace files; `edges` sorted. `services`: (name, entry spans seen)."""

    edges: tuple[ObservedEdge, ...] = ()
    services: tuple[tuple[str, int], ...] = ()
    spans: int = 0
    traces: int = 0
    orphans: int = 0
    notices: tuple[Notice, ...] = ()
