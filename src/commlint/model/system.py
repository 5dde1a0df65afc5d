"""The one graph: services, endpoints, channels, edges between them and flows inside them."""

from __future__ import annotations

from dataclasses import dataclass, field

from commlint.model.notices import Notice
from commlint.model.operations import (
    STRAIGHT,
    UNKNOWN,
    CallEdge,
    Confidence,
    Course,
    Evidence,
    FunctionNode,
    Operation,
    Policies,
    Policy,
    Step,
)
from commlint.model.places import Region
from commlint.model.remedies import Remedy

# Kinds of what other services stand on: hidden unless asked for, and no peer of a service.
INFRASTRUCTURE = frozenset({
    "database", "cache", "broker", "registry", "config", "observability", "loadgen", "storage", "search",
    "coordination", "infrastructure",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Service:
    """
    What is deployed and named.

    `kind`: service, gateway, frontend, job, library; or an infrastructure kind: database, cache,
    broker, registry, config, observability, loadgen.
    `roots`: directories (or single files) of its own code. `why`: the declarations that account for it.
    """

    name: str
    kind: str = "service"
    roots: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    why: tuple[Region, ...] = ()
    evidence: Evidence = Evidence.DECLARED

    @property
    def id(self) -> str:
        return f"service:{self.name}"


@dataclass(frozen=True, slots=True)
class ServiceOperation:
    """
    An operation as one service runs it: addresses and policies valued for that service.

    `id`: `service:NAME/` + operation id. `label`: what a person calls it: `GET /stock/{sku}`, `orders.created`.
    `target`: the address as far as resolved for this service (`http://inventory:8000/stock/{}`).
    `route`: id of the rule of a mesh or gateway that it goes through; `own` are then the policies of the code alone,
    while `policies` are those that come out of both.
    """

    id: str
    service: str
    operation: Operation
    label: str
    target: str
    policies: Policies
    route: str = ""
    own: Policies | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """
    An operation in the server role: what callers can reach. `path` is a template or `package.Service/Method`.

    `evidence`: code has it, a contract declares it, or both.
    `prefix`: the beginning of the path that no code but the settings of the service put there.
    """

    id: str
    service: str
    protocol: str
    method: str
    path: str
    operation: str
    region: Region
    evidence: tuple[Evidence, ...] = (Evidence.CODED,)
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """
    A named place messages go. `id`: `channel:PROTOCOL:NAME`.

    `dead_letter`: set, unset or unknown, with its source; `is_dead_letter`: it is where failures of others go.
    """

    id: str
    name: str
    protocol: str
    kind: str = ""
    region: Region | None = None
    dead_letter: Policy = UNKNOWN
    redelivery_limit: Policy = UNKNOWN
    is_dead_letter: bool = False
    ephemeral: bool = False
    durable: Policy = UNKNOWN


@dataclass(frozen=True, slots=True)
class DeclaredChannel:
    """
    A channel as one block of a file declares it; several may declare the same one.

    `region`: the whole block. `name`: what the file calls it. `channel`: id of its node.
    `dead_letter`: set, unset, is-a-dlq or unknown; `target`: where dead letters go, as far as known.
    The rest is as in its declaration.
    """

    region: Region
    name: str
    channel: str
    kind: str
    broker: str
    dead_letter: str = "unknown"
    target: str = ""
    redelivery_limit: int | None = None
    visibility: float | None = None
    runs_for: float | None = None
    durable: bool | None = None
    ephemeral: bool = False
    shared: bool = False
    watched: bool = False
    takers: tuple[str, ...] = ()
    fault: str = ""
    remedy: Remedy | None = None


@dataclass(frozen=True, slots=True)
class External:
    """A peer no declared service accounts for. `id`: `external:HOST`. `kind`: external, database, broker …"""

    id: str
    name: str
    kind: str = "external"


@dataclass(frozen=True, slots=True)
class Observed:
    """
    What traces say of an edge: counts, and latencies in seconds.

    `retries`: requests made again. `redeliveries`: receptions of a message beyond the first. `most`: calls that one
    request of the caller made. `unanswered`: calls whose other side has no span, though its service has others;
    messages of which only one side was seen.
    """

    calls: int
    errors: int
    p50: float
    p95: float
    p99: float
    retries: int = 0
    redeliveries: int = 0
    most: int = 0
    unanswered: int = 0


@dataclass(frozen=True, slots=True)
class ObservedPath:
    """
    The deepest chain of services that traces saw wait for each other behind one operation.

    `entry`: what that is called. `services`: as the system names them, the first one included. `share`: of its requests
    that went as deep; `p99`: how long those took, in seconds. `trace`: id of one of them.
    """

    entry: str
    services: tuple[str, ...]
    share: float
    p99: float
    trace: str


@dataclass(frozen=True, slots=True)
class Watched:
    """
    How much of the system traces have seen.

    `entered`: (id of an operation, how often it was entered), sorted. `began`: the same, how often it was the beginning
    of its trace. `orphans`: share of the spans whose parent is missing, which were sampled or lost.
    """

    entered: tuple[tuple[str, int], ...] = ()
    began: tuple[tuple[str, int], ...] = ()
    paths: tuple[ObservedPath, ...] = ()
    orphans: float = 0.0


@dataclass(frozen=True, slots=True)
class Edge:
    """
    A pair across services, or between a service and a channel or external.

    `source`: ServiceOperation id of the caller, producer or consumer ("" when only observed or declared).
    `target`: Endpoint id, `service:NAME` (endpoint unknown), channel id or external id.
    `kind`: sync, send, receive, or connect (leans on infrastructure).
    `source_service` / `target_service`: service names, "" where none.
    """

    id: str
    kind: str
    protocol: str
    source: str
    target: str
    source_service: str
    target_service: str
    region: Region | None
    confidence: Confidence
    evidence: tuple[Evidence, ...]
    observed: Observed | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """
    Inside one service: the entry operation reaches the exit operation.

    `entry` and `exit`: ServiceOperation ids. `lines`: the calls between, in order.
    `blocking`: the entry cannot answer before the exit has.
    `in_loop`: a call on the way runs once per element of data (its region), else None.
    `course`: where the exit stands in the course of the functions on the way.
    """

    service: str
    entry: str
    exit: str
    lines: tuple[Region, ...]
    blocking: bool = True
    in_loop: Region | None = None
    course: Course = STRAIGHT


@dataclass(frozen=True, slots=True)
class UnresolvedCall:
    """An outbound call whose target could not be bound; `hint` is the one line that would bind it."""

    operation: str
    service: str
    region: Region
    label: str
    reason: str
    hint: str


@dataclass(frozen=True, slots=True)
class Route:
    """
    One rule of a mesh or gateway.

    `kind`, `name`: those of the object it stands in. `hosts`: as callers write them. `match`: what requests it is for,
    as a person would say it, "" for all. `services`: those behind its hosts. `mesh`: it holds on the side of every
    caller, not at a gateway. `methods`: empty for any.
    `timeout`, `per_try` in seconds, `retries` after the first attempt; unset where not stated, and a timeout of 0 is
    unset with its region. `outlier_detection`: hosts that fail are left out.
    """

    id: str
    kind: str
    name: str
    hosts: tuple[str, ...]
    match: str
    destinations: tuple[str, ...]
    services: tuple[str, ...]
    region: Region
    mesh: bool = True
    methods: tuple[str, ...] = ()
    timeout: Policy = UNKNOWN
    per_try: Policy = UNKNOWN
    retries: Policy = UNKNOWN
    retry_on: str = ""
    outlier_detection: bool = False


@dataclass(frozen=True, slots=True)
class System:
    """The whole; every tuple sorted by id."""

    services: tuple[Service, ...] = ()
    operations: tuple[ServiceOperation, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    channels: tuple[Channel, ...] = ()
    externals: tuple[External, ...] = ()
    edges: tuple[Edge, ...] = ()
    flows: tuple[Flow, ...] = ()
    steps: tuple[Step, ...] = ()
    functions: tuple[FunctionNode, ...] = ()
    calls: tuple[CallEdge, ...] = ()
    unresolved: tuple[UnresolvedCall, ...] = ()
    routes: tuple[Route, ...] = ()
    notices: tuple[Notice, ...] = ()
    traced: bool = False
    watched: Watched = field(default_factory=Watched)
    declared: tuple[DeclaredChannel, ...] = ()
