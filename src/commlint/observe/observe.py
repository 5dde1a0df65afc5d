"""Observe: recorded traces become counted edges, in three rounds over buckets of whole traces."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

from commlint.model.facts import Notice
from commlint.model.observations import Observations, TraceSource
from commlint.observe.buckets import Job, first_round, second_round, third_round
from commlint.observe.decoding import decode
from commlint.observe.dimensions import united
from commlint.observe.huge import MOST_SPANS, TOO_LARGE
from commlint.observe.kernel import Partial
from commlint.observe.merging import merge
from commlint.observe.planning import SMALL, buckets_for, units
from commlint.observe.result import observations, together

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
    with _pool(workers) as each:
        work = units(given, workers)
        decoded = list(each(partial(_decode, folder, count), list(enumerate(work))))
        renamed, dimensions, names = united([unit.meanings for unit in decoded])
        notices = {notice for unit in decoded for notice in unit.notices}
        largest = sum(unit.spans for unit in decoded) // count
        job = Job(folder, renamed, dimensions, count, count * max(1, -(-largest // AT_ONCE)), exact)
        found, repeated = _rounds(job, each)
    if found.cyclic:
        notices.add(Notice("", 0, CIRCLES.format(found.cyclic)))
    if found.left:
        notices.add(Notice("", 0, TOO_LARGE.format(found.left, MOST_SPANS)))
    return observations(found, repeated, names, exact, notices)


def _rounds(job: Job, each: Mapper) -> tuple[Partial, dict[tuple[int, int], int]]:
    rounds = _Rounds()
    for outcome in each(partial(first_round, job), range(job.buckets)):
        rounds.add(outcome)
    repeated: Counter[tuple[int, int]] = Counter()
    for outcome, again in each(partial(second_round, job), range(job.buckets)):
        rounds.add(outcome)
        repeated.update(again)
    for outcome in each(partial(third_round, job), range(job.buckets)):
        rounds.add(outcome)
    return together(rounds.held), dict(repeated)


class _Rounds:
    """Partials, added up when they become many."""

    def __init__(self) -> None:
        self.held: list[Partial] = []

    def add(self, found: Partial) -> None:
        """Take in one more."""
        self.held.append(found)
        if len(self.held) > FOLD:
            self.held = [together(self.held)]


def _decode(folder: Path, buckets: int, unit: tuple[int, Sequence[Any]]) -> Any:
    number, parts = unit
    return decode(parts, folder, number, buckets)


Mapper = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]


@contextmanager
def _pool(workers: int) -> Iterator[Mapper]:
    """How to have the same done to many things: here, or in other processes."""
    if workers == 1:
        yield map
        return
    executor: Executor
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as executor:
        yield executor.map
