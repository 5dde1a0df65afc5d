"""Frontends and backends of HAProxy: which requests go to which servers, and what is said of the way."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice, product

from commlint.extract.durations import count, duration
from commlint.extract.interpolation import interpolate
from commlint.extract.traffic import Traffic, plain_prefix
from commlint.model.places import Extent
from commlint.model.traffic import GatewayRoute, RouteMatch, TrafficPolicy

LINE_LIMIT = 20_000
_WAYS = 20
_SECTIONS = frozenset(
    ("global", "defaults", "frontend", "backend", "listen", "resolvers", "peers", "userlist", "cache")
)
_SIGNS = (
    re.compile(rb"^[ \t]*(?:backend|listen)[ \t]+\S", re.MULTILINE),
    re.compile(rb"^[ \t]*server[ \t]+\S+[ \t]+\S", re.MULTILINE),
)
_PATHS = {"path": "exact", "path_beg": "prefix", "path_dir": "prefix", "path_reg": "pattern"}
_HOSTS = re.compile(r"(?:req\.)?hdr(?:_dom|_beg)?\(host\)")
_REGSUB = re.compile(r"%\[path,regsub\(([^,]+),([^)]*)\)\]")
_ENVIRONMENT = re.compile(r"\$\{?(\w+)\}?")


@dataclass(slots=True)
class _Section:
    kind: str
    name: str
    lines: list[tuple[int, list[str]]] = field(default_factory=list)

    def all(self, *words: str) -> Iterator[tuple[int, list[str]]]:
        """The rest of every line that begins so, with its number."""
        for number, line in self.lines:
            if tuple(line[: len(words)]) == words:
                yield number, line[len(words) :]

    def first(self, *words: str) -> str:
        return next((rest[0] for _, rest in self.all(*words) if rest), "")


def is_haproxy(source: bytes) -> bool:
    """Whether a text seems to be a configuration of HAProxy."""
    return all(sign.search(source) is not None for sign in _SIGNS)


def routes_in(text: str) -> Traffic:
    """The routes and rules of a configuration, in the order written; total."""
    sections = _sections(text)
    defaults = [each for each in sections if each.kind == "defaults"]
    backends = {each.name: each for each in sections if each.kind in ("backend", "listen")}
    found = Traffic(cut=LINE_LIMIT if text.count("\n") > LINE_LIMIT else 0)
    for front in sections:
        if front.kind == "listen":
            number = front.lines[0][0] if front.lines else 1
            found += _rule(front, front, (), (RouteMatch(),), number, defaults)
        elif front.kind == "frontend":
            for number, name, condition in _chosen(front):
                if name in backends:
                    hosts, matches = _condition(front, condition)
                    found += _rule(front, backends[name], hosts, matches, number, defaults)
    return found


def _sections(text: str) -> list[_Section]:
    found: list[_Section] = []
    for number, line in islice(enumerate(text.splitlines(), 1), LINE_LIMIT):
        words = _words(line)
        if not words:
            continue
        if words[0] in _SECTIONS and not line[:1].isspace():
            found.append(_Section(words[0], words[1] if len(words) > 1 else ""))
        elif found:
            found[-1].lines.append((number, words))
    return found


def _words(line: str) -> list[str]:
    reader = shlex.shlex(line, posix=True)
    # A backslash belongs to what follows it: `\1` is a group.
    reader.whitespace_split, reader.escape = True, ""
    try:
        return list(reader)
    except ValueError:
        return line.split("#", 1)[0].split()


def _chosen(front: _Section) -> Iterator[tuple[int, str, list[str]]]:
    """Line, backend and condition of each choice, the one without a condition last."""
    for number, rest in front.all("use_backend"):
        if rest:
            yield number, rest[0], rest[1:]
    for number, rest in front.all("default_backend"):
        if rest:
            yield number, rest[0], []


def _condition(front: _Section, words: list[str]) -> tuple[tuple[str, ...], tuple[RouteMatch, ...]]:
    """The hosts and requests that a condition is for; what it asks besides is a part that is not known."""
    if not words:
        return (), (RouteMatch(),)
    hosts: dict[str, None] = {}
    matches: list[RouteMatch] = []
    for alternative in _alternatives(words[1:]):
        parts = [list(_test(front, test)) for test in alternative]
        for way in islice(product(*parts), _WAYS):
            match = RouteMatch(partly=words[0] != "if")
            for host, part in way:
                hosts |= {host: None} if host else {}
                match = _both(match, part)
            matches.append(match)
    return tuple(hosts), tuple(dict.fromkeys(matches))[:_WAYS] or (RouteMatch(partly=True),)


def _alternatives(words: list[str]) -> list[list[list[str]]]:
    """Tests that hold together, by `or`; a test is the name of an acl, or what stands in braces."""
    found: list[list[list[str]]] = [[]]
    inside: list[str] | None = None
    for word in words:
        if inside is not None:
            if word == "}":
                found[-1].append(inside)
                inside = None
            else:
                inside.append(word)
        elif word in ("or", "||"):
            found.append([])
        elif word == "{":
            inside = []
        else:
            found[-1].append([word])
    return found


def _test(front: _Section, test: list[str]) -> Iterator[tuple[str, RouteMatch]]:
    if len(test) > 1:
        yield from _criterion(test)
        return
    stated = [rest[1:] for _, rest in front.all("acl") if rest[:1] == test and len(rest) > 2]
    if not stated:
        yield "", RouteMatch(partly=True)
    for criterion in stated:
        yield from _criterion(criterion)


def _criterion(words: list[str]) -> Iterator[tuple[str, RouteMatch]]:
    what, values = words[0], [each for each in words[1:] if not each.startswith("-")]
    if what in _PATHS:
        how = _PATHS[what]
        for value in values:
            yield "", RouteMatch(f"{value}.*" if how == "pattern" and not value.endswith("$") else value, how)
    elif _HOSTS.fullmatch(what):
        for value in values:
            yield value.partition(":")[0], RouteMatch()
    elif what == "method":
        yield "", RouteMatch(methods=tuple(values))
    else:
        yield "", RouteMatch(partly=True)


def _both(one: RouteMatch, other: RouteMatch) -> RouteMatch:
    if other.partly or (one.how and other.how):
        return replace(one, partly=True)
    if other.how:
        return replace(one, path=other.path, how=other.how)
    return replace(one, methods=other.methods or one.methods)


def _rule(
    front: _Section, back: _Section, hosts: tuple[str, ...], matches: tuple[RouteMatch, ...], number: int,
    defaults: list[_Section],
) -> Traffic:  # fmt: skip
    servers = [rest[1] for _, rest in back.all("server") if len(rest) > 1]
    layers = (back, *defaults)
    timeout = duration(next(filter(None, (each.first("timeout", "server") for each in layers)), ""), 0.001)
    extent = Extent(number, 1, number, 1)
    rule = TrafficPolicy(
        kind="haproxy",
        name=front.name,
        hosts=hosts or ("*",),
        extent=extent,
        matches=() if matches == (RouteMatch(),) else matches,
        destinations=tuple(dict.fromkeys(_host(server) for server in servers)) or (back.name,),
        gateways=("",),
        timeout=(timeout,) if timeout is not None else (),
        retries=count(next(filter(None, (each.first("retries") for each in layers)), "")),
        retry_on=",".join(next((rest for each in layers for _, rest in each.all("retry-on")), [])),
    )
    pattern, replacement = _replaced(back)
    routes = tuple(
        GatewayRoute(
            "", "" if host == "*" else host, _fixed(match), "", "", None, extent,
            interpolate(_ENVIRONMENT.sub(r"${\1}", server)), match, pattern, replacement,
        )
        for host in rule.hosts
        for match in matches
        for server in dict.fromkeys(servers)
    )  # fmt: skip
    return Traffic(routes, (rule,))


def _fixed(match: RouteMatch) -> str:
    return plain_prefix(match.path) if match.how in ("prefix", "exact") else "/"


def _host(server: str) -> str:
    return server.rpartition(":")[0] or server


def _replaced(back: _Section) -> tuple[str, str]:
    """What a backend makes of the path: `replace-path /api/(.*) /\\1`, or a `regsub` of it."""
    for _, rest in back.all("http-request"):
        if rest[:1] in (["replace-path"], ["replace-uri"]) and len(rest) > 2:
            return rest[1], rest[2]
        found = _REGSUB.fullmatch(rest[1]) if rest[:1] in (["set-path"], ["set-uri"]) and len(rest) > 1 else None
        if found:
            return found[1], found[2]
    return "", ""
