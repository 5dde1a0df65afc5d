"""CL601."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.rule import Rule, option
from commlint.graph import SystemGraph, number
from commlint.model.findings import Finding, Level, Related
from commlint.model.operations import Confidence
from commlint.model.system import Endpoint, Route, ServiceOperation

# Conditions under which the request may have been carried out before it is sent again.
_AFTER = frozenset((
    "5xx", "gateway-error", "reset", "retriable-status-codes", "non_idempotent", "error", "timeout",
    "deadline-exceeded", "internal", "unavailable", "500", "502", "503", "504", "http_500", "http_502", "http_503",
    "http_504",
))  # fmt: skip
# What a mesh retries on by itself where a rule does not say: the request has not been taken up then.
_DEFAULTS = frozenset(("connect-failure", "refused-stream", "unavailable", "cancelled", "retriable-status-codes"))


@dataclass(frozen=True)
class MeshRetriesOnUnsafe(Rule):
    """
    A route sends requests again that must not be carried out twice.

    What it flags:
        A rule of a mesh or gateway that retries after the request may have been carried out (an answer of 5xx, a
        reset, a timeout) and takes POST or PATCH: it names such a method, or a known call or endpoint with one goes
        through it. Where neither is known the finding is only possible.

    Why it matters:
        The proxy cannot tell whether a request that failed has done its work. It sends it again, and the order is
        placed, the mail is sent, the card is charged twice, without any line of code that says so.

    Example:
        ```yaml
        http:
        - route: [{destination: {host: orders}}]
          retries: {attempts: 3, retryOn: 5xx}
        ```

    Instead:
        Match the methods that may be repeated in a rule of their own, retry the others only on conditions under which
        nothing was carried out (`connect-failure,refused-stream`), or let the endpoint take an idempotency key.
        ```yaml
        http:
        - match: [{method: {regex: GET|HEAD}}]
          route: [{destination: {host: orders}}]
          retries: {attempts: 3, retryOn: 5xx}
        - route: [{destination: {host: orders}}]
          retries: {attempts: 3, retryOn: connect-failure,refused-stream}
        ```

    What it cannot see:
        That an endpoint does no harm when repeated, unless its code guards against it in a way that is known.

    References:
        - https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry
        - https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-retry-on
    """

    code: ClassVar[str] = "CL601"
    level: ClassVar[Level] = Level.WARNING
    methods: tuple[str, ...] = option(("POST", "PATCH"), "methods that must not be repeated")

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        for route in graph.system.routes:
            if not number(route.retries) or not _repeats(route.retry_on):
                continue
            named = sorted({method.upper() for method in route.methods} & set(self.methods))
            if route.methods and not named:
                continue
            found = self._found(graph, route, named)
            if found is not None:
                yield found

    def _found(self, graph: SystemGraph, route: Route, named: list[str]) -> Finding | None:
        calls = [entry for entry in graph.calls() if entry.route == route.id and self._unsafe(_method(entry))]
        endpoints = [
            endpoint
            for endpoint in graph.system.endpoints
            if endpoint.service in route.services and self._unsafe(endpoint.method)
        ]
        harmful = [endpoint for endpoint in endpoints if not _guarded(graph, endpoint)]
        if endpoints and not harmful:
            return None
        known = any(endpoint.service in route.services for endpoint in graph.system.endpoints)
        if not (calls or harmful or named) and known:
            return None
        sure = Confidence.CERTAIN if calls or named else Confidence.LIKELY if harmful else Confidence.POSSIBLE
        what = ", ".join(named or sorted({_method(entry) for entry in calls} or {each.method for each in harmful}))
        times = number(route.retries) or 0
        return self.finding(
            f"{route.kind} {route.name} sends {what or 'every method'} up to {times:g} times more on {route.retry_on}",
            route.region,
            [f"route:{route.region.path}:{route.name}"],
            help="retry only methods that may be repeated, or on conditions under which nothing was carried out",
            confidence=sure,
            related=[*_calls(calls), *_endpoints(harmful)][:10],
            services=route.services,
        )

    def _unsafe(self, method: str) -> bool:
        return method.upper() in self.methods


def _repeats(conditions: str) -> bool:
    """Whether a rule retries after the request may have been carried out."""
    given = {word.strip().lower() for word in conditions.replace(" ", ",").split(",") if word.strip()}
    return bool(given & _AFTER) and not given <= _DEFAULTS


def _method(entry: ServiceOperation) -> str:
    return entry.operation.address.method


def _guarded(graph: SystemGraph, endpoint: Endpoint) -> bool:
    """Whether the code behind an endpoint guards against doing things twice."""
    operation = graph.operations.get(endpoint.operation)
    return operation is not None and bool(graph.guards_of(operation.operation.function))


def _calls(entries: list[ServiceOperation]) -> Iterator[Related]:
    for entry in entries:
        yield Related(entry.operation.region, f"{entry.service} calls {entry.label} through it")


def _endpoints(endpoints: list[Endpoint]) -> Iterator[Related]:
    for each in endpoints:
        yield Related(each.region, f"{each.service} answers {each.method} {each.path}")
