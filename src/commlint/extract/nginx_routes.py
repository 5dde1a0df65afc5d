"""Locations of an nginx configuration that pass requests on, and what it says of the way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from commlint.extract.durations import count, duration
from commlint.extract.interpolation import join
from commlint.extract.nginx_text import Directive, parse
from commlint.extract.traffic import Traffic
from commlint.model.places import Extent
from commlint.model.traffic import GatewayRoute, RouteMatch, TrafficPolicy
from commlint.model.values import EnvironmentRead, Literal, Unknown, Value

_PASSES = ("proxy_pass", "grpc_pass", "uwsgi_pass", "fastcgi_pass")
_SIGN = re.compile(rb"\b(?:proxy|grpc|uwsgi|fastcgi)_pass\b")
_VARIABLE = re.compile(r"\$\{(\w+)\}|\$(\w+)")
_URL = re.compile(r"^(?P<scheme>\w+://)?(?P<host>[^/]*)(?P<path>/.*)?$")
_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
_ALTERNATIVES = 20


def is_nginx(source: bytes) -> bool:
    """Whether a text seems to be a configuration of nginx that passes requests on."""
    return _SIGN.search(source) is not None and b"{" in source


def routes_in(text: str) -> Traffic:
    """The routes and rules of a configuration, in the order written; total."""
    root = parse(text)
    upstreams = {
        each.arguments[0]: tuple(server.arguments[0] for server in each.all("server") if server.arguments)
        for each in root.walk()
        if each.name == "upstream" and each.arguments
    }
    known = _Known(upstreams, _maps(root))
    found = Traffic(cut=root.cut)
    for server in _servers(root, ()):
        for each in _locations(server, known):
            found += each
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """Servers by the name of their upstream, and what variables may be: by what they depend on, then by its value."""

    upstreams: Mapping[str, tuple[str, ...]]
    maps: Mapping[str, tuple[str, Mapping[str, str]]]


def _maps(root: Directive) -> dict[str, tuple[str, Mapping[str, str]]]:
    """What `map` and `split_clients` make of a variable."""
    return {
        each.arguments[1].lstrip("$"): (
            each.arguments[0].lstrip("$"),
            {line.name: line.arguments[0] for line in each.inside if line.arguments},
        )
        for each in root.walk()
        if each.name in ("map", "split_clients") and len(each.arguments) > 1
    }


@dataclass(frozen=True, slots=True)
class _Server:
    """A server block with the blocks around it, outermost first."""

    block: Directive
    around: tuple[Directive, ...]


def _servers(block: Directive, around: tuple[Directive, ...]) -> Iterator[_Server]:
    loose = [each for each in block.inside if each.name == "location"]
    if loose and block.name != "server" and block.name != "location":
        # A part that another file takes in has locations without a server.
        yield _Server(Directive("server", (), block.line, loose), (*around, block))
    for each in block.inside:
        if each.name == "server" and each.inside:
            yield _Server(each, (*around, block))
        elif each.name in ("http", "stream"):
            yield from _servers(each, (*around, block))


def _locations(server: _Server, known: _Known) -> Iterator[Traffic]:
    hosts = tuple(
        name
        for each in server.block.all("server_name")
        for name in each.arguments
        if name not in ("_", "localhost", "")
    )
    plain = tuple(host for host in hosts if not re.search(r"[*~$]", host))
    pending = [(each, (*server.around, server.block)) for each in server.block.all("location")]
    while pending:
        location, around = pending.pop(0)
        pending.extend((each, (*around, location)) for each in location.all("location"))
        for each in (*location.inside, *(inner for block in location.all("if") for inner in block.inside)):
            if each.name in _PASSES and each.arguments:
                for methods, target in _targets(each.arguments[0], (*around, location), known):
                    yield _passed(_Passing(location, each, (*around, location), target, methods), plain, known)


def _targets(written: str, around: tuple[Directive, ...], known: _Known) -> Iterator[tuple[tuple[str, ...], str]]:
    """Where requests go, by method where that decides: `http://orders_$request_method`, or a variable of a `map`."""
    host = _filled(written, around)
    names = {found[1] or found[2] for found in _VARIABLE.finditer(host)}
    chosen = next((name for name in sorted(names) if name in known.maps), "")
    if "request_method" in names:
        for method in _METHODS:
            target = host.replace("$request_method", method).replace("${request_method}", method)
            url = _URL.match(target)
            if url and url["host"] in known.upstreams:
                yield (method,), target
    elif chosen:
        by, values = known.maps[chosen]
        for value, target in islice(values.items(), _ALTERNATIVES):
            methods = (value.upper(),) if by == "request_method" and value.upper() in _METHODS else ()
            yield methods, host.replace(f"${{{chosen}}}", target).replace(f"${chosen}", target)
    else:
        yield (), written


@dataclass(frozen=True, slots=True)
class _Passing:
    """A location that passes requests (of these methods) on, the blocks around it with it, and where they go."""

    location: Directive
    directive: Directive
    around: tuple[Directive, ...]
    target: str
    methods: tuple[str, ...]

    def stated(self, name: str) -> tuple[str, ...]:
        """The arguments of a directive of this kind of passing, by the innermost block that has it."""
        kind = self.directive.name.removesuffix("_pass")
        found = (each.arguments for block in reversed(self.around) for each in block.all(f"{kind}_{name}"))
        return next(found, ())

    @property
    def match(self) -> RouteMatch:
        found = _match(self.location.arguments)
        return RouteMatch(found.path, found.how, self.methods)


def _passed(passing: _Passing, hosts: tuple[str, ...], known: _Known) -> Traffic:
    match, url = passing.match, _URL.match(passing.target)
    prefix = match.path if match.how in ("prefix", "exact") else "/"
    host, path = (url["host"], url["path"] or "") if url else (passing.target, "")
    tries = "".join(passing.stated("next_upstream_tries")[:1])
    timeout = duration("".join(passing.stated("read_timeout")[:1]))
    line = passing.directive.line
    rule = TrafficPolicy(
        kind="nginx",
        name=" ".join(passing.location.arguments),
        hosts=hosts or ("*",),
        extent=Extent(line, 1, line, 1),
        matches=(match,) if match != RouteMatch() else (),
        destinations=(host.partition(":")[0],),
        gateways=("",),
        timeout=(timeout,) if timeout is not None else (),
        retries=count(str(int(tries) - 1)) if tries.isdigit() and int(tries) else None,
        retry_on=",".join(passing.stated("next_upstream")),
    )
    pattern, replacement = _replaced(passing, path)
    rewrite = path if path and "$" not in path and match.how != "pattern" else None
    routes = tuple(
        GatewayRoute(
            gateway="",
            host="" if name == "*" else name,
            path=prefix,
            target="",
            port="",
            rewrite=rewrite,
            extent=rule.extent,
            address=_address(server, passing.around),
            match=match,
            pattern=pattern,
            replacement=replacement,
        )
        for name in rule.hosts
        for server in known.upstreams.get(host, (host,))
    )
    return Traffic(routes, (rule,))


def _match(arguments: tuple[str, ...]) -> RouteMatch:
    if not arguments:
        return RouteMatch()
    modifier, path = (arguments[0], arguments[1]) if len(arguments) > 1 else ("", arguments[0])
    hows = {"": "prefix", "^~": "prefix", "=": "exact", "~": "pattern", "~*": "pattern"}
    if path.startswith("@"):
        return RouteMatch()
    if hows.get(modifier) == "pattern":
        return RouteMatch(path if path.endswith("$") else path + ".*", "pattern")
    return RouteMatch(path, hows.get(modifier, "prefix"))


def _replaced(passing: _Passing, path: str) -> tuple[str, str]:
    """What becomes of the whole path: by `rewrite`, or where the address names groups of the location's pattern."""
    for each in passing.location.all("rewrite"):
        if len(each.arguments) >= 2 and not path.strip("/"):
            return each.arguments[0], each.arguments[1].partition("?")[0]
    if passing.match.how == "pattern" and path and "$uri" not in path and "$request_uri" not in path:
        return passing.match.path, path.partition("?")[0].replace("$is_args", "").replace("$args", "")
    return "", ""


def _filled(text: str, around: tuple[Directive, ...]) -> str:
    """A text with the variables that the configuration sets filled in."""
    given = {
        each.arguments[0].lstrip("$"): each.arguments[1]
        for block in around
        for each in block.all("set")
        if len(each.arguments) > 1
    }
    for _ in range(3):
        text = _VARIABLE.sub(lambda found: given.get(found[1] or found[2], found[0]), text)
    return text


def _address(server: str, around: tuple[Directive, ...]) -> Value:
    """A host with the variables of the environment left to the deployment."""
    text = _filled(server, around)
    url = _URL.match(text)
    text = url["host"] if url else text
    parts: list[Value] = []
    position = 0
    for found in _VARIABLE.finditer(text):
        parts.append(Literal(text[position : found.start()]))
        name = found[1] or found[2]
        parts.append(EnvironmentRead(name) if name.isupper() else Unknown(f"the variable ${name} of nginx"))
        position = found.end()
    parts.append(Literal(text[position:]))
    return join(parts)
