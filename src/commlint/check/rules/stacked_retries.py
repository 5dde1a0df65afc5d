"""CL603."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.rule import Rule
from commlint.graph import Site, SystemGraph, number, sites, tries
from commlint.model.findings import Finding, Level, Related
from commlint.model.system import Route


@dataclass(frozen=True)
class StackedRetries(Rule):
    """
    The code retries a call, and the mesh retries it too.

    What it flags:
        A call that the code or its client library tries more than once, through a rule of a mesh or gateway that
        retries as well.

    Why it matters:
        The numbers multiply: three attempts in code through a rule with two retries are nine requests to a service
        that is already failing, and the waiting times add up as well. It then fails longer.

    Example:
        ```python
        @retry(stop=stop_after_attempt(3))
        def stock(sku):
            return requests.get(f"http://inventory/stock/{sku}", timeout=2)
        ```
        with `retries: {attempts: 2}` in the VirtualService of inventory.

    Instead:
        Retry in one place: in the mesh what is safe to repeat, or in the code what needs to know why it failed. Switch
        the other off (`retries: {attempts: 0}`).

    What it cannot see:
        Retries that are configured at run time, or in a mesh whose files are elsewhere.

    References:
        - https://sre.google/sre-book/addressing-cascading-failures/#xref_cascading-failure_retries
        - https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
    """

    code: ClassVar[str] = "CL603"
    level: ClassVar[Level] = Level.WARNING

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        stacked = (
            entry
            for entry in graph.calls()
            if tries(entry.policies.retry.attempts) > 1 and _retries(graph.route_of(entry))
        )
        for site in sites(stacked):
            yield self._finding(site, graph)

    def _finding(self, site: Site, graph: SystemGraph) -> Finding:
        entry = max(site.operations, key=graph.sendings)
        route = graph.route_of(entry)
        attempts = entry.policies.retry.attempts
        times = graph.sendings(entry)
        often = "without limit" if times == float("inf") else f"up to {times:g} times"
        places = (
            [Related(attempts.region, "the code retries here")] if attempts.region not in (None, site.region) else []
        )
        if route is not None:
            places.append(Related(route.region, f"{route.kind} {route.name} retries {_retries(route):g} times"))
        return self.finding(
            f"{site.titles} is sent {often}: the code retries it, and so does the mesh",
            site.region,
            site.subjects,
            help="retry in one place, and switch the other off",
            confidence=site.confidence,
            related=[place for place in places if place.region is not None],
            services=site.services,
        )


def _retries(route: Route | None) -> float:
    return (number(route.retries) or 0) if route is not None else 0
