"""Where paths without a host lead that pages ask for: to who serves a page, or who stands before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from commlint.link.declared import Placed
from commlint.link.matching import MESH, first_taking, rewritten
from commlint.link.services import PAGES, Deployed, holder
from commlint.model.traffic import GatewayRoute


class Origins:
    """
    The gateways and ingresses that pages come through, as a browser sends to the same host what has none.

    `named` is the service of a name, `behind` the one a gateway sends a route to; both answer "" for none.
    """

    def __init__(
        self,
        services: Sequence[Deployed],
        routes: Iterable[Placed[GatewayRoute]],
        named: Callable[[str], str],
        behind: Callable[[GatewayRoute, str], str],
    ) -> None:
        self._pages = {each.name for each in services if each.service.kind == PAGES}
        self._behind = behind
        self._gateways: set[str] = set()
        self._routes: dict[str, list[GatewayRoute]] = defaultdict(list)
        for route in routes if self._pages else ():
            gateway = named(route.item.gateway) or holder(route.path, services)
            self._gateways.update((gateway,) if gateway else ())
            if route.item.gateway != MESH:
                self._routes[gateway or route.item.gateway].append(route.item)

    def find(self, path: str, caller: str) -> tuple[str, str] | None:
        """
        The service that a page's request comes to, and the path it sees there; None when that is not known.

        What the page's own web server passes on, and what an ingress does, comes to whom they send it.
        """
        if caller not in self._pages:
            return None
        passed = self._passed(caller, path, caller)
        if passed is not None:
            return passed
        before = [name for name, routes in self._routes.items() if any(self._behind(r, name) == caller for r in routes)]
        found = {
            (name, path) if name in self._gateways else passed
            for name in before
            if (passed := self._passed(name, path, caller)) is not None
        }
        return found.pop() if len(found) == 1 else None

    def _passed(self, gateway: str, path: str, caller: str) -> tuple[str, str] | None:
        route = first_taking(self._routes.get(gateway, ()), path)
        target = self._behind(route, gateway) if route is not None else ""
        return (target, rewritten(path, route)) if route is not None and target not in ("", caller) else None
