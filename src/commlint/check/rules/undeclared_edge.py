"""CL501."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.rule import Rule, option
from commlint.graph import SystemGraph
from commlint.model.findings import Finding, Level
from commlint.model.operations import Confidence, Evidence
from commlint.model.places import Region
from commlint.model.system import Edge

_ASIDE = frozenset({"loadgen", "observability"})


@dataclass(frozen=True)
class UndeclaredEdge(Rule):
    """
    Traces show two services talking, and neither code nor declarations do.

    What it flags:
        A service that was seen calling another one, or sending to or receiving from a channel, with no line of code
        and no declaration that says so.

    Why it matters:
        A dependency nobody can read is one nobody thinks of when something is changed, limited or switched off. Or
        the code that was read is not the code that runs.

    Example:
        The traces hold 1,204 calls from `orders` to `pricing`, and no code of orders leads there.

    Instead:
        Find the call and bind its address (`hosts` in the configuration), add the repository it lives in to what is
        read, or take the call away.

    What it cannot see:
        What the traces do not hold. Whether the call comes from a library or an agent instead of the service's own
        code.

    References:
        - https://opentelemetry.io/docs/concepts/signals/traces/
    """

    code: ClassVar[str] = "CL501"
    level: ClassVar[Level] = Level.WARNING
    needs_traces: ClassVar[bool] = True
    min_calls: int = option(1, "calls that must have been seen")

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        pairs: dict[tuple[str, str], list[Edge]] = defaultdict(list)
        for edge in graph.system.edges:
            target = edge.target_service or (edge.target if edge.target in graph.channels else "")
            source = graph.services.get(edge.source_service)
            if target and target != edge.source_service and source is not None and source.kind not in _ASIDE:
                pairs[edge.source_service, target].append(edge)
        for (source_name, target), edges in sorted(pairs.items()):
            seen = sum(edge.observed.calls for edge in edges if edge.observed)
            if all(set(edge.evidence) == {Evidence.OBSERVED} for edge in edges) and seen >= self.min_calls:
                yield self._finding(source_name, target, edges, seen, graph)

    def _finding(self, source: str, target: str, edges: list[Edge], seen: int, graph: SystemGraph) -> Finding:
        channel = graph.channels.get(target)
        verb = "calls" if channel is None else "sends to" if edges[0].kind == "send" else "receives from"
        times = "once" if seen == 1 else f"{seen} times"
        return self.finding(
            f"{source} {verb} {channel.name if channel else target} in the traces ({times}), but not in what was read",
            _anchor(source, edges, graph),
            [f"service:{source}", target if channel else f"service:{target}"],
            help="bind the address of the call (`hosts` in the configuration), or read the code that makes it",
            confidence=Confidence.CERTAIN,
            services=[source],
        )


def _anchor(source: str, edges: list[Edge], graph: SystemGraph) -> Region:
    """Where to point at for what has no line: the service's declaration, else its first operation."""
    placed = [edge.region for edge in edges if edge.region is not None]
    declared = graph.services[source].why
    operations = [entry.operation.region for entry in graph.system.operations if entry.service == source]
    return min(placed, default=None) or (declared[0] if declared else min(operations, default=Region(".")))
