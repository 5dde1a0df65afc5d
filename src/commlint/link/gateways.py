"""Routes that stand in settings, finished for the gateway whose settings they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from commlint.link.addresses import locate
from commlint.link.declared import Placed
from commlint.link.services import Deployed
from commlint.link.settings import Settings
from commlint.link.values import Valuer
from commlint.model.declarations import GatewayRoute


def finished_routes(
    routes: Iterable[Placed[GatewayRoute]], settings: Settings, valuers: Mapping[str, Valuer]
) -> tuple[Placed[GatewayRoute], ...]:
    """All routes with the names of their gateways and targets; one for each alternative of an address."""
    return tuple(each for route in routes for each in _finished(route, settings, valuers))


def with_gateways(
    services: Sequence[Deployed], before: Iterable[Placed[GatewayRoute]], routes: Iterable[Placed[GatewayRoute]]
) -> tuple[Deployed, ...]:
    """The services, those whose settings hold routes being gateways."""
    places = {route.region for route in before if route.item.address is not None}
    names = {route.item.gateway for route in routes if route.region in places}
    return tuple(
        replace(each, service=replace(each.service, kind="gateway"))
        if each.name in names and each.service.kind == "service"
        else each
        for each in services
    )


def _finished(
    route: Placed[GatewayRoute], settings: Settings, valuers: Mapping[str, Valuer]
) -> Iterator[Placed[GatewayRoute]]:
    item = route.item
    if item.address is None:
        yield route
        return
    gateways = [item.gateway] if item.gateway else [name for name in settings.users(route.path) if name in valuers]
    for gateway in gateways[:1] if len(gateways) == 1 else ():
        for text in valuers[gateway].texts(item.address) if gateway in valuers else ():
            location = locate(text, "")
            rewrite = item.rewrite
            if rewrite is not None and location.path.strip("/"):
                rewrite = "/".join(("", location.path.strip("/"), rewrite.strip("/"))).rstrip("/")
            port = str(location.port) if location.port is not None else ""
            yield Placed(
                route.path,
                replace(item, gateway=gateway, target=location.host, port=port, rewrite=rewrite, address=None),
            )
