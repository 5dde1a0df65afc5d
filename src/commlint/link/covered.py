"""Whether a rule of a mesh speaks for a host: by the names of both, and the namespaces they are said in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from commlint.link.addresses import Location
from commlint.link.hosts import CLUSTER, Hosts
from commlint.model.traffic import TrafficPolicy

_WHOLE = ".svc.cluster.local"


@dataclass(frozen=True, slots=True)
class Called:
    """The host of a call: where it leads, the service that is, and the service that calls."""

    place: Location
    service: str
    caller: str


@dataclass(frozen=True, slots=True)
class _Name:
    """A host as its label and namespaces, empty where nothing says which."""

    label: str
    namespaces: frozenset[str]

    def meets(self, other: _Name) -> bool:
        return not (self.namespaces and other.namespaces) or not self.namespaces.isdisjoint(other.namespaces)


def short(host: str) -> str:
    """A host of the cluster as its neighbours call it: `orders.shop.svc.cluster.local` is `orders`."""
    return host.split(".", 1)[0] if host.endswith(CLUSTER) else host


def is_covered(rule: TrafficPolicy, called: Called, hosts: Hosts) -> bool:
    """Whether a rule of the mesh is about a host, and its caller one it speaks for."""
    caller = hosts.namespaces(called.caller)
    if rule.visible and caller and caller.isdisjoint(rule.visible):
        return False
    return any(_is_host(told.lower(), rule.namespace, called, hosts) for told in rule.hosts)


def _is_host(told: str, home: str, called: Called, hosts: Hosts) -> bool:
    host = called.place.host
    mine, theirs = _name(host, _around(called, hosts), hosts), _name(told, {home} - {""}, hosts)
    if told.startswith("*"):
        whole = (host, *(f"{mine.label}.{each}{_WHOLE}" for each in mine.namespaces))
        return any(each.endswith(told[1:]) for each in whole)
    same = theirs.label == mine.label or bool(called.service and hosts.declared(told, "") == called.service)
    return same and theirs.meets(mine)


def _around(called: Called, hosts: Hosts) -> frozenset[str]:
    """The namespaces in which a service without one in its name may be: that of its caller, if it is there at all."""
    caller, own = hosts.namespaces(called.caller), hosts.namespaces(called.service)
    return caller & own or own or caller


def _name(host: str, home: Iterable[str], hosts: Hosts) -> _Name:
    label, _, rest = host.partition(".")
    if not rest:
        return _Name(label, frozenset(home))
    if host.endswith(CLUSTER) or any(f"{suffix}." in host for suffix in CLUSTER):
        namespace = rest.partition(".")[0]
        return _Name(label, frozenset() if namespace == "svc" else frozenset((namespace,)))
    if hosts.is_namespace(rest):
        return _Name(label, frozenset((rest,)))
    return _Name(host, frozenset())
