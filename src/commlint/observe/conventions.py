"""What the attributes of a span mean, by the old and the new semantic conventions; new names win."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from commlint.model.observations import ObservedOperation

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
}

UNNAMED: Final = "unknown_service"
"""What a service is called whose spans do not say it; what an SDK writes then begins with it."""

SERVICE: Final = "service.name"
URLS: Final = ("url.full", "http.url")
URL_HOST: Final = "url host"

_DESTINATION: Final = ("messaging.destination.template", "messaging.destination.name", "messaging.destination")
_MESSAGING_TYPE: Final = ("messaging.operation.type", "messaging.operation")
_RPC_SYSTEM: Final = ("rpc.system.name", "rpc.system")
_DB_SYSTEM: Final = ("db.system.name", "db.system")
_DB_OPERATION: Final = ("db.operation.name", "db.operation")
_DB_TABLE: Final = ("db.collection.name", "db.sql.table")
_DB_NAMESPACE: Final = ("db.namespace", "db.name", "server.address", "net.peer.name")
_METHOD: Final = ("http.request.method", "http.method")
_ROUTE: Final = ("http.route", "url.template")
_PEER: Final = ("service.peer.name", "peer.service", "server.address", "net.peer.name", "network.peer.address")
_HOST: Final = ("server.address", "net.peer.name", URL_HOST, "network.peer.address")

WANTED: Final = frozenset((
    "messaging.system", "rpc.service", "rpc.method", *_DESTINATION, *_MESSAGING_TYPE, *_RPC_SYSTEM, *_DB_SYSTEM,
    *_DB_OPERATION, *_DB_TABLE, *_DB_NAMESPACE, *_METHOD, *_ROUTE, *_PEER, *URLS,
))  # fmt: skip
"""The attributes that are looked at; a span may hold hundreds of others."""

_ROLES: Final = {SERVER: "server", CLIENT: "client", PRODUCER: "producer", CONSUMER: "consumer"}
_RECEIVING: Final = frozenset(("receive", "process", "deliver", "settle"))
_SENDING: Final = frozenset(("send", "publish", "create"))

# Names that OpenTelemetry has for what library models call otherwise.
_PROTOCOLS: Final = {
    "rabbitmq": "amqp", "aws_sqs": "sqs", "aws.sqs": "sqs", "amazonsqs": "sqs", "aws_sns": "sns", "aws.sns": "sns",
    "gcp_pubsub": "pubsub", "gcp.pubsub": "pubsub", "aws_kinesis": "kinesis", "aws.kinesis": "kinesis",
}  # fmt: skip

LONGEST: Final = 300
"""Characters of a name that are kept."""

MEMORY: Final = 50_000
"""Meanings remembered at a time: names without a template would fill the memory."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """
    What all spans of one service with the same name and attributes have in common.

    `destination`: channel of a message. `database`: `system/namespace`, "" for none. `messaging`: says so itself.
    `peer`: whom a client span names, `host` where that is; "" when it does not say.
    """

    service: str
    kind: int
    name: str
    operation: ObservedOperation
    destination: str
    database: str
    messaging: bool
    peer: str
    host: str


def describe(service: str, kind: int, name: str, attributes: Mapping[str, str]) -> Meaning:
    """The meaning of a span; `attributes` are those of `WANTED`, as text."""

    def first(*names: str) -> str:
        return next((value for each in names if (value := attributes.get(each))), "")

    messaging = kind in (PRODUCER, CONSUMER) or "messaging.system" in attributes
    system = first(*_DB_SYSTEM)
    if messaging:
        protocol, title = attributes.get("messaging.system", ""), first(*_DESTINATION)
    elif first(*_RPC_SYSTEM):
        protocol, method = first(*_RPC_SYSTEM), attributes.get("rpc.method", "")
        title = f"{attributes['rpc.service']}/{method}" if attributes.get("rpc.service") else method
    elif system:
        protocol, title = system, f"{first(*_DB_OPERATION)} {first(*_DB_TABLE)}".strip()
    elif first(*_METHOD):
        protocol, title = "http", f"{first(*_METHOD)} {first(*_ROUTE)}".strip()
    else:
        protocol, title = "", name
    role = _role(kind, first(*_MESSAGING_TYPE)) if messaging else _ROLES.get(kind, "internal")
    operation = ObservedOperation(service, role, _protocol(protocol), title or name)
    return Meaning(
        service=service,
        kind=kind,
        name=name,
        operation=operation,
        destination=first(*_DESTINATION),
        database=f"{system}/{first(*_DB_NAMESPACE)}" if system else "",
        messaging="messaging.system" in attributes,
        peer=first(*_PEER),
        host=first(*_HOST),
    )


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


class Describer:
    """`describe` with a memory: in most traces few combinations make up all spans."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Meaning] = {}

    def meaning(self, service: str, kind: int, name: str, attributes: dict[str, str]) -> Meaning:
        """The meaning of a span; `attributes` may hold whole URLs, of which only the host is kept."""
        for url in URLS:
            if url in attributes:
                attributes.setdefault(URL_HOST, _host(attributes.pop(url)))
        key = (service, kind, name, *attributes.items())
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= MEMORY:
                self._known.clear()
            cut = {each: value[:LONGEST] for each, value in attributes.items()}
            known = describe(service[:LONGEST] or UNNAMED, kind, name[:LONGEST], cut)
            self._known[key] = known
        return known


def _host(url: str) -> str:
    """The host of a URL, without user and port."""
    rest = url.partition("://")[2]
    host = rest.partition("/")[0].partition("?")[0].rpartition("@")[2]
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]
