"""Tables of what traces say, which merge by sum and maximum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from commlint.observe.spill import KEY, Rows, joined
from commlint.observe.tables import grouped, latest

PATH_LIMIT: Final = 64
"""Hops of an example that are told."""

CALL: Final = np.dtype([
    ("caller", "<i4"), ("callee", "<i4"), ("kind", "i1"), ("channel", "<i4"), ("took", "<i8"),
    ("calls", "<i8"), ("errors", "<i8"), ("retries", "<i8"),
])  # fmt: skip
"""Calls of one edge that took the same time, as far as times are told apart."""

EDGE: Final = ("caller", "callee", "kind")
"""What tells edges apart, but for the channel."""

FANOUT: Final = np.dtype([("caller", "<i4"), ("callee", "<i4"), ("kind", "i1"), ("most", "<i8")])
CHAIN: Final = np.dtype([("operation", "<i4"), ("depth", "<i4"), ("took", "<i8"), ("chains", "<i8")])
ENTRY: Final = np.dtype([("operation", "<i4"), ("entered", "<i8"), ("began", "<i8"), ("orphans", "<i8")])
EXAMPLE: Final = np.dtype(
    [("operation", "<i4"), ("depth", "<i4"), ("hi", "<u8"), ("lo", "<u8"), ("path", "<i4", PATH_LIMIT)]
)
DEPTH: Final = np.dtype([("depth", "<i4"), ("traces", "<i8")])
SERVICE: Final = np.dtype([("service", "<i4"), ("entered", "<i8")])

SENT: Final = np.dtype([
    *KEY, ("caller", "<i4"), ("instance", "<u8"), ("channel", "<i4"), ("topic", "<i4"), ("took", "<i8"),
    ("failed", "?"),
])  # fmt: skip
"""A message that was sent. `instance`: the entry span of the sender; `topic`: where it goes when nobody takes it."""

REFERENCE: Final = np.dtype([*KEY, ("receiver", "<u8"), ("callee", "<i4"), ("took", "<i8"), ("failed", "?")])
"""A message that was received, by the key of the span it refers to. `receiver` numbers the span that received it."""

RECEIVER_BUCKET: Final = np.uint64(40)
"""Where in such a number that of its bucket begins."""

RECEIVED: Final = np.dtype(
    [("receiver", "<u8"), ("callee", "<i4"), ("topic", "<i4"), ("channel", "<i4"), ("took", "<i8"), ("failed", "?")]
)


@dataclass(frozen=True, slots=True)
class Partial:
    """Tables of one bucket, or of several together. `left`: spans of traces that are too large, see `huge`."""

    calls: Rows
    fanout: Rows
    chains: Rows
    entries: Rows
    examples: Rows
    depths: Rows
    services: Rows
    records: int = 0
    spans: int = 0
    cyclic: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Messages:
    """The two sides of the messages of a bucket; those that belong together may stand in different buckets."""

    sent: Rows
    references: Rows
    received: Rows


def together(partials: Sequence[Partial]) -> Partial:
    """Several partials as one."""

    def table(name: str, by: Sequence[str], sums: Sequence[str], maxima: Sequence[str] = ()) -> Rows:
        return grouped(joined([getattr(each, name) for each in partials]), by, sums, maxima)

    return Partial(
        calls=table("calls", (*EDGE, "channel", "took"), ("calls", "errors", "retries")),
        fanout=table("fanout", EDGE, (), ("most",)),
        chains=table("chains", ("operation", "depth", "took"), ("chains",)),
        entries=table("entries", ("operation",), ("entered", "began", "orphans")),
        examples=latest(joined([each.examples for each in partials]), "operation", "depth", ("hi", "lo")),
        depths=table("depths", ("depth",), ("traces",)),
        services=table("services", ("service",), ("entered",)),
        records=sum(each.records for each in partials),
        spans=sum(each.spans for each in partials),
        cyclic=sum(each.cyclic for each in partials),
        left=sum(each.left for each in partials),
    )
