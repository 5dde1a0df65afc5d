"""Observe: recorded traces become counted edges, in some rounds over buckets of whole traces."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from commlint.model.facts import Notice
from commlint.model.observations import Observations, TraceSource
from commlint.observe.buckets import Job, first_round, last_round, second_round, third_round
from commlint.observe.decoding import Decoded, decode
from commlint.observe.dimensions import Names, united
from commlint.observe.huge import MOST_SPANS, TOO_LARGE
from commlint.observe.merging import merge
from commlint.observe.partials import Partial, together
from commlint.observe.planning import SMALL, buckets_for, units
from commlint.observe.pool import Mapper, pool
from commlint.observe.result import Quantiles, observations

__all__ = ["merge", "observe"]

AT_ONCE: Final = 400_000
"""Spans in a bucket at most, unless a single trace is larger."""

CIRCLES: Final = "{} spans whose parents go round in a circle, left out"
FOLD: Final = 8
"""Partials that are held before they are added up."""


def observe(
    sources: Iterable[TraceSource],
    folder: Path,
    processes: int = 0,
    exact: bool = False,
    buckets: int = 0,
) -> Observations:
    """
    What the traces say, in whatever files their spans stand; total: trouble in a file is a notice.

    The order of files and spans makes no difference, nor do processes and buckets.

    Args:
        folder: an empty one, to write into what does not fit into memory.
        processes: at most; 0 for one for each core.
        exact: percentiles are exact, and not those of a histogram.
        buckets: 0 for as many as the files are worth.
    """
    given = tuple(sources)
    count = buckets or buckets_for(given)
    workers = processes or os.cpu_count() or 1
    if sum(source.size for source in given) < SMALL or not all(source.portable for source in given):
        workers = 1
    with pool(workers) as each:
        work = units(given, workers)
        decoded = list(each(partial(_decode, folder, count), list(enumerate(work))))
        renamed, dimensions, names = united([unit.meanings for unit in decoded])
        largest = sum(unit.spans for unit in decoded) // count
        job = Job(folder, renamed, dimensions, count, count * max(1, -(-largest // AT_ONCE)), exact)
        found, repeated, quantiles = _rounds(job, each)
    return told(found, repeated, quantiles, names, decoded)


def told(
    found: Partial,
    repeated: Mapping[tuple[int, int], int],
    quantiles: Quantiles,
    names: Names,
    decoded: Iterable[Decoded],
) -> Observations:
    """What all rounds have found, with names, and with notices of what was left out."""
    notices = {notice for unit in decoded for notice in unit.notices}
    if found.cyclic:
        notices.add(Notice("", 0, CIRCLES.format(found.cyclic)))
    if found.left:
        notices.add(Notice("", 0, TOO_LARGE.format(found.left, MOST_SPANS)))
    return observations(found, repeated, quantiles, names, notices)


def _rounds(job: Job, each: Mapper) -> tuple[Partial, dict[tuple[int, int], int], Quantiles]:
    rounds = Rounds()
    for outcome in each(partial(first_round, job), range(job.buckets)):
        rounds.add(outcome)
    repeated: Counter[tuple[int, int]] = Counter()
    for outcome, again in each(partial(second_round, job), range(job.buckets)):
        rounds.add(outcome)
        repeated.update(again)
    for _ in each(partial(third_round, job), range(job.buckets)):
        pass
    quantiles: dict[tuple[int, ...], tuple[int, int, int]] = {}
    for outcome, exact in each(partial(last_round, job), range(job.buckets)):
        rounds.add(outcome)
        quantiles |= exact
    return rounds.found, dict(repeated), quantiles


class Rounds:
    """Partials, added up when they become many."""

    def __init__(self) -> None:
        self.held: list[Partial] = []

    def add(self, found: Partial) -> None:
        """Take in one more."""
        self.held.append(found)
        if len(self.held) > FOLD:
            self.held = [together(self.held)]

    @property
    def found(self) -> Partial:
        """All of them together."""
        return together(self.held)


def _decode(folder: Path, buckets: int, unit: tuple[int, Sequence[Any]]) -> Any:
    number, parts = unit
    return decode(parts, folder, number, buckets)
