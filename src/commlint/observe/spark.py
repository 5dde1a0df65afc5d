"""
The same rounds on a Spark cluster: what the round of a bucket reads is shuffled to it, and what it leaves goes on.

Rows of the tables between are (bucket, name, content): a file of the round by its name, or a share of a table.
"""

from __future__ import annotations

import pickle
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from commlint.errors import UsageError
from commlint.model.observations import Observations, TraceSource
from commlint.observe.buckets import Job, first_round, last_round, second_round, third_round
from commlint.observe.decoding import Decoded, decode
from commlint.observe.dimensions import Names, united
from commlint.observe.observe import Rounds, told
from commlint.observe.partials import CALL, REFERENCE, Partial, together
from commlint.observe.planning import buckets_for, units
from commlint.observe.shares import gathered, leave

NO_EXTRA: Final = "--spark {}: needs an extra and Java: `pip install 'commlint[spark]'`"
FAILED: Final = "--spark {}: {}; see what the cluster says of it, and that commlint is installed on it"

UNIT: Final = 256 << 20
"""Bytes of recordings that are decoded at a time, about."""

BUCKET: Final = 96 << 20
"""Bytes of recordings whose spans make a bucket, about."""

MOST_BUCKETS: Final = 30_000
TASKS: Final = 4
"""Tasks of a round for each core."""

AT_ONCE: Final = 8
"""Rows that are handed to Python at a time, for each may be large."""

SCHEMA: Final = "bucket int, name string, content binary"
RESULT: Final = -1
"""The bucket of what goes to the one who asked."""

SHARES: Final = {
    "references": REFERENCE, "found": np.dtype("<u8"), "calls": CALL, "messages": CALL, "unsent": CALL,
}  # fmt: skip
"""Tables of which every bucket gets its share; all else is a file that stays with its bucket."""

Row = tuple[int, str, bytes]


Outcome = tuple[Partial, Mapping[Any, Any]]


@dataclass(frozen=True, slots=True)
class _Round:
    """
    What is done to a bucket.

    `run`: gives a partial, or a partial and more. `reads`: what has to be there, by the beginning of its name.
    """

    run: Callable[[Job, int], Partial | Outcome | None]
    reads: tuple[str, ...]

    def outcome(self, job: Job, bucket: int) -> Outcome | None:
        """What the round says of a bucket."""
        found = self.run(job, bucket)
        return (found, {}) if isinstance(found, Partial) else found


FIRST: Final = _Round(first_round, ("rows", "links", "bucket"))
SECOND: Final = _Round(second_round, ("sent", "references"))
THIRD: Final = _Round(third_round, ("received", "found"))
LAST: Final = _Round(last_round, ("calls", "messages", "unsent"))


def observe_on_spark(master: str, sources: Sequence[TraceSource], exact: bool = False) -> Observations:
    """
    What `observe` says of these sources, which the machines of the cluster must be able to open.

    Args:
        master: as Spark calls it: `spark://HOST:7077`, `yarn`, `local[4]`.

    Raises:
        UsageError: there is no Spark here, or it failed.
    """
    with _session(master) as session:
        size = sum(source.size for source in sources)
        count = min(max(buckets_for(sources), -(-size // BUCKET)), MOST_BUCKETS)
        cores = session.sparkContext.defaultParallelism
        work = units(sources, max(cores, -(-size // UNIT) // 4))
        given = [(RESULT, str(number), pickle.dumps(parts)) for number, parts in enumerate(work)]
        spilled = _run(_table(session, given, len(given)), partial(_decoded, count))
        decoded = [each for _, each in sorted(_results(spilled), key=itemgetter(0))]
        renamed, dimensions, names = united([unit.meanings for unit in decoded])
        job = session.sparkContext.broadcast(Job(Path(), renamed, dimensions, count, count, exact))
        seeds = _table(session, [(bucket, "bucket", b"") for bucket in range(count)], 1)
        done = partial(_in_buckets, job=job, tasks=min(count, TASKS * cores))
        first = done(spilled.unionAll(seeds), FIRST)
        second = done(first, SECOND)
        third = done(first.unionAll(second), THIRD)
        last = done(first.unionAll(second).unionAll(third), LAST)
        return _together((first, second, last), names, decoded)


def _together(rounds: Iterable[Any], names: Names, decoded: Sequence[Decoded]) -> Observations:
    """What the rounds that say something have said."""
    partials, repeated = Rounds(), Counter[tuple[int, int]]()
    quantiles: dict[tuple[int, ...], tuple[int, int, int]] = {}
    for number, outcomes in enumerate(map(_results, rounds)):
        for _, (found, more) in outcomes:
            partials.add(found)
            for each in more:
                repeated.update(each) if number == 1 else quantiles.update(each)
    return told(partials.found, repeated, quantiles, names, decoded)


@contextmanager
def _session(master: str) -> Iterator[Any]:
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise UsageError(NO_EXTRA.format(master)) from None
    session = None
    try:
        session = SparkSession.builder.appName("commlint").master(master).getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(AT_ONCE))
        yield session
    except (PySparkException, OSError) as error:
        line = str(error).strip().partition("\n")[0]
        raise UsageError(FAILED.format(master, line)) from error
    finally:
        if session is not None:
            session.stop()


def _table(session: Any, rows: Sequence[Row], tasks: int) -> Any:
    """Rows, shared out among so many tasks."""
    return session.createDataFrame(session.sparkContext.parallelize(rows, max(tasks, 1)), SCHEMA)


def _in_buckets(table: Any, each: _Round, job: Any, tasks: int) -> Any:
    """What a round leaves of all buckets, each done where all that it reads has come together."""
    read = table.where(table.bucket >= 0).where(table.name.rlike(f"^({'|'.join(each.reads)})(-|$)"))
    return _run(read.repartition(tasks, "bucket"), partial(_done, each, job))


def _run(table: Any, work: Callable[[Iterable[Row]], Iterator[Row]]) -> Any:
    """What some work makes of a table; it is kept, for several read it."""
    from pyspark import StorageLevel

    return table.mapInArrow(partial(_in_arrow, work), SCHEMA).persist(StorageLevel.DISK_ONLY)


def _results(table: Any) -> Iterator[tuple[int, Any]]:
    """What tasks said, with the number of the unit or of one of the buckets."""
    for row in table.where(table.bucket == RESULT).collect():
        yield int(row["name"]), pickle.loads(row["content"])


# -- what tasks do -----------------------------------------------------------------------------------------


def _in_arrow(work: Callable[[Iterable[Row]], Iterator[Row]], batches: Iterator[Any]) -> Iterator[Any]:
    import pyarrow as pa

    schema = pa.schema([("bucket", pa.int32()), ("name", pa.string()), ("content", pa.binary())])
    rows = (tuple(row.values()) for batch in batches for row in batch.to_pylist())
    for row in work(rows):
        yield pa.RecordBatch.from_pylist([dict(zip(schema.names, row, strict=True))], schema)


def _decoded(count: int, given: Iterable[Row]) -> Iterator[Row]:
    """What units of work hold, apart by bucket."""
    for _, number, content in given:
        with TemporaryDirectory(prefix="commlint-") as folder:
            found = decode(pickle.loads(content), Path(folder), int(number), count)
            yield RESULT, number, pickle.dumps(found)
            yield from _files(Path(folder))


def _done(each: _Round, job: Any, given: Iterable[Row]) -> Iterator[Row]:
    """A round for the buckets that have come here; what it says of them is added up at once."""
    with TemporaryDirectory(prefix="commlint-") as name:
        folder, count = Path(name), job.value.buckets
        buckets = _put(folder, given, count)
        here = replace(job.value, folder=folder)
        came = set(folder.iterdir())
        outcomes = [found for bucket in sorted(buckets) if (found := each.outcome(here, bucket)) is not None]
        if outcomes:
            added = together([found for found, _ in outcomes]), [more for _, more in outcomes if more]
            yield RESULT, str(min(buckets)), pickle.dumps(added)
        left = set(folder.iterdir()) - came
        tables = sorted({table for path in left if (table := path.stem.rpartition("-")[0]) in SHARES})
        for share in range(count) if tables else ():
            for table in tables:
                rows = gathered(folder, [table], SHARES[table], share, count)
                if len(rows):
                    yield share, table, rows.tobytes()
        yield from _files(folder, left)


def _put(folder: Path, given: Iterable[Row], count: int) -> set[int]:
    """Lay out what has come as the round expects it; the buckets it is for."""
    shares: Mapping[tuple[int, str], list[bytes]] = defaultdict(list)
    buckets: set[int] = set()
    for bucket, name, content in given:
        buckets.add(bucket)
        if name in SHARES:
            shares[bucket, name].append(content)
        else:
            (folder / name).write_bytes(content)
    for (bucket, name), contents in shares.items():
        rows = np.frombuffer(b"".join(contents), SHARES[name])
        leave(folder, name, bucket, rows, np.full(len(rows), bucket), count)
    return buckets


def _files(folder: Path, only: Iterable[Path] | None = None) -> Iterator[Row]:
    """Files that stay with the bucket whose number their names end with."""
    for path in sorted(folder.iterdir() if only is None else only):
        name, _, bucket = path.stem.rpartition("-")
        if name and name not in SHARES:
            yield int(bucket), path.name, path.read_bytes()
