"""Operations as each service runs them: addresses and policies valued for that service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from commlint.link.addresses import OPEN, Location, locate
from commlint.link.infrastructure import CALLS, REQUESTS, scheme_kind
from commlint.link.owners import Owners
from commlint.link.policies import finished
from commlint.link.routes import template
from commlint.link.rpc import Contracts
from commlint.link.values import Text, Valuer
from commlint.model.deployments import PREFIX
from commlint.model.operations import Operation, Policy, Role, State
from commlint.model.system import Endpoint, ServiceOperation
from commlint.model.values import ConfigRead, Literal

# Who listens for as long as there is something to hear needs no bound on the whole.
STREAM = Policy(State.UNKNOWN, detail="a stream lasts for as long as it is listened to")


@dataclass(frozen=True, slots=True)
class Finished:
    """An operation of one service with its address taken apart, every alternative of it."""

    site: ServiceOperation
    urls: tuple[Location, ...] = ()
    hosts: tuple[Location, ...] = ()
    channels: tuple[Text, ...] = ()
    exchanges: tuple[Text, ...] = ()
    keys: tuple[Text, ...] = ()
    groups: tuple[Text, ...] = ()
    rpc: str = ""
    prefix: str = ""

    @property
    def operation(self) -> Operation:
        return self.site.operation

    @property
    def stores(self) -> bool:
        """Whether it talks to a database or cache."""
        kind = scheme_kind(self.operation.protocol)
        return kind == "database" or (kind == "cache" and self.operation.role is Role.CLIENT)

    @property
    def messages(self) -> bool:
        """Whether it sends or receives on a channel."""
        return not self.stores and self.operation.role in (Role.PRODUCER, Role.CONSUMER)


def finish_operations(
    operations: Iterable[Operation], owners: Owners, valuers: Mapping[str, Valuer], contracts: Contracts
) -> tuple[Finished, ...]:
    """Every operation once for each service that runs it, sorted by id."""
    found = [
        finish(operation, service, valuers[service], contracts)
        for operation in operations
        for service in owners.of(operation)
    ]
    answered = (each for each in found if each.operation.role is not Role.SERVER or not contracts.refuses(each.rpc))
    return tuple(sorted(answered, key=lambda each: each.site.id))


def finish(operation: Operation, service: str, valuer: Valuer, contracts: Contracts) -> Finished:
    """One operation as one service runs it."""
    address, protocol = operation.address, operation.protocol
    urls = tuple(locate(text, protocol) for text in valuer.texts(address.url))
    hosts = tuple(locate(text, "") for text in valuer.texts(address.host))
    channels, exchanges = valuer.texts(address.channel), valuer.texts(address.exchange)
    keys, groups = valuer.texts(address.routing_key), valuer.texts(address.group)
    rpc = contracts.qualified(address.rpc) if address.rpc else ""
    # A queue without a name is named by what it is bound to.
    named = () if address.channel == Literal(None) else channels
    name = _channel(named, exchanges, keys)
    prefix = _prefix(valuer) if operation.role is Role.SERVER and not rpc else ""
    if rpc:
        label, target = rpc, "/".join((*(str(host.text) for host in hosts[:1]), rpc))
    elif operation.role is Role.SERVER:
        urls = tuple(replace(url, path=_below(prefix, url.path), shown=_below(prefix, url.shown)) for url in urls)
        path = template(urls[0].shown or "/") if urls else ""
        label, target = f"{address.method} {path}".strip(), path
    elif protocol in REQUESTS:
        label, target = _request(address.method, urls or hosts, hosts)
    elif name:
        label, target = name.named(), str(name)
    else:
        label = f"{protocol} {'receive' if operation.role is Role.CONSUMER else operation.effect}".strip()
        target = str((hosts or urls)[0].text) if hosts or urls else ""
    policies = finished(operation.policies, valuer)
    if contracts.streams(rpc) and policies.timeout.state is State.UNSET:
        policies = replace(policies, timeout=STREAM)
    site = ServiceOperation(f"service:{service}/{operation.id}", service, operation, label, target, policies)
    return Finished(site, urls, hosts, channels, exchanges, keys, groups, rpc, prefix)


def _below(prefix: str, path: str) -> str:
    return f"{prefix}/{path.lstrip('/')}" if prefix and path else prefix + path


def _prefix(valuer: Valuer) -> str:
    """The path that the settings of a service put before all its routes, "" when they put none."""
    told = next((text.literal for text in valuer.texts(ConfigRead(PREFIX)) if text.literal is not None), "").strip("/")
    return f"/{told}" if told else ""


def _channel(channels: tuple[Text, ...], exchanges: tuple[Text, ...], keys: tuple[Text, ...]) -> Text | None:
    """What an operation names of a channel: exchange and key as far as both say something."""
    exchange = next((text for text in exchanges if text.parts), None)
    key = next((text for text in (*channels, *keys) if text.parts), None)
    if exchange is None or key is None:
        return exchange or key
    return Text((*exchange.parts, "/", *key.parts), (*exchange.names, *key.names))


def _request(method: str, urls: tuple[Location, ...], hosts: tuple[Location, ...]) -> tuple[str, str]:
    """Label and target of a call by URL, of several alternatives the one that is known best."""
    if not urls:
        return f"{method} ?".strip(), ""
    url = min(urls, key=lambda location: len(location.text.opens))
    place = hosts[0] if url.relative and hosts else url
    if place.host == OPEN and not place.opens[0].key and not place.opens[0].label:
        return f"{method} {url.shown} of an open address".replace(" " * 2, " ").strip(), str(url.text)
    named = place.host
    for part in place.opens:
        named = named.replace(OPEN, part.key or "{" + part.label + "}", 1)
    start = str(place.text).rstrip("/") if place is not url else ""
    return f"{method} {named}{url.shown}".strip(), start + str(url.text)


def endpoints_of(finished_operations: Iterable[Finished]) -> tuple[Endpoint, ...]:
    """What callers can reach, sorted by id; one endpoint for each alternative of a route."""
    found: dict[str, Endpoint] = {}
    repeats: Counter[str] = Counter()
    for each in finished_operations:
        operation = each.operation
        if operation.role is not Role.SERVER or not (each.rpc or operation.protocol in CALLS):
            continue
        method = "" if each.rpc else operation.address.method
        paths = [each.rpc] if each.rpc else [template(url.shown or "/") for url in each.urls]
        for path in dict.fromkeys(paths or ["/{...}"]):
            name = f"endpoint:{each.site.service}:{f'{method} {path}'.strip()}"
            repeats[name] += 1
            identity = name if repeats[name] == 1 else f"{name}#{repeats[name]}"
            found[identity] = Endpoint(
                identity,
                each.site.service,
                operation.protocol,
                method,
                path,
                each.site.id,
                operation.region,
                (operation.evidence,),
                each.prefix,
            )
    return tuple(found[identity] for identity in sorted(found))
