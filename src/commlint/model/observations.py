"""What traces say, in a form that merges by sum and maximum."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import BinaryIO

from commlint.model.notices import Notice

SIGNIFICANT_BITS = 8

PREFIXES = {"channel": "topic:", "database": "db:", "external": "ext:"}
"""What stands before the name of what is no service, where all are named together."""


@dataclass(frozen=True, slots=True)
class TraceSource:
    """
    Something that holds recorded traces.

    `name`: how notices call it. `open`: gives its bytes from the beginning; may raise OSError. `size`: in bytes, 0 when
    it is not known. `portable`: whether `open` can be handed to another process. `path`: where it is on this machine,
    "" when it is not there as a file. `is_table`: it is known to be Parquet, and made anew each time it is opened.
    """

    name: str
    open: Callable[[], BinaryIO]
    size: int = 0
    portable: bool = False
    path: str = ""
    is_table: bool = False


@dataclass(frozen=True, slots=True, order=True)
class ObservedOperation:
    """
    One side of an observed edge.

    `service`: the name of the service, or of the channel, database (`postgresql/shop`) or outside host that `role`
    says it is. `role`: client, server, producer, consumer, internal; channel, database, external.
    `name`: `GET /stock/{sku}` by route template, `package.Service/Method`, `process orders`, or the span name.
    `host`: where the caller says a database or outside host is, "" when it does not. `channel`: that of a message.
    """

    service: str
    role: str
    protocol: str
    name: str
    host: str = ""
    channel: str = ""

    @property
    def called(self) -> tuple[str, str]:
        """What tells it from other operations; the rest describes it."""
        return PREFIXES.get(self.role, "") + self.service, self.name


@dataclass(frozen=True, slots=True)
class ObservedEdge:
    """
    Pairs of spans between two services, or between a service and a channel, database or outside host.

    `caller` is the *entry* operation of the calling service. `kind`: sync, messaging, database, external, or unpaired:
    the caller names a service of the traces whose own span is missing. `latencies`: (bucket, count) of a log-linear
    histogram over nanoseconds, 8 significant bits; sorted. `channel`: where the sender of a message sent it to.
    `retries`: requests made again. `redeliveries`: receptions of a message beyond the first. `most`: calls that one
    request of the caller made. `exact`: 50th, 95th and 99th percentile in nanoseconds, where they are known exactly.
    The last three are those of all edges between the two operations, whatever the channel.
    """

    caller: ObservedOperation
    callee: ObservedOperation
    kind: str
    calls: int
    errors: int
    latencies: tuple[tuple[int, int], ...]
    channel: str = ""
    retries: int = 0
    redeliveries: int = 0
    most: int = 0
    exact: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class ObservedChain:
    """
    Everything that was waited for behind one operation.

    `depths`: (hops in a row, how many times), sorted. `latencies`: of those that are as deep as `depths` says, in
    its order. `trace`: id of a trace with the deepest one, whose operations are in `path`, outermost first.
    """

    entry: ObservedOperation
    depths: tuple[tuple[int, int], ...]
    latencies: tuple[tuple[tuple[int, int], ...], ...]
    trace: str
    path: tuple[ObservedOperation, ...]


@dataclass(frozen=True, slots=True)
class ObservedEntry:
    """How often an operation was entered, began a trace as a server or consumer, or had a parent that is missing."""

    operation: ObservedOperation
    entered: int
    began: int
    orphans: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of all that was read. `cyclic`: spans whose parents go round in a circle."""

    records: int = 0
    spans: int = 0
    cyclic: int = 0
    traces: int = 0
    orphans: int = 0


@dataclass(frozen=True, slots=True)
class Observations:
    """
    Merged result of any number of trace files; everything sorted. `services`: (name, how often it was entered).
    `depths`: (deepest chain of a trace, number of traces).
    """

    edges: tuple[ObservedEdge, ...] = ()
    services: tuple[tuple[str, int], ...] = ()
    entries: tuple[ObservedEntry, ...] = ()
    chains: tuple[ObservedChain, ...] = ()
    depths: tuple[tuple[int, int], ...] = ()
    totals: Totals = field(default_factory=Totals)
    notices: tuple[Notice, ...] = ()


def bucket_of(nanoseconds: int) -> int:
    """The bucket of a latency; buckets of higher latencies have higher numbers."""
    shift = max(0, nanoseconds.bit_length() - SIGNIFICANT_BITS)
    return (shift << SIGNIFICANT_BITS) + (nanoseconds >> shift)


def nanoseconds_of(bucket: int) -> int:
    """The middle of a bucket, at most 0.4 % from every latency in it."""
    shift = bucket >> SIGNIFICANT_BITS
    low = (bucket & ((1 << SIGNIFICANT_BITS) - 1)) << shift
    return low + ((1 << shift) - 1) // 2


def percentile(latencies: Iterable[tuple[int, int]], percent: int) -> float:
    """The nearest-rank percentile of a sorted histogram, in seconds; 0 when it is empty."""
    return nanoseconds_at(latencies, percent) / 1e9


def nanoseconds_at(latencies: Iterable[tuple[int, int]], percent: int) -> int:
    """The nearest-rank percentile of a sorted histogram, in nanoseconds; 0 when it is empty."""
    buckets = tuple(latencies)
    left = -(-percent * sum(count for _, count in buckets) // 100)
    for bucket, count in buckets:
        left -= count
        if left <= 0:
            return nanoseconds_of(bucket)
    return 0
