"""What is done to each bucket: its traces are analysed, then its messages are paired with those of all others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from commlint.observe.dimensions import Dimensions
from commlint.observe.huge import MOST_SPANS, taken
from commlint.observe.kernel import (
    CHAIN,
    DEPTH,
    ENTRY,
    EXAMPLE,
    FANOUT,
    REFERENCE,
    SERVICE,
    Messages,
    Partial,
    analysed,
)
from commlint.observe.messages import paired, unsent
from commlint.observe.spill import TABLES, Rows, joined, read
from commlint.observe.tables import exactly, in_buckets

PIECE: Final = 200_000
"""Rows that are taken up from disk at a time."""

Times = NDArray[np.int64]
NO_MESSAGES: Final = {"chains": CHAIN, "entries": ENTRY, "examples": EXAMPLE, "depths": DEPTH, "services": SERVICE}
"""What messages alone say nothing of."""


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
    """What the traces of a bucket say; their messages are left on disk."""
    rows, left = _rows(job, "rows", bucket)
    links, _ = _rows(job, "links", bucket)
    partial, messages = analysed(bucket, rows, links, job.dimensions, job.told)
    partial = replace(partial, left=left)
    _leave(job, bucket, messages)
    return partial


def second_round(job: Job, bucket: int) -> tuple[Partial, dict[tuple[int, int], int]]:
    """What the messages sent in a bucket say; with the deliveries beyond the first by caller and callee."""
    sent = np.load(job.folder / f"sent-{bucket}.npy")
    calls, fanout, repeated, found = paired(sent, _referring(job, bucket), job.told)
    np.save(job.folder / f"found-{bucket}.npy", found)
    again = {(caller, callee): times for caller, callee, times in repeated.tolist() if times}
    return _only(calls, fanout), again


def third_round(job: Job, bucket: int) -> Partial:
    """What the messages say that were received in a bucket and sent nowhere."""
    received = np.load(job.folder / f"received-{bucket}.npy")
    numbers = [np.load(job.folder / f"found-{other}.npy") for other in range(job.buckets)]
    calls = unsent(received, np.concatenate(numbers), job.told)
    return _only(calls, np.empty(0, FANOUT))


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


def _leave(job: Job, bucket: int, messages: Messages) -> None:
    references = messages.references
    target = (references["lo"] % np.uint64(job.buckets)).astype(np.int64)
    order = np.argsort(target, kind="stable")
    ends = np.searchsorted(target[order], np.arange(job.buckets), side="right")
    np.save(job.folder / f"references-{bucket}.npy", references.take(order))
    np.save(job.folder / f"ends-{bucket}.npy", np.append(0, ends))
    np.save(job.folder / f"sent-{bucket}.npy", messages.sent)
    np.save(job.folder / f"received-{bucket}.npy", messages.received)


def _referring(job: Job, bucket: int) -> Rows:
    """Everything that was received anywhere and refers to a span of this bucket."""
    parts = []
    for other in range(job.buckets):
        begin, end = np.load(job.folder / f"ends-{other}.npy", mmap_mode="r")[bucket : bucket + 2]
        if end > begin:
            parts.append(np.load(job.folder / f"references-{other}.npy", mmap_mode="r")[begin:end])
    return joined(parts) if parts else np.empty(0, REFERENCE)


def _only(calls: Rows, fanout: Rows) -> Partial:
    empty: dict[str, Any] = {name: np.empty(0, kind) for name, kind in NO_MESSAGES.items()}
    return Partial(calls=calls, fanout=fanout, **empty)
