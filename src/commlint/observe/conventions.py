"""What the attributes of a span mean, by the old and the new semantic conventions; new names win."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

INTERNAL: Final = 1
SERVER: Final = 2
CLIENT: Final = 3
PRODUCER: Final = 4
CONSUMER: Final = 5

KINDS: Final[Mapping[str, int]] = {
    "SPAN_KIND_INTERNAL": INTERNAL,
    "SPAN_KIND_SERVER": SERVER,
    "SPAN_KIND_CLIENT": CLIENT,
    "SPAN_KIND_PRODUCER": PRODUCER,
    "SPAN_KIND_CONSUMER": CONSUMER,
    "Internal": INTERNAL,
    "Server": SERVER,
    "Client": CLIENT,
    "Producer": PRODUCER,
    "Consumer": CONSUMER,
    "SERVER": SERVER,
    "CLIENT": CLIENT,
    "PRODUCER": PRODUCER,
    "CONSUMER": CONSUMER,
    "internal": INTERNAL,
    "server": SERVER,
    "client": CLIENT,
    "producer": PRODUCER,
    "consumer": CONSUMER,
}
"""Kinds as OTLP, the ClickHouse exporter, Zipkin and Jaeger write them."""

UNNAMED: Final = "unknown_service"
"""What a service is called whose spans do not say it; what an SDK writes then begins with it."""

SERVICE: Final = "service.name"
URLS: Final = ("url.full", "http.url")
URL_HOST: Final = "url host"

# What Brave and OpenTracing write, whose recordings are still about.
_BUS: Final = ("message_bus.destination", "kafka.topic", "rabbit.queue", "rabbit.exchange", "jms.queue", "jms.topic")
_DESTINATION: Final = ("messaging.destination.template", "messaging.destination.name", "messaging.destination", *_BUS)
_MESSAGING_TYPE: Final = ("messaging.operation.type", "messaging.operation")
_RPC_SYSTEM: Final = ("rpc.system.name", "rpc.system")
_DB_SYSTEM: Final = ("db.system.name", "db.system", "db.type")
_DB_OPERATION: Final = ("db.operation.name", "db.operation")
_DB_TABLE: Final = ("db.collection.name", "db.sql.table")
_DB_NAMESPACE: Final = ("db.namespace", "db.name", "server.address", "net.peer.name", "db.instance")
_METHOD: Final = ("http.request.method", "http.method")
_ROUTE: Final = ("http.route", "url.template")
_PEER: Final = (
    "service.peer.name", "peer.service", "server.address", "net.peer.name", "network.peer.address", "peer.hostname"
)  # fmt: skip
_HOST: Final = ("server.address", "net.peer.name", URL_HOST, "network.peer.address")

RESENT: Final = ("http.request.resend_count", "http.resend_count")

WANTED: Final = frozenset((
    "messaging.system", *RESENT, "rpc.service", "rpc.method", *_DESTINATION, *_MESSAGING_TYPE, *_RPC_SYSTEM,
    *_DB_SYSTEM, *_DB_OPERATION, *_DB_TABLE, *_DB_NAMESPACE, *_METHOD, *_ROUTE, *_PEER, *URLS,
))  # fmt: skip
"""The attributes that are looked at; a span may hold hundreds of others."""

_ROLES: Final = {SERVER: "server", CLIENT: "client", PRODUCER: "producer", CONSUMER: "consumer"}
_VERBS: Final = {PRODUCER: "publish", CONSUMER: "process"}
_RECEIVING: Final = frozenset(("receive", "process", "deliver", "settle"))
_SENDING: Final = frozenset(("send", "publish", "create"))

# Names that OpenTelemetry has for what library models call otherwise.
_PROTOCOLS: Final = {
    "rabbitmq": "amqp", "aws_sqs": "sqs", "aws.sqs": "sqs", "amazonsqs": "sqs", "aws_sns": "sns", "aws.sns": "sns",
    "gcp_pubsub": "pubsub", "gcp.pubsub": "pubsub", "aws_kinesis": "kinesis", "aws.kinesis": "kinesis",
}  # fmt: skip

LONGEST: Final = 300
"""Characters of a name that are kept."""


class Meaning(NamedTuple):
    """
    What all spans of one service with the same name and attributes have in common; a tuple, for it is sorted.

    `kind`: number of the span kind. `operation`: what the span does, with few different values. `channel`: that of a
    message. `database`: `system/namespace`, "" for none. `messaging`: says so itself. `peer`: whom a client span
    names, `host` where that is; "" when it does not say.
    """

    service: str
    kind: int
    name: str
    operation: str
    role: str
    protocol: str
    channel: str
    database: str
    messaging: bool
    peer: str
    host: str


def describe(service: str, kind: int, name: str, attributes: Mapping[str, str]) -> Meaning:
    """The meaning of a span; `attributes` are those of `WANTED`, as text."""

    def first(names: Iterable[str]) -> str:
        return next((value for each in names if (value := attributes.get(each))), "")

    sends = kind in (PRODUCER, CONSUMER) or "messaging.system" in attributes
    what, channel, system = first(_MESSAGING_TYPE), first(_DESTINATION), first(_DB_SYSTEM)
    if sends:
        protocol = attributes.get("messaging.system", "")
        title = f"{_VERBS.get(kind) or what} {channel}".strip()
    elif rpc := first(_RPC_SYSTEM):
        protocol, method = rpc, attributes.get("rpc.method", name)
        offered = attributes.get("rpc.service")
        title = f"{offered}/{attributes.get('rpc.method', '')}" if offered else method
    elif system:
        protocol = system
        title = f"{first(_DB_OPERATION)} {first(_DB_TABLE)}".strip() or name
    elif method := first(_METHOD):
        protocol, title = "http", f"{method} {first(_ROUTE)}".strip()
    else:
        protocol, title = "", name
    return Meaning(
        service=service,
        kind=kind,
        name=name,
        operation=title,
        role=_role(kind, what) if sends else _ROLES.get(kind, "internal"),
        protocol=_protocol(protocol),
        channel=channel,
        database=f"{system}/{first(_DB_NAMESPACE)}" if system else "",
        messaging="messaging.system" in attributes,
        peer=first(_PEER),
        host=first(_HOST),
    )


def resent(attributes: Mapping[str, str]) -> bool:
    """Whether a request was made again after a failure."""
    count = next((value for each in RESENT if (value := attributes.get(each))), "0")
    return count.isascii() and count.isdigit() and int(count[:9]) > 0


def _role(kind: int, what: str) -> str:
    # A poll and a split send are CLIENT spans, so the type of the operation is asked before the kind.
    if kind not in (PRODUCER, CONSUMER):
        if what in _RECEIVING:
            return "consumer"
        if what in _SENDING:
            return "producer"
    return _ROLES.get(kind, "internal")


def _protocol(system: str) -> str:
    return _PROTOCOLS.get(system.lower(), system.lower())


def host_of(url: str) -> str:
    """The host of a URL, without user and port."""
    rest = url.partition("://")[2]
    host = rest.partition("/")[0].partition("?")[0].rpartition("@")[2]
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]
