"""Routes of Ocelot and of YARP (`ReverseProxy`) in JSON configuration."""

from __future__ import annotations

import re

from commlint.extract.durations import duration
from commlint.extract.nodes import MapNode, as_map, as_text
from commlint.extract.traffic import Traffic
from commlint.model.declarations import GatewayRoute, RouteMatch, TrafficPolicy
from commlint.model.values import Choice, ConfigRead, Literal, Value


def traffic(tree: MapNode) -> Traffic:
    """All routes that one file declares with what holds on them, in the order written."""
    found = Traffic()
    general = tree.at("GlobalConfiguration", "QoSOptions").text("TimeoutValue")
    for key in ("Routes", "ReRoutes"):
        for route in tree.maps(key):
            found += _ocelot(route, general)
    return found + _yarp(tree.at("ReverseProxy"))


def _ocelot(route: MapNode, general: str) -> Traffic:
    up, down = route.text("UpstreamPathTemplate"), route.text("DownstreamPathTemplate")
    hosts = route.maps("DownstreamHostAndPorts")
    target = hosts[0].text("Host") if hosts else route.text("ServiceName")
    if not up or not target:
        return Traffic()
    path, rewrite = _fixed(up), _fixed(down or up)
    methods = tuple(as_text(each).upper() for each in route.items("UpstreamHttpMethod"))
    timeout = duration(route.at("QoSOptions").text("TimeoutValue") or general, 0.001)
    rule = TrafficPolicy(
        kind="ocelot-route",
        name=up,
        hosts=(route.text("UpstreamHost") or "*",),
        extent=route.place("UpstreamPathTemplate"),
        matches=(RouteMatch(path, "prefix" if "{" in up else "exact", methods),),
        destinations=(target,),
        gateways=("",),
        timeout=(timeout,) if timeout is not None else (),
    )
    address = Literal(f"{target}:{hosts[0].text('Port')}" if hosts and hosts[0].text("Port") else f"http://{target}")
    return _with_route(rule, path, None if rewrite == path else rewrite, address)


def _with_route(rule: TrafficPolicy, path: str, rewrite: str | None, address: Value) -> Traffic:
    host = "" if len(rule.hosts) != 1 or rule.hosts[0] == "*" else rule.hosts[0]
    return Traffic((GatewayRoute("", host, path, "", "", rewrite, rule.extent, address, rule.matches[0]),), (rule,))


def _yarp(proxy: MapNode) -> Traffic:
    clusters = proxy.at("Clusters")
    found = Traffic()
    for name, node in proxy.at("Routes").entries:
        route = as_map(node)
        match, cluster = route.at("Match"), clusters.at(route.text("ClusterId"))
        addresses = _destinations(clusters, route.text("ClusterId"))
        if not addresses:
            continue
        written = match.text("Path") or "/"
        path = _fixed(written)
        timeout = duration(route.text("Timeout") or cluster.at("HttpRequest").text("ActivityTimeout"))
        rule = TrafficPolicy(
            kind="yarp-route",
            name=name.text,
            hosts=tuple(map(as_text, match.items("Hosts"))) or ("*",),
            extent=match.place("Path"),
            matches=(
                RouteMatch(
                    path,
                    "prefix" if "{" in written or not match.text("Path") else "exact",
                    tuple(as_text(each).upper() for each in match.items("Methods")),
                    bool(match.items("Headers") or match.items("QueryParameters")),
                ),
            ),
            destinations=(route.text("ClusterId"),),
            gateways=("",),
            timeout=(timeout,) if timeout is not None else (),
            outlier_detection=cluster.at("HealthCheck", "Passive").text("Enabled").lower() == "true",
        )
        address = addresses[0] if len(addresses) == 1 else Choice(addresses)
        found += _with_route(rule, path, _transformed(path, route), address)
    return found


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
