"""CL102."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import ClassVar

from commlint.check.rule import Rule, option
from commlint.graph import Site, SystemGraph, sites
from commlint.model.findings import Finding, Level, Related
from commlint.model.operations import Policy, State
from commlint.model.values import Choice, Literal, Value


@dataclass(frozen=True)
class TimeoutTooLong(Rule):
    """
    A call to another process may wait longer than any caller would.

    What it flags:
        An HTTP, gRPC, GraphQL or RPC call whose effective bound is above `max-seconds`, whoever has set it:
        the call, the client, the configuration, or a default of the library (aiohttp gives up after 300 seconds).

    Why it matters:
        A bound of minutes is no bound for a request: the user has gone, the caller's own callers have given up,
        and the thread or connection is still held.

    Example:
        ```python
        async with aiohttp.ClientSession() as session:
            await session.get("http://inventory/stock")
        ```

    Instead:
        Set a bound near the slowest answer that is still of use, and raise it only for what is known to be slow.
        ```python
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=3)) as session:
            await session.get("http://inventory/stock")
        ```

    What it cannot see:
        Bounds that are computed at run time. That a call is an upload, a stream or a long poll: name its target in
        `slow-targets`, or give the reason in an inline ignore.

    References:
        - https://docs.aiohttp.org/en/stable/client_quickstart.html#timeouts
        - https://sre.google/sre-book/addressing-cascading-failures/
    """

    code: ClassVar[str] = "CL102"
    level: ClassVar[Level] = Level.WARNING
    max_seconds: float = option(30.0, "longest bound that is accepted")
    protocols: tuple[str, ...] = option(("http", "grpc", "graphql", "rpc"), "protocols whose calls are looked at")
    slow_targets: tuple[str, ...] = option((), "patterns (`*/export/*`) of targets that may take longer")

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        slow = (
            entry
            for entry in graph.calls(self.protocols)
            if seconds(entry.policies.timeout) > self.max_seconds
            and not any(
                fnmatchcase(text, pattern) for pattern in self.slow_targets for text in (entry.target, entry.label)
            )
        )
        for site in sites(slow):
            yield self._finding(site)

    def _finding(self, site: Site) -> Finding:
        policy = max((entry.policies.timeout for entry in site.operations), key=seconds)
        elsewhere = policy.region is not None and policy.region != site.region
        set_at = [Related(policy.region, "the bound is set here")] if elsewhere and policy.region else []
        default = policy.source.startswith("default")
        source = (policy.detail or policy.source) if default else f"set by the {policy.source}"
        return self.finding(
            f"{site.titles} may wait {seconds(policy):g} seconds ({source})",
            site.region,
            site.subjects,
            help=f"set a bound of at most {self.max_seconds:g} seconds, or name the target in slow-targets",
            confidence=site.confidence,
            related=set_at,
            services=site.services,
        )


def seconds(policy: Policy) -> float:
    """The bound in seconds; the shortest of alternatives, 0 when it is not known."""
    return _number(policy.value) * policy.scale if policy.state is State.SET else 0.0


def _number(value: Value | None) -> float:
    match value:
        case Literal(value=bool()):
            return 0.0
        case Literal(value=int(content) | float(content)):
            return float(content)
        case Choice(options=options):
            return min((_number(entry) for entry in options), default=0.0)
        case _:
            return 0.0
