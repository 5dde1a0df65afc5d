"""CL101."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.mending import edit
from commlint.check.rule import Rule, option
from commlint.graph import Site, SystemGraph, sites
from commlint.model.findings import Finding, Level, Related
from commlint.model.operations import State
from commlint.model.places import Region
from commlint.model.remedies import Remedy
from commlint.model.system import ServiceOperation


@dataclass(frozen=True)
class CallWithoutTimeout(Rule):
    """
    A call to another process waits for its answer without any time bound.

    What it flags:
        An HTTP, gRPC, GraphQL or RPC call, through a broker too, for which nothing sets a bound: neither an argument,
        nor the client, session or adapter it goes through, nor a context or deadline around it, nor the
        configuration of the framework, nor a default of the library, nor the mesh route of the host.

    Why it matters:
        A callee that accepts the connection and never answers keeps the caller's thread or connection for ever.
        The callers of the caller wait too, and soon one slow service has stopped all of them.

    Example:
        ```python
        session = requests.Session()


        def stock(sku):
            return session.get(f"http://inventory/stock/{sku}").json()
        ```

    Instead:
        Give the call a bound below what your own caller grants you, or set one where the client is made.
        ```python
        def stock(sku):
            return session.get(f"http://inventory/stock/{sku}", timeout=2).json()
        ```

    What it cannot see:
        A bound set at run time, or one given through options of unknown origin; such a call is not flagged.
        A bound the operating system or a proxy outside the repository sets.

    References:
        - https://requests.readthedocs.io/en/latest/user/advanced/#timeouts
        - https://grpc.io/docs/guides/deadlines/
        - https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
    """

    code: ClassVar[str] = "CL101"
    level: ClassVar[Level] = Level.ERROR
    protocols: tuple[str, ...] = option(("http", "grpc", "graphql", "rpc"), "protocols whose calls need a bound")
    fix_seconds: float = option(5.0, "the bound that `--fix` gives a call")

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        procedures = graph.requests() if "rpc" in self.protocols else ()
        for site in sites((*graph.calls(self.protocols), *procedures)):
            endless = tuple(entry for entry in site.operations if entry.policies.timeout.state is State.UNSET)
            if not endless:
                continue
            bounded = {_outermost(entry) for entry in site.operations if entry.policies.timeout.state is State.SET}
            for region, group in _blame(endless, bounded):
                yield self._finding(graph, region, Site(site.region, group))

    def _finding(self, graph: SystemGraph, region: Region, site: Site) -> Finding:
        policy = site.operations[0].policies.timeout
        reason = policy.detail or policy.source or "nothing on the way sets one"
        inner = [Related(site.region, "the call itself, which takes its bound from here")]
        return self.finding(
            f"{site.titles} has no timeout: {reason}",
            region,
            site.subjects,
            help="pass a bound with the call, such as timeout=5, or set one on the client it goes through",
            confidence=site.confidence,
            related=inner if region != site.region else [],
            services=site.services,
            fix=edit(
                (policy.remedy if region == site.region else None) or _of_route(graph, site),
                site.region,
                self.fix_seconds,
            ),
        )


def _of_route(graph: SystemGraph, site: Site) -> Remedy | None:
    """A bound on the route that all the calls take, where it states none."""
    taken = {entry.route for entry in site.operations}
    routes = [route for route in graph.system.routes if {route.id} == taken]
    return next((route.timeout.remedy for route in routes if route.timeout.state is State.UNSET), None)


def _outermost(entry: ServiceOperation) -> Region:
    return entry.operation.via[0] if entry.operation.via else entry.operation.region


def _blame(
    endless: tuple[ServiceOperation, ...], bounded: set[Region]
) -> Iterator[tuple[Region, tuple[ServiceOperation, ...]]]:
    """
    Where the bound is missing: at the call itself, or, when some callers of a wrapper give it a bound,
    at each caller that does not.
    """
    forgetful = sorted({_outermost(entry) for entry in endless} - bounded)
    if not bounded or not forgetful:
        yield endless[0].operation.region, endless
        return
    for region in forgetful:
        yield region, tuple(entry for entry in endless if _outermost(entry) == region)
