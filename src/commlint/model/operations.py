"""What services do on the wire: operations with their policies, and the code around them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from commlint.model.notices import Notice
from commlint.model.places import Region
from commlint.model.remedies import Remedy
from commlint.model.values import Value


class Role(StrEnum):
    """OpenTelemetry span kinds without INTERNAL."""

    CLIENT = "client"
    SERVER = "server"
    PRODUCER = "producer"
    CONSUMER = "consumer"


class Confidence(StrEnum):
    """How sure; `possible` is shown only on request."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"

    @property
    def rank(self) -> int:
        return ("possible", "likely", "certain").index(self.value)


class Evidence(StrEnum):
    """What says that something exists."""

    CODED = "coded"
    DECLARED = "declared"
    OBSERVED = "observed"


class State(StrEnum):
    """A rule that demands something fires only on `unset`, never on `unknown`."""

    SET = "set"
    UNSET = "unset"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Policy:
    """
    One policy of an operation and where it comes from.

    `value`: seconds for a timeout, attempts for a retry, a word for an acknowledgement.
    A value still holding an EnvironmentRead or ConfigRead is finished per service by `link`
    and then multiplied by `scale` (milliseconds have 0.001).
    `source`: argument, client, session, context, default of library X, annotation,
    configuration key, mesh policy.
    `detail`: one clause for the message ("requests waits for ever by default").
    `remedy`: the one edit that would set it, None when there is none.
    `configured`: the value is a configuration key, with the next one or what holds without any as its default; the
    state is that of the default until `link` knows the keys. `words`: text of such a value → policy word or state.
    `whole`: a bound on all attempts together, and not on each.
    `carried`: a bound of whoever sends the request travels with it and holds here too; the state is that without one.
    """

    state: State = State.UNKNOWN
    value: Value | None = None
    source: str = ""
    region: Region | None = None
    detail: str = ""
    scale: float = 1.0
    remedy: Remedy | None = None
    configured: bool = False
    words: tuple[tuple[str, str], ...] = ()
    whole: bool = False
    carried: bool = False


UNKNOWN = Policy()


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Attempts in all (1 is no retry; None inside a set policy is without limit), wait and jitter between them."""

    attempts: Policy = UNKNOWN
    backoff: Policy = UNKNOWN
    jitter: Policy = UNKNOWN


@dataclass(frozen=True, slots=True)
class Policies:
    """
    All policies that apply to an operation; each set, unset or unknown.

    `acknowledgement` values: `before` (on delivery or on a timer, whatever the handler does),
    `after` (by the library once the handler returned), `manual` (the code acknowledges), `once` (as `after`, and the
    library remembers what was handled, so that nothing is handled twice).
    `failure` values: what a raised handler does: `requeue`, `drop`, `dead-letter`, `retry`, `redeliver`.
    """

    timeout: Policy = UNKNOWN
    retry: RetryPolicy = RetryPolicy()
    breaker: Policy = UNKNOWN
    acknowledgement: Policy = UNKNOWN
    failure: Policy = UNKNOWN
    confirmation: Policy = UNKNOWN
    dead_letter: Policy = UNKNOWN
    redelivery_limit: Policy = UNKNOWN
    ordering_key: Policy = UNKNOWN
    message_id: Policy = UNKNOWN
    trace_context: Policy = UNKNOWN


@dataclass(frozen=True, slots=True)
class Address:
    """
    Where an operation leads, with references possibly still open.

    `url`: whole URL, or path; a server's full route template. `method`: GET …, "" for any or unknown.
    `host`: gRPC target or broker address. `rpc`: `package.Service/Method` as far as known.
    `channel`: queue, topic, subject, stream, task; `exchange` and `routing_key` as AMQP has them.
    `group`: consumer group, subscription or queue name under a fan-out.
    """

    url: Value | None = None
    method: str = ""
    host: Value | None = None
    rpc: str = ""
    channel: Value | None = None
    exchange: Value | None = None
    routing_key: Value | None = None
    group: Value | None = None


@dataclass(frozen=True, slots=True)
class Loop:
    """
    The innermost loop a site runs in.

    `kind`: `data` (once per element of something), `retry` (ends on success), `poll` (endless
    receive loop), `pages` (driven by the response), `fixed` (a few literals).
    """

    kind: str
    region: Region
    over: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """
    Where a call stands in the course of the functions on the way to it.

    `arms`: the branches it stands in, each behind the first one of its choice: only one of a choice is taken.
    `passed`: branches before it that leave the function, so that it is made when they were not taken.
    `beside`: what follows it does not wait for it, so that others may run at the same time.
    `decided`: some of the branches ask more than whether something is there.
    """

    arms: tuple[tuple[Region, Region], ...] = ()
    passed: tuple[Region, ...] = ()
    beside: bool = False
    decided: bool = False

    def then(self, inner: Course) -> Course:
        """The course of a call in a function that is called here."""
        if inner == STRAIGHT:
            return self
        arms, passed = (*self.arms, *inner.arms), (*self.passed, *inner.passed)
        return Course(arms, passed, self.beside or inner.beside, self.decided or inner.decided)

    def excludes(self, other: Course) -> bool:
        """Whether no run makes both calls."""
        mine, theirs = dict(self.arms), dict(other.arms)
        if any(theirs.get(choice, arm) != arm for choice, arm in mine.items()):
            return True
        return not set(self.passed).isdisjoint(theirs.values()) or not set(other.passed).isdisjoint(mine.values())


STRAIGHT = Course()


@dataclass(frozen=True, slots=True)
class Operation:
    """
    One thing a service does on the wire, at one place, in one role. A span yields the same noun.

    `id`: unique and stable for the same input: `path::function#ordinal`.
    `function`: id of the function it belongs to (`path::qualified.name`): the function that stands
    at the outermost call when a wrapper was seen through, the handler for servers and consumers.
    `region`: the site itself. `via`: the calls from `function` down to the site, outermost first.
    `protocol`: http, grpc, graphql, websocket, amqp, kafka, sqs, sns, redis, nats, celery, sql, mongodb, …
    `style`: blocking, awaitable, spawned (nobody waits), deferred (written later, as by a unit of work), scheduled (by
    the clock of a task queue).
    `symbol`: the canonical name of what the site uses (`requests.Session.get`).
    `registered`: the function whose call makes a consumer of `function`, "" when there is none.
    `decided`: the file of the call that made an operation in a wrapper what it is, "" when `function` stands there too.
    `effect`: what it does to the world when repeated: read, insert, upsert, set, increment, delete, send, mail,
    call, or "".
    `aside`: the one edit that takes a blocking call off an event loop, None when there is none.
    `rescues`: it is done only where something else failed, in an exception handler.
    """

    id: str
    role: Role
    protocol: str
    library: str
    function: str
    region: Region
    address: Address = Address()
    style: str = "blocking"
    effect: str = ""
    policies: Policies = Policies()
    via: tuple[Region, ...] = ()
    loop: Loop | None = None
    confidence: Confidence = Confidence.CERTAIN
    evidence: Evidence = Evidence.CODED
    symbol: str = ""
    decided: str = ""
    registered: str = ""
    aside: Remedy | None = None
    course: Course = STRAIGHT
    rescues: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """
    A recognized site that is no operation but decides what one means.

    `kind`: acknowledge, reject, commit, guard, transaction, sleep, raise-in-handler …
    `detail`: for reject `requeue` or `drop`; for guard the kind of guard.
    `handler`: it runs only while an exception is handled (inside except or finally).
    `clause`: the innermost such clause around it, None when there is none or it is not known.
    `remedy`: the one edit that mends it where it is a fault: `kw:NAME` to set, or `call` to make another call.
    """

    kind: str
    detail: str
    function: str
    region: Region
    library: str = ""
    handler: bool = False
    style: str = "blocking"
    clause: Region | None = None
    remedy: Remedy | None = None


@dataclass(frozen=True, slots=True)
class FunctionNode:
    """
    A function that lies on a way to an operation; `id` is `path::qualified.name`.

    `is_generator`: calling it runs nothing yet; who iterates over the result does.
    """

    id: str
    region: Region
    is_async: bool = False
    is_generator: bool = False


@dataclass(frozen=True, slots=True)
class CallEdge:
    """
    `caller` calls `callee` at `region`.

    `kind`: `call` (waits), `spawn` (does not wait), `offload` (runs in a thread; an awaiting caller waits).
    `deadline`: a bound the caller puts around the call. `loop` as on operations.
    """

    caller: str
    callee: str
    region: Region
    kind: str = "call"
    deadline: Policy = UNKNOWN
    loop: Loop | None = None
    course: Course = STRAIGHT


@dataclass(frozen=True, slots=True)
class ChannelSite:
    """
    Code declares a queue, topic or exchange, or binds a queue to an exchange.

    `kind`: queue, topic, exchange, subscription, binding (`channel` is the queue, `exchange` and `routing_key` what it
    is bound to), or routes (`channel` maps names of tasks to queues). Values are finished per service by `link`.
    `decided`: as of an operation.
    """

    kind: str
    protocol: str
    function: str
    region: Region
    channel: Value | None = None
    exchange: Value | None = None
    routing_key: Value | None = None
    dead_letter: Policy = UNKNOWN
    redelivery_limit: Policy = UNKNOWN
    durable: Policy = UNKNOWN
    ephemeral: Policy = UNKNOWN
    decided: str = ""


@dataclass(frozen=True, slots=True)
class ModuleNode:
    """
    A source file with the files of the tree it imports: tells which service runs shared code.

    `is_main`: it can be started (`if __name__ == "__main__"`, a `main` function of its language).
    `by_import`: nothing but an import makes it a part of a program.
    """

    path: str
    language: str
    imports: tuple[str, ...] = ()
    is_main: bool = False
    by_import: bool = False


@dataclass(frozen=True, slots=True)
class Recognition:
    """Everything recognized in the code of a system; every tuple sorted."""

    operations: tuple[Operation, ...] = ()
    steps: tuple[Step, ...] = ()
    channels: tuple[ChannelSite, ...] = ()
    functions: tuple[FunctionNode, ...] = ()
    calls: tuple[CallEdge, ...] = ()
    modules: tuple[ModuleNode, ...] = ()
    notices: tuple[Notice, ...] = ()
