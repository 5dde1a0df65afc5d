"""Observations as one JSON document: counts, edges, depths, chains and orphans."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from commlint.model.observations import Observations, ObservedEdge, nanoseconds_at
from commlint.observe.merging import added

_KINDS: Final = {"database": "db"}


def statistics(found: Observations) -> dict[str, Any]:
    """Times are nanoseconds; edges between the same operations are one, whatever the channel."""
    totals = found.totals
    return {
        "totals": {
            "records": totals.records,
            "spans": totals.spans,
            "duplicates": totals.records - totals.spans,
            "cyclic": totals.cyclic,
            "traces": totals.traces,
            "orphans": totals.orphans,
        },
        "edges": _edges(found),
        "trace_depth_histogram": {str(depth): traces for depth, traces in found.depths},
        "chains": sorted(
            (
                {
                    "service": chain.entry.service,
                    "op": chain.entry.name,
                    "chains": sum(count for _, count in chain.depths),
                    "max_depth": max(depth for depth, _ in chain.depths),
                    "trace": chain.trace,
                    "path": [f"{each.service} {each.name}".strip() for each in chain.path],
                }
                for chain in found.chains
            ),
            key=lambda row: (row["service"], row["op"]),
        ),
        "orphans": sorted(
            (
                {"service": each.operation.service, "op": each.operation.name, "spans": each.orphans}
                for each in found.entries
                if each.orphans
            ),
            key=lambda row: (str(row["service"]), str(row["op"])),
        ),
    }


def _edges(found: Observations) -> list[dict[str, Any]]:
    groups: dict[tuple[str, ...], list[ObservedEdge]] = defaultdict(list)
    for edge in found.edges:
        peer = edge.callee.service, edge.callee.name
        callee = peer if edge.kind == "unpaired" else edge.callee.called
        groups[(*edge.caller.called, *callee, _KINDS.get(edge.kind, edge.kind))].append(edge)
    return [_edge(key, groups[key]) for key in sorted(groups)]


def _edge(key: tuple[str, ...], edges: list[ObservedEdge]) -> dict[str, Any]:
    latencies = added(edge.latencies for edge in edges)
    quantiles = edges[0].exact or tuple(nanoseconds_at(latencies, percent) for percent in (50, 95, 99))
    names = ("caller_service", "caller_op", "callee_service", "callee_op", "kind")
    return {
        **dict(zip(names, key, strict=True)),
        "calls": sum(edge.calls for edge in edges),
        "errors": sum(edge.errors for edge in edges),
        "retries": sum(edge.retries for edge in edges),
        "redeliveries": max(edge.redeliveries for edge in edges),
        "max_fanout": max(edge.most for edge in edges),
        **dict(zip(("p50", "p95", "p99"), quantiles, strict=True)),
    }
