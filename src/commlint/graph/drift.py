"""How what was read and what traces saw differ, edge by edge, and how well traces look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final, Literal

from commlint.model.findings import DriftSummary
from commlint.model.operations import Evidence
from commlint.model.system import Edge, System

DriftWord = Literal["confirmed", "code-only", "trace-only"]

TALKING: Final = ("sync", "send", "receive")
"""Kinds of edges that traces are asked about; what a service leans on is often not instrumented."""


def drift_of(edge: Edge) -> DriftWord:
    """Whether an edge is known from both, from what was read alone, or from traces alone."""
    if Evidence.OBSERVED not in edge.evidence:
        return "code-only"
    return "trace-only" if set(edge.evidence) == {Evidence.OBSERVED} else "confirmed"


class Coverage:
    """How often traces saw at work what leads to an edge."""

    def __init__(self, system: System) -> None:
        self._entered = dict(system.watched.entered)
        self._entries: dict[str, set[str]] = defaultdict(set)
        for flow in system.flows:
            self._entries[flow.exit].add(flow.entry)

    def of(self, edge: Edge) -> int:
        """Times that operations which lead to the edge were entered; 0 when traces say nothing of it."""
        return sum(self._entered.get(entry, 0) for entry in self._entries.get(edge.source, ()))


def drift(system: System) -> DriftSummary | None:
    """All edges together, those between the same two as one; None where no traces were given."""
    if not system.traced:
        return None
    coverage = Coverage(system)
    pairs: dict[tuple[str, str, str], list[Edge]] = defaultdict(list)
    watched: set[tuple[str, str, str]] = set()
    for edge in system.edges:
        if edge.kind in TALKING:
            pair = (edge.source_service, edge.target_service or edge.target, edge.kind)
            pairs[pair].append(edge)
            if coverage.of(edge):
                watched.add(pair)
    merged = {pair: drift_of_all(edges) for pair, edges in pairs.items()}
    return DriftSummary(
        confirmed=sum(word == "confirmed" for word in merged.values()),
        code_only=sum(word == "code-only" for word in merged.values()),
        trace_only=sum(word == "trace-only" for word in merged.values()),
        watched=sum(word == "code-only" and pair in watched for pair, word in merged.items()),
        orphans=system.watched.orphans,
    )


def drift_of_all(edges: Iterable[Edge]) -> DriftWord:
    """The same for edges that are drawn as one."""
    words = {drift_of(edge) for edge in edges}
    return "confirmed" if len(words) > 1 or "confirmed" in words else words.pop()
