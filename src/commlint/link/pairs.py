"""Edges: each call with the endpoint it meets, each message with its channel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from commlint.link.addresses import Location
from commlint.link.channelnodes import ChannelNodes
from commlint.link.channels import Channels, Led
from commlint.link.hosts import LOCAL, Hosts, Peer
from commlint.link.infrastructure import REQUESTS, scheme_kind
from commlint.link.names import stem
from commlint.link.operations import Finished
from commlint.link.profiles import Profiles
from commlint.link.routes import Routes
from commlint.link.rpc import Servicers
from commlint.model.operations import Confidence, Evidence, Role
from commlint.model.places import Region
from commlint.model.system import Edge, Endpoint, External

LIKELY = Confidence.LIKELY


@dataclass(frozen=True, slots=True)
class Target:
    """The node an operation leads to, and the service behind it ("" for an external)."""

    id: str
    service: str
    confidence: Confidence
    kind: str = "sync"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an operation leads nowhere, and the key of `[hosts]` that would bind it ("" when none would)."""

    reason: str
    key: str = ""


Outcome = Target | Problem


class Pairing:
    """Finds what each operation of a service leads to."""

    def __init__(
        self, hosts: Hosts, endpoints: Iterable[Endpoint], channels: Channels, nodes: ChannelNodes,
        connected: dict[tuple[str, str], str], profiles: Profiles,
    ) -> None:  # fmt: skip
        everything = tuple(endpoints)
        self._hosts = hosts
        self._routes = Routes(everything)
        self._servicers = Servicers(everything)
        self._channels = channels
        self._nodes = nodes
        self._connected = connected
        self._profiles = profiles
        self.externals: dict[str, External] = {}

    def outcomes(self, each: Finished) -> tuple[Outcome, ...]:
        """Every node an outbound or receiving operation leads to, or the problem why it leads nowhere."""
        found = dict.fromkeys(self._outcomes(each))
        targets = tuple(outcome for outcome in found if isinstance(outcome, Target))
        if any(target.kind != "connect" for target in targets):
            return targets
        problems = [outcome for outcome in found if isinstance(outcome, Problem)]
        return (*targets, *problems[:1])

    def _outcomes(self, each: Finished) -> Iterator[Outcome]:
        if each.operation.role is Role.SERVER:
            return
        if each.messages:
            yield from self._message(each)
        elif each.rpc or each.operation.protocol == "grpc":
            yield from self._rpc(each)
        elif each.operation.protocol in REQUESTS:
            yield from self._request(each)
        else:
            yield from self._store(each)

    # -- calls -------------------------------------------------------------------------------------------

    def _request(self, each: Finished) -> Iterator[Outcome]:
        service = each.site.service
        if not each.urls and not each.hosts:
            yield Problem("the address is not visible in the call")
        for url in each.urls or each.hosts:
            for place in self._places(url, each):
                peer = self._on_this_machine(self._hosts.find(place, service), place, each)
                if not peer.service:
                    yield self._no_service(peer, "external")
                    continue
                path = url.path if peer.path is None else peer.path
                match = self._routes.match(peer.service, each.operation.address.method, path, place.based)
                if peer.by_port and match.endpoint is None and path.strip("/") and self._routes.answers(peer.service):
                    yield Problem(f"{place.host}:{place.port} may be {peer.service}, which does not answer that path")
                    continue
                sure = least(peer.confidence, match.confidence)
                node = match.endpoint.id if match.endpoint else f"service:{peer.service}"
                yield Target(node, peer.service, sure)

    def _on_this_machine(self, peer: Peer, place: Location, each: Finished) -> Peer:
        """
        Whom an address on this machine means by what is asked there.

        The caller, where it listens there and answers what the one that publishes the port does not; who alone answers
        it, where no port tells anybody, or that of what answers no requests of a program, or where a page asks its own
        host. A gateway answers what it passes on itself,
        so a port that is not known to be the caller's own is somebody else's.
        """
        service, method = each.site.service, each.operation.address.method
        if peer.service and peer.service != service and self._hosts.listens(service, place):
            own, other = (self._routes.match(name, method, place.path).endpoint for name in (service, peer.service))
            return Peer(service, confidence=LIKELY) if own is not None and other is None else peer
        local = place.host in LOCAL
        near = local or (place.relative and self._hosts.is_page(service))
        but = service if local and place.port is not None and not self._hosts.listens(service, place) else ""
        unfit = peer.problem or self._hosts.is_infrastructure(peer.service)
        alone = self._routes.alone(method, place.path, but) if unfit and near else ""
        return Peer(alone, confidence=LIKELY) if alone not in ("", service) else peer

    def _places(self, url: Location, each: Finished) -> tuple[Location, ...]:
        """Where a call goes: what it names beside a path alone, or beside the sidecar on its own machine."""
        if url.relative:
            return each.hosts or (url,)
        if url.host not in LOCAL:
            return (url,)
        named = tuple(host for host in each.hosts if self._hosts.find(host, each.site.service).service)
        return named or (url,)

    def _rpc(self, each: Finished) -> Iterator[Outcome]:
        places = each.hosts or each.urls
        peers = [self._hosts.find(place, each.site.service) for place in places]
        # A registry or database that stands where a service is meant answers no remote procedure.
        peers = [Peer(external=peer.service) if self._hosts.is_infrastructure(peer.service) else peer for peer in peers]
        outside = [peer for peer in peers if peer.external]
        if any(peer.service for peer in peers):
            for peer in peers:
                if peer.service:
                    yield self._servicer(each.rpc, self._meant(each, peer))
                elif peer.external:
                    yield self._no_service(peer, "external")
            return
        answering = self._servicers.answering(each.rpc) if each.rpc else ()
        # A service does not reach itself by the name of another machine; one that answers what it asks passes it on.
        others = {endpoint.service for endpoint in answering}
        passed_on = len(others) > 1 and not each.rpc.startswith("grpc.")
        others -= {each.site.service} if outside or passed_on else set()
        others = self._profiles.beside(each.site.service, others)
        if len({stem(name) for name in others}) == 1:
            # Variants of one service, as for another way of deploying it: the plainest name stands for them.
            # What one service of the system alone answers is meant by any name that a registry or a resolver knows.
            yield self._servicer(each.rpc, Peer(min(others, key=lambda name: (len(name), name)), confidence=LIKELY))
        elif outside:
            yield from (self._no_service(peer, "external") for peer in outside)
        elif others and not places and each.operation.protocol != "grpc":
            # All that provide an interface are known to its callers by it alone.
            yield from (self._servicer(each.rpc, Peer(name, confidence=LIKELY)) for name in sorted(others))
        elif len(others) > 1:
            yield Problem(f"several services answer {each.rpc}: {', '.join(sorted(others))}", _key(places))
        else:
            problem = peers[0].problem if peers else "the host is not visible in the call"
            yield Problem(problem, _key(places))

    def _meant(self, each: Finished, peer: Peer) -> Peer:
        """Who answers a procedure alone, where a host that only resembles a name means somebody who does not."""
        if peer.confidence is not LIKELY or not each.rpc or self._servicers.answering(each.rpc, peer.service):
            return peer
        others = {endpoint.service for endpoint in self._servicers.answering(each.rpc)} - {each.site.service}
        return Peer(next(iter(others)), confidence=LIKELY) if len(others) == 1 else peer

    def _servicer(self, rpc: str, peer: Peer) -> Target:
        answering = self._servicers.answering(rpc, peer.service)
        if len(answering) == 1:
            return Target(answering[0].id, peer.service, peer.confidence)
        return Target(f"service:{peer.service}", peer.service, least(peer.confidence, LIKELY))

    def _store(self, each: Finished) -> Iterator[Outcome]:
        """A database, cache, mail host …: an edge where its host is known, and no complaint where it is not."""
        kind = scheme_kind(each.operation.protocol)
        for place in (*each.hosts, *each.urls):
            peer = self._hosts.find(place, each.site.service)
            if peer.service:
                yield Target(f"service:{peer.service}", peer.service, peer.confidence)
                return
            if peer.external:
                yield self._no_service(peer, kind or "external")
                return
        connected = self._connected.get((each.site.service, kind), "")
        if connected and kind:
            yield Target(f"service:{connected}", connected, LIKELY)
        elif not kind and (each.hosts or each.urls):
            yield self._no_service(self._hosts.find((*each.hosts, *each.urls)[0], each.site.service), "external")

    def _no_service(self, peer: Peer, kind: str) -> Outcome:
        if not peer.external:
            return Problem(peer.problem, peer.key)
        node = External(f"external:{peer.external}", peer.external, kind)
        self.externals.setdefault(node.id, node)
        return Target(node.id, "", peer.confidence)

    # -- messages ----------------------------------------------------------------------------------------

    def _message(self, each: Finished) -> Iterator[Outcome]:
        sending = each.operation.role is Role.PRODUCER
        led: Led = self._channels.sends(each) if sending else self._channels.receives(each)
        for place in led.places:
            self._nodes.use(place, each.operation.region, each.site.policies.dead_letter)
            yield Target(place.id, "", place.confidence, "send" if sending else "receive")
        if led.problem:
            yield Problem(led.problem, led.key)
        for location in each.hosts:
            peer = self._hosts.find(location, each.site.service)
            if peer.service and peer.service != each.site.service:
                yield Target(f"service:{peer.service}", peer.service, peer.confidence, "connect")


def edges_of(each: Finished, outcomes: Iterable[Outcome]) -> Iterator[Edge]:
    """The edges of one operation."""
    operation, site = each.operation, each.site
    for target in outcomes:
        if isinstance(target, Target) and target.kind == "connect":
            yield connect(site.service, target.service, operation.protocol, operation.region, target.confidence)
        elif isinstance(target, Target):
            yield Edge(
                f"{site.id} -> {target.id}",
                target.kind,
                operation.protocol,
                site.id,
                target.id,
                site.service,
                target.service,
                operation.region,
                least(operation.confidence, target.confidence),
                (operation.evidence,) if operation.evidence else (Evidence.CODED,),
            )


def connect(
    service: str, peer: str, protocol: str, region: Region | None, confidence: Confidence, declared: bool = False
) -> Edge:
    """A service is connected to a broker, database …: one edge for the pair, whoever says so."""
    identity = f"service:{service} -> service:{peer} (connect)"
    evidence = (Evidence.DECLARED if declared else Evidence.CODED,)
    return Edge(identity, "connect", protocol, "", f"service:{peer}", service, peer, region, confidence, evidence)


def least(one: Confidence, other: Confidence) -> Confidence:
    """The weaker of two confidences: a chain of reasons is as sure as its weakest."""
    return min(one, other, key=lambda confidence: confidence.rank)


def _key(places: Iterable[Location]) -> str:
    return next((part.key for place in places for part in place.text.opens if part.key), "")
