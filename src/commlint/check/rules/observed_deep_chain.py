"""CL503."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.rule import Rule, option
from commlint.check.sightings import anchor, duration
from commlint.graph import SystemGraph
from commlint.model.findings import Finding, Level


@dataclass(frozen=True)
class ObservedDeepChain(Rule):
    """
    Traces show a request waiting for more services in a row than allowed.

    What it flags:
        An operation whose deepest chain of waiting services in the traces is longer than `max-services`, when at least
        `min-share` of its requests go that deep.

    Why it matters:
        The request fails when any of them fails, and waits for all of them together. What traces show is what
        happens, whatever the code seems to allow.

    Example:
        31 % of the requests to `web POST /orders` wait through web, orders, pricing and stock, and take up to 900 ms.

    Instead:
        Answer from data at hand, or let a message carry the later steps.

    What it cannot see:
        Chains that were sampled away, and hops whose context was lost: there a chain seems to end.

    References:
        - https://sre.google/sre-book/addressing-cascading-failures/
    """

    code: ClassVar[str] = "CL503"
    level: ClassVar[Level] = Level.ERROR
    needs_traces: ClassVar[bool] = True
    max_services: int = option(3, "services a request may pass, the first one counted")
    min_share: float = option(0.01, "share of the requests of an operation that must go as deep")

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        for path in graph.system.watched.paths:
            # A service that is asked a second time is no further one.
            counted = list(dict.fromkeys(name for name in path.services if _counts(name, graph)))
            if len(counted) <= self.max_services or path.share < self.min_share:
                continue
            yield self.finding(
                f"{path.entry} waits through {len(counted)} services in a row: {' → '.join(counted)} "
                f"({path.share:.0%} of its requests, p99 {duration(path.p99)})",
                anchor(counted[0], graph),
                [f"service:{name}" for name in counted],
                help=f"answer from data at hand, or let a message carry the later steps; see trace {path.trace}",
                services=counted[:1],
            )


def _counts(name: str, graph: SystemGraph) -> bool:
    return name in graph.services and graph.services[name].kind not in ("gateway", "loadgen")
