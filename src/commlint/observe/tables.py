"""Tables of structured rows: grouped by sums and maxima; and how exactly times are told apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from commlint.model.observations import SIGNIFICANT_BITS
from commlint.observe.spill import Rows

Times = NDArray[np.int64]

_SIGN: Final = 63


def exactly(nanoseconds: Times) -> Times:
    """Every time for itself."""
    return nanoseconds


def in_buckets(nanoseconds: Times) -> Times:
    """The buckets of times, as `bucket_of` gives them."""
    digits = np.frexp(nanoseconds.astype(np.float64))[1].astype(np.int64)
    # A number just below a power of two becomes that power as a float.
    digits -= (nanoseconds >> np.clip(digits - 1, 0, _SIGN)) == 0
    shift = np.maximum(digits - SIGNIFICANT_BITS, 0)
    return (shift << SIGNIFICANT_BITS) + (nanoseconds >> shift)


def grouped(table: Rows, by: Sequence[str], sums: Iterable[str], maxima: Iterable[str] = ()) -> Rows:
    """One row for each group, sorted by it; the columns that are not named are those of any row of the group."""
    if not len(table):
        return table
    packed = _packed([table[name] for name in by])
    order = np.argsort(packed, kind="stable") if packed is not None else np.lexsort([table[name] for name in by[::-1]])
    if packed is not None:
        ordered = packed[order]
        first = np.append(True, ordered[1:] != ordered[:-1])
    else:
        first = np.zeros(len(table), bool)
        first[0] = True
        for name in by:
            column = table[name][order]
            first[1:] |= column[1:] != column[:-1]
    begins = np.flatnonzero(first)
    found: Rows = table.take(order[begins])
    for name in sums:
        found[name] = np.add.reduceat(table[name][order], begins)
    for name in maxima:
        found[name] = np.maximum.reduceat(table[name][order], begins)
    return found


def _packed(columns: Sequence[NDArray[Any]]) -> NDArray[np.uint64] | None:
    """The columns in one, which sorts faster; None when they do not fit."""
    packed = np.zeros(len(columns[0]), np.uint64)
    left = 64
    for column in columns:
        low, high = int(column.min()), int(column.max())
        digits = (high - low).bit_length()
        left -= digits
        if left < 0:
            return None
        packed <<= np.uint64(digits)
        packed |= (column - column.dtype.type(low)).astype(np.uint64) if low else column.astype(np.uint64)
    return packed


def split(table: Rows, by: Sequence[str]) -> list[Rows]:
    """A sorted table in groups."""
    if not len(table):
        return []
    changes = np.zeros(len(table) - 1, bool)
    for name in by:
        changes |= table[name][1:] != table[name][:-1]
    return np.split(table, np.flatnonzero(changes) + 1)


def latest(table: Rows, by: str, highest: str, lowest: Sequence[str]) -> Rows:
    """Of each group the row with the highest and then the lowest of these columns."""
    if not len(table):
        return table
    order = np.lexsort([*(table[name] for name in reversed(lowest)), -table[highest].astype(np.int64), table[by]])
    column = table[by][order]
    found: Rows = table.take(order[np.append(True, column[1:] != column[:-1])])
    return found
