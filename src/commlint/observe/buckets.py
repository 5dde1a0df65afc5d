"""
What is done to each bucket: its traces are analysed, then its messages are paired with those of all others.

Calls are many when times are told apart exactly: they are left on disk, and added up edge by edge when all are there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from commlint.observe.dimensions import Dimensions
from commlint.observe.huge import MOST_SPANS, taken
from commlint.observe.kernel import analysed, folded
from commlint.observe.messages import paired, unsent
from commlint.observe.partials import (
    CALL,
    CHAIN,
    DEPTH,
    EDGE,
    ENTRY,
    EXAMPLE,
    FANOUT,
    RECEIVER_BUCKET,
    REFERENCE,
    SERVICE,
    Messages,
    Partial,
)
from commlint.observe.shares import gathered, leave
from commlint.observe.spill import TABLES, Rows, joined, read
from commlint.observe.tables import exactly, grouped, in_buckets, split

PIECE: Final = 200_000
"""Rows that are taken up from disk at a time."""

Times = NDArray[np.int64]
EMPTY: Final = {
    "calls": CALL, "fanout": FANOUT, "chains": CHAIN, "entries": ENTRY, "examples": EXAMPLE, "depths": DEPTH,
    "services": SERVICE,
}  # fmt: skip
PRIME: Final = 7919
"""So that the edges of one caller are spread."""

CALLS: Final = ("calls", "messages", "unsent")
"""What each of the rounds leaves of calls."""

QUANTILES: Final = ((1, 2), (19, 20), (99, 100))


@dataclass(frozen=True, slots=True)
class Job:
    """
    What all buckets have in common.

    `renamed`: for each unit the numbers its meanings have now. `spilled`: buckets that were written; `buckets` is a
    multiple of it, so that each of them is a part of one that was written.
    """

    folder: Path
    renamed: tuple[NDArray[np.uint32], ...]
    dimensions: Dimensions
    spilled: int
    buckets: int
    exact: bool

    @property
    def told(self) -> Callable[[Times], Times]:
        """How exactly times are told apart."""
        return exactly if self.exact else in_buckets


def first_round(job: Job, bucket: int) -> Partial:
    """What the traces of a bucket say; their calls and messages are left on disk."""
    rows, left = _rows(job, "rows", bucket)
    links, _ = _rows(job, "links", bucket)
    partial, messages = analysed(bucket, rows, links, job.dimensions, job.told)
    _leave_messages(job, bucket, messages)
    _leave_calls(job, CALLS[0], bucket, partial.calls)
    return replace(partial, left=left, calls=np.empty(0, CALL))


def second_round(job: Job, bucket: int) -> tuple[Partial, dict[tuple[int, int], int]]:
    """What the messages sent in a bucket say; with the deliveries beyond the first by caller and callee."""
    sent = np.load(job.folder / f"sent-{bucket}.npy")
    references = gathered(job.folder, ["references"], REFERENCE, bucket, job.buckets)
    calls, fanout, repeated, found = paired(sent, references, job.told)
    leave(job.folder, "found", bucket, found, found >> RECEIVER_BUCKET, job.buckets)
    _leave_calls(job, CALLS[1], bucket, calls)
    again = {(caller, callee): times for caller, callee, times in repeated.tolist() if times}
    return _only(fanout=fanout), again


def third_round(job: Job, bucket: int) -> None:
    """What the messages say that were received in a bucket and sent nowhere."""
    received = np.load(job.folder / f"received-{bucket}.npy")
    found = gathered(job.folder, ["found"], received.dtype["receiver"], bucket, job.buckets)
    _leave_calls(job, CALLS[2], bucket, unsent(received, found, job.told))


def last_round(job: Job, share: int) -> tuple[Partial, dict[tuple[int, ...], tuple[int, int, int]]]:
    """The calls of some edges, times as in histograms; and their percentiles where times are told apart exactly."""
    calls = gathered(job.folder, CALLS, CALL, share, job.buckets)
    calls = grouped(calls, (*EDGE, "channel", "took"), ("calls", "errors", "retries"))
    if not job.exact:
        return _only(calls=calls), {}
    quantiles = _quantiles(calls)
    return _only(calls=folded(calls, in_buckets)), quantiles


def _quantiles(calls: Rows) -> dict[tuple[int, ...], tuple[int, int, int]]:
    """Nearest ranks of every edge, whatever the channel."""
    found: dict[tuple[int, ...], tuple[int, int, int]] = {}
    for rows in split(grouped(calls, (*EDGE, "took"), ("calls",)), EDGE):
        upto = np.cumsum(rows["calls"])
        ranks = [-(-part * int(upto[-1]) // whole) for part, whole in QUANTILES]
        p50, p95, p99 = rows["took"][np.searchsorted(upto, ranks)].tolist()
        found[tuple(int(rows[0][name]) for name in EDGE)] = (p50, p95, p99)
    return found


def _rows(job: Job, name: str, bucket: int) -> tuple[Rows, int]:
    """The rows of a bucket with the numbers that meanings have now; and how many are left out."""

    def pieces() -> Iterator[Rows]:
        yield np.empty(0, TABLES[name])
        for unit, renamed in enumerate(job.renamed):
            kept = read(job.folder, name, unit, bucket % job.spilled)
            for begin in range(0, len(kept), PIECE):
                rows = joined([kept[begin : begin + PIECE]])
                if job.buckets != job.spilled:
                    rows = rows.compress(rows["lo"] % np.uint64(job.buckets) == bucket)
                rows["meaning"] = renamed[rows["meaning"]]
                yield rows

    return taken(pieces, MOST_SPANS)


def _leave_messages(job: Job, bucket: int, messages: Messages) -> None:
    """Those who are referred to may stand in other buckets."""
    references = messages.references
    leave(job.folder, "references", bucket, references, references["lo"] % np.uint64(job.buckets), job.buckets)
    np.save(job.folder / f"sent-{bucket}.npy", messages.sent)
    np.save(job.folder / f"received-{bucket}.npy", messages.received)


def _leave_calls(job: Job, name: str, bucket: int, calls: Rows) -> None:
    """All calls of an edge are in one share."""
    edges = calls["caller"] * np.int64(PRIME) + calls["callee"]
    leave(job.folder, name, bucket, calls, edges % job.buckets, job.buckets)


def _only(**tables: Rows) -> Partial:
    """One that says nothing else."""
    empty: dict[str, Any] = {name: np.empty(0, kind) for name, kind in EMPTY.items()}
    return Partial(**empty | tables)
