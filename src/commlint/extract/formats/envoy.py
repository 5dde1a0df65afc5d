"""Static configuration of Envoy: virtual hosts, routes and the clusters they lead to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from commlint.extract.durations import count, duration
from commlint.extract.interpolation import interpolate
from commlint.extract.nodes import ListNode, MapNode, Node, as_text
from commlint.extract.port import FormatReader
from commlint.extract.traffic import Traffic
from commlint.extract.yaml import has_top_key, read_documents
from commlint.model.declarations import Declarations
from commlint.model.facts import Notice
from commlint.model.traffic import GatewayRoute, RouteMatch, TrafficPolicy
from commlint.model.values import Choice, Literal, Value

NODE_LIMIT = 50_000

_CAPITAL = re.compile(r"(?<=[a-z])[A-Z]")


class EnvoyReader(FormatReader):
    """Reads `static_resources`, also where a variable of the environment is filled in before Envoy starts."""

    name: ClassVar[str] = "envoy"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("*.yaml", "*.yml", "envoy*.json")

    def claims(self, path: str, source: bytes) -> bool:
        plain = b"virtual_hosts" in source and has_top_key(source, "static_resources")
        return plain or (b"virtualHosts" in source and has_top_key(source, "staticResources"))

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        documents, notices = read_documents(path, source)
        found = Traffic()
        for document in map(_snake_cased, documents):
            clusters = {each.text("name"): each for each in _named(document, "clusters")}
            for host in _named(document, "virtual_hosts"):
                for route in host.maps("routes"):
                    found += _route(host, route, clusters)
        return Declarations(self.name, routes=found.routes, traffic=found.rules), notices


def _snake_cased(node: Node) -> Node:
    """A tree with keys as `static_resources`: written in JSON, they may be `staticResources`."""
    if isinstance(node, ListNode):
        return replace(node, items=tuple(map(_snake_cased, node.items)))
    if not isinstance(node, MapNode):
        return node
    return replace(
        node,
        entries=tuple(
            (replace(key, text=_CAPITAL.sub(lambda found: f"_{found[0].lower()}", key.text)), _snake_cased(value))
            for key, value in node.entries
        ),
    )


def _named(root: Node, key: str) -> Iterator[MapNode]:
    """The mappings in every list under a key, wherever it stands."""
    pending: list[Node] = [root]
    for _ in range(NODE_LIMIT):
        if not pending:
            return
        node = pending.pop()
        if isinstance(node, MapNode):
            yield from node.maps(key)
            pending.extend(entry for _, entry in reversed(node.entries))
        elif isinstance(node, ListNode):
            pending.extend(reversed(node.items))


def _route(host: MapNode, route: MapNode, clusters: dict[str, MapNode]) -> Traffic:
    action = route.at("route")
    weighted = [each.text("name") for each in action.at("weighted_clusters").maps("clusters")]
    names = [name for name in (action.text("cluster"), *weighted) if name]
    if not names:
        return Traffic()
    cluster = clusters.get(names[0], MapNode())
    policy = action.at("retry_policy")
    timeout = duration(action.text("timeout"))
    match = _match(route.at("match"))
    domains = tuple(as_text(each) for each in host.items("domains"))
    rule = TrafficPolicy(
        kind="envoy",
        name=host.text("name"),
        hosts=tuple(each for each in domains if "*" not in each) or ("*",),
        extent=route.extent,
        matches=(match,),
        destinations=tuple(names),
        gateways=("",),
        timeout=(timeout,) if timeout is not None else (),
        per_try=duration(policy.text("per_try_timeout")),
        retries=count(policy.text("num_retries") or "1") if policy.entries else None,
        retry_on=policy.text("retry_on"),
        outlier_detection=True if cluster.get("outlier_detection") is not None else None,
    )
    address = _address(cluster)
    rewrite = action.text("prefix_rewrite") or None
    prefix = match.path if match.how in ("prefix", "exact") else "/"
    routes = tuple(
        GatewayRoute(
            "",
            "" if each == "*" else each,
            prefix or "/",
            "",
            "",
            rewrite,
            rule.extent,
            address,
            match,
            *_replaced(action.at("regex_rewrite")),
        )
        for each in (rule.hosts if address is not None else ())
    )
    return Traffic(routes, (rule,))


def _replaced(rewrite: MapNode) -> tuple[str, str]:
    return rewrite.at("pattern").text("regex"), rewrite.text("substitution")


def _match(node: MapNode) -> RouteMatch:
    partly = bool(node.items("headers") or node.items("query_parameters"))
    for key, how in (("prefix", "prefix"), ("path", "exact"), ("path_separated_prefix", "prefix")):
        if node.get(key) is not None:
            return RouteMatch(node.text(key), how, (), partly)
    pattern = node.at("safe_regex").text("regex")
    return RouteMatch(pattern, "pattern" if pattern else "", (), partly)


def _address(cluster: MapNode) -> Value | None:
    """Where the endpoints of a cluster are."""
    found: list[Value] = []
    for locality in cluster.at("load_assignment").maps("endpoints"):
        for each in locality.maps("lb_endpoints"):
            socket = each.at("endpoint", "address", "socket_address")
            if socket.text("address"):
                found.append(interpolate(f"{socket.text('address')}:{socket.text('port_value')}".rstrip(":")))
    for each in cluster.maps("hosts"):
        found.append(Literal(each.at("socket_address").text("address")))
    if not found:
        return None
    return found[0] if len(found) == 1 else Choice(tuple(found))
