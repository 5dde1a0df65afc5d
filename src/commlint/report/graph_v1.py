"""
The public JSON of the graph, version 1; `docs/graph.schema.json` is generated from these types.

Fields may be added within a version; none changes its meaning or goes away.
"""

from __future__ import annotations

from typing import Literal

import msgspec

EvidenceWord = Literal["coded", "declared", "observed"]
EdgeKind = Literal["sync", "connect", "send", "receive", "message"]
DriftWord = Literal["confirmed", "code-only", "trace-only"]
ConfidenceWord = Literal["possible", "likely", "certain"]


class PlaceV1(msgspec.Struct, frozen=True):
    """A line of a file; the path is POSIX and relative to the analysed root."""

    file: str
    line: int


class ServiceV1(msgspec.Struct, frozen=True):
    """
    Whatever an edge may name besides channels: services, and the outside peers they talk to.

    `kind`: service, gateway, frontend, job, library, an infrastructure kind such as database or broker, or external.
    `declared`: the declarations that account for it.
    """

    name: str
    kind: str
    roots: tuple[str, ...]
    aliases: tuple[str, ...]
    evidence: tuple[EvidenceWord, ...]
    declared: tuple[PlaceV1, ...]


class ChannelV1(msgspec.Struct, frozen=True):
    """
    A named place messages go. `name` is unique among channels and services; of two alike it is `PROTOCOL/NAME`.

    `redelivery_limit`: deliveries in all, null when not known.
    """

    id: str
    name: str
    protocol: str
    kind: str
    dead_letter: Literal["set", "unset", "unknown"]
    redelivery_limit: int | float | None
    is_dead_letter: bool
    ephemeral: bool
    file: str | None
    line: int | None


class ExternalV1(msgspec.Struct, frozen=True):
    """A peer no declared service accounts for; it stands among the services as well, since edges name it."""

    id: str
    name: str
    kind: str


class OperationV1(msgspec.Struct, frozen=True):
    """One thing a service does on the wire, at one place; flows and edges refer to it by `id`."""

    id: str
    service: str
    role: Literal["client", "server", "producer", "consumer"]
    protocol: str
    label: str
    target: str
    confidence: ConfidenceWord
    file: str
    line: int


class EndpointV1(msgspec.Struct, frozen=True):
    """
    What callers can reach. `path` is a template as the code has it or `package.Service/Method`, `method` "" for any.

    `evidence`: `coded`, `declared` by a contract, or both.
    `prefix`: what the settings of the service put before the path, such as a context path.
    """

    id: str
    service: str
    method: str
    path: str
    protocol: str
    operation: str
    file: str
    line: int
    evidence: tuple[EvidenceWord, ...] = ()
    prefix: str = ""


class ObservedV1(msgspec.Struct, frozen=True):
    """
    What traces say of an edge; latencies in seconds.

    `retries`: requests made again. `redeliveries`: receptions of a message beyond the first. `most`: calls that one
    request of the caller made.
    """

    calls: int
    errors: int
    p50: float
    p95: float
    p99: float
    retries: int = 0
    redeliveries: int = 0
    most: int = 0


class EdgeV1(msgspec.Struct, frozen=True, omit_defaults=True):
    """
    One hop; `source` and `target` are names of services or channels, in the direction things travel.

    `kind`: `sync` from caller to callee, `connect` from a service to the infrastructure it leans on, `send` from
    service to channel, `receive` from channel to service, and `message` from sender to receiver for every such pair
    of a channel; file and line are then those of the sender.
    `protocol` of send, receive and message is `messaging`, and `transport` says over what; it is `dependency` where
    a declaration only says that there is an edge.
    `operation` and `endpoint`: ids of the two sides as far as known.
    `drift`: where traces were given, whether both they and what was read know the edge, or one of them alone.
    `entered`: how often traces saw at work what leads to it, which is what it means that they never saw it itself.
    """

    source: str
    target: str
    protocol: str
    kind: EdgeKind
    confidence: ConfidenceWord
    evidence: tuple[EvidenceWord, ...]
    file: str | None
    line: int | None
    label: str
    channel: str | msgspec.UnsetType = msgspec.UNSET
    transport: str | msgspec.UnsetType = msgspec.UNSET
    operation: str | msgspec.UnsetType = msgspec.UNSET
    endpoint: str | msgspec.UnsetType = msgspec.UNSET
    receiver: PlaceV1 | msgspec.UnsetType = msgspec.UNSET
    observed: ObservedV1 | msgspec.UnsetType = msgspec.UNSET
    drift: DriftWord | msgspec.UnsetType = msgspec.UNSET
    entered: int | msgspec.UnsetType = msgspec.UNSET


class FlowV1(msgspec.Struct, frozen=True, omit_defaults=True):
    """
    Inside a service, operation `entry` reaches operation `exit` over `lines`.

    `blocking`: the entry cannot answer before the exit has. `in_loop`: where it runs once per element of data.
    """

    service: str
    entry: str
    exit: str
    blocking: bool
    lines: tuple[PlaceV1, ...]
    in_loop: PlaceV1 | msgspec.UnsetType = msgspec.UNSET


class UnresolvedV1(msgspec.Struct, frozen=True):
    """An outbound call whose target could not be bound; `hint` is the one line that would bind it."""

    service: str
    file: str
    line: int
    label: str
    reason: str
    hint: str
    operation: str


class ChangedEdgeV1(msgspec.Struct, frozen=True):
    """An edge of the drawing that one of two compared states has alone; ends as the drawing labels them."""

    change: Literal["added", "removed"]
    source: str
    target: str
    kind: str
    protocol: str
    label: str


class ChangesV1(msgspec.Struct, frozen=True):
    """What differs from an earlier state; `notes` are lines for people: the counts, and how deep requests wait."""

    edges: tuple[ChangedEdgeV1, ...]
    added_nodes: tuple[str, ...]
    removed_nodes: tuple[str, ...]
    notes: tuple[str, ...]


class GraphV1(msgspec.Struct, frozen=True):
    """The result of `commlint graph --format json`."""

    version: Literal[1]
    services: tuple[ServiceV1, ...]
    channels: tuple[ChannelV1, ...]
    externals: tuple[ExternalV1, ...]
    operations: tuple[OperationV1, ...]
    endpoints: tuple[EndpointV1, ...]
    edges: tuple[EdgeV1, ...]
    flows: tuple[FlowV1, ...]
    unresolved: tuple[UnresolvedV1, ...]
    changes: ChangesV1 | msgspec.UnsetType = msgspec.UNSET
