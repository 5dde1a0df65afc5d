"""Traces that are too large for the memory: of each the spans that began first are taken, the rest is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from commlint.observe.buffer import Places
from commlint.observe.spill import Rows, joined

MOST_SPANS: Final = 1_000_000
"""Spans of one trace."""

TOO_LARGE: Final = (
    "{} spans of traces with more than {}, left out; a trace is one request or message, and no day of a batch job"
)
SLOTS: Final = 1 << 16
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_SHIFT: Final = np.uint64(48)


def taken(pieces: Callable[[], Iterator[Rows]], most: int) -> tuple[Rows, int]:
    """
    The rows of all pieces, of each trace at most so many, and how many are left out.

    Which they are depends on the rows alone, not on their order. No more than some times that many are in memory.
    """
    held, count = [], 0
    for rows in pieces():
        held.append(rows)
        count += len(rows)
        if count > most:
            break
    else:
        return joined(held), 0
    held.clear()
    large = _large(pieces, most)
    return _cut(pieces, large, most) if large else (joined(list(pieces())), 0)


def _cut(pieces: Callable[[], Iterator[Rows]], large: Sequence[tuple[int, int]], most: int) -> tuple[Rows, int]:
    kept: dict[tuple[int, int], Rows] = {}
    others, left = [], 0
    for rows in pieces():
        rest = np.ones(len(rows), bool)
        for trace in large:
            own = _of(rows, trace)
            rest &= ~own
            more = joined((kept.get(trace, rows[:0]), rows.compress(own)))
            kept[trace] = _first(more, most)
            left += len(more) - len(kept[trace])
        others.append(rows.compress(rest))
    return joined((*others, *kept.values())), left


def _slots(rows: Rows) -> Places:
    """Few numbers that traces are told apart by."""
    mixed: NDArray[Any] = (rows["hi"] * _MIX ^ rows["lo"]) * _MIX
    return (mixed >> _SHIFT).astype(np.int64)


def _large(pieces: Callable[[], Iterator[Rows]], most: int) -> list[tuple[int, int]]:
    """The traces with too many rows."""
    counts = np.zeros(SLOTS, np.int64)
    for rows in pieces():
        counts += np.bincount(_slots(rows), minlength=SLOTS)
    full = counts > most
    traces: Counter[tuple[int, int]] = Counter()
    for rows in pieces() if full.any() else ():
        some = rows[["hi", "lo"]][full[_slots(rows)]]
        distinct, times = np.unique(some, return_counts=True)
        traces.update(dict(zip(distinct.tolist(), times.tolist(), strict=True)))
    return sorted(trace for trace, times in traces.items() if times > most)


def _of(rows: Rows, trace: tuple[int, int]) -> NDArray[np.bool_]:
    hi, lo = trace
    own: NDArray[np.bool_] = (rows["lo"] == np.uint64(lo)) & (rows["hi"] == np.uint64(hi))
    return own


def _first(rows: Rows, most: int) -> Rows:
    """Those that began first, of several at the same time the ones with the lowest ids."""
    if len(rows) <= most:
        return rows
    found: Rows = rows.take(np.lexsort((rows["meaning"], rows["end"], rows["id"], rows["start"]))[:most])
    return found
