"""Routes whose addresses the deployment has a say in, finished for the gateway whose file they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from commlint.link.addresses import locate
from commlint.link.declared import Placed
from commlint.link.names import within, words
from commlint.link.services import Deployed, holder
from commlint.link.settings import Settings
from commlint.link.values import Valuer
from commlint.model.traffic import GatewayRoute

FRONTS = frozenset(("frontend", "front", "ui", "web", "webapp", "client", "spa", "dashboard"))


def finished_routes(
    routes: Iterable[Placed[GatewayRoute]],
    services: Sequence[Deployed],
    settings: Settings,
    valuers: Mapping[str, Valuer],
) -> tuple[Placed[GatewayRoute], ...]:
    """All routes with the names of their gateways and targets; one for each alternative of an address."""
    found = (each for route in routes for each in _finished(route, services, settings, valuers))
    return tuple(dict.fromkeys(found))


def _is_front(deployed: Deployed) -> bool:
    """Whether a service that passes some requests on is there for people to look at."""
    return bool(FRONTS.intersection(words(deployed.name)))


def keepers(path: str, services: Sequence[Deployed], settings: Settings) -> tuple[str, ...]:
    """The services that a file with routes is for: they read it as settings, have it mounted, or in their folder."""
    read = settings.users(path)
    if read:
        return read
    mounted = tuple(each.name for each in services if any(within(path, mount) for mount in each.mounts))
    own = holder(path, services)
    return mounted or ((own,) if own else ())


def gateways_of(gateway: str, path: str, services: Sequence[Deployed], settings: Settings) -> tuple[str, ...]:
    """The services that a rule in a file holds at: of that name, or those that the file or the ConfigMap is for."""
    if gateway.startswith("configmap:"):
        return tuple(each.name for each in services if gateway in each.mounts)
    return (gateway,) if gateway else keepers(path, services, settings)


def with_gateways(
    services: Sequence[Deployed], before: Iterable[Placed[GatewayRoute]], routes: Iterable[Placed[GatewayRoute]]
) -> tuple[Deployed, ...]:
    """The services, those whose settings hold routes being gateways."""
    places = {route.region for route in before if route.item.address is not None}
    names = {route.item.gateway for route in routes if route.region in places}
    return tuple(
        replace(each, service=replace(each.service, kind="gateway"))
        if each.name in names and each.service.kind == "service" and not _is_front(each)
        else each
        for each in services
    )


def _finished(
    route: Placed[GatewayRoute], services: Sequence[Deployed], settings: Settings, valuers: Mapping[str, Valuer]
) -> Iterator[Placed[GatewayRoute]]:
    item = route.item
    if item.address is None:
        yield route
        return
    gateways = gateways_of(item.gateway, route.path, services, settings)
    for gateway in gateways if len(gateways) == 1 else ():
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
