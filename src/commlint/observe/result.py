"""From the numbered tables of all buckets to observations with names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from commlint.model.facts import Notice
from commlint.model.observations import (
    Observations,
    ObservedChain,
    ObservedEdge,
    ObservedEntry,
    ObservedOperation,
    Totals,
)
from commlint.observe.dimensions import EDGE_KINDS, Names
from commlint.observe.kernel import Partial, deepest_first
from commlint.observe.merging import settled
from commlint.observe.spill import Rows, joined
from commlint.observe.tables import grouped, in_buckets
from commlint.observe.tree import NOWHERE

QUANTILES: Final = ((1, 2), (19, 20), (99, 100))
EDGE: Final = ("caller", "callee", "kind")


def together(partials: Sequence[Partial]) -> Partial:
    """Several partials as one."""

    def table(name: str, by: Sequence[str], sums: Sequence[str], maxima: Sequence[str] = ()) -> Rows:
        return grouped(joined([getattr(each, name) for each in partials]), by, sums, maxima)

    return Partial(
        calls=table("calls", (*EDGE, "channel", "took"), ("calls", "errors", "retries")),
        fanout=table("fanout", EDGE, (), ("most",)),
        chains=table("chains", ("operation", "depth", "took"), ("chains",)),
        entries=table("entries", ("operation",), ("entered", "began", "orphans")),
        examples=deepest_first(joined([each.examples for each in partials])),
        depths=table("depths", ("depth",), ("traces",)),
        services=table("services", ("service",), ("entered",)),
        records=sum(each.records for each in partials),
        spans=sum(each.spans for each in partials),
        cyclic=sum(each.cyclic for each in partials),
        left=sum(each.left for each in partials),
    )


def observations(
    partial: Partial, repeated: dict[tuple[int, int], int], names: Names, exact: bool, notices: Iterable[Notice]
) -> Observations:
    """
    Args:
        repeated: deliveries beyond the first by caller and callee.
        exact: times were told apart exactly.
    """
    services = {names.services[row["service"]]: int(row["entered"]) for row in partial.services}
    operation = names.operations.__getitem__
    entries = (
        ObservedEntry(operation(number), *counts)
        for number, *counts in partial.entries[["operation", "entered", "began", "orphans"]].tolist()
    )
    depths = tuple(partial.depths.tolist())
    found = Observations(
        edges=tuple(_edges(partial, repeated, names, exact)),
        services=tuple(services.items()),
        entries=tuple(entries),
        chains=tuple(_chains(partial, names, exact)),
        depths=depths,
        totals=Totals(
            records=partial.records,
            spans=partial.spans,
            cyclic=partial.cyclic,
            traces=sum(count for _, count in depths),
            orphans=int(partial.entries["orphans"].sum()),
        ),
        notices=tuple(notices),
    )
    return settled(found)


def _edges(partial: Partial, repeated: dict[tuple[int, int], int], names: Names, exact: bool) -> Iterable[ObservedEdge]:
    most = {tuple(key): count for *key, count in partial.fanout.tolist()}
    messaging = EDGE_KINDS.index("messaging")
    quantiles = _quantiles(partial.calls) if exact else {}
    for rows in _split(partial.calls, (*EDGE, "channel")):
        caller, callee, kind, channel = (int(rows[0][name]) for name in (*EDGE, "channel"))
        key = (caller, callee, kind)
        sent_by, taken_by = names.operations[caller], names.operations[callee]
        topic = sent_by.role == "channel"
        yield ObservedEdge(
            caller=sent_by,
            callee=taken_by,
            kind=EDGE_KINDS[kind],
            calls=int(rows["calls"].sum()),
            errors=int(rows["errors"].sum()),
            latencies=_histogram(rows, "calls", exact),
            channel=names.channels[channel] if channel != NOWHERE else "",
            retries=int(rows["retries"].sum()),
            redeliveries=repeated.get((caller, callee), 0) if kind == messaging and not topic else 0,
            most=0 if topic else most.get(key, 0),
            exact=quantiles.get(key),
        )


def _split(table: Rows, by: Sequence[str]) -> list[Rows]:
    """A sorted table in groups."""
    if not len(table):
        return []
    changes = np.zeros(len(table) - 1, bool)
    for name in by:
        changes |= table[name][1:] != table[name][:-1]
    return np.split(table, np.flatnonzero(changes) + 1)


def _histogram(rows: Rows, count: str, exact: bool) -> tuple[tuple[int, int], ...]:
    buckets = in_buckets(rows["took"]) if exact else rows["took"]
    values, places = np.unique(buckets, return_inverse=True)
    counts = np.zeros(len(values), np.int64)
    np.add.at(counts, places, rows[count])
    return tuple(zip(values.tolist(), counts.tolist(), strict=True))


def _quantiles(calls: Rows) -> dict[tuple[int, ...], tuple[int, int, int]]:
    """Nearest ranks of every edge, whatever the channel."""
    found: dict[tuple[int, ...], tuple[int, int, int]] = {}
    for rows in _split(grouped(calls, (*EDGE, "took"), ("calls",)), EDGE):
        upto = np.cumsum(rows["calls"])
        ranks = [-(-part * int(upto[-1]) // whole) for part, whole in QUANTILES]
        p50, p95, p99 = rows["took"][np.searchsorted(upto, ranks)].tolist()
        found[tuple(int(rows[0][name]) for name in EDGE)] = (p50, p95, p99)
    return found


def _chains(partial: Partial, names: Names, exact: bool) -> Iterable[ObservedChain]:
    examples = {int(row["operation"]): row for row in partial.examples}
    by_depth: dict[int, list[tuple[int, Rows]]] = defaultdict(list)
    for rows in _split(partial.chains, ("operation", "depth")):
        by_depth[int(rows[0]["operation"])].append((int(rows[0]["depth"]), rows))
    for number, depths in by_depth.items():
        example = examples[number]
        path: list[ObservedOperation] = [names.operations[each] for each in example["path"] if each != NOWHERE]
        yield ObservedChain(
            entry=names.operations[number],
            depths=tuple((depth, int(rows["chains"].sum())) for depth, rows in depths),
            latencies=tuple(_histogram(rows, "chains", exact) for _, rows in depths),
            trace=f"{int(example['hi']):016x}{int(example['lo']):016x}",
            path=tuple(reversed(path)),
        )
