"""Configuration of nginx: locations that pass requests on, with their timeouts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from commlint.extract.durations import count, duration
from commlint.extract.interpolation import join
from commlint.extract.nginx_text import Directive, parse
from commlint.extract.port import FormatReader
from commlint.extract.yaml import decode
from commlint.model.declarations import Declarations, GatewayRoute, RouteMatch, TrafficPolicy
from commlint.model.facts import Notice
from commlint.model.places import Extent
from commlint.model.values import EnvironmentRead, Literal, Unknown, Value

SIZE_LIMIT = 1_000_000

_PASSES = ("proxy_pass", "grpc_pass", "uwsgi_pass", "fastcgi_pass")
_SIGN = re.compile(rb"\b(?:proxy|grpc|uwsgi|fastcgi)_pass\b")
_VARIABLE = re.compile(r"\$\{(\w+)\}|\$(\w+)")
_URL = re.compile(r"^(?P<scheme>\w+://)?(?P<host>[^/]*)(?P<path>/.*)?$")


class NginxReader(FormatReader):
    """Reads `nginx.conf` and its parts, also as templates that the image fills in from the environment."""

    name: ClassVar[str] = "nginx"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("*.conf", "*.conf.*", "*.nginx", "nginx*", "default*", "*.template")

    def claims(self, path: str, source: bytes) -> bool:
        return (
            _SIGN.search(source) is not None and b"{" in source and not path.lower().endswith((".md", ".yaml", ".yml"))
        )

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        if len(source) > SIZE_LIMIT:
            much = Notice(path, 0, f"more than {SIZE_LIMIT} bytes are no configuration of nginx; it was not read")
            return Declarations(self.name), (much,)
        text, notices = decode(path, source)
        root = parse(text)
        upstreams = {
            each.arguments[0]: tuple(server.arguments[0] for server in each.all("server") if server.arguments)
            for each in root.walk()
            if each.name == "upstream" and each.arguments
        }
        found = [each for server in _servers(root, ()) for each in _locations(server, upstreams)]
        routes = tuple(route for _, several in found for route in several)
        return Declarations(self.name, routes=routes, traffic=tuple(rule for rule, _ in found)), notices


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


Found = tuple[TrafficPolicy, tuple[GatewayRoute, ...]]


def _locations(server: _Server, upstreams: Mapping[str, tuple[str, ...]]) -> Iterator[Found]:
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
                yield _passed(location, each, (*around, location), plain, upstreams)


def _passed(
    location: Directive, passing: Directive, around: tuple[Directive, ...], hosts: tuple[str, ...],
    upstreams: Mapping[str, tuple[str, ...]],
) -> Found:  # fmt: skip
    match = _match(location.arguments)
    prefix = match.path if match.how in ("prefix", "exact") else "/"
    url = _URL.match(passing.arguments[0])
    host, path = (url["host"], url["path"] or "") if url else (passing.arguments[0], "")
    kind = passing.name.removesuffix("_pass")
    read = next(filter(None, (each.first(f"{kind}_read_timeout") for each in reversed(around))), "")
    tries = next(filter(None, (each.first(f"{kind}_next_upstream_tries") for each in reversed(around))), "")
    on = next((each.arguments for block in reversed(around) for each in block.all(f"{kind}_next_upstream")), ())
    timeout = duration(read)
    extent = Extent(passing.line, 1, passing.line, 1)
    rule = TrafficPolicy(
        kind="nginx",
        name=" ".join(location.arguments),
        hosts=hosts or ("*",),
        extent=extent,
        matches=(match,) if match.how else (),
        destinations=(host.partition(":")[0],),
        gateways=("",),
        timeout=(timeout,) if timeout is not None else (),
        retries=count(str(int(tries) - 1)) if tries.isdigit() and int(tries) else None,
        retry_on=",".join(on),
    )
    rewrite = path if path and "$" not in path else _rewritten(location, prefix)
    routes = tuple(
        GatewayRoute("", "" if name == "*" else name, prefix, "", "", rewrite, extent, _address(server, around))
        for name in rule.hosts
        for server in upstreams.get(host, (host,))
    )
    return rule, routes


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


def _rewritten(location: Directive, prefix: str) -> str | None:
    """What `rewrite ^/api/(.*)$ /$1 break` makes of the prefix."""
    for each in location.all("rewrite"):
        if len(each.arguments) >= 2:
            fixed = re.split(r"[(\[*?.\\^$]", each.arguments[0].lstrip("^"), maxsplit=1)[0].rstrip("/")
            new = each.arguments[1].split("$", 1)[0].rstrip("/")
            if fixed and prefix.rstrip("/").startswith(fixed):
                return new + prefix.rstrip("/")[len(fixed) :] or "/"
    return None


def _address(server: str, around: tuple[Directive, ...]) -> Value:
    """A host with variables that the configuration sets filled in, those of the environment left to the deployment."""
    given = {
        each.arguments[0].lstrip("$"): each.arguments[1]
        for block in around
        for each in block.all("set")
        if len(each.arguments) > 1
    }
    text = server
    for _ in range(3):
        text = _VARIABLE.sub(lambda found: given.get(found[1] or found[2], found[0]), text)
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
