"""Istio: VirtualServices and DestinationRules."""

from __future__ import annotations

import re
from collections.abc import Iterator

from commlint.extract.durations import count, duration
from commlint.extract.nodes import MapNode, as_text
from commlint.extract.traffic import ANY, Traffic, identity, prefix_of
from commlint.model.traffic import Detection, GatewayRoute, RouteMatch, TrafficPolicy
from commlint.model.values import Literal, Value

KINDS = ("VirtualService", "DestinationRule")
# What is tried again when a rule that retries does not say so.
_RETRY_ON = "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes"
_HOWS = (("prefix", "prefix"), ("exact", "exact"), ("regex", "pattern"))
_OTHER_CONDITIONS = (
    "headers", "queryParams", "withoutHeaders", "sourceLabels", "sourceNamespace", "authority", "scheme",
)  # fmt: skip
_WORDS = re.compile(r"\^?\(?(\w+(?:\|\w+)*)\)?\$?")


def read(manifest: MapNode) -> Traffic:
    """What a VirtualService or DestinationRule declares."""
    if manifest.text("kind") == "DestinationRule":
        return Traffic(rules=tuple(_destination_rule(manifest)))
    found = Traffic()
    for rule in manifest.at("spec").maps("http"):
        found += _http(manifest, rule)
    return found


def _http(manifest: MapNode, rule: MapNode) -> Traffic:
    spec, (name, namespace) = manifest.at("spec"), identity(manifest)
    delegate = rule.at("delegate")
    destinations = tuple(dict.fromkeys(filter(None, map(_host, rule.maps("route")))))
    if not destinations and not delegate.entries:
        return Traffic()
    hosts = tuple(filter(None, map(as_text, spec.items("hosts"))))
    gateways = tuple(filter(None, map(as_text, spec.items("gateways")))) or ("mesh",)
    matches = tuple(map(_match, rule.maps("match")))
    retries = rule.at("retries")
    timeout = duration(rule.text("timeout"))
    policy = TrafficPolicy(
        kind="virtualservice",
        name=name,
        hosts=hosts,
        extent=rule.extent,
        matches=matches,
        destinations=destinations,
        namespace=namespace,
        gateways=gateways,
        delegate=_delegate(delegate, namespace),
        timeout=(timeout,) if timeout is not None else (),
        per_try=duration(retries.text("perTryTimeout")),
        retries=_attempts(retries),
        retry_on=retries.text("retryOn") or (_RETRY_ON if retries.entries else ""),
        visible=_visible(spec, namespace),
        subsets=_subsets(rule),
        timeout_entry="timeout",
    )
    return Traffic(tuple(_routes(policy, rule)), (policy,))


def _host(way: MapNode) -> str:
    """The host of a way, by either name that versions of Istio gave it."""
    destination = way.at("destination")
    return destination.text("host") or destination.text("name")


def _attempts(retries: MapNode) -> Value | None:
    """How often a rule tries again: as it says, once for one that says nothing, not at all with `{}`."""
    return count(retries.text("attempts"))


def _delegate(node: MapNode, namespace: str) -> str:
    name = node.text("name")
    return "/".join(filter(None, (node.text("namespace") or namespace, name))) if name else ""


def _subsets(rule: MapNode) -> tuple[str, ...]:
    """The subsets requests go to, "" among them where some go to all of a host; empty when none is named."""
    found = {each.at("destination").text("subset") for each in rule.maps("route")}
    return () if found == {""} else tuple(sorted(found))


def _visible(spec: MapNode, namespace: str) -> tuple[str, ...]:
    """The namespaces an object is exported to, empty for all and where nobody can tell."""
    named = tuple(map(as_text, spec.items("exportTo")))
    meant = tuple(namespace if each == "." else each for each in named)
    return () if "*" in meant or "" in meant else meant


def _match(node: MapNode) -> RouteMatch:
    uri, method = node.at("uri"), node.at("method")
    how, path = next(((how, uri.text(key)) for key, how in _HOWS if uri.get(key) is not None), ("", ""))
    words = _WORDS.fullmatch(method.text("exact") or method.text("regex"))
    port = node.text("port")
    return RouteMatch(
        path,
        how,
        tuple(words[1].split("|")) if words else (),
        any(node.get(key) is not None for key in _OTHER_CONDITIONS) or bool(method.entries and not words),
        node.text("ignoreUriCase").lower() == "true",
        int(port) if port.isascii() and port.isdigit() else None,
        tuple(map(as_text, node.items("gateways"))),
    )


def _routes(policy: TrafficPolicy, rule: MapNode) -> Iterator[GatewayRoute]:
    """Where requests go: the heaviest destination of each way in."""
    ways = list(filter(_host, rule.maps("route")))
    if not ways:
        return
    heaviest = max(ways, key=lambda each: _weight(each.text("weight")))
    destination = heaviest.at("destination")
    rewrite, replaced = rule.at("rewrite").text("uri") or None, rule.at("rewrite", "uriRegexRewrite")
    gateway = "mesh" if "mesh" in policy.gateways else policy.gateways[0].rpartition("/")[2]
    for host in policy.hosts:
        for match in policy.matches or (ANY,):
            yield GatewayRoute(
                gateway=gateway,
                host="" if host == "*" else host,
                path=prefix_of(match),
                target=_host(heaviest),
                port=destination.at("port").text("number"),
                rewrite=rewrite,
                extent=rule.extent,
                match=match,
                pattern=replaced.text("match"),
                replacement=replaced.text("rewrite"),
            )


def _weight(text: str) -> int:
    found = count(text)
    return found.value if isinstance(found, Literal) and isinstance(found.value, int) else 0


def _destination_rule(manifest: MapNode) -> Iterator[TrafficPolicy]:
    spec, (name, namespace) = manifest.at("spec"), identity(manifest)
    host = spec.text("host")
    if not host:
        return
    general = spec.at("trafficPolicy")
    everywhere = _detects(general)
    detections = [Detection(_detects(port), "", port.at("port").text("number")) for port in general.maps(_PORTS)]
    for subset in spec.maps("subsets"):
        own = subset.at("trafficPolicy")
        # What a subset does not say holds for it as for the others, what a port does not say is switched off.
        detections.append(Detection(everywhere or _detects(own), subset.text("name")))
        detections += [
            Detection(_detects(port), subset.text("name"), port.at("port").text("number")) for port in own.maps(_PORTS)
        ]
    yield TrafficPolicy(
        kind="destinationrule",
        name=name,
        hosts=(host,),
        extent=manifest.extent,
        namespace=namespace,
        outlier_detection=everywhere or any(each.detects for each in detections),
        visible=_visible(spec, namespace),
        detections=(Detection(everywhere), *detections),
    )


_PORTS = "portLevelSettings"


def _detects(policy: MapNode) -> bool:
    return policy.get("outlierDetection") is not None
