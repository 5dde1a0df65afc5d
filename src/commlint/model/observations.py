"""What traces say, in a form that merges by sum and maximum."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import BinaryIO

from commlint.model.facts import Notice

SIGNIFICANT_BITS = 8


@dataclass(frozen=True, slots=True)
class TraceSource:
    """
    Something that holds recorded traces.

    `name`: how notices call it. `open`: gives its bytes from the beginning; may raise OSError.
    """

    name: str
    open: Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True, order=True)
class ObservedOperation:
    """
    One side of an observed edge.

    `service`: the name of the service, or of the channel, database (`postgresql/shop`) or outside host that `role`
    says it is. `role`: client, server, producer, consumer, internal; channel, database, external.
    `name`: `GET /stock/{sku}` by route template, `package.Service/Method`, channel name, or the span name.
    `host`: where the caller says a database or outside host is, "" when it does not.
    """

    service: str
    role: str
    protocol: str
    name: str
    host: str = ""


@dataclass(frozen=True, slots=True)
class ObservedEdge:
    """
    Pairs of spans between two services, or between a service and a channel, database or outside host.

    `caller` is the *entry* operation of the calling service. `kind`: sync, messaging, database, external, or
    unpaired: the caller names a service of the traces whose own span is missing.
    `latencies`: (bucket, count) of a log-linear histogram over nanoseconds, 8 significant bits; sorted.
    `channel`: where the producer of a message sent it to; the name of a consuming callee is where it came from.
    """

    caller: ObservedOperation
    callee: ObservedOperation
    kind: str
    calls: int
    errors: int
    latencies: tuple[tuple[int, int], ...]
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Observations:
    """Merged result of any number of trace files; `edges` sorted. `services`: (name, entry spans seen)."""

    edges: tuple[ObservedEdge, ...] = ()
    services: tuple[tuple[str, int], ...] = ()
    spans: int = 0
    traces: int = 0
    orphans: int = 0
    notices: tuple[Notice, ...] = ()


def bucket_of(nanoseconds: int) -> int:
    """The bucket of a latency; buckets of higher latencies have higher numbers."""
    shift = max(0, nanoseconds.bit_length() - SIGNIFICANT_BITS)
    return (shift << SIGNIFICANT_BITS) + (nanoseconds >> shift)


def seconds_of(bucket: int) -> float:
    """The middle of a bucket, at most 0.4 % from every latency in it."""
    shift = bucket >> SIGNIFICANT_BITS
    low = (bucket & ((1 << SIGNIFICANT_BITS) - 1)) << shift
    return (low + ((1 << shift) - 1) / 2) / 1e9


def percentile(latencies: Iterable[tuple[int, int]], percent: int) -> float:
    """The nearest-rank percentile of a sorted histogram, in seconds; 0 when it is empty."""
    buckets = tuple(latencies)
    left = -(-percent * sum(count for _, count in buckets) // 100)
    for bucket, count in buckets:
        left -= count
        if left <= 0:
            return seconds_of(bucket)
    return 0.0
