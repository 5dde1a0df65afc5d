"""Routes of Ocelot and of YARP (`ReverseProxy`) in JSON configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator

from commlint.extract.nodes import MapNode, as_map, as_text
from commlint.model.declarations import GatewayRoute
from commlint.model.values import Choice, ConfigRead, Literal, Value


def routes(tree: MapNode) -> Iterator[GatewayRoute]:
    """All routes that one file declares, in the order written."""
    for key in ("Routes", "ReRoutes"):
        for route in tree.maps(key):
            yield from _ocelot(route)
    yield from _yarp(tree.at("ReverseProxy"))


def _ocelot(route: MapNode) -> Iterator[GatewayRoute]:
    up, down = route.text("UpstreamPathTemplate"), route.text("DownstreamPathTemplate")
    hosts = route.maps("DownstreamHostAndPorts")
    target = hosts[0].text("Host") if hosts else route.text("ServiceName")
    if not up or not target:
        return
    path, rewrite = _fixed(up), _fixed(down or up)
    yield GatewayRoute(
        gateway="",
        host=route.text("UpstreamHost"),
        path=path,
        target="",
        port="",
        rewrite=None if rewrite == path else rewrite,
        extent=route.place("UpstreamPathTemplate"),
        address=Literal(f"{target}:{hosts[0].text('Port')}" if hosts and hosts[0].text("Port") else target),
    )


def _yarp(proxy: MapNode) -> Iterator[GatewayRoute]:
    clusters = proxy.at("Clusters")
    for _, node in proxy.at("Routes").entries:
        route = as_map(node)
        match = route.at("Match")
        addresses = _destinations(clusters, route.text("ClusterId"))
        if not addresses:
            continue
        path = _fixed(match.text("Path") or "/")
        hosts = [as_text(host) for host in match.items("Hosts")]
        yield GatewayRoute(
            gateway="",
            host=hosts[0] if len(hosts) == 1 else "",
            path=path,
            target="",
            port="",
            rewrite=_transformed(path, route),
            extent=match.place("Path"),
            address=addresses[0] if len(addresses) == 1 else Choice(addresses),
        )


def _destinations(clusters: MapNode, cluster: str) -> tuple[Value, ...]:
    """The addresses of a cluster, each as a key that the deployment may give another value."""
    found: list[Value] = []
    for name, node in clusters.at(cluster, "Destinations").entries:
        key = f"ReverseProxy:Clusters:{cluster}:Destinations:{name.text}:Address"
        found.append(ConfigRead(key, Literal(as_map(node).text("Address"))))
    return tuple(found)


def _transformed(path: str, route: MapNode) -> str | None:
    """What the transforms of a route make of its fixed prefix, None when they leave it alone."""
    changed = path
    for transform in route.maps("Transforms"):
        removed, prefix = transform.text("PathRemovePrefix"), transform.text("PathPrefix")
        pattern = transform.text("PathPattern") or transform.text("PathSet")
        if removed and (changed == removed or changed.startswith(removed.rstrip("/") + "/")):
            changed = changed[len(removed.rstrip("/")) :] or "/"
        if prefix:
            changed = prefix.rstrip("/") + (changed if changed != "/" else "")
        if pattern:
            changed = _fixed(pattern)
    return changed if changed != path else None


def _fixed(template: str) -> str:
    """A path template up to the segment of its first variable."""
    plain = re.split(r"[{*]", template, maxsplit=1)[0]
    return (plain.rstrip("/") if plain == template else plain[: plain.rfind("/")]) or "/"
