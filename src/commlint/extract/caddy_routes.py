"""A Caddyfile: sites, the paths they hand over, and what is said of the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from commlint.extract.durations import count, duration
from commlint.extract.interpolation import interpolate
from commlint.extract.traffic import ANY, Traffic, plain_prefix
from commlint.model.places import Extent
from commlint.model.traffic import GatewayRoute, RouteMatch, TrafficPolicy
from commlint.model.values import Value

DEPTH_LIMIT = 30
DIRECTIVE_LIMIT = 20_000

_SIGN = re.compile(rb"^[ \t]*reverse_proxy\b", re.MULTILINE)
_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|`[^`]*`|[^\s"`]\S*')
_PLACEHOLDER = re.compile(r"\{(?:\$|env\.)(\w+)(?::([^}]*))?\}")
_NESTED = frozenset(("handle", "handle_path", "route"))


@dataclass(slots=True)
class _Directive:
    words: list[str]
    line: int
    inside: list[_Directive]
    cut: int = 0

    def all(self, *names: str) -> Iterator[_Directive]:
        return (each for each in self.inside if each.words and each.words[0] in names)

    def first(self, name: str) -> str:
        return next((each.words[1] for each in self.all(name) if len(each.words) > 1), "")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a directive stands: the hosts of its site, the requests around it, and what of their path is cut off."""

    hosts: tuple[str, ...]
    matchers: dict[str, RouteMatch]
    match: RouteMatch = ANY
    cut: str = ""


def is_caddy(source: bytes) -> bool:
    """Whether a text seems to be a Caddyfile that passes requests on."""
    return _SIGN.search(source) is not None and b"{" in source


def routes_in(text: str) -> Traffic:
    """The routes and rules of a Caddyfile, in the order written; total."""
    root = _parse(text)
    found = Traffic(cut=root.cut)
    for site in root.inside:
        hosts = tuple(filter(None, (_host(word) for word in site.words)))
        for each in _passed(site, _Place(hosts, dict(_matchers(site)))):
            found += each
    return found


def _parse(text: str) -> _Directive:
    root = _Directive([], 1, [])
    stack, made = [root], 0
    for number, line in enumerate(text.splitlines(), 1):
        words = [word.strip('"`') for word in _TOKEN.findall(re.sub(r"(?:^|\s)#.*", "", line))]
        opens = words[-1:] == ["{"]
        if words[:1] == ["}"]:
            if len(stack) > 1:
                stack.pop()
            continue
        if len(stack) > DEPTH_LIMIT or made > DIRECTIVE_LIMIT:
            root.cut = number
            break
        if not words:
            continue
        made += 1
        directive = _Directive(words[:-1] if opens else words, number, [])
        stack[-1].inside.append(directive)
        if opens:
            stack.append(directive)
    if not any(each.inside for each in root.inside):
        # One site needs no braces: its address stands on the first line.
        return _Directive([], 1, [_Directive(root.inside[0].words if root.inside else [], 1, root.inside[1:])])
    return root


def _host(word: str) -> str:
    bare = word.rstrip(",").partition("://")[2] or word.rstrip(",")
    bare = bare.partition("/")[0].rpartition(":")[0] if ":" in bare else bare.partition("/")[0]
    return "" if not bare or "{" in bare or bare in ("*", "localhost") else bare


def _matchers(site: _Directive) -> Iterator[tuple[str, RouteMatch]]:
    for each in site.inside:
        if each.words and each.words[0].startswith("@"):
            parts = [each.words[1:]] if len(each.words) > 1 else [inner.words for inner in each.inside]
            path = next((part[1] for part in parts if part[:1] == ["path"] and len(part) > 1), "")
            methods = next((tuple(part[1:]) for part in parts if part[:1] == ["method"]), ())
            partly = any(
                part[:1] not in (["path"], ["method"]) or (part[0] == "path" and len(part) > 2) for part in parts
            )
            match = _match(path)
            yield each.words[0], RouteMatch(match.path, match.how, methods, partly)


def _match(path: str) -> RouteMatch:
    if not path.startswith("/") or path == "/*":
        return RouteMatch()
    if path.endswith("*"):
        return RouteMatch(path.rstrip("*"), "prefix")
    return RouteMatch(path, "exact")


def _passed(block: _Directive, place: _Place) -> Iterator[Traffic]:
    strips = (each.words[2] for each in block.all("uri") if each.words[1:2] == ["strip_prefix"] and len(each.words) > 2)
    cut = place.cut or next(strips, "")
    for each in block.inside:
        word = each.words[0] if each.words else ""
        named = each.words[1] if len(each.words) > 1 else ""
        given = place.matchers.get(named, RouteMatch()) if named.startswith("@") else _match(named)
        match = given if given != RouteMatch() else place.match
        if word in _NESTED:
            prefix = given.path.rstrip("/") if word == "handle_path" else cut
            yield from _passed(each, _Place(place.hosts, place.matchers, match, prefix))
        elif word == "reverse_proxy":
            yield _rule(each, _Place(place.hosts, place.matchers, match, cut))


def _rule(directive: _Directive, place: _Place) -> Traffic:
    words = [word for word in directive.words[1:] if not word.startswith(("/", "@")) and word != "*"]
    words += [word for each in directive.all("to") for word in each.words[1:]]
    match, extent = place.match, Extent(directive.line, 1, directive.line, 1)
    transport = next(directive.all("transport"), _Directive([], 1, []))
    timeout = duration(transport.first("response_header_timeout") or transport.first("read_timeout"))
    rule = TrafficPolicy(
        kind="caddy",
        name=" ".join(place.hosts),
        hosts=place.hosts or ("*",),
        extent=extent,
        matches=() if match == RouteMatch() else (match,),
        destinations=tuple(dict.fromkeys(_bare(word).rpartition(":")[0] or _bare(word) for word in words)),
        gateways=("",),
        timeout=(timeout,) if timeout is not None else (),
        retries=count(directive.first("lb_retries")),
        outlier_detection=True if directive.first("max_fails") or directive.first("fail_duration") else None,
    )
    rewrite = "/" if place.cut else None
    prefix = place.cut or (plain_prefix(match.path) if match.how else "/")
    routes = tuple(
        GatewayRoute("", "" if host == "*" else host, prefix, "", "", rewrite, extent, _address(word), match)
        for host in rule.hosts
        for word in dict.fromkeys(words)
    )
    return Traffic(routes, (rule,)) if words else Traffic()


def _bare(word: str) -> str:
    return word.partition("://")[2] or word


def _address(word: str) -> Value:
    """A host with the variables of the environment left to the deployment."""

    def written(found: re.Match[str]) -> str:
        return "${" + found[1] + (f":-{found[2]}" if found[2] else "") + "}"

    return interpolate(_PLACEHOLDER.sub(written, _bare(word)))
