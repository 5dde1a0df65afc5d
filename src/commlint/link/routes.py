"""Method and path of a call against the route templates of a server."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from commlint.link.addresses import OPEN
from commlint.link.infrastructure import PROCEDURES
from commlint.model.operations import Confidence
from commlint.model.system import Endpoint

REGEX = re.compile(r"\(\?P?<(\w+)>(?:[^()]|\([^()]*\))*\)|\((?:[^()]|\([^()]*\))*\)")
ANGLED = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")
COLON = re.compile(r"(?:(?<=/)|^):(\w+)\??(?:\([^)]*\))?(\*?)")
BRACED = re.compile(r"\{\*?\*?(\w*)(?::([^{}]*(?:\{[^{}]*\}[^{}]*)*))?\}")
WILD = re.compile(r"\{[^{}]*\}|^\*$")
REST = "{...}"


@lru_cache(maxsize=8192)
def template(path: str) -> str:
    """
    A route as `/items/{id}`, however its framework writes it; `{...}` at the end is the rest of the path.

    `<int:id>`, `:id`, `{id:int}`, `(?P<id>\\d+)` are one parameter, `<path:rest>`, `{rest:path}`, a last `*` the rest;
    a `*` before the end is one segment of any name.
    """
    text = path.strip()
    if text.startswith("^") or "(?P<" in text or text.endswith("$"):
        text = text.replace("^", "").rstrip("$").removesuffix("\\Z").replace("\\/", "/").replace("\\.", ".")
        text = REGEX.sub(lambda found: "{" + (found[1] or "") + "}", text).rstrip("?")
    text = ANGLED.sub(lambda found: REST if found[1] == "path" else "{" + found[2] + "}", text)
    text = BRACED.sub(lambda found: REST if _is_rest(found[0], found[2]) else "{" + found[1] + "}", text)
    text = COLON.sub(lambda found: REST if found[2] else "{" + found[1] + "}", text)
    text = re.sub(r"(?<=/)\*+\w*$|(?<=/)\*\*+(?=/)", REST, text)
    return "/" + "/".join(part for part in text.split("/") if part)


def _is_rest(whole: str, kind: str | None) -> bool:
    return whole == REST or kind == "path" or whole.startswith("{*") or kind in (".*", ".+")


@dataclass(frozen=True, slots=True)
class Match:
    """The endpoint a call meets (None: only the service is known), and how sure that is."""

    endpoint: Endpoint | None
    confidence: Confidence


class Routes:
    """The endpoints of every service, asked by method and path."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._of: dict[str, list[Endpoint]] = defaultdict(list)
        for endpoint in endpoints:
            if endpoint.protocol not in PROCEDURES:
                self._of[endpoint.service].append(endpoint)

    def answers(self, service: str) -> bool:
        """Whether anything is known that a service answers."""
        return bool(self._of.get(service))

    def alone(self, method: str, path: str, but: str = "") -> str:
        """The only service `but` one that answers a request by some words of its path, "" when none or several do."""
        segments = _segments(path)
        found = [
            service
            for service, endpoints in self._of.items()
            if service != but
            and _best(segments, [each for each in endpoints if _methods_meet(method, each.method)], literal=True)
        ]
        return found[0] if len(found) == 1 else ""

    def match(self, service: str, method: str, path: str, based: bool = False) -> Match:
        """
        The endpoint of `service` that `method` and `path` (open parts as `OPEN`) reach.

        `based`: the host may have brought a prefix of the path with it.
        """
        endpoints = [endpoint for endpoint in self._of.get(service, ()) if _methods_meet(method, endpoint.method)]
        segments = _segments(path)
        best = _best(segments, endpoints)
        if best:
            return Match(best, Confidence.CERTAIN)
        # Not every framework tells upper from lower case.
        best = _best(tuple(map(str.lower, segments)), endpoints, folded=True)
        if best:
            return Match(best, Confidence.LIKELY)
        for dropped in range(1, len(segments)):
            # A proxy, or the server's own root path, may take off a prefix.
            best = _best(segments[dropped:], endpoints, literal=True)
            if best:
                return Match(best, Confidence.LIKELY)
        if based and any(segment != OPEN for segment in segments):
            best = _best_below(segments, endpoints)
            if best:
                return Match(best, Confidence.LIKELY)
        return Match(None, Confidence.LIKELY)


def _methods_meet(call: str, route: str) -> bool:
    return not call or not route or route == "*" or call.upper() in route.upper().split(",")


@lru_cache(maxsize=8192)
def _segments(path: str) -> tuple[str, ...]:
    return tuple(part for part in path.split("/") if part)


def _best(
    call: tuple[str, ...], endpoints: Sequence[Endpoint], literal: bool = False, folded: bool = False
) -> Endpoint | None:
    """The endpoint that fits most literally; None when none does or several do equally well."""
    scored: dict[float, list[Endpoint]] = defaultdict(list)
    for endpoint in endpoints:
        written = template(endpoint.path)
        route = _segments(written.lower() if folded else written)
        if literal and not any(segment == known for segment, known in zip(call, route, strict=False)):
            continue
        fit = _fit(call, route)
        if fit is not None:
            scored[fit].append(endpoint)
    if not scored:
        return None
    best = scored[max(scored)]
    return best[0] if len(best) == 1 or len({(each.path, each.method) for each in best}) == 1 else None


def _best_below(call: tuple[str, ...], endpoints: Sequence[Endpoint]) -> Endpoint | None:
    found = [
        endpoint
        for endpoint in endpoints
        for route in (_segments(template(endpoint.path)),)
        if len(route) > len(call) and _fit(call, route[len(route) - len(call) :]) is not None
        if any(segment == known for segment, known in zip(call, route[len(route) - len(call) :], strict=False))
    ]
    return found[0] if len(found) == 1 else None


def _fit(call: tuple[str, ...], route: tuple[str, ...]) -> float | None:
    """How well a call fits a route, the literal agreements counting most; None when it does not."""
    if not call or not route:
        if not call and not route:
            return 1.0
        return 0.0 if not call and route == (REST,) else None
    if route[0] == REST:
        return 0.1
    here = _fit_segment(call[0], route[0])
    best: float | None = None
    if here is not None:
        rest = _fit(call[1:], route[1:])
        best = None if rest is None else here + rest
    if call[0] == OPEN and len(route) > 1:
        # What is open may hold slashes: it can stand for several segments, at a price.
        longer = _fit(call, route[1:])
        if longer is not None and (best is None or longer - 1 > best):
            best = longer - 1
    return best


def _fit_segment(call: str, route: str) -> float | None:
    if call == route:
        return 4.0
    if WILD.fullmatch(route):
        return 3.0 if call == OPEN else 2.0
    if call == OPEN:
        return 0.5
    if WILD.search(route) or OPEN in call:
        pattern = ".+".join(re.escape(part) for part in WILD.split(route))
        known = ".*".join(re.escape(part) for part in call.split(OPEN))
        if re.fullmatch(pattern, call.replace(OPEN, "x")) or (not WILD.search(route) and re.fullmatch(known, route)):
            return 1.0
    return None
