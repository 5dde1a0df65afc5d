"""Consul: routers, resolvers and defaults of services, as objects of Kubernetes and as configuration entries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from commlint.extract.durations import count, duration
from commlint.extract.nodes import ListNode, MapNode, Node, as_text
from commlint.extract.traffic import Traffic, identity, plain_prefix
from commlint.model.traffic import GatewayRoute, RouteMatch, TrafficPolicy


def read(manifest: MapNode) -> Traffic:
    """What one object declares."""
    name, namespace = identity(manifest)
    return _READERS[manifest.text("kind")](name, namespace, plain_keys(manifest.at("spec")))


def entry(written: MapNode) -> Traffic:
    """What one configuration entry declares; keys are written in any of three ways."""
    spec = plain_keys(written)
    reader = _ENTRIES.get(spec.text("kind").lower())
    return reader(spec.text("name"), spec.text("namespace"), spec) if reader is not None else Traffic()


def plain_keys(node: MapNode) -> MapNode:
    """A mapping with all its keys in small letters without underscores: `PathPrefix`, `path_prefix`, `pathPrefix`."""
    entries = ((replace(key, text=key.text.replace("_", "").lower()), _plain(value)) for key, value in node.entries)
    return replace(node, entries=tuple(entries))


def _plain(node: Node) -> Node:
    if isinstance(node, MapNode):
        return plain_keys(node)
    return replace(node, items=tuple(map(_plain, node.items))) if isinstance(node, ListNode) else node


def _router(name: str, namespace: str, spec: MapNode) -> Traffic:
    """The routes of a router, first those it lists."""
    rules: list[TrafficPolicy] = []
    routes: list[GatewayRoute] = []
    for route in spec.maps("routes"):
        to, http = route.at("destination"), route.at("match", "http")
        path, how = _path(http)
        partly = bool(http.items("header") or http.items("queryparam"))
        match = RouteMatch(path, how, tuple(map(as_text, http.items("methods"))), partly)
        target = to.text("service") or name
        timeout = duration(to.text("requesttimeout"))
        rules.append(
            TrafficPolicy(
                kind="servicerouter",
                name=name,
                hosts=(name,),
                extent=route.extent,
                matches=(match,),
                destinations=(target,),
                namespace=namespace,
                timeout=(timeout,) if timeout is not None else (),
                retries=count(to.text("numretries")),
                retry_on=",".join(map(as_text, to.items("retryon"))),
            )
        )
        prefix = plain_prefix(path or "/")
        rewrite = to.text("prefixrewrite") or None
        routes.append(GatewayRoute("mesh", name, prefix, target, "", rewrite, route.extent, match=match))
    return Traffic(tuple(routes), tuple(rules))


def _path(http: MapNode) -> tuple[str, str]:
    for key, how in (("pathexact", "exact"), ("pathprefix", "prefix"), ("pathregex", "pattern")):
        if http.text(key):
            return http.text(key), how
    return "", ""


def _resolver(name: str, namespace: str, spec: MapNode) -> Traffic:
    """The time a resolver gives all requests."""
    timeout = duration(spec.text("requesttimeout"))
    if timeout is None:
        return Traffic()
    rule = TrafficPolicy(
        "serviceresolver", name, (name,), spec.place("requesttimeout"), (), (name,), namespace, timeout=(timeout,)
    )
    return Traffic(rules=(rule,))


def _defaults(name: str, namespace: str, spec: MapNode) -> Traffic:
    """What the defaults of a service say of calls to others: hosts that are ejected when they fail."""
    upstream = spec.at("upstreamconfig")
    rules = []
    for each in (upstream.at("defaults"), *upstream.maps("overrides")):
        health = each.get("passivehealthcheck")
        if health is not None:
            host = each.text("name") or "*"
            rules.append(
                TrafficPolicy(
                    "servicedefaults", name, (host,), health.extent, namespace=namespace, outlier_detection=True
                )
            )
    return Traffic(rules=tuple(rules))


_Reader = Callable[[str, str, MapNode], Traffic]
_READERS: dict[str, _Reader] = {"ServiceRouter": _router, "ServiceResolver": _resolver, "ServiceDefaults": _defaults}
_ENTRIES: dict[str, _Reader] = {
    "service-router": _router, "service-resolver": _resolver, "service-defaults": _defaults,
}  # fmt: skip
KINDS = tuple(_READERS)
