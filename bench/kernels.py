"""
The kernel of traces beside the same question asked of DuckDB, on the same spans and in one run.

    python bench/kernels.py FILE… [--rounds 3]

Spans are decoded once and lie in buckets of whole traces. Of every bucket both find parents, the entry span of every
span, and how often which operation called which and how long that took; they take turns, with one thread, and what they
say has to be the same. DuckDB walks the trees by a recursive query. The kernel as it is used stands beside them, with
messages, chains, depths, orphans, fan-out and percentiles. Seconds are those of the processor.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

import duckdb
import numpy as np

from commlint.observe.buckets import Job, first_round, last_round, second_round, third_round
from commlint.observe.conventions import CLIENT
from commlint.observe.decoding import decode
from commlint.observe.dimensions import Dimensions, united
from commlint.observe.observe import AT_ONCE
from commlint.observe.planning import units
from commlint.observe.spill import Rows, joined, read
from commlint.observe.tables import grouped
from commlint.observe.tree import distinct, tree
from commlint.store.traces import trace_sources

SPANS: Final = """
    CREATE OR REPLACE TEMP TABLE s AS SELECT row_number() OVER () AS i, * FROM (
        SELECT * FROM given
        QUALIFY row_number() OVER (PARTITION BY hi, lo, id ORDER BY start, "end", meaning) = 1
    ) JOIN meanings USING (meaning)
"""
PARENTS: Final = """
    CREATE OR REPLACE TEMP TABLE t AS SELECT s.i, p.i AS up,
        s.kind = 5 OR (p.i IS NOT NULL AND p.kind = 4 AND p.service <> s.service) AS received,
        p.i IS NOT NULL AND NOT (s.kind = 5 OR (p.kind = 4 AND p.service <> s.service))
            AND (p.service <> s.service OR (p.kind = 3 AND s.kind = 2)) AS hop
    FROM s LEFT JOIN s AS p ON p.hi = s.hi AND p.lo = s.lo AND p.id = s.parent
"""
ENTRIES: Final = """
    CREATE OR REPLACE TEMP TABLE r AS WITH RECURSIVE r(i, entry) AS (
        SELECT i, i FROM t WHERE up IS NULL
        UNION ALL
        SELECT c.i, CASE WHEN c.received OR c.hop THEN c.i ELSE f.entry END FROM t AS c JOIN r AS f ON c.up = f.i
    ) SELECT * FROM r
"""
CALLS: Final = """
    SELECT e.operation AS caller, s.operation AS callee,
        greatest(CASE WHEN p.kind = 3 THEN p."end" - p.start ELSE s."end" - s.start END, 0) AS took, count(*) AS calls
    FROM t JOIN r USING (i) JOIN s USING (i) JOIN s AS p ON p.i = t.up
        JOIN r AS q ON q.i = t.up JOIN s AS e ON e.i = q.entry
    WHERE t.hop GROUP BY ALL ORDER BY ALL
"""
COLUMNS: Final = ("hi", "lo", "id", "parent", "start", "end", "meaning")
SPILLED: Final = 16
CALL: Final = np.dtype([("caller", "<i8"), ("callee", "<i8"), ("took", "<i8"), ("calls", "<i8")])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        work = units(trace_sources(given.files, Path()), 1)
        decoded = [decode(parts, folder, number, SPILLED) for number, parts in enumerate(work)]
        renamed, dimensions, _ = united([unit.meanings for unit in decoded])
        spans = sum(unit.spans for unit in decoded)
        job = Job(folder, renamed, dimensions, SPILLED, SPILLED * max(1, spans // AT_ONCE // SPILLED), True)
        buckets = [_rows(job, bucket) for bucket in range(SPILLED)]
        asked: dict[str, Callable[[], Rows | None]] = {
            "numpy, calls between services": lambda: joined([_numpy(rows, dimensions) for rows in buckets]),
            "DuckDB, calls between services": lambda: joined(list(_duckdb(buckets, dimensions))),
            "numpy, all that is asked of traces": lambda: _all(job),
        }
        best = dict.fromkeys(asked, float("inf"))
        found: dict[str, Rows | None] = {}
        for _ in range(given.rounds):
            for kernel, ask in asked.items():
                gc.collect()
                began = time.process_time()
                found[kernel] = ask()
                best[kernel] = min(best[kernel], time.process_time() - began)
    print("| kernel | µs of processor a span |\n| --- | --- |")
    for kernel, seconds in best.items():
        print(f"| {kernel} | {seconds / spans * 1e6:.2f} |")
    one, other, _ = found.values()
    assert one is not None
    same = np.array_equal(one, other)
    print(f"{spans} records, {one['calls'].sum()} calls, {'no differences' if same else 'DIFFERENT'}")
    if not same:
        raise SystemExit(1)


def _rows(job: Job, bucket: int) -> Rows:
    """All spans of a bucket that was written."""
    parts = []
    for unit, renamed in enumerate(job.renamed):
        rows = np.array(read(job.folder, "rows", unit, bucket))
        rows["meaning"] = renamed[rows["meaning"]]
        parts.append(rows)
    return joined(parts)


def _numpy(rows: Rows, dimensions: Dimensions) -> Rows:
    rows, index = distinct(rows)
    hung = tree(rows, index, dimensions)
    hops = np.flatnonzero(hung.hop)
    parents = hung.parent[hops]
    kind, operation = dimensions.kind[rows["meaning"]], dimensions.operation[rows["meaning"]]
    timed = np.where(kind[parents] == CLIENT, parents, hops)
    calls = np.empty(len(hops), CALL)
    calls["caller"], calls["callee"] = operation[hung.entry[parents]], operation[hops]
    calls["took"], calls["calls"] = np.maximum(rows["end"] - rows["start"], 0)[timed], 1
    return grouped(calls, ("caller", "callee", "took"), ("calls",))


def _duckdb(buckets: Iterable[Rows], dimensions: Dimensions) -> Iterator[Rows]:
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET enable_progress_bar = false")
    columns = {name: getattr(dimensions, name) for name in ("service", "kind", "operation")}
    connection.register("meanings", {"meaning": np.arange(len(dimensions.kind)), **columns})
    for rows in buckets:
        connection.register("given", {name: np.ascontiguousarray(rows[name]) for name in COLUMNS})
        for query in (SPANS, PARENTS, ENTRIES):
            connection.execute(query)
        found = connection.execute(CALLS).fetchnumpy()
        calls = np.empty(len(found["calls"]), CALL)
        for name in CALL.names or ():
            calls[name] = found[name]
        yield calls


def _all(job: Job) -> None:
    for round_of in (first_round, second_round, third_round, last_round):
        for bucket in range(job.buckets):
            round_of(job, bucket)


if __name__ == "__main__":
    main()
