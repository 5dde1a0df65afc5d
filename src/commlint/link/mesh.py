"""What the rules of meshes and gateways add to the policies of calls that go through them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from commlint.link.addresses import OPEN, Location
from commlint.link.covered import Called, is_covered
from commlint.link.hosts import Hosts
from commlint.link.infrastructure import CALLS
from commlint.link.matching import NO, YES, Request, takes
from commlint.link.operations import Finished
from commlint.link.traffic import BY_SPECIFICITY, Governing, Traffic, rules_of
from commlint.model.operations import Policy, Role, State
from commlint.model.system import Route
from commlint.model.values import Literal

SOURCE = "mesh policy"


def governed(operations: Iterable[Finished], traffic: Traffic, hosts: Hosts) -> tuple[Finished, ...]:
    """The operations, outbound calls with what the rules on their way add."""
    return tuple(
        _governed(each, traffic, hosts)
        if each.operation.role is Role.CLIENT and each.operation.protocol in CALLS
        else each
        for each in operations
    )


def _governed(each: Finished, traffic: Traffic, hosts: Hosts) -> Finished:
    policies = changed = each.site.policies
    places = [
        (Called(place, hosts.find(place, each.site.service).service, each.site.service), path)
        for place, path in _places(each)
    ]
    covers = [_cover(each, called, path, traffic, hosts) for called, path in places]
    detected = [
        traffic.detection(called, {name for rule in cover for name in rule.rule.subsets})
        for (called, _), cover in zip(places, covers, strict=True)
        if called.place.host
    ]
    if detected and None not in detected and policies.breaker.state is not State.SET:
        changed = replace(changed, breaker=Policy(State.SET, None, SOURCE, detected[0], "outlier detection"))
    route = ""
    if covers and all(covers):
        # Of several addresses the one with the loosest bound counts: that is the one that always holds.
        rules = max((cover for cover in covers if cover), key=_loosest)
        route = rules[-1].route.id
        changed = replace(changed, timeout=_merged(changed.timeout, rules))
    if changed == policies and not route:
        return each
    return replace(each, site=replace(each.site, policies=changed, route=route, own=policies))


def _places(each: Finished) -> list[tuple[Location, str]]:
    """The hosts an operation calls, each with the path it asks for."""
    if each.rpc or each.operation.protocol == "grpc":
        return [(place, f"/{each.rpc}" if each.rpc else OPEN) for place in (*each.hosts, *each.urls)]
    found: list[tuple[Location, str]] = []
    for url in each.urls or each.hosts:
        found.extend((place, url.path or "/") for place in (each.hosts if url.relative and each.hosts else (url,)))
    return found


def _cover(each: Finished, called: Called, path: str, traffic: Traffic, hosts: Hosts) -> list[Governing]:
    """The rules one of which takes the request for sure, by the object that says most; none when nothing does."""
    place = called.place
    if OPEN in place.host or not place.host:
        return []
    path = path if path.startswith("/") or path == OPEN else f"/{path}"
    port = place.port or _PORTS.get(place.scheme)
    best: list[Governing] = []
    for key, rules in rules_of(rule for rule in traffic.governing if _is_for(rule, called, hosts)):
        taking: list[Governing] = []
        request = Request(path, each.operation.address.method, port, rules[0].route.mesh)
        for rule in rules:
            verdict = takes(rule.rule.matches, request, by_segments=key[1] in BY_SPECIFICITY)
            if verdict is not NO:
                taking.append(rule)
            if verdict is YES:
                break
        else:
            # Some request may be taken by none of them.
            taking = []
        if taking and (not best or _loosest(taking) < _loosest(best)):
            best = taking
    return best


_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}


def _is_for(each: Governing, called: Called, hosts: Hosts) -> bool:
    """Whether a call goes through a rule."""
    rule, host = each.rule, called.place.host
    if rule.kind == "destinationrule":
        return False
    if each.route.mesh:
        # What the caller has encrypted already passes a proxy unread.
        return called.place.scheme not in ("https", "wss") and is_covered(rule, called, hosts)
    named = any(told == host or (told.startswith("*.") and host.endswith(told[1:])) for told in rule.hosts)
    return (named and not hosts.declared(host, "")) or called.service in each.keepers


def _loosest(rules: list[Governing]) -> float:
    """The longest bound of rules of which one takes the request, without end when one has none."""
    bounds = [_bound(each.route) for each in rules]
    return max((float("inf") if bound is None else bound for bound in bounds), default=float("inf"))


def _bound(route: Route) -> float | None:
    """How long a request may take: as the rule says, or all its tries together where only each of them is bounded."""
    whole, tries = _number(route.timeout), _number(route.retries)
    each = _number(route.per_try)
    together = each * (tries + 1) if each is not None and tries else None
    return min((bound for bound in (whole, together) if bound is not None), default=None)


def _number(policy: Policy) -> float | None:
    value = policy.value
    if policy.state is State.SET and isinstance(value, Literal) and isinstance(value.value, int | float):
        return float(value.value)
    return None


def _is_open(route: Route) -> bool:
    """Whether a rule has a bound that is not known."""
    return _bound(route) is None and State.UNKNOWN in (route.timeout.state, route.per_try.state)


def _merged(own: Policy, rules: list[Governing]) -> Policy:
    """The bound of the code and that of the rules: the shorter one."""
    unclear = next((each.route for each in rules if _is_open(each.route)), None)
    if unclear is not None and own.state is State.UNSET:
        return Policy(State.UNKNOWN, None, SOURCE, unclear.region, "the rule has a bound that is not known here")
    route = max(rules, key=lambda each: _loosest([each])).route
    bound = _bound(route)
    if bound is None:
        return own
    mine = _number(own)
    if own.state is State.SET and (mine is None or mine <= bound):
        return own
    detail = f"the {route.kind} {route.name} ends the request"
    if bound != _number(route.timeout):
        detail = f"the {route.kind} {route.name} ends each of {int((_number(route.retries) or 0) + 1)} tries"
    return Policy(State.SET, Literal(int(bound) if bound.is_integer() else bound), SOURCE, route.region, detail)
