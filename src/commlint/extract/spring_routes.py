"""Routes of Spring Cloud Gateway and Zuul in configuration keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from commlint.extract.durations import count, duration
from commlint.extract.settings import Keys
from commlint.extract.traffic import Traffic
from commlint.model.placeholders import placeholders
from commlint.model.traffic import GatewayRoute, RouteMatch, TrafficPolicy
from commlint.model.values import ConfigRead, Value

_GATEWAYS = ("spring.cloud.gateway", "spring.cloud.gateway.server.webflux", "spring.cloud.gateway.server.webmvc",
             "spring.cloud.gateway.mvc")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filter:
    """A predicate or filter: its name in lower case, its arguments as one text, and all its keys."""

    name: str
    given: str
    keys: Keys


def traffic(keys: Keys) -> Traffic:
    """All routes that one document declares with what holds on them, in the order written."""
    found = _zuul(keys)
    for gateway in _GATEWAYS:
        general = [_filter(each) for each in keys.below(f"{gateway}.default-filters").values()]
        for route in keys.below(f"{gateway}.routes").values():
            found += _cloud(gateway, route, general)
    return found


def _zuul(keys: Keys) -> Traffic:
    prefix = keys.text("zuul.prefix").rstrip("/")
    found = Traffic()
    for name, route in keys.below("zuul.routes").items():
        whole = route.get("")
        path = whole.text if whole is not None else route.text("path") or f"/{name}/**"
        target = route.get("url", "service-id", "location")
        place = target or whole or next(iter(route))
        strips = route.text("strip-prefix").lower() != "false"
        address = target.text if target is not None else name
        rule = TrafficPolicy(
            kind="zuul-route",
            name=name,
            hosts=("*",),
            extent=place.extent,
            matches=(RouteMatch(f"{prefix}{_prefix(path)}".rstrip("/") or "/", "prefix"),),
            destinations=(address.rpartition("://")[2].split("/")[0],),
            gateways=("",),
            timeout=_zuul_bounds(address),
            scale=0.001,
        )
        found += _with_routes(rule, address, "/" if strips else None)
    return found


def _zuul_bounds(address: str) -> tuple[Value, ...]:
    """The keys that bound a route: those of the host for a URL, of Ribbon and Hystrix for the name of a service."""
    if "://" in address:
        return (ConfigRead("zuul.host.socket-timeout-millis"),)
    hystrix = "hystrix.command.{}.execution.isolation.thread.timeoutInMilliseconds"
    return (
        ConfigRead(f"{address}.ribbon.ReadTimeout", ConfigRead("ribbon.ReadTimeout")),
        ConfigRead(hystrix.format(address), ConfigRead(hystrix.format("default"))),
    )


def _with_routes(rule: TrafficPolicy, address: str, rewrite: str | None) -> Traffic:
    """A rule with a route for each of its hosts and paths."""
    routes = tuple(
        GatewayRoute(
            "", "" if host == "*" else host, match.path, "", "", rewrite, rule.extent, placeholders(address), match
        )
        for host in rule.hosts
        for match in rule.matches
    )
    return Traffic(routes, (rule,))


def _cloud(gateway: str, route: Keys, general: list[Filter]) -> Traffic:
    uri = route.get("uri")
    if uri is None or uri.text.startswith(("forward:", "no:")):
        return Traffic()
    predicates = [_filter(each) for each in route.below("predicates").values()]
    filters = [*general, *(_filter(each) for each in route.below("filters").values())]
    hosts = tuple(host.strip() for each in predicates if each.name == "host" for host in each.given.split(","))
    methods = tuple(part.strip() for each in predicates if each.name == "method" for part in each.given.split(","))
    partly = any(each.name not in ("path", "host", "method") for each in predicates)
    paths = [path.strip() for each in predicates if each.name == "path" for path in _patterns(each.given)]
    stated = duration(route.text("metadata.response-timeout"), 0.001)
    retries = next((each for each in filters if each.name == "retry"), None)
    found = Traffic()
    for path in paths or ["/**"]:
        fixed = _prefix(path)
        rule = TrafficPolicy(
            kind="scg-route",
            name=route.text("id"),
            hosts=tuple(host for host in hosts if "*" not in host) or ("*",),
            extent=uri.extent,
            matches=(RouteMatch(fixed, "prefix", methods, partly),),
            destinations=(uri.text.rpartition("://")[2].split("/")[0],),
            gateways=("",),
            timeout=(stated if stated is not None else ConfigRead(f"{gateway}.httpclient.response-timeout"),),
            scale=1.0 if stated is not None else 0.001,
            retries=count(retries.keys.text("retries", "args.retries") or retries.given or "3") if retries else None,
        )
        found += _with_routes(rule, uri.text, _rewritten(fixed, filters))
    # Several paths of one route are one rule.
    return Traffic(found.routes, tuple(_joined(found.rules)))


def _joined(rules: tuple[TrafficPolicy, ...]) -> Iterator[TrafficPolicy]:
    if rules:
        yield replace(rules[0], matches=tuple(match for rule in rules for match in rule.matches))


def _patterns(given: str) -> list[str]:
    """Several patterns of one predicate; commas inside braces belong to a pattern."""
    return [each for each in re.split(r",(?![^{]*\})", given) if each.strip().startswith(("/", "$"))]


def _filter(keys: Keys) -> Filter:
    """A predicate or filter, in its short form or written out."""
    short = keys.get("")
    if short is not None:
        name, _, given = short.text.partition("=")
        return Filter(name.strip().lower(), given.strip(), keys)
    arguments = (each.text for each in keys if each.key != "name" and not each.items)
    return Filter(keys.text("name").lower(), ",".join(arguments), keys)


def _prefix(pattern: str) -> str:
    """A path pattern up to the segment of its first wildcard or variable."""
    plain = re.split(r"[*{?]", pattern, maxsplit=1)[0]
    return (plain.rstrip("/") if plain == pattern else plain[: plain.rfind("/")]) or "/"


def _rewritten(path: str, filters: list[Filter]) -> str | None:
    """What the filters of a route make of its fixed prefix, None when they leave it alone."""
    changed = path
    for name, given in ((each.name, each.given) for each in filters):
        if name == "stripprefix":
            count = int(given) if given.isdigit() else 1
            changed = "/" + "/".join(part for part in changed.split("/") if part)
            changed = "/" + "/".join(changed.strip("/").split("/")[count:])
        elif name == "prefixpath":
            changed = given.rstrip("/") + (changed if changed != "/" else "")
        elif name == "setpath":
            changed = _prefix(given)
        elif name == "rewritepath":
            changed = _replaced(changed, given)
    return changed if changed != path else None


def _replaced(path: str, given: str) -> str:
    """
    `RewritePath=/api/(?<rest>.*), /$\\{rest}`: the fixed beginning of the expression gives way to that of the text.
    """
    expression, _, text = given.partition(",")
    fixed = re.split(r"[(\[*?.\\^$]", expression.strip(), maxsplit=1)[0].rstrip("/")
    new = re.split(r"\$", text.strip(), maxsplit=1)[0].rstrip("/")
    if not path.startswith(fixed or "/"):
        return path
    return new + path[len(fixed) :] or "/"
