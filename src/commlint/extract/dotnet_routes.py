"""Routes of Ocelot and of YARP in JSON configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator

from commlint.extract.durations import duration
from commlint.extract.nodes import ListNode, MapNode, Node, as_map, as_text
from commlint.extract.traffic import Traffic
from commlint.model.traffic import GatewayRoute, RouteMatch, TrafficPolicy
from commlint.model.values import Choice, ConfigRead, Literal, Value


def traffic(tree: MapNode) -> Traffic:
    """All routes that one file declares with what holds on them, in the order written."""
    found = Traffic()
    general = _text(_at(tree, "GlobalConfiguration", "QoSOptions"), "TimeoutValue")
    for key in ("Routes", "ReRoutes"):
        for route in map(as_map, _items(tree, key)):
            found += _ocelot(route, general)
    for section, proxy in _proxies(tree):
        found += _yarp(section, proxy)
    return found


def _proxies(node: MapNode, section: str = "", depth: int = 2) -> Iterator[tuple[str, MapNode]]:
    """The sections that hold routes to clusters of YARP, by their shape: a program may call them as it likes."""
    for name, entry in node.entries if depth else ():
        inner, key = as_map(entry), f"{section}{name.text}:"
        if any(_text(route, "ClusterId") for _, route in _routes(inner)):
            yield key, inner
        else:
            yield from _proxies(inner, key, depth - 1)


def _routes(proxy: MapNode) -> tuple[tuple[str, MapNode], ...]:
    """The routes of a proxy with their names, given by name or as a list."""
    listed = map(as_map, _items(proxy, "Routes"))
    named = ((name.text, as_map(route)) for name, route in _at(proxy, "Routes").entries)
    return (*named, *((_text(route, "RouteId"), route) for route in listed))


def _get(node: MapNode, name: str) -> Node | None:
    """What stands under a key of the configuration, upper or lower case."""
    return next((entry for key, entry in node.entries if key.text.lower() == name.lower()), None)


def _at(node: MapNode, *names: str) -> MapNode:
    for name in names:
        node = as_map(_get(node, name))
    return node


def _text(node: MapNode, name: str) -> str:
    return as_text(_get(node, name))


def _items(node: MapNode, name: str) -> tuple[Node, ...]:
    found = _get(node, name)
    return found.items if isinstance(found, ListNode) else ()


def _ocelot(route: MapNode, general: str) -> Traffic:
    up, down = _text(route, "UpstreamPathTemplate"), _text(route, "DownstreamPathTemplate")
    host = as_map(next(iter(_items(route, "DownstreamHostAndPorts")), None))
    target, port = _text(host, "Host") or _text(route, "ServiceName"), _text(host, "Port")
    if not up or not target:
        return Traffic()
    path, rewrite = _fixed(up), _fixed(down or up)
    methods = tuple(as_text(each).upper() for each in _items(route, "UpstreamHttpMethod"))
    timeout = duration(_text(_at(route, "QoSOptions"), "TimeoutValue") or general, 0.001)
    rule = TrafficPolicy(
        kind="ocelot-route",
        name=up,
        hosts=(_text(route, "UpstreamHost") or "*",),
        extent=(_get(route, "UpstreamPathTemplate") or route).extent,
        matches=(RouteMatch(path, "prefix" if "{" in up else "exact", methods),),
        destinations=(target,),
        gateways=("",),
        timeout=(timeout,) if timeout is not None else (),
    )
    address = Literal(f"{target}:{port}" if port else f"http://{target}")
    return _with_route(rule, path, None if rewrite == path else rewrite, address)


def _with_route(rule: TrafficPolicy, path: str, rewrite: str | None, address: Value) -> Traffic:
    host = "" if len(rule.hosts) != 1 or rule.hosts[0] == "*" else rule.hosts[0]
    return Traffic((GatewayRoute("", host, path, "", "", rewrite, rule.extent, address, rule.matches[0]),), (rule,))


def _yarp(section: str, proxy: MapNode) -> Traffic:
    clusters = _at(proxy, "Clusters")
    found = Traffic()
    for name, route in _routes(proxy):
        match, cluster = _at(route, "Match"), _text(route, "ClusterId")
        addresses = _destinations(f"{section}{_key(proxy, 'Clusters')}:", clusters, cluster)
        if not addresses:
            continue
        written = _text(match, "Path") or "/"
        path = _fixed(written)
        timeout = duration(_text(route, "Timeout") or _text(_at(clusters, cluster, "HttpRequest"), "ActivityTimeout"))
        rule = TrafficPolicy(
            kind="yarp-route",
            name=name,
            hosts=tuple(map(as_text, _items(match, "Hosts"))) or ("*",),
            extent=(_get(match, "Path") or match).extent,
            matches=(
                RouteMatch(
                    path,
                    "prefix" if "{" in written or not _text(match, "Path") else "exact",
                    tuple(as_text(each).upper() for each in _items(match, "Methods")),
                    bool(_items(match, "Headers") or _items(match, "QueryParameters")),
                ),
            ),
            destinations=(cluster,),
            gateways=("",),
            timeout=(timeout,) if timeout is not None else (),
            outlier_detection=_text(_at(clusters, cluster, "HealthCheck", "Passive"), "Enabled").lower() == "true",
        )
        address = addresses[0] if len(addresses) == 1 else Choice(addresses)
        found += _with_route(rule, path, _transformed(path, route), address)
    return found


def _key(node: MapNode, name: str) -> str:
    """A key as it is written."""
    return next((key.text for key, _ in node.entries if key.text.lower() == name.lower()), name)


def _destinations(section: str, clusters: MapNode, cluster: str) -> tuple[Value, ...]:
    """The addresses of a cluster, each as a key that the deployment may give another value."""
    found: list[Value] = []
    for name, node in _at(clusters, cluster, "Destinations").entries:
        key = f"{section}{cluster}:Destinations:{name.text}:Address"
        found.append(ConfigRead(key, Literal(_text(as_map(node), "Address"))))
    return tuple(found)


def _transformed(path: str, route: MapNode) -> str | None:
    """What the transforms of a route make of its fixed prefix, None when they leave it alone."""
    changed = path
    for transform in map(as_map, _items(route, "Transforms")):
        removed, prefix = _text(transform, "PathRemovePrefix"), _text(transform, "PathPrefix")
        pattern = _text(transform, "PathPattern") or _text(transform, "PathSet")
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
