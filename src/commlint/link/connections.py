"""Edges that the deployment alone declares: addresses of peers in the environment, gateway routes, dependencies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from commlint.link.addresses import locate
from commlint.link.declared import Declared
from commlint.link.environment import Bound, Environment
from commlint.link.hosts import LOCAL, Hosts
from commlint.link.infrastructure import REQUESTS, scheme_kind
from commlint.link.names import ADDRESS_WORDS, words
from commlint.link.pairs import connect
from commlint.link.services import Deployed, holder
from commlint.link.understood import Code
from commlint.link.values import Valuer
from commlint.model.deployments import NOTHING_ELSE
from commlint.model.operations import Confidence, Evidence
from commlint.model.places import Region
from commlint.model.system import INFRASTRUCTURE, Edge, External

# Infrastructure that nobody uses without a library for it.
STORES = frozenset(("database", "cache", "broker"))
# What every service that reads a shared configuration file uses, where the file names it.
EVERYBODYS = frozenset(("registry", "config", "observability"))
# Words in the name or image of infrastructure that speaks a protocol, where that is not the protocol's own name.
PRODUCTS = {
    "amqp": {"rabbitmq", "rabbit", "activemq", "lavinmq", "amqp"},
    "kafka": {"kafka", "redpanda", "broker"},
    "mongodb": {"mongo", "mongodb"},
    "postgresql": {"postgres", "postgresql", "pg", "timescaledb", "postgis"},
    "mysql": {"mysql", "mysqldb", "mariadb", "percona"},
    "mariadb": {"mysql", "mysqldb", "mariadb"},
    "redis": {"redis", "valkey", "keydb"},
}


@dataclass(frozen=True, slots=True)
class Connection:
    """
    A service is given the address of another by `variable`, or depends on it (""); `kind` is that of the peer.

    `direct`: the address is given to it alone, not by a whole map of values that others take over too.
    `called`: a framework calls it, whatever the code does.
    """

    service: str
    peer: str
    kind: str
    protocol: str
    region: Region | None
    direct: bool
    variable: str = ""
    called: bool = False


def connections(
    services: Sequence[Deployed], environments: Mapping[str, Environment], valuers: Mapping[str, Valuer], hosts: Hosts
) -> tuple[Connection, ...]:
    """Every peer whose address a deployment gives to a service, or that it is made to wait for."""
    kinds = {deployed.name: deployed.service.kind for deployed in services}
    infrastructure = {name: kind in INFRASTRUCTURE for name, kind in kinds.items()}
    roots = {deployed.name: frozenset(deployed.service.roots) for deployed in services}
    given = {name: {**each.settings(), **each.given()} for name, each in environments.items()}
    takers = Counter(
        region
        for variables in given.values()
        for region in {bound.region for values in variables.values() for bound in values}
    )
    found: dict[tuple[str, str], Connection] = {}
    for service, variables in given.items():
        for name, bound in ((each, bound) for each in sorted(variables) for bound in variables[each]):
            direct = not bound.taken or takers[bound.region] == 1
            if not direct and (bound.origin == "dotenv" or (infrastructure[service] and not bound.setting)):
                # One file for everybody says what the system has, not who uses it.
                continue
            called = environments[service].calls(name)
            for peer, protocol in _peers(name, bound, valuers[service], hosts, service):
                if not direct and bound.setting and kinds[peer] not in EVERYBODYS:
                    continue
                if roots[peer] & roots[service] and name in given.get(peer, ()):
                    # Processes of one code base that are given all alike: what for, only the code can tell.
                    continue
                each = Connection(service, peer, kinds[peer], protocol, bound.region, direct, name, called)
                known = found.setdefault((service, peer), each)
                if direct and not known.direct:
                    found[service, peer] = each
    for waiting in services:
        for other, region in waiting.depends_on:
            peer = hosts.named(other, waiting.name)
            if peer and kinds[peer] in INFRASTRUCTURE and _may_use(waiting, kinds[peer]):
                each = Connection(waiting.name, peer, kinds[peer], kinds[peer], region, True)
                found.setdefault((waiting.name, peer), each)
    for each in _by_libraries(services, hosts, found):
        found.setdefault((each.service, each.peer), each)
    return tuple(found[key] for key in sorted(found) if key[0] != key[1])


def _may_use(deployed: Deployed, kind: str) -> bool:
    """Whether a service that waits for infrastructure of this kind may also use it, by its libraries."""
    uses = {use for use, _ in deployed.uses}
    return NOTHING_ELSE not in uses or kind not in STORES or any(scheme_kind(use) == kind for use in uses)


def _by_libraries(
    services: Sequence[Deployed], hosts: Hosts, found: Mapping[tuple[str, str], Connection]
) -> Iterator[Connection]:
    """
    Infrastructure that the libraries of a service are for, where the system has just one that fits.

    What a service is told by name goes before.
    """
    told = {(each.service, each.kind) for each in found.values()}
    for deployed in services:
        for use, region in deployed.uses:
            kind = scheme_kind(use) or use
            fitting = [
                other.name
                for other in services
                if other.service.kind == kind and other is not deployed and (kind == use or _speaks(other, use))
            ]
            if len(fitting) == 1 and (deployed.name, kind) not in told:
                yield Connection(deployed.name, fitting[0], kind, use, region, True)


def _speaks(deployed: Deployed, protocol: str) -> bool:
    """Whether a service is infrastructure for a protocol, by its names and images."""
    named = {word for name in (deployed.name, *deployed.service.aliases, *deployed.images) for word in words(name)}
    return bool(named & PRODUCTS.get(protocol, {protocol}))


def _peers(name: str, bound: Bound, valuer: Valuer, hosts: Hosts, service: str) -> Iterator[tuple[str, str]]:
    for text in valuer.bound_texts(bound):
        if text.literal is None or not text.literal or len(text.literal) > 500:
            continue
        location = locate(text, "")
        # A word alone is a host only where the variable says so: MODE=orders is none.
        addressed = location.scheme or location.port or (set(words(name)) & ADDRESS_WORDS and location.host)
        peer = hosts.declared(location.host, service) if addressed else ""
        if not peer and bound.setting and location.host in LOCAL:
            # What stands in a file beside the code may be meant for the machine of a developer.
            peer = hosts.find(location, service).service
        if peer and peer != service:
            yield peer, location.scheme.partition("+")[0]


def externals(
    environments: Mapping[str, Environment], valuers: Mapping[str, Valuer], hosts: Hosts
) -> Iterator[tuple[External, Edge]]:
    """Peers outside the system that a framework calls by an address in settings."""
    for service, bound in _called_addresses(environments):
        for text in valuers[service].bound_texts(bound):
            location = locate(text, "")
            host = location.host if text.literal else ""
            if host in LOCAL or "." not in host or hosts.find(location, service).service:
                continue
            node = External(f"external:{host}", host, scheme_kind(location.scheme) or "external")
            identity, protocol = f"service:{service} -> {node.id} (declared)", location.scheme.partition("+")[0]
            evidence = (Evidence.DECLARED,)
            yield (
                node,
                Edge(
                    identity, "connect", protocol, "", node.id, service, "", bound.region, Confidence.LIKELY, evidence
                ),
            )


def _called_addresses(environments: Mapping[str, Environment]) -> Iterator[tuple[str, Bound]]:
    """The addresses in settings of its own that the framework of each service calls."""
    for service, environment in environments.items():
        for name, bounds in sorted(environment.settings().items()):
            if environment.calls(name):
                yield from ((service, bound) for bound in bounds if not bound.taken)


def users(found: Sequence[Connection], hosts: Hosts, host: str) -> frozenset[str]:
    """The services that are given the address of a host, as far as it is one of the system."""
    peer = hosts.declared(host.lower(), "")
    return frozenset(each.service for each in found if peer and each.peer == peer)


def connected(found: Sequence[Connection]) -> dict[tuple[str, str], str]:
    """(service, kind of peer) → the one infrastructure of that kind the service is given."""
    by_kind: dict[tuple[str, str], set[str]] = {}
    for each in found:
        if each.kind in INFRASTRUCTURE:
            by_kind.setdefault((each.service, each.kind), set()).add(each.peer)
    return {key: next(iter(peers)) for key, peers in by_kind.items() if len(peers) == 1}


def declared_edges(
    found: Sequence[Connection], declared: Declared, services: Sequence[Deployed], code: Code, hosts: Hosts
) -> Iterator[Edge]:
    """
    Edges with the deployment as evidence: to infrastructure always, to another service only where the code cannot
    tell better, and from gateways to what they route to.
    """
    for each in found:
        if each.kind in INFRASTRUCTURE:
            protocol = each.protocol if scheme_kind(each.protocol) else each.kind
            yield connect(each.service, each.peer, protocol, each.region, Confidence.LIKELY, declared=True)
        elif each.direct and (each.called or code.leaves_open(each.service, each.variable)):
            protocol = "http" if each.protocol in REQUESTS else ""
            yield _call(protocol, each.service, each.peer, each.region)
    for route in declared.routes:
        gateway = hosts.named(route.item.gateway) or holder(route.path, services)
        target = hosts.behind(route.item, gateway)
        if gateway and target and gateway != target:
            yield _call("http", gateway, target, route.region, Confidence.CERTAIN)


def _call(protocol: str, source: str, target: str, region: Region | None, sure: Confidence = Confidence.LIKELY) -> Edge:
    identity = f"service:{source} -> service:{target} (declared)"
    evidence = (Evidence.DECLARED,)
    return Edge(identity, "sync", protocol, "", f"service:{target}", source, target, region, sure, evidence)
