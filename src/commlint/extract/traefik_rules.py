"""Rules of Traefik, ``Host(`a`) && PathPrefix(`/b`)``, and what routers with such rules declare."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from commlint.extract.traffic import Traffic, plain_prefix
from commlint.model.places import Extent
from commlint.model.traffic import GatewayRoute, RouteMatch, TrafficPolicy
from commlint.model.values import Literal

# The image of the gateway that takes its routes from labels.
LABELS_ARE_READ_BY = "traefik"

_ROUTER = re.compile(r"traefik\.http\.routers\.([\w-]+)\.rule", re.IGNORECASE)

_CALL = re.compile(
    r"(!?)\b(Host|HostSNI|HostRegexp|PathPrefix|Path|PathRegexp|Method|Headers?|HeadersRegexp?|Query|ClientIP)\(([^()]*)\)"
)
_TEXT = re.compile(r"[`\"']([^`\"']*)[`\"']")
_HOWS = {"PathPrefix": "prefix", "Path": "exact", "PathRegexp": "pattern"}


def matches_of(rule: str) -> tuple[tuple[str, ...], tuple[RouteMatch, ...]]:
    """Hosts and matches of a rule; what it says beside paths and methods makes it partly known."""
    hosts: list[str] = []
    paths: list[tuple[str, str]] = []
    methods: list[str] = []
    partly = "||" in rule
    for negated, name, given in _CALL.findall(rule[:5000]):
        texts = _TEXT.findall(given) or [part.strip() for part in given.split(",") if part.strip()]
        if negated:
            partly = True
        elif name == "Host":
            hosts.extend(texts)
        elif name in _HOWS:
            paths.extend((text, _HOWS[name]) for text in texts)
        elif name == "Method":
            methods.extend(texts)
        else:
            partly = True
    if not paths and not methods and not partly:
        return tuple(hosts), ()
    found = tuple(RouteMatch(path, how, tuple(methods), partly) for path, how in paths or [("", "")])
    return tuple(hosts), found


@dataclass(frozen=True, slots=True)
class Router:
    """A router with where it leads, the prefixes it takes off, and how often it tries."""

    name: str
    rule: str
    address: str
    extent: Extent
    strips: tuple[str, ...] = ()
    attempts: str = ""
    gateway: str = ""


def traffic_of(router: Router) -> Traffic:
    """The rule of a router, and a route for each of its hosts and paths."""
    hosts, matches = matches_of(router.rule)
    location = router.address.rpartition("://")[2].partition("/")[0]
    tries = int(router.attempts) if router.attempts.isdigit() else 0
    rule = TrafficPolicy(
        kind="traefik",
        name=router.name,
        hosts=hosts or ("*",),
        extent=router.extent,
        matches=matches,
        destinations=(location.partition(":")[0],),
        gateways=(router.gateway,),
        retries=Literal(tries - 1) if tries else None,
    )
    routes = tuple(
        GatewayRoute(
            router.gateway, host, path, "", "", "/" if path in router.strips else None, router.extent, Literal(location)
        )
        for host in hosts or ("",)
        for path in ([plain_prefix(match.path or "/") for match in matches] or ["/"])
    )
    return Traffic(routes, (rule,))


def routers_of(labels: Mapping[str, tuple[str, Extent]], service: str, gateway: str) -> list[Router]:
    """The routers that labels of a container declare for it at a gateway."""
    found: list[Router] = []
    ports = [text for key, (text, _) in labels.items() if key.lower().endswith("loadbalancer.server.port")]
    address = f"{service}:{ports[0]}" if ports else service
    for key, (rule, extent) in labels.items():
        named = _ROUTER.fullmatch(key)
        if named is None:
            continue
        chosen, _ = labels.get(f"traefik.http.routers.{named[1]}.middlewares", ("", extent))
        names = [name.strip().partition("@")[0] for name in chosen.split(",") if name.strip()]
        strips = [
            labels.get(f"traefik.http.middlewares.{name}.stripprefix.prefixes", ("", extent))[0] for name in names
        ]
        tries = [labels.get(f"traefik.http.middlewares.{name}.retry.attempts", ("", extent))[0] for name in names]
        prefixes = tuple(part.strip() for text in strips for part in text.split(",") if part.strip())
        attempts = next(filter(None, tries), "")
        found.append(Router(named[1], rule, address, extent, prefixes, attempts, gateway))
    return found
