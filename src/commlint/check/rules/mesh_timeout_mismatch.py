"""CL602."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.mending import edit
from commlint.check.rule import Rule
from commlint.graph import SystemGraph, number
from commlint.model.findings import Finding, Level, Related
from commlint.model.system import Route, ServiceOperation


@dataclass(frozen=True)
class MeshTimeoutMismatch(Rule):
    """
    The timeout of a route does not fit its own retries, or the callers that go through it.

    What it flags:
        A rule of a mesh or gateway whose timeout is shorter than its timeout for one try times its retries: the last
        ones are never made. And a rule whose timeout is longer than the bound of every known caller: the caller has
        gone before it is reached.

    Why it matters:
        Somebody relies on a bound, or on a third try, that never comes to pass. The proxy keeps working for callers
        that are not there any more, and the callee with it.

    Example:
        ```yaml
        timeout: 3s
        retries: {attempts: 3, perTryTimeout: 2s}
        ```

    Instead:
        Let the whole hold all its tries, and every bound be shorter than the one outside it.
        ```yaml
        timeout: 7s
        retries: {attempts: 3, perTryTimeout: 2s}
        ```

    What it cannot see:
        Callers outside the tree, and bounds that are only known at run time; a rule with one such caller is not
        compared with the others.

    References:
        - https://istio.io/latest/docs/concepts/traffic-management/#timeouts
        - https://sre.google/sre-book/addressing-cascading-failures/
    """

    code: ClassVar[str] = "CL602"
    level: ClassVar[Level] = Level.WARNING

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        for route in graph.system.routes:
            whole = number(route.timeout)
            if not whole:
                continue
            each, retries = number(route.per_try), number(route.retries)
            if each and retries and each * retries > whole:
                yield self._tries(route, whole, each, retries)
            callers = [entry for entry in graph.calls() if entry.route == route.id]
            bounds = [number((entry.own or entry.policies).timeout) for entry in callers]
            known = [bound for bound in bounds if bound is not None]
            if known and len(known) == len(bounds) and max(known) < whole:
                yield self._never(route, whole, max(known), callers)

    def _tries(self, route: Route, whole: float, each: float, retries: float) -> Finding:
        enough = each * (retries + 1)
        return self.finding(
            f"{route.kind} {route.name} ends after {whole:g} s, before its {retries:g} retries of {each:g} s each",
            route.region,
            [f"route:{route.region.path}:{route.name}"],
            help=f"raise timeout to at least {enough:g} s, or lower the timeout of a try or their number",
            services=route.services,
            fix=edit(route.timeout.remedy, route.region, enough),
        )

    def _never(self, route: Route, whole: float, longest: float, callers: list[ServiceOperation]) -> Finding:
        return self.finding(
            f"{route.kind} {route.name} ends after {whole:g} s, when its callers have given up after {longest:g} s",
            route.region,
            [f"route:{route.region.path}:{route.name}", "callers"],
            help=f"lower timeout below {longest:g} s, or raise the bound of the callers above {whole:g} s",
            related=[Related(entry.operation.region, f"{entry.service} calls {entry.label}") for entry in callers[:10]],
            services=[entry.service for entry in callers],
        )
