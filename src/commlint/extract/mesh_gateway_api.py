"""Gateway API: HTTPRoutes and GRPCRoutes, those of Linkerd with annotations too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from commlint.extract.durations import count, duration
from commlint.extract.nodes import MapNode, as_text
from commlint.extract.traffic import ANY, Traffic, identity, prefix_of
from commlint.model.traffic import GatewayRoute, RouteMatch, TrafficPolicy
from commlint.model.values import Value

KINDS = ("HTTPRoute", "GRPCRoute")
_HOWS = {"Exact": "exact", "PathPrefix": "prefix", "RegularExpression": "pattern"}
_TIMEOUTS = ("timeout.linkerd.io/request", "timeout.linkerd.io/response")
_RETRIES = {"HTTPRoute": "retry.linkerd.io/http", "GRPCRoute": "retry.linkerd.io/grpc"}


def read(manifest: MapNode) -> Traffic:
    """What a route declares, rule by rule; rules that send nowhere (redirects) declare nothing."""
    found = Traffic()
    for rule in manifest.at("spec").maps("rules"):
        found += _rule(manifest, rule)
    return found


def _rule(manifest: MapNode, rule: MapNode) -> Traffic:
    backends = [each for each in rule.maps("backendRefs") if each.text("kind") in ("", "Service") or each.text("name")]
    if not backends:
        return Traffic()
    (name, namespace), kind = identity(manifest), manifest.text("kind")
    annotations, spec = manifest.at("metadata", "annotations"), manifest.at("spec")
    parents = spec.maps("parentRefs")
    attached = [each for each in parents if each.text("kind") == "Service"]
    services = tuple(".".join(filter(None, (each.text("name"), each.text("namespace")))) for each in attached)
    ports = {each.text("port") for each in attached}
    gateways = tuple(each.text("name") for each in parents if each.text("kind") in ("", "Gateway"))
    destinations = tuple(dict.fromkeys(each.text("name") for each in backends))
    hosts = tuple(filter(None, map(as_text, spec.items("hostnames"))))
    retry = rule.at("retry")
    matches = tuple(map(_grpc_match if kind == "GRPCRoute" else _match, rule.maps("matches")))
    if len(ports) == 1 and (port := ports.pop()).isdigit():
        matches = tuple(replace(each, port=int(port)) for each in matches or (ANY,))
    policy = TrafficPolicy(
        kind=kind.lower(),
        name=name,
        hosts=services or hosts or ("*",),
        extent=rule.extent,
        matches=matches,
        destinations=destinations,
        namespace=namespace,
        gateways=("mesh",) if services else gateways,
        timeout=_timeout(rule, annotations),
        per_try=duration(rule.at("timeouts").text("backendRequest")),
        retries=_retries(retry, annotations, kind),
        retry_on=",".join(map(as_text, retry.items("codes"))) or annotations.text(_RETRIES[kind]),
        timeout_entry="timeouts/request" if kind == "HTTPRoute" else "",
    )
    return Traffic(tuple(_routes(policy, rule, backends)), (policy,))


def _timeout(rule: MapNode, annotations: MapNode) -> tuple[Value, ...]:
    timeouts = rule.at("timeouts")
    texts = (timeouts.text("request"), timeouts.text("backendRequest"), *map(annotations.text, _TIMEOUTS))
    stated = next((text for text in texts if text), "")
    found = duration(stated)
    return (found,) if found is not None else ()


def _retries(retry: MapNode, annotations: MapNode, kind: str) -> Value | None:
    if retry.entries:
        return count(retry.text("attempts"))
    return count(annotations.text("retry.linkerd.io/limit") or ("1" if annotations.text(_RETRIES[kind]) else ""))


def _match(node: MapNode) -> RouteMatch:
    path, method = node.at("path"), node.text("method")
    how = _HOWS.get(path.text("type") or "PathPrefix", "pattern") if path.text("value") else ""
    partly = bool(node.items("headers") or node.items("queryParams"))
    return RouteMatch(path.text("value"), how, (method,) if method else (), partly)


def _grpc_match(node: MapNode) -> RouteMatch:
    method = node.at("method")
    service, name = method.text("service"), method.text("method")
    how = "pattern" if method.text("type") == "RegularExpression" else "exact" if name else "prefix"
    path = f"/{service}/{name}" if service else ""
    return RouteMatch(path, how if path else "", (), bool(node.items("headers") or (name and not service)))


def _routes(policy: TrafficPolicy, rule: MapNode, backends: list[MapNode]) -> Iterator[GatewayRoute]:
    rewrite = None
    for each in rule.maps("filters"):
        path = each.at("urlRewrite", "path")
        rewrite = path.text("replacePrefixMatch") or path.text("replaceFullPath") or rewrite
    for host in policy.hosts:
        for match in policy.matches or (ANY,):
            yield GatewayRoute(
                gateway=policy.gateways[0] if policy.gateways else "",
                host="" if host == "*" else host,
                path=prefix_of(match),
                target=backends[0].text("name"),
                port=backends[0].text("port"),
                rewrite=rewrite,
                extent=rule.extent,
                match=match,
            )
