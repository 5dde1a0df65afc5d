"""From the numbered tables of all buckets to observations with names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

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
from commlint.observe.merging import settled
from commlint.observe.partials import EDGE, Partial
from commlint.observe.spill import Rows
from commlint.observe.tables import split
from commlint.observe.tree import NOWHERE

Quantiles = Mapping[tuple[int, ...], tuple[int, int, int]]
"""Those of edges, whatever the channel, where they are known exactly."""


def observations(
    partial: Partial,
    repeated: Mapping[tuple[int, int], int],
    quantiles: Quantiles,
    names: Names,
    notices: Iterable[Notice],
) -> Observations:
    """
    Args:
        partial: times in it are told apart as in histograms.
        repeated: deliveries beyond the first by caller and callee.
    """
    services = {names.services[row["service"]]: int(row["entered"]) for row in partial.services}
    operation = names.operations.__getitem__
    entries = (
        ObservedEntry(operation(number), *counts)
        for number, *counts in partial.entries[["operation", "entered", "began", "orphans"]].tolist()
    )
    depths = tuple(partial.depths.tolist())
    found = Observations(
        edges=tuple(_edges(partial, repeated, quantiles, names)),
        services=tuple(services.items()),
        entries=tuple(entries),
        chains=tuple(_chains(partial, names)),
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


def _edges(
    partial: Partial, repeated: Mapping[tuple[int, int], int], quantiles: Quantiles, names: Names
) -> Iterable[ObservedEdge]:
    most = {tuple(key): count for *key, count in partial.fanout.tolist()}
    messaging = EDGE_KINDS.index("messaging")
    for rows in split(partial.calls, (*EDGE, "channel")):
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
            latencies=_histogram(rows, "calls"),
            channel=names.channels[channel] if channel != NOWHERE else "",
            retries=int(rows["retries"].sum()),
            redeliveries=repeated.get((caller, callee), 0) if kind == messaging and not topic else 0,
            most=0 if topic else most.get(key, 0),
            exact=quantiles.get(key),
        )


def _histogram(rows: Rows, count: str) -> tuple[tuple[int, int], ...]:
    values, places = np.unique(rows["took"], return_inverse=True)
    counts = np.zeros(len(values), np.int64)
    np.add.at(counts, places, rows[count])
    return tuple(zip(values.tolist(), counts.tolist(), strict=True))


def _chains(partial: Partial, names: Names) -> Iterable[ObservedChain]:
    examples = {int(row["operation"]): row for row in partial.examples}
    by_depth: dict[int, list[tuple[int, Rows]]] = defaultdict(list)
    for rows in split(partial.chains, ("operation", "depth")):
        by_depth[int(rows[0]["operation"])].append((int(rows[0]["depth"]), rows))
    for number, depths in by_depth.items():
        example = examples[number]
        path: list[ObservedOperation] = [names.operations[each] for each in example["path"] if each != NOWHERE]
        yield ObservedChain(
            entry=names.operations[number],
            depths=tuple((depth, int(rows["chains"].sum())) for depth, rows in depths),
            latencies=tuple(_histogram(rows, "chains") for _, rows in depths),
            trace=f"{int(example['hi']):016x}{int(example['lo']):016x}",
            path=tuple(reversed(path)),
        )
