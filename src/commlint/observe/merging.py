"""Observations of several runs as one: sums and maxima, in whatever order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

from commlint.model.observations import (
    Observations,
    ObservedChain,
    ObservedEdge,
    ObservedEntry,
    Totals,
)

Histogram = tuple[tuple[int, int], ...]


def merge(one: Observations, other: Observations) -> Observations:
    """
    What two sets of traces say together; associative and commutative.

    It is what `observe` says of all of them when no trace is split between the two sets, and no link leads from one
    to the other. Percentiles are those of histograms then; of what describes operations that are called alike, the
    least is taken.
    """
    services: Counter[str] = Counter(dict(one.services))
    services.update(dict(other.services))
    depths: Counter[int] = Counter(dict(one.depths))
    depths.update(dict(other.depths))
    mine, theirs = one.totals, other.totals
    empty = not mine.records or not theirs.records
    edges = (*one.edges, *other.edges)
    return settled(
        Observations(
            edges=edges if empty else tuple(replace(edge, exact=None) for edge in edges),
            services=tuple(services.items()),
            entries=(*one.entries, *other.entries),
            chains=(*one.chains, *other.chains),
            depths=tuple(depths.items()),
            totals=Totals(
                records=mine.records + theirs.records,
                spans=mine.spans + theirs.spans,
                cyclic=mine.cyclic + theirs.cyclic,
                traces=mine.traces + theirs.traces,
                orphans=mine.orphans + theirs.orphans,
            ),
            notices=(*one.notices, *other.notices),
        )
    )


def settled(found: Observations) -> Observations:
    """The same with everything once and sorted; who is outside is known only when all services are."""
    services = dict(found.services)
    edges: dict[object, list[ObservedEdge]] = defaultdict(list)
    for edge in found.edges:
        if edge.kind == "external" and edge.callee.service in services:
            edge = replace(edge, kind="unpaired")
        edges[edge.caller.called, edge.callee.called, edge.kind, edge.channel].append(edge)
    entries: dict[tuple[str, str], list[ObservedEntry]] = defaultdict(list)
    for entry in found.entries:
        entries[entry.operation.called].append(entry)
    chains: dict[tuple[str, str], list[ObservedChain]] = defaultdict(list)
    for chain in found.chains:
        chains[chain.entry.called].append(chain)
    return replace(
        found,
        edges=tuple(sorted(map(_one_edge, edges.values()), key=_edge_order)),
        services=tuple(sorted(services.items())),
        entries=tuple(sorted(map(_one_entry, entries.values()), key=lambda each: each.operation)),
        chains=tuple(sorted(map(_one_chain, chains.values()), key=lambda each: each.entry)),
        depths=tuple(sorted(found.depths)),
        notices=tuple(sorted(set(found.notices))),
    )


def _edge_order(edge: ObservedEdge) -> tuple[object, ...]:
    return edge.caller, edge.callee, edge.kind, edge.channel


def _one_edge(edges: list[ObservedEdge]) -> ObservedEdge:
    if len(edges) == 1:
        return edges[0]
    return replace(
        edges[0],
        caller=min(edge.caller for edge in edges),
        callee=min(edge.callee for edge in edges),
        calls=sum(edge.calls for edge in edges),
        errors=sum(edge.errors for edge in edges),
        latencies=added(edge.latencies for edge in edges),
        retries=sum(edge.retries for edge in edges),
        redeliveries=sum(edge.redeliveries for edge in edges),
        most=max(edge.most for edge in edges),
        exact=None,
    )


def _one_entry(entries: list[ObservedEntry]) -> ObservedEntry:
    return ObservedEntry(
        min(entry.operation for entry in entries),
        entered=sum(entry.entered for entry in entries),
        began=sum(entry.began for entry in entries),
        orphans=sum(entry.orphans for entry in entries),
    )


def _one_chain(chains: list[ObservedChain]) -> ObservedChain:
    if len(chains) == 1:
        return chains[0]
    counts: Counter[int] = Counter()
    latencies: dict[int, list[Histogram]] = defaultdict(list)
    for chain in chains:
        for (depth, count), took in zip(chain.depths, chain.latencies, strict=True):
            counts[depth] += count
            latencies[depth].append(took)
    deepest = min(chains, key=lambda chain: (-len(chain.path), chain.trace))
    return ObservedChain(
        min(chain.entry for chain in chains),
        tuple(sorted(counts.items())),
        tuple(added(latencies[depth]) for depth in sorted(latencies)),
        deepest.trace,
        deepest.path,
    )


def added(histograms: Iterable[Histogram]) -> Histogram:
    """Histograms as one."""
    sums: Counter[int] = Counter()
    for histogram in histograms:
        sums.update(dict(histogram))
    return tuple(sorted(sums.items()))
