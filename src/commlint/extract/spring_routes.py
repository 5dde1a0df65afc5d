"""Routes of Spring Cloud Gateway and Zuul in configuration keys."""

from __future__ import annotations

import re
from collections.abc import Iterator

from commlint.extract.placeholders import placeholders
from commlint.extract.settings import Keys, Setting
from commlint.model.declarations import GatewayRoute

_GATEWAYS = ("spring.cloud.gateway", "spring.cloud.gateway.server.webflux", "spring.cloud.gateway.server.webmvc",
             "spring.cloud.gateway.mvc")  # fmt: skip


def routes(keys: Keys) -> Iterator[GatewayRoute]:
    """All routes that one document declares, in the order written."""
    yield from _zuul(keys)
    for gateway in _GATEWAYS:
        general = [_filter(each) for each in keys.below(f"{gateway}.default-filters").values()]
        for route in keys.below(f"{gateway}.routes").values():
            yield from _cloud(route, general)


def _zuul(keys: Keys) -> Iterator[GatewayRoute]:
    prefix = keys.text("zuul.prefix").rstrip("/")
    for name, route in keys.below("zuul.routes").items():
        whole = route.get("")
        path = whole.text if whole is not None else route.text("path") or f"/{name}/**"
        target = route.get("url", "service-id", "location")
        place = target or whole or next(iter(route))
        strips = route.text("strip-prefix").lower() != "false"
        fixed = _prefix(path)
        yield GatewayRoute(
            gateway="",
            host="",
            path=f"{prefix}{fixed}" or "/",
            target="",
            port="",
            rewrite="/" if strips else None,
            extent=place.extent,
            address=placeholders(target.text if target is not None else name),
        )


def _cloud(route: Keys, general: list[tuple[str, str]]) -> Iterator[GatewayRoute]:
    uri = route.get("uri")
    if uri is None or uri.text.startswith(("forward:", "no:")):
        return
    predicates = [_filter(each) for each in route.below("predicates").values()]
    filters = [*general, *(_filter(each) for each in route.below("filters").values())]
    hosts = [host.strip() for name, given in predicates if name == "host" for host in given.split(",")]
    paths = [path.strip() for name, given in predicates if name == "path" for path in _patterns(given)]
    for path in paths or ["/**"]:
        fixed = _prefix(path)
        yield GatewayRoute(
            gateway="",
            host=hosts[0] if len(hosts) == 1 and "*" not in hosts[0] else "",
            path=fixed,
            target="",
            port="",
            rewrite=_rewritten(fixed, filters),
            extent=uri.extent,
            address=placeholders(uri.text),
        )


def _patterns(given: str) -> list[str]:
    """Several patterns of one predicate; commas inside braces belong to a pattern."""
    return [each for each in re.split(r",(?![^{]*\})", given) if each.strip().startswith(("/", "$"))]


def _filter(keys: Keys) -> tuple[str, str]:
    """Name and arguments of a predicate or filter, in its short form or written out."""
    short = keys.get("")
    if short is not None:
        name, _, given = short.text.partition("=")
        return name.strip().lower(), given.strip()
    arguments: list[Setting] = []
    for each in keys:
        if each.key != "name":
            arguments.append(each)
    return keys.text("name").lower(), ",".join(each.text for each in arguments if not each.items)


def _prefix(pattern: str) -> str:
    """A path pattern up to the segment of its first wildcard or variable."""
    plain = re.split(r"[*{?]", pattern, maxsplit=1)[0]
    return (plain.rstrip("/") if plain == pattern else plain[: plain.rfind("/")]) or "/"


def _rewritten(path: str, filters: list[tuple[str, str]]) -> str | None:
    """What the filters of a route make of its fixed prefix, None when they leave it alone."""
    changed = path
    for name, given in filters:
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
