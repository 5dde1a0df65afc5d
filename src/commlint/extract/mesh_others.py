"""Linkerd ServiceProfiles, Consul routers and resolvers, Contour proxies, Emissary mappings."""

from __future__ import annotations

from collections.abc import Callable

from commlint.extract.durations import count, duration
from commlint.extract.nodes import MapNode, as_text
from commlint.extract.traffic import Traffic, identity, plain_prefix
from commlint.model.declarations import GatewayRoute, RouteMatch, TrafficPolicy
from commlint.model.places import Extent
from commlint.model.values import Literal, Value


def _linkerd(manifest: MapNode) -> Traffic:
    """The routes of a ServiceProfile; its name is the host it is for."""
    name, namespace = identity(manifest)
    rules = []
    for route in manifest.at("spec").maps("routes"):
        condition = route.at("condition")
        method = condition.text("method")
        path = condition.text("pathRegex")
        match = RouteMatch(path, "pattern" if path else "", (method,) if method else (), not condition.entries)
        timeout = duration(route.text("timeout"))
        rules.append(
            TrafficPolicy(
                kind="serviceprofile",
                name=name,
                hosts=(name,),
                extent=route.extent,
                matches=(match,),
                destinations=(name.split(".", 1)[0],),
                namespace=namespace,
                timeout=(timeout,) if timeout is not None else (),
                # Retries have a budget and no number: a request is tried again as long as that lasts.
                retries=Literal(1) if route.text("isRetryable").lower() == "true" else None,
            )
        )
    return Traffic(rules=tuple(rules))


def _consul_router(manifest: MapNode) -> Traffic:
    """The routes of a ServiceRouter, first those it lists."""
    name, namespace = identity(manifest)
    rules: list[TrafficPolicy] = []
    routes: list[GatewayRoute] = []
    for route in manifest.at("spec").maps("routes"):
        to, http = route.at("destination"), route.at("match", "http")
        path, how = _consul_path(http)
        match = RouteMatch(path, how, tuple(map(as_text, http.items("methods"))), bool(http.items("header")))
        target = to.text("service") or name
        timeout = duration(to.text("requestTimeout"))
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
                retries=count(to.text("numRetries")),
                retry_on=",".join(map(as_text, to.items("retryOn"))),
            )
        )
        prefix = plain_prefix(path or "/")
        rewrite = to.text("prefixRewrite") or None
        routes.append(GatewayRoute("mesh", name, prefix, target, "", rewrite, route.extent))
    return Traffic(tuple(routes), tuple(rules))


def _consul_path(http: MapNode) -> tuple[str, str]:
    for key, how in (("pathExact", "exact"), ("pathPrefix", "prefix"), ("pathRegex", "pattern")):
        if http.text(key):
            return http.text(key), how
    return "", ""


def _consul_resolver(manifest: MapNode) -> Traffic:
    """The time a ServiceResolver gives all requests."""
    (name, namespace), spec = identity(manifest), manifest.at("spec")
    timeout = duration(spec.text("requestTimeout"))
    if timeout is None:
        return Traffic()
    rule = TrafficPolicy(
        "serviceresolver", name, (name,), spec.place("requestTimeout"), (), (name,), namespace, timeout=(timeout,)
    )
    return Traffic(rules=(rule,))


def _consul_defaults(manifest: MapNode) -> Traffic:
    """What a ServiceDefaults says of calls to others: hosts that are ejected when they fail."""
    name, namespace = identity(manifest)
    upstream = manifest.at("spec", "upstreamConfig")
    rules = []
    for each in (upstream.at("defaults"), *upstream.maps("overrides")):
        health = each.get("passiveHealthCheck")
        if health is not None:
            host = each.text("name") or "*"
            rule = TrafficPolicy("servicedefaults", name, (host,), health.extent, (), (), namespace)
            rules.append(_ejecting(rule))
    return Traffic(rules=tuple(rules))


def _ejecting(rule: TrafficPolicy) -> TrafficPolicy:
    return TrafficPolicy(
        rule.kind, rule.name, rule.hosts, rule.extent, namespace=rule.namespace, outlier_detection=True
    )


def _contour(manifest: MapNode) -> Traffic:
    """The routes of an HTTPProxy."""
    (name, namespace), spec = identity(manifest), manifest.at("spec")
    found = Traffic()
    for route in spec.maps("routes"):
        prefixes = [each.text("prefix") for each in route.maps("conditions") if each.text("prefix")]
        partly = any(each.get("header") is not None for each in route.maps("conditions"))
        rewrites = route.at("pathRewritePolicy").maps("replacePrefix")
        policies, retry = route.at("timeoutPolicy"), route.at("retryPolicy")
        stated = policies.text("response")
        found += _gateway(
            kind="httpproxy",
            name=name,
            namespace=namespace,
            host=spec.at("virtualhost").text("fqdn"),
            match=RouteMatch(prefixes[0] if prefixes else "", "prefix" if prefixes else "", (), partly),
            targets=[(each.text("name"), each.text("port")) for each in route.maps("services")],
            rewrite=rewrites[0].text("replacement") if rewrites else None,
            timeout=duration("0" if stated in ("infinity", "infinite") else stated),
            retries=count(retry.text("count")) if retry.entries else None,
            extent=route.extent,
        )
    return found


def _emissary(manifest: MapNode) -> Traffic:
    """One Mapping; it takes its prefix off unless it says otherwise."""
    (name, namespace), spec = identity(manifest), manifest.at("spec")
    target = spec.text("service").rpartition("://")[2]
    host, _, port = target.partition(":")
    rewrite = spec.get("rewrite")
    return _gateway(
        kind="mapping",
        name=name,
        namespace=namespace,
        host=spec.text("hostname") or spec.text("host"),
        match=RouteMatch(spec.text("prefix"), "pattern" if spec.text("prefix_regex") == "true" else "prefix"),
        targets=[(host, port)],
        rewrite="/" if rewrite is None else as_text(rewrite) or None,
        timeout=duration(spec.text("timeout_ms"), 0.001),
        retries=count(spec.at("retry_policy").text("num_retries")),
        extent=manifest.extent,
    )


def _gateway(
    *, kind: str, name: str, namespace: str, host: str, match: RouteMatch, targets: list[tuple[str, str]],
    rewrite: str | None, timeout: Value | None, retries: Value | None, extent: Extent,
) -> Traffic:  # fmt: skip
    """A rule of a gateway and its route."""
    hosts = tuple(each for each in (host,) if each)
    if not any(target for target, _ in targets):
        return Traffic()
    rule = TrafficPolicy(
        kind=kind,
        name=name,
        hosts=hosts or ("*",),
        extent=extent,
        matches=(match,),
        destinations=tuple(target.split(".", 1)[0] for target, _ in targets),
        namespace=namespace,
        gateways=(name,),
        timeout=(timeout,) if timeout is not None else (),
        retries=retries,
    )
    target, port = targets[0]
    prefix = plain_prefix(match.path or "/")
    route = GatewayRoute(name, "" if host == "*" else host, prefix, target, port, rewrite, extent)
    return Traffic((route,), (rule,))


_READERS: dict[str, Callable[[MapNode], Traffic]] = {
    "ServiceProfile": _linkerd,
    "ServiceRouter": _consul_router,
    "ServiceResolver": _consul_resolver,
    "ServiceDefaults": _consul_defaults,
    "HTTPProxy": _contour,
    "Mapping": _emissary,
}
KINDS = tuple(_READERS)


def read(manifest: MapNode) -> Traffic:
    """What one of these objects declares."""
    return _READERS[manifest.text("kind")](manifest)
