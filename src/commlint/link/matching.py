"""Whether a rule of a mesh or gateway takes a request: by path, method, port and where it comes in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from commlint.link.addresses import OPEN
from commlint.link.names import within
from commlint.model.patterns import matched, replaced
from commlint.model.traffic import GatewayRoute, RouteMatch

NO, MAYBE, YES = 0, 1, 2
MESH = "mesh"


@dataclass(frozen=True, slots=True)
class Request:
    """
    What a rule is asked about.

    `path` has open parts as `OPEN`; `method` is "", `port` None when it is not known. `direct`: it comes straight
    from the caller, through no gateway.
    """

    path: str
    method: str
    port: int | None = None
    direct: bool = True


def takes(matches: Iterable[RouteMatch], request: Request, by_segments: bool) -> int:
    """Whether one of them takes a request: YES, NO, or MAYBE where that depends on what is not known; none take all."""
    return max((_match(match, request, by_segments) for match in matches), default=YES)


def _match(match: RouteMatch, request: Request, by_segments: bool) -> int:
    verdict = _path(match, request.path, by_segments)
    if match.port is not None and match.port != request.port:
        verdict = min(verdict, MAYBE if request.port is None else NO)
    if match.gateways and (MESH in match.gateways) != request.direct:
        verdict = min(verdict, NO if request.direct else MAYBE)
    if match.methods:
        known = request.method.upper() in {method.upper() for method in match.methods}
        verdict = min(verdict, YES if known else MAYBE if not request.method else NO)
    return min(verdict, MAYBE) if match.partly else verdict


def _path(match: RouteMatch, path: str, by_segments: bool) -> int:
    if not match.how:
        return YES
    if match.any_case and match.how != "pattern":
        match, path = replace(match, path=match.path.lower(), any_case=False), path.lower()
    known, is_open = path.split(OPEN, 1)[0], OPEN in path
    if match.how == "pattern":
        return _pattern(match.path, path, is_open)
    wanted = match.path.rstrip("/") if by_segments and match.how == "prefix" else match.path
    if match.how == "exact":
        if not is_open:
            return YES if known == wanted else NO
        return MAYBE if _may_be(wanted, path) else NO
    if known.startswith(wanted) and (not by_segments or known[len(wanted) : len(wanted) + 1] in ("", "/")):
        return YES if known != wanted or not is_open or not by_segments else MAYBE
    return MAYBE if is_open and wanted.startswith(known) else NO


def _may_be(wanted: str, path: str) -> bool:
    return re.fullmatch(".*".join(re.escape(part) for part in path.split(OPEN)), wanted) is not None


def _pattern(expression: str, path: str, is_open: bool) -> int:
    fixed = _fixed(expression)
    known = path.split(OPEN, 1)[0]
    if not known.startswith(fixed[:-1]) and not (is_open and fixed.startswith(known)):
        return NO
    found = matched(expression, path.replace(OPEN, "x"))
    if found is None:
        return MAYBE
    if is_open:
        return YES if found and expression.rstrip("$").endswith((".*", ".+")) else MAYBE
    return YES if found else NO


def first_taking(
    routes: Iterable[GatewayRoute], path: str, in_order: bool = False, method: str = ""
) -> GatewayRoute | None:
    """
    The route that takes a request for sure; None when none does, or when that is not known.

    `in_order`: they are tried as they stand; else the exact path goes before patterns, and those before prefixes,
    of which the longest counts; a pattern that takes any path comes last.
    """
    request = Request(path or "/", method, None, in_order)
    several = list(routes) if in_order else sorted(routes, key=_rank)
    for route in several:
        verdict = _takes(route, request)
        if verdict is not NO:
            return route if verdict is YES else None
    return None


_RANKS = {"exact": 0, "pattern": 1}


def _rank(route: GatewayRoute) -> tuple[int, int]:
    if route.match.how == "pattern":
        return (_RANKS["pattern"], 0) if _fixed(route.match.path).strip("/") else (len(_RANKS) + 1, 0)
    return _RANKS.get(route.match.how, len(_RANKS)), -len(route.path)


def _fixed(expression: str) -> str:
    """What a pattern begins with, before anything in it may vary."""
    return re.split(r"[(\[*?.\\|+{]", expression.lstrip("^"), maxsplit=1)[0]


def _takes(route: GatewayRoute, request: Request) -> int:
    verdict = takes((route.match,), request, by_segments=False)
    if route.match.how in ("exact", "pattern"):
        return verdict
    fixed, known = route.path.strip("/"), request.path.split(OPEN, 1)[0].strip("/")
    inside = within(known, fixed) or fixed == ""
    maybe = OPEN in request.path and f"{fixed}/".startswith(request.path.split(OPEN, 1)[0].lstrip("/"))
    return verdict if inside else MAYBE if maybe and verdict is not NO else NO


def rewritten(path: str, route: GatewayRoute) -> str:
    """The path as the target of a route sees it."""
    if route.pattern:
        return replaced(route.pattern, path, route.replacement) or path
    if route.rewrite is None:
        return path
    rest = path.strip("/").removeprefix(route.path.strip("/")).strip("/")
    return "/".join(("", *(part for part in (route.rewrite.strip("/"), rest) if part))) or "/"
