"""Calls that a gateway passes on: what it answers and what it asks in turn, for each request that comes its way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from commlint.link.addresses import OPEN, locate
from commlint.link.declared import Declared, Placed
from commlint.link.hosts import Hosts
from commlint.link.infrastructure import REQUESTS
from commlint.link.matching import MESH, first_taking, rewritten
from commlint.link.operations import Finished
from commlint.link.routes import Routes
from commlint.link.services import Deployed, holder
from commlint.link.values import Text
from commlint.model.operations import Address, Evidence, Operation, Policies, Policy, Role, State
from commlint.model.system import Endpoint, ServiceOperation
from commlint.model.traffic import GatewayRoute
from commlint.model.values import Literal

_ORIGIN = "gateway"
# A gateway that passes on what another has passed on to it.
_IN_A_ROW = 3
# Whether a gateway gives up in time, and stops asking who fails, is a matter of its own files.
_ELSEWHERE = Policies(breaker=Policy(State.UNKNOWN, detail="what the gateway does is told with its routes"))


def passages(
    operations: Sequence[Finished], endpoints: Sequence[Endpoint], declared: Declared,
    services: Sequence[Deployed], hosts: Hosts,
) -> tuple[Finished, ...]:  # fmt: skip
    """The operations of gateways for the requests of these operations, sorted by id."""
    gateways = _Gateways(endpoints, declared, services, hosts)
    found: dict[str, Finished] = {}
    pending: Iterable[Finished] = operations
    for _ in range(_IN_A_ROW if gateways else 0):
        made = {each.site.id: each for each in gateways.passed_on(pending) if each.site.id not in found}
        found |= made
        pending = made.values()
    return tuple(found[identity] for identity in sorted(found))


class _Gateways:
    """The routes of each service that has any."""

    def __init__(
        self, endpoints: Sequence[Endpoint], declared: Declared, services: Sequence[Deployed], hosts: Hosts
    ) -> None:
        self._hosts = hosts
        self._answered = Routes(endpoints)
        self._of: dict[str, list[Placed[GatewayRoute]]] = defaultdict(list)
        for route in declared.routes:
            gateway = hosts.named(route.item.gateway) or holder(route.path, services)
            if gateway and route.item.gateway != MESH and hosts.behind(route.item, gateway) not in ("", gateway):
                self._of[gateway].append(route)

    def __bool__(self) -> bool:
        return bool(self._of)

    def passed_on(self, operations: Iterable[Finished]) -> Iterator[Finished]:
        for each in operations:
            if each.operation.role is not Role.CLIENT or each.operation.protocol not in REQUESTS or each.rpc:
                continue
            for url in each.urls or each.hosts:
                for place in each.hosts if url.relative and each.hosts else (url,):
                    peer = self._hosts.find(place, each.site.service)
                    path = url.path if peer.path is None else peer.path
                    if peer.service in self._of and peer.service != each.site.service:
                        yield from self._passed(peer.service, each.operation.address.method, path or "/")

    def _passed(self, gateway: str, method: str, path: str) -> Iterator[Finished]:
        """What a gateway answers itself goes no further."""
        if self._answered.match(gateway, method, path).endpoint is not None:
            return
        routes = {route.item: route for route in self._of[gateway]}
        taking = first_taking(routes, path, method=method)
        if taking is None:
            return
        place = routes[taking]
        host = self._hosts.behind(taking, gateway)
        further = _shown(rewritten(path, taking))
        function = f"{place.path}::{f'{method} {_shown(path)}'.strip()}"
        answer = Operation(
            f"{function}#1", Role.SERVER, "http", _ORIGIN, function, place.region,
            Address(url=Literal(_shown(path)), method=method), evidence=Evidence.DECLARED,
        )  # fmt: skip
        label = f"{method} {_shown(path)}".strip()
        site = ServiceOperation(f"service:{gateway}/{answer.id}", gateway, answer, label, _shown(path), answer.policies)
        yield Finished(site, urls=(locate(Text((_shown(path),)), "http"),))
        url = f"http://{host}{further}"
        call = Operation(
            f"{function}#2", Role.CLIENT, "http", _ORIGIN, function, place.region,
            Address(url=Literal(url), method=method), policies=_ELSEWHERE, evidence=Evidence.DECLARED,
        )  # fmt: skip
        label = f"{method} {host}{further}".strip()
        site = ServiceOperation(f"service:{gateway}/{call.id}", gateway, call, label, url, call.policies)
        yield Finished(site, urls=(locate(Text((url,)), "http"),))


def _shown(path: str) -> str:
    """A path whose open parts are parameters."""
    return path.replace(OPEN, "{}")
