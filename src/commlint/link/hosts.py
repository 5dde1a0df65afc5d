"""Which service a host means, in all the ways deployments name hosts."""

from __future__ import annotations

import ipaddress
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from commlint.link.addresses import OPEN, Location
from commlint.link.declared import Declared, Placed
from commlint.link.matching import MESH, first_taking, rewritten
from commlint.link.names import folder, other_numbers, plain, shortened, stem, subjects
from commlint.link.origins import Origins
from commlint.link.platforms import deployed_as
from commlint.link.services import PAGES, Deployed
from commlint.model.operations import Confidence
from commlint.model.system import INFRASTRUCTURE
from commlint.model.traffic import GatewayRoute

LOCAL = frozenset((
    "localhost", "127.0.0.1", "0.0.0.0", "::1", "host.docker.internal", "gateway.docker.internal",
    "docker.for.mac.localhost",
))  # fmt: skip
# Those of them that lead out of no container.
ITSELF = frozenset(("localhost", "127.0.0.1", "0.0.0.0", "::1"))
# What a program asks the sidecar beside it, and no other service.
SIDECAR = re.compile(r"/v1\.0(?:-\w+)?/(?:healthz|metadata|shutdown|state|secrets|configuration|bindings|actors)\b")
# What names of routes of OpenShift are in, below the domain of the cluster.
ROUTED = "apps."
HOST = re.compile(r"[\w.:-]+")
CLUSTER = (".svc.cluster.local", ".svc")
CERTAIN, LIKELY = Confidence.CERTAIN, Confidence.LIKELY


@dataclass(frozen=True, slots=True)
class Peer:
    """
    What a host turned out to be: a `service`, an `external` host, or a `problem` that says why neither.

    `path`: the path the service sees, where a route on the way rewrites it. `key`: what would bind it in `[hosts]`.
    `by_port`: told by nothing but a port in its code, so that it must also answer what is asked.
    """

    service: str = ""
    external: str = ""
    problem: str = ""
    confidence: Confidence = CERTAIN
    path: str | None = None
    key: str = ""
    by_port: bool = False


class Hosts:
    """All names and ports under which the services of a system can be reached."""

    def __init__(
        self,
        services: Sequence[Deployed],
        declared: Declared,
        told: Mapping[str, str],
        listening: Mapping[str, frozenset[int]],
    ) -> None:
        self._services = {deployed.name: deployed for deployed in services if deployed.service.kind != "library"}
        self._told = {key.lower() if not key.startswith("$") else key: value for key, value in told.items()}
        self._names: dict[str, list[str]] = defaultdict(list)
        self._stems: dict[str, list[str]] = defaultdict(list)
        self._folders: dict[str, list[str]] = defaultdict(list)
        self._short: dict[str, list[str]] = defaultdict(list)
        self._published: dict[int, set[str]] = defaultdict(set)
        self._listening: dict[int, set[str]] = defaultdict(set)
        for name, deployed in sorted(self._services.items()):
            for alias in sorted({each.lower() for each in (name, *deployed.service.aliases)}):
                self._names[alias].append(name)
                if name not in self._stems[stem(alias)]:
                    self._stems[stem(alias)].append(name)
            for called in {stem(folder(root)) for root in deployed.service.roots}:
                self._folders[called].append(name)
            for port in deployed.ports:
                self._listening[port.number].add(name)
                if port.published is not None:
                    self._published[port.published].add(name)
            for number in listening.get(name, ()):
                self._listening[number].add(name)
        for name, short in shortened(self._services).items():
            self._short[stem(short)].append(name)
        self._routes: dict[str, list[Placed[GatewayRoute]]] = defaultdict(list)
        for route in declared.routes:
            self._routes[route.item.host.lower()].append(route)
        self._origins = Origins(services, declared.routes, self.named, self.behind)
        self._namespaces = {ns.lower() for deployed in services for ns in deployed.namespaces} | {"default"}

    def find(self, location: Location, caller: str) -> Peer:
        """What the host of an address means to `caller`."""
        peer = self._of_host(location, caller)
        if peer.service and peer.confidence is CERTAIN:
            return peer
        for name in location.text.names:
            if f"${name}" in self._told:
                return self._as_told(self._told[f"${name}"])
        if location.host in LOCAL:
            ported, named = peer if peer.service else self._side_by_side(location), self._by_variable(location)
            # A port that a file gives is what the program gets. One that stands in code, in case that nobody gives
            # another, is what a developer once chose, and says less than what the variable is called.
            return (ported or named if location.text.via else named or ported) or peer
        if peer.service or peer.external:
            return peer
        return self._side_by_side(location) or self._by_variable(location) or peer

    def named(self, host: str, caller: str = "") -> str:
        """The service called `host`, "" when none or several are."""
        return self._choose(self._names.get(host.lower(), ()), caller, host)

    def declared(self, host: str, caller: str) -> str:
        """The service of a host by name, alias or a name of Kubernetes DNS, "" when none or several have it."""
        service = self._choose(self._names.get(host, ()), caller, host)
        if service:
            return service
        for suffix in CLUSTER:
            if host.endswith(suffix) or f"{suffix}." in host:
                label, _, namespace = host.split(suffix, 1)[0].partition(".")
                return self._choose(self._names.get(label, ()), caller, label, namespace)
        if host.endswith(".consul") and ".service." in host:
            label = host.split(".", 1)[0]
            return self._choose(self._names.get(label, ()), caller, label)
        label, _, namespace = host.partition(".")
        if namespace and self.is_namespace(namespace):
            return self._choose(self._names.get(label, ()), caller, label, namespace)
        return ""

    def namespaces(self, service: str) -> frozenset[str]:
        """The namespaces a service is deployed in, as far as files say so."""
        found = self._services.get(service)
        return frozenset(map(str.lower, found.namespaces)) if found is not None else frozenset()

    def is_namespace(self, name: str) -> bool:
        """Whether something is deployed in a namespace of that name."""
        return name.lower() in self._namespaces

    def behind(self, route: GatewayRoute, gateway: str) -> str:
        """The service that a gateway sends a route to, told by its port where all run on one machine; "" for none."""
        host = route.target.lower()
        if host not in LOCAL or not route.port.isdigit():
            return self.declared(host, gateway)
        found = self._published.get(int(route.port)) or self._listening.get(int(route.port), set())
        return next(iter(found)) if len(found) == 1 else ""

    def _of_host(self, location: Location, caller: str) -> Peer:
        host = location.host
        if location.relative:
            origin = self._origins.find(location.path, caller)
            if origin is not None:
                return Peer(origin[0], confidence=LIKELY, path=origin[1])
            return Peer(problem="the address is a path without a host")
        if OPEN in host or not host:
            return self._half_open(location, caller)
        for key in (f"{host}:{location.port}", host):
            if key in self._told:
                return self._as_told(self._told[key])
        if host in LOCAL:
            return Peer(external="dapr") if SIDECAR.match(location.path) else self._of_port(location, caller)
        service = self.declared(host, caller)
        if service:
            return self._meshed(location, caller, service)
        return self._routed(location) or self._at_number(location) or self._outside(host)

    def _choose(self, names: Iterable[str], caller: str, host: str, namespace: str = "") -> str:
        """The one of several services of a name: in that namespace, so named itself, or declared beside the caller."""
        candidates = list(names)
        if len(candidates) > 1 and namespace:
            fitting = [name for name in candidates if namespace in self._services[name].namespaces]
            candidates = fitting or candidates
        if len(candidates) > 1 and caller in self._services:
            files = self._services[caller].files
            candidates = [name for name in candidates if self._services[name].files & files] or candidates
        if len(candidates) > 1:
            candidates = [name for name in candidates if name.lower() == host] or candidates
        return candidates[0] if len(candidates) == 1 else ""

    def _of_port(self, location: Location, caller: str) -> Peer:
        """`localhost` is the service that publishes the port on the host; of instances of one program, the caller."""
        if location.port is None:
            return Peer(problem=f"the host is {location.host} and no port tells which service is meant")
        found = sorted(self._published.get(location.port, ()))
        if len(found) == 1:
            itself = caller in self._listening.get(location.port, ()) and self._is_same_program(caller, found[0])
            return Peer(caller if itself else found[0], confidence=LIKELY)
        place = f"{location.host}:{location.port}"
        if found:
            return Peer(problem=f"{place} may be any of {', '.join(found)}")
        return Peer(problem=f"the host is {place}, a port no service publishes")

    def listens(self, service: str, location: Location) -> bool:
        """Whether an address on this machine has a port that a service itself listens on, where it runs alone."""
        return location.host in ITSELF and location.port is not None and service in self._listening[location.port]

    def _is_same_program(self, one: str, other: str) -> bool:
        """Whether two services run the code of one folder by the same command."""
        mine, its = self._services[one], self._services[other]
        return bool(mine.service.roots) and mine.service.roots == its.service.roots and mine.commands == its.commands

    def _at_number(self, location: Location) -> Peer | None:
        """A number of a private network is a machine of one's own: what publishes the port, or alone listens on it."""
        if location.port is None or not _is_private(location.host):
            return None
        found = self._published.get(location.port) or self._listening.get(location.port, set())
        return Peer(next(iter(found)), confidence=LIKELY) if len(found) == 1 else None

    def _side_by_side(self, location: Location) -> Peer | None:
        """Run side by side on one machine, a service is told by the port it alone listens on."""
        if location.host not in LOCAL or location.port is None:
            return None
        found = sorted(self._listening.get(location.port, ()))
        if len(found) != 1:
            return None
        # A gateway passes on what it has no endpoint for.
        passes_on = self._services[found[0]].service.kind == "gateway"
        return Peer(found[0], confidence=LIKELY, by_port=not passes_on)

    def _routed(self, location: Location) -> Peer | None:
        """By the route that a gateway or ingress has for the path at that host."""
        routes = [route.item for route in self._routes.get(location.host, ())]
        route = first_taking((each for each in routes if each.gateway != MESH), location.path)
        target = self.named(route.target) if route is not None else ""
        return Peer(target, path=rewritten(location.path, route)) if target and route is not None else None

    def _meshed(self, location: Location, caller: str, service: str) -> Peer:
        """What a service is once the mesh has had its say: another one for some paths, or one that sees other paths."""
        routes = (
            route.item
            for host in (location.host, location.host.partition(".")[0], f"{service}.svc.cluster.local".lower())
            for route in self._routes.get(host, ())
        )
        route = first_taking((each for each in dict.fromkeys(routes) if each.gateway == MESH), location.path, True)
        target = self.declared(route.target.lower(), caller) if route is not None else ""
        if route is None or not target or (target == service and route.rewrite is None and not route.pattern):
            return Peer(service)
        return Peer(target, path=rewritten(location.path, route))

    def _outside(self, host: str) -> Peer:
        if not HOST.fullmatch(host):
            return Peer(problem=f"the host {host} is a placeholder")
        if host in self._names:
            return Peer(problem=f"{host} may be any of {', '.join(sorted(self._names[host]))}")
        label, _, domain = host.partition(".")
        if domain.startswith(ROUTED):
            # Routes of OpenShift are called by the service and its namespace.
            fitting = [name for name in self._names if label == name or label.startswith(f"{name}-")]
            service = self._choose(self._names.get(max(fitting, key=len, default=""), ()), "", label)
            if service:
                return Peer(service, confidence=LIKELY)
        if _is_address(host) or "." in host:
            name = self.named(deployed_as(host))
            return Peer(name, confidence=LIKELY) if name else Peer(external=host)
        relaxed = self._stems.get(stem(host), [])
        if len(relaxed) == 1:
            return Peer(relaxed[0], confidence=LIKELY)
        return Peer(external=host)

    def _half_open(self, location: Location, caller: str) -> Peer:
        host, key = location.host, next((part.key for part in location.opens if part.key), "")
        label, _, rest = host.partition(".")
        if label and OPEN not in label and rest:
            # orders.{namespace}.svc: the first label alone says which service.
            service = self._choose(self._names.get(label, ()), caller, label)
            if service:
                return Peer(service, confidence=LIKELY)
        if OPEN in label and OPEN not in rest and rest.count(".") >= 1 and not rest.endswith(CLUSTER):
            return Peer(external=host.replace(OPEN, "{}"))
        why = location.opens[0].why if location.opens else "is empty"
        return Peer(problem=f"the host {why}", key=key)

    def _by_variable(self, location: Location) -> Peer | None:
        """A variable that no file gives a value may still name one service: INVENTORY_SERVICE_URL."""
        told = (about for name in location.text.names for about in subjects(name))
        for about in map(stem, told):
            for called in (about, *other_numbers(about)):
                for names in (self._stems, self._folders, self._short):
                    found = [each for each in names.get(called, []) if not self.is_infrastructure(each)]
                    if len(found) == 1:
                        return Peer(found[0], confidence=LIKELY)
        return None

    def _as_told(self, service: str) -> Peer:
        known = self.named(service) or next((name for name in self._services if plain(name) == plain(service)), "")
        return Peer(known) if known else Peer(external=service)

    def is_page(self, service: str) -> bool:
        """Whether a service is nothing but pages, which run in browsers."""
        return service in self._services and self._services[service].service.kind == PAGES

    def is_infrastructure(self, service: str) -> bool:
        """Whether a service is a database, broker, registry … and no program of the system."""
        return service in self._services and self._services[service].service.kind in INFRASTRUCTURE


def _is_address(host: str) -> bool:
    return _number(host) is not None


def _is_private(host: str) -> bool:
    number = _number(host)
    return number is not None and number.is_private


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
