"""CL501."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.rule import Rule, option
from commlint.check.sightings import anchor, duration
from commlint.graph import SystemGraph
from commlint.model.findings import Finding, Level, Related
from commlint.model.operations import Confidence, Evidence, Role
from commlint.model.system import INFRASTRUCTURE, Edge, UnresolvedCall

_ROLES = {"send": Role.PRODUCER, "receive": Role.CONSUMER}


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
        code. Services of which no code was read are silent, for what was not read is not absent; `code-less` has
        them told. A service with a call that leads nowhere known (CL903) may make the seen call there, so it is told
        as possible only.

    References:
        - https://opentelemetry.io/docs/concepts/signals/traces/
    """

    code: ClassVar[str] = "CL501"
    level: ClassVar[Level] = Level.WARNING
    needs_traces: ClassVar[bool] = True
    min_calls: int = option(1, "calls that must have been seen")
    code_less: bool = option(False, "tell it of services without any code too")

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        coded = {entry.service for entry in graph.system.operations}
        pairs: dict[tuple[str, str, str], list[Edge]] = defaultdict(list)
        for edge in graph.system.edges:
            target = _other_side(edge, graph)
            source = graph.services.get(edge.source_service)
            if target and source is not None and source.kind not in INFRASTRUCTURE:
                way = edge.kind if target in graph.channels else ""
                pairs[edge.source_service, target, way].append(edge)
        for (source_name, target, _), edges in sorted(pairs.items()):
            if source_name not in coded and not self.code_less:
                continue
            seen = sum(edge.observed.calls for edge in edges if edge.observed)
            if all(set(edge.evidence) == {Evidence.OBSERVED} for edge in edges) and seen >= self.min_calls:
                yield self._finding(source_name, target, edges, seen, graph)

    def _finding(self, source: str, target: str, edges: list[Edge], seen: int, graph: SystemGraph) -> Finding:
        channel = graph.channels.get(target)
        verb = {"send": "sends to", "receive": "receives from"}.get(edges[0].kind, "calls")
        times = "once" if seen == 1 else f"{seen} times"
        slowest = max(edge.observed.p99 for edge in edges if edge.observed)
        open_calls = _may_be(source, edges, graph)
        return self.finding(
            f"{source} {verb} {channel.name if channel else target} in the traces "
            f"({times}, p99 {duration(slowest)}), but not in what was read",
            # The one call that may be meant is where somebody has to look; the declaration is only where to start.
            open_calls[0].region if len(open_calls) == 1 else anchor(source, graph),
            [f"service:{source}", target if channel else f"service:{target}"],
            help="bind the address of the call (`hosts` in the configuration), or read the code that makes it",
            confidence=Confidence.POSSIBLE if open_calls else Confidence.CERTAIN,
            related=[Related(call.region, f"may be this call: {call.reason}") for call in open_calls],
            services=[source],
        )


def _other_side(edge: Edge, graph: SystemGraph) -> str:
    """The service called, or the id of the channel; "" for infrastructure, for outside hosts and for itself."""
    if edge.target in graph.channels:
        return edge.target
    named = edge.target_service
    return named if named != edge.source_service and graph.is_peer(named) else ""


def _may_be(source: str, edges: Sequence[Edge], graph: SystemGraph) -> list[UnresolvedCall]:
    """The calls of a service whose target is not known, and that may be what was seen."""
    role = _ROLES.get(edges[0].kind, Role.CLIENT)
    found = []
    for call in graph.system.unresolved:
        entry = graph.operations.get(call.operation)
        if call.service == source and (entry is None or entry.operation.role is role):
            found.append(call)
    return sorted(found, key=lambda call: (call.region, call.label))
