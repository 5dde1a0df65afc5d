"""Linkerd ServiceProfiles, Contour proxies, Emissary mappings."""

from __future__ import annotations

from collections.abc import Callable

from commlint.extract.durations import count, duration
from commlint.extract.nodes import MapNode, as_text
from commlint.extract.traffic import Traffic, identity, plain_prefix
from commlint.model.places import Extent
from commlint.model.traffic import GatewayRoute, RouteMatch, TrafficPolicy
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
    "HTTPProxy": _contour,
    "Mapping": _emissary,
}
KINDS = tuple(_READERS)


def read(manifest: MapNode) -> Traffic:
    """What one of these objects declares."""
    return _READERS[manifest.text("kind")](manifest)
