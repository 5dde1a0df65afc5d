"""Queues, policies and bindings of RabbitMQ, as its definitions and its operator's resources write them alike."""

from __future__ import annotations

import re
from collections.abc import Iterator

from commlint.extract.nodes import ListNode, MapNode, TextNode, as_text
from commlint.model.channels import ChannelDeclaration
from commlint.model.declarations import Contract, ContractMethod
from commlint.model.places import Extent

RABBITMQ = "rabbitmq"
_REFERENCE = re.compile(r"\$\{\w+\}")
_TABLES = ("table.include.list", "table.whitelist", "collection.include.list")
_TABLE = re.compile(r"\w+(?:\.\w+)*")
_DEAD_LETTERS = ("x-dead-letter-exchange", "dead-letter-exchange")
_KEYS = ("x-dead-letter-routing-key", "dead-letter-routing-key")
_LIMITS = ("x-delivery-limit", "delivery-limit")


def queue_of(queue: MapNode, scope: str, extent: Extent) -> ChannelDeclaration:
    """A queue with what its arguments say; a stream keeps its messages and has no dead letters."""
    arguments = queue.at("arguments")
    kind = arguments.text("x-queue-type") or queue.text("type")
    state, target = _dead_letter(arguments)
    durable = queue.text("durable")
    return ChannelDeclaration(
        name=queue.text("name"),
        kind="stream" if kind == "stream" else "queue",
        broker=RABBITMQ,
        extent=extent,
        dead_letter="unknown" if kind == "stream" else state,
        target=target,
        redelivery_limit=_limit(arguments),
        durable=None if not durable else durable.lower() == "true",
        ephemeral=_is_true(queue, "exclusive") or _is_true(queue, "auto_delete") or _is_true(queue, "autoDelete"),
        scope=scope,
    )


def exchange_of(exchange: MapNode, scope: str, extent: Extent) -> ChannelDeclaration:
    return ChannelDeclaration(exchange.text("name"), "exchange", RABBITMQ, extent, scope=scope)


def binding_of(source: str, queue: str, key: str, scope: str, extent: Extent) -> Iterator[ChannelDeclaration]:
    """Messages of an exchange go to a queue; one between exchanges is passed over."""
    if source and queue:
        yield ChannelDeclaration(queue, "binding", RABBITMQ, extent, sources=(source,), routing_key=key, scope=scope)


def policies_of(policy: MapNode, scope: str, extent: Extent) -> Iterator[ChannelDeclaration]:
    """What a policy says of the queues its pattern matches; one for exchanges only says nothing of them."""
    applies = (policy.text("apply-to") or policy.text("applyTo") or "all").lower()
    if applies not in ("all", "queues", "classic_queues", "quorum_queues"):
        return
    definition = policy.at("definition")
    state, target = _dead_letter(definition)
    priority = policy.text("priority")
    yield ChannelDeclaration(
        name=policy.text("pattern") or ".*",
        kind="policy",
        broker=RABBITMQ,
        extent=extent,
        dead_letter=state,
        target=target,
        redelivery_limit=_limit(definition),
        address=policy.text("name"),
        priority=int(priority) if priority.isascii() and priority.isdigit() else 0,
        scope=scope,
    )


def definitions_of(document: MapNode) -> Iterator[ChannelDeclaration]:
    """All that exported definitions declare."""
    for queue in document.maps("queues"):
        if queue.text("name"):
            yield queue_of(queue, queue.text("vhost"), queue.extent)
    for exchange in document.maps("exchanges"):
        if exchange.text("name"):
            yield exchange_of(exchange, exchange.text("vhost"), exchange.extent)
    for binding in document.maps("bindings"):
        if binding.text("destination_type") != "exchange":
            to, key = binding.text("destination"), binding.text("routing_key")
            yield from binding_of(binding.text("source"), to, key, binding.text("vhost"), binding.extent)
    for policy in document.maps("policies"):
        yield from policies_of(policy, policy.text("vhost"), policy.extent)


def connector_of(name: str, settings: MapNode, extent: Extent) -> Iterator[ChannelDeclaration]:
    """
    A connector of Kafka Connect: a sink may send what it cannot write to a topic of dead letters, a source has none.
    """
    kind = settings.text("connector.class")
    topics = settings.text("topics") or settings.text("topics.regex")
    if not kind:
        return
    is_sink = bool(topics) or "sink" in kind.lower()
    target = settings.text("errors.deadletterqueue.topic.name")
    state = "unknown" if not is_sink or target.startswith("$") else "set" if target else "unset"
    sources = tuple(topic.strip() for topic in topics.split(",") if topic.strip())
    yield ChannelDeclaration(name, "connector", "kafka", extent, state, target, sources=sources)


def feeds_of(settings: MapNode, extent: Extent) -> Iterator[Contract]:
    """
    What a connector that follows the changes of a database sends in place of the service that makes them.

    By a router of outbox events their topics, `{}` being what each event says; else one topic for each table it names.
    """
    host, database = _database(settings)
    if not host or not settings.text("connector.class").startswith("io.debezium."):
        return
    steps = [each.strip() for each in settings.text("transforms").split(",") if each.strip()]
    types = {step: settings.text(f"transforms.{step}.type") for step in steps}
    routers = [step for step, kind in types.items() if kind.endswith("EventRouter")]
    prefix = settings.text("topic.prefix") or settings.text("database.server.name")
    tables = next(filter(None, map(settings.text, _TABLES)), "")
    if routers:
        written = settings.text(f"transforms.{routers[0]}.route.topic.replacement") or "outbox.event.${routedByValue}"
        topics = [_REFERENCE.sub("{}", written)]
    elif any("Router" in kind for kind in types.values()):
        return
    else:
        named = (each.strip() for each in tables.split(","))
        topics = [f"{prefix}.{table}" for table in named if prefix and _TABLE.fullmatch(table)]
    methods = tuple(ContractMethod(f"send {topic}", extent) for topic in topics)
    if methods:
        yield Contract("feed", f"kafka:{host}/{database}", methods, extent)


def _database(settings: MapNode) -> tuple[str, str]:
    """Host and name of the database that a connector follows; of MongoDB the first of its hosts."""
    written = settings.text("mongodb.connection.string") or settings.text("mongodb.hosts")
    hosts = written.partition("://")[2].partition("/")[0].rpartition("@")[2] or written.rpartition("/")[2]
    host = settings.text("database.hostname") or hosts.partition(",")[0].partition(":")[0]
    names = settings.text("database.dbname") or settings.text("database.include.list")
    return host, names if _TABLE.fullmatch(names) else ""


def _dead_letter(arguments: MapNode) -> tuple[str, str]:
    """The state, and the exchange that dead letters go to; of the default exchange the queue that its key names."""
    for name in _DEAD_LETTERS:
        node = arguments.get(name)
        if isinstance(node, TextNode):
            key = next((arguments.text(each) for each in _KEYS if arguments.text(each)), "")
            return "set", node.text or key
        if isinstance(node, MapNode | ListNode):
            return "unknown", ""
    return "unset", ""


def _limit(arguments: MapNode) -> int | None:
    written = next((arguments.text(name) for name in _LIMITS if arguments.text(name)), "")
    return int(written) if written.isascii() and written.isdigit() else None


def _is_true(node: MapNode, name: str) -> bool:
    return as_text(node.get(name)).lower() == "true"
