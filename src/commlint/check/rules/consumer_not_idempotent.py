"""CL201."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.handlers import MessageHandler, delivered_again, first_line, message_handlers, work_of
from commlint.check.rule import Rule
from commlint.check.settling import acknowledged_early, left_running
from commlint.graph import SystemGraph
from commlint.graph.system import REMOTE
from commlint.model.findings import Finding, Level, Related
from commlint.model.operations import Confidence, Role, State
from commlint.model.places import Region
from commlint.model.system import Flow, ServiceOperation


@dataclass(frozen=True, slots=True)
class Repeated:
    """An effect that a second delivery repeats."""

    flow: Flow
    exit: ServiceOperation
    words: str
    confidence: Confidence


@dataclass(frozen=True)
class ConsumerNotIdempotent(Rule):
    """
    A message that is delivered twice does its work twice.

    What it flags:
        A handler of messages that may come again, which inserts, changes a counter, sends mail, publishes or writes
        through another service, with nothing on the way that tells a second delivery from the first: no table of
        processed messages, no upsert, no lock by message id, no exactly-once transaction.

    Why it matters:
        Brokers that do not lose messages deliver some of them twice: after a crash, a rebalance, or an
        acknowledgement that got lost. Then an order is stored twice, stock is taken twice, a customer is billed
        twice, and nothing in the log looks wrong.

    Example:
        ```python
        def on_order(channel, method, properties, body):
            order = json.loads(body)
            cursor.execute("UPDATE stock SET quantity = quantity - %s WHERE sku = %s", (order["count"], order["sku"]))
            channel.basic_ack(method.delivery_tag)
        ```

    Instead:
        Make the effect the same however often it happens, or remember what has been done in the same transaction.
        ```python
        def on_order(channel, method, properties, body):
            order = json.loads(body)
            with connection:
                cursor.execute("INSERT INTO processed (id) VALUES (%s) ON CONFLICT DO NOTHING", (order["id"],))
                if cursor.rowcount:
                    cursor.execute("UPDATE stock SET quantity = quantity - %s WHERE sku = %s", ...)
            channel.basic_ack(method.delivery_tag)
        ```

    What it cannot see:
        Unique constraints that stand in migrations alone, and whether the receiver of a call or message tells
        duplicates apart.
        A look into the database before the effect may or may not be a guard, unless all it does is fetch what is then
        counted; then the finding is only `possible`, as it is for handlers that do nothing but publish, or call others
        without saying that something is made there (a POST says so, a PATCH does not).

    References:
        - https://microservices.io/patterns/communication-style/idempotent-consumer.html
        - https://www.rabbitmq.com/docs/reliability#consumer-side
        - https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues-at-least-once-delivery.html
    """

    code: ClassVar[str] = "CL201"
    level: ClassVar[Level] = Level.ERROR

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        for handler in message_handlers(graph):
            again = [sure for consumer in handler.consumers if (sure := delivered_again(consumer))]
            if not again or graph.guards_of(handler.function) or _settled_first(handler, graph):
                continue
            repeated = _repeated(handler, graph)
            if repeated:
                most = max(again, key=lambda sure: sure.rank)
                yield self._finding(handler, repeated, most)

    def _finding(self, handler: MessageHandler, repeated: list[Repeated], again: Confidence) -> Finding:
        surest = max((effect.confidence for effect in repeated), key=lambda sure: sure.rank)
        what = list(dict.fromkeys(effect.words for effect in repeated))
        more = f" and {len(what) - 3} more" if len(what) > 3 else ""
        return self.finding(
            f"{handler.name} repeats its work when a message of {handler.channels} comes twice: "
            + ", ".join(what[:3])
            + more,
            handler.region,
            handler.subjects,
            help="remember processed message ids in the same transaction, or make the effect an upsert",
            confidence=min(surest, again, key=lambda sure: sure.rank),
            related=_places(repeated),
            services=handler.services,
        )


def _settled_first(handler: MessageHandler, graph: SystemGraph) -> bool:
    """Whether a message is known to be acknowledged before its work is done, so that what is lost never comes again."""
    left = left_running(handler, graph)
    return acknowledged_early(handler, graph) is not None or (left is not None and left.sure is Confidence.LIKELY)


def _repeated(handler: MessageHandler, graph: SystemGraph) -> list[Repeated]:
    """The effects of a handler nothing guards, in the order of their places."""
    found: dict[tuple[Region, str], Repeated] = {}
    exits = [each for consumer in handler.consumers for each in graph.exits(consumer.id)]
    upserted = {exit.operation.protocol for _, exit in exits if exit.operation.effect == "upsert"}
    reads = [
        (flow, exit)
        for flow, exit in exits
        if exit.operation.effect == "read" and exit.operation.protocol not in REMOTE
    ]
    for flow, exit in work_of(handler, graph):
        # What is kept of a message that failed says nothing of one that was processed.
        told = _effect(exit, graph) if not exit.operation.rescues else None
        if told is None or (exit.operation.protocol in upserted and exit.operation.effect in ("insert", "increment")):
            continue
        words, sure = told
        looked = [read for way, read in reads if _looked_up_before(_way(way, read), _way(flow, exit))]
        if upserted or (looked and not _only_loaded(looked, exit)):
            sure = Confidence.POSSIBLE
        if exit.operation.confidence.rank < sure.rank:
            sure = exit.operation.confidence
        found.setdefault((exit.operation.region, words), Repeated(flow, exit, words, sure))
    return sorted(found.values(), key=lambda effect: (first_line(effect.flow, effect.exit), effect.exit.id))


def _way(flow: Flow, exit: ServiceOperation) -> tuple[Region, ...]:
    return (*flow.lines, exit.operation.region)


def _looked_up_before(read: tuple[Region, ...], effect: tuple[Region, ...]) -> bool:
    """Whether a read may run before an effect: told where their ways from the handler part."""
    one, other = next(((a, b) for a, b in zip(read, effect, strict=False) if a != b), (read[-1], effect[-1]))
    return one.path != other.path or one.start_line <= other.start_line


def _only_loaded(looked: list[ServiceOperation], effect: ServiceOperation) -> bool:
    """Whether the only look is the one that fetched what is counted, with nothing asked but whether it is there."""
    counted = effect.operation
    places = {(each.operation.function, each.operation.region) for each in looked}
    alone = len(places) == 1 and places.pop()[0] == counted.function
    return counted.effect == "increment" and alone and not counted.course.decided


def _effect(exit: ServiceOperation, graph: SystemGraph) -> tuple[str, Confidence] | None:
    """What a second run of an operation repeats, and how sure it is that this is a fault."""
    operation = exit.operation
    if operation.role is Role.PRODUCER:
        return f"sends {graph.name_of(exit)}", Confidence.POSSIBLE
    if operation.protocol in REMOTE:
        if exit.policies.message_id.state is State.SET or operation.effect in ("set", "delete", "upsert"):
            return None
        writes = operation.address.method == "POST"
        return f"calls {exit.label}", Confidence.LIKELY if writes else Confidence.POSSIBLE
    store = exit.label.removesuffix(operation.effect).strip() or operation.protocol
    words = {
        "insert": "inserts",
        "increment": "changes a counter",
        "mail": "sends mail",
        "send": "sends mail" if operation.protocol == "smtp" else "sends",
    }.get(operation.effect)
    return (f"{words} ({store})", Confidence.LIKELY) if words else None


def _places(repeated: list[Repeated]) -> list[Related]:
    places: dict[Region, str] = {}
    for effect in repeated:
        for line in effect.flow.lines:
            places.setdefault(line, "on the way")
        places[effect.exit.operation.region] = effect.words
    return [Related(region, words) for region, words in places.items()]
