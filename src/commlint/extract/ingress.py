"""Kubernetes Ingresses with the annotations of their controllers, and Traefik's IngressRoutes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from commlint.extract.durations import count, duration
from commlint.extract.nodes import MapNode, TextNode, as_text
from commlint.extract.traefik_rules import matches_of
from commlint.extract.traffic import Traffic, identity, plain_prefix
from commlint.model.places import Extent
from commlint.model.traffic import GatewayRoute, RouteMatch, TrafficPolicy
from commlint.model.values import Value

KINDS = ("Ingress", "IngressRoute")
_NGINX = ("nginx.ingress.kubernetes.io/", "nginx.org/", "ingress.kubernetes.io/")
_HOWS = {"Exact": "exact", "ImplementationSpecific": "prefix", "Prefix": "prefix"}


def read(manifest: MapNode) -> Traffic:
    """What an Ingress or IngressRoute declares."""
    return _traefik(manifest) if manifest.text("kind") == "IngressRoute" else _ingress(manifest)


def annotation(manifest: MapNode, name: str) -> str:
    """An annotation of an nginx controller, whichever prefix it has."""
    annotations = manifest.at("metadata", "annotations")
    return next(filter(None, (annotations.text(prefix + name) for prefix in _NGINX)), "")


def _ingress(manifest: MapNode) -> Traffic:
    """The routes of an Ingress of `networking.k8s.io/v1` or its beta forms."""
    spec = manifest.at("spec")
    found = Traffic()
    for key in ("defaultBackend", "backend"):
        default = spec.at(key)
        if default.entries:
            target, port, place = _backend(default)
            found += _one(manifest, "", RouteMatch(), target, port, None, place)
    rewrite = annotation(manifest, "rewrite-target") or None
    for rule in spec.maps("rules"):
        for path in rule.at("http").maps("paths"):
            target, port, place = _backend(path.at("backend"))
            written = path.text("path")
            how = _HOWS.get(path.text("pathType"), "prefix") if re.fullmatch(r"[^(*\[\\]*", written) else "pattern"
            match = RouteMatch(written, how if written else "")
            new = None if rewrite is None else plain_prefix(rewrite.partition("$")[0])
            place = path.place("path") if written else place
            found += _one(manifest, rule.text("host"), match, target, port, new, place)
    return found


def _one(
    manifest: MapNode, host: str, match: RouteMatch, target: str, port: str, rewrite: str | None, extent: Extent
) -> Traffic:
    name, namespace = identity(manifest)
    stated = annotation(manifest, "proxy-read-timeout")
    timeout = duration(stated)
    rule = TrafficPolicy(
        kind="ingress",
        name=name,
        hosts=(host or "*",),
        extent=extent,
        matches=(match,) if match.how else (),
        destinations=(target,) if target else (),
        namespace=namespace,
        gateways=(name,),
        timeout=(timeout,) if timeout is not None else (),
        retries=_tries(annotation(manifest, "proxy-next-upstream-tries")),
    )
    to = annotation(manifest, "rewrite-target")
    route = GatewayRoute(
        name, host, plain_prefix(match.path or "/"), target, port, rewrite, extent,
        match=match,
        pattern=match.path if "$" in to and match.how == "pattern" else "",
        replacement=to if "$" in to and match.how == "pattern" else "",
    )  # fmt: skip
    return Traffic((route,), (rule,))


def _tries(text: str) -> Value | None:
    """nginx counts all tries, and 0 is without limit."""
    number = int(text) if text.isascii() and text.isdigit() else 0
    return count(str(number - 1)) if number else None


def _backend(node: MapNode) -> tuple[str, str, Extent]:
    service = node.at("service")
    if service.entries:
        port = service.at("port")
        return service.text("name"), port.text("number") or port.text("name"), service.place("name")
    return node.text("serviceName"), node.text("servicePort"), node.place("serviceName")


def _traefik(manifest: MapNode) -> Traffic:
    """The routes of an IngressRoute; its middlewares stand in objects of their own."""
    name, namespace = identity(manifest)
    routes: list[GatewayRoute] = []
    rules: list[TrafficPolicy] = []
    for route in manifest.at("spec").maps("routes"):
        hosts, matches = matches_of(route.text("match"))
        targets = [each for each in route.maps("services") if each.text("name")]
        if not targets:
            continue
        rules.append(
            TrafficPolicy(
                kind="ingressroute",
                name=name,
                hosts=hosts or ("*",),
                extent=route.extent,
                matches=matches,
                destinations=tuple(each.text("name") for each in targets),
                namespace=namespace,
                gateways=(name,),
            )
        )
        for host in hosts or ("",):
            for match in matches or (RouteMatch(),):
                path = plain_prefix(match.path or "/")
                target, port = targets[0].text("name"), targets[0].text("port")
                routes.append(GatewayRoute(name, host, path, target, port, None, route.extent))
    return Traffic(tuple(routes), tuple(rules))


def service_annotations(manifest: MapNode) -> Iterator[TrafficPolicy]:
    """What annotations of Linkerd on a Service say of all calls to it."""
    name, namespace = identity(manifest)
    annotations = manifest.at("metadata", "annotations")
    keys = ("timeout.linkerd.io/request", "timeout.linkerd.io/response")
    key = next((each for each in keys if annotations.text(each)), "")
    retry = annotations.text("retry.linkerd.io/http") or annotations.text("retry.linkerd.io/grpc")
    breaker = annotations.text("balancer.linkerd.io/failure-accrual")
    if not (key or retry or breaker):
        return
    timeout = duration(annotations.text(key)) if key else None
    place = next(
        (each.extent for each, node in annotations.entries if isinstance(node, TextNode) and each.text == key),
        annotations.extent,
    )
    yield TrafficPolicy(
        kind="service",
        name=name,
        hosts=(name,),
        extent=place,
        destinations=(name,),
        namespace=namespace,
        timeout=(timeout,) if timeout is not None else (),
        retries=count(annotations.text("retry.linkerd.io/limit") or ("1" if retry else "")),
        retry_on=retry,
        outlier_detection=True if breaker and as_text(annotations.get("balancer.linkerd.io/failure-accrual")) else None,
    )
