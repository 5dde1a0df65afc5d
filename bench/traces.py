"""
What commlint takes on generated traces, beside an independent reference and DuckDB's own reader in the same run.

    python bench/traces.py DATA [--formats otlp-proto,otlp-json] [--reference SCRIPT | --expected FILE] [--duckdb]

DATA is a folder of one recording in several formats: `*.otlp.pb`, `*.jsonl`, `jaeger-*.json`, `zipkin-*.json` and
`*.parquet`. The reference is a program that is given the JSON lines and prints the document of
`commlint traces stats --format json`; what differs is told, and makes this fail. Zipkin knows no links and Jaeger no
scopes: a format that loses something says more or other edges, so `--differs` names the formats that may.

Processor time is that of all processes together; memory is the most that any one of them held.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FORMATS: Final = {
    "otlp-proto": "*.otlp.pb", "otlp-json": "*.jsonl", "jaeger": "jaeger-*.json", "zipkin": "zipkin-*.json",
    "parquet": "*.parquet",
}  # fmt: skip
COMPARED: Final = ("edges", "trace_depth_histogram", "chains", "orphans", "totals")
EXTRA: Final = ("trace", "path")
"""What commlint says of a chain beyond the reference."""

DUCKDB: Final = """
SELECT count(*), min(span.startTimeUnixNano::UBIGINT) FROM (
    SELECT unnest(scopes.spans) AS span FROM (
        SELECT unnest(resources.scopeSpans) AS scopes FROM (
            SELECT unnest(resourceSpans) AS resources FROM read_json({files}, format = 'newline_delimited',
                maximum_object_size = 268435456, columns = {{resourceSpans: {shape}}}))))
"""
ATTRIBUTES: Final = "STRUCT(key VARCHAR, value STRUCT(stringValue VARCHAR, intValue VARCHAR))[]"
SHAPE: Final = f"""'STRUCT(resource STRUCT(attributes {ATTRIBUTES}), scopeSpans STRUCT(spans STRUCT(traceId VARCHAR,
    spanId VARCHAR, parentSpanId VARCHAR, name VARCHAR, kind INTEGER, startTimeUnixNano VARCHAR,
    endTimeUnixNano VARCHAR, status STRUCT(code INTEGER), attributes {ATTRIBUTES},
    links STRUCT(traceId VARCHAR, spanId VARCHAR)[])[])[])[]'"""


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock, seconds of processor time, and the most memory of one process, in MB."""

    wall: float
    processor: float
    memory: float


class _Memory(threading.Thread):
    """
    Looks after the most memory of every process of a group, again and again.

    What a process held in all is asked of each by itself: a child begins with the figure of its parent.
    """

    def __init__(self, group: int) -> None:
        super().__init__(daemon=True)
        self._group, self._over = group, threading.Event()
        self.most: dict[int, float] = {}

    def run(self) -> None:
        while not self._over.wait(0.05):
            for process in self._members():
                held = _resident(process)
                self.most[process] = max(self.most.get(process, 0.0), held)

    def _members(self) -> Iterable[int]:
        for name in os.listdir("/proc"):
            try:
                if name.isdigit() and os.getpgid(int(name)) == self._group:
                    yield int(name)
            except OSError:
                continue

    def stop(self) -> float:
        """The most that any one held, in MB."""
        self._over.set()
        self.join()
        return max(self.most.values(), default=0.0)


def _resident(process: int) -> float:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def cost(command: Sequence[str], output: Path, allowed: Sequence[int] = (0,)) -> Cost:
    """What a run of a command takes, its workers included; it must end with one of the codes that are allowed."""
    began = time.monotonic()
    with output.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, start_new_session=True)
    memory = _Memory(process.pid)
    memory.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    most = memory.stop()
    if process.returncode not in allowed:
        raise SystemExit(f"{' '.join(command[:6])} … failed with {process.returncode}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, most)


def duckdb_reads(files: Sequence[str]) -> None:
    """DuckDB parses OTLP JSON by itself and gives every span as a row; no graph."""
    import duckdb

    listed = "[" + ", ".join(f"'{file}'" for file in files) + "]"
    print(duckdb.connect().execute(DUCKDB.format(files=listed, shape=SHAPE)).fetchall())


def differences(found: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    """In what two documents differ, with one example each."""
    told = []
    for key in COMPARED:
        mine, theirs = ({_frozen(each) for each in _parts(document[key])} for document in (found, wanted))
        if mine != theirs:
            only = sorted(mine - theirs)[:1], sorted(theirs - mine)[:1]
            told.append(f"{key}: {len(mine - theirs)} only here {only[0]}, {len(theirs - mine)} only there {only[1]}")
    return told


def _parts(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]


def _frozen(value: Any) -> str:
    kept = {key: each for key, each in value.items() if key not in EXTRA} if isinstance(value, dict) else value
    return json.dumps(kept, sort_keys=True)


def tell(name: str, spans: int, taken: Cost) -> None:
    """One line of the table."""
    rate, each = spans / taken.wall, taken.processor / spans * 1e6
    print(f"| {name} | {taken.wall:.1f} | {rate / 1e3:,.0f} | {each:.1f} | {taken.memory:.0f} |", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--formats", default="otlp-proto,otlp-json")
    parser.add_argument("--reference", type=Path, help="an independent program to run on the JSON lines")
    parser.add_argument("--expected", type=Path, help="what it printed in an earlier run")
    parser.add_argument("--differs", default="", help="formats that lose something")
    parser.add_argument("--duckdb", action="store_true", help="let DuckDB read the JSON lines, too")
    parser.add_argument("--jobs", type=int, default=0)
    parser.add_argument("--histogram", action="store_true")
    parser.add_argument("--rounds", type=int, default=1)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        wrong = run(given, Path(folder))
    for line in wrong:
        print(line)
    if wrong:
        raise SystemExit(1)


def run(given: argparse.Namespace, folder: Path) -> list[str]:
    """Measure everything that was asked for; what differs from the reference."""
    lines = sorted(map(str, given.data.glob(FORMATS["otlp-json"])))
    print("| what | seconds | thousand spans a second | µs of processor a span | MB of the largest process |")
    print("| --- | --- | --- | --- | --- |")
    wanted = json.loads(given.expected.read_bytes()) if given.expected else None
    wrong: list[str] = []
    spans = 0
    for name in given.formats.split(","):
        files = sorted(map(str, given.data.glob(FORMATS[name])))
        best, found = _best(lambda out, files=files: cost(_commlint(files, given), out), folder, given.rounds)
        spans = found["totals"]["records"]
        tell(f"commlint, {name}", spans, best)
        if wanted is None and given.reference:
            taken = cost([sys.executable, str(given.reference), *lines], folder / "reference")
            tell("reference", spans, taken)
            wanted = json.loads((folder / "reference").read_bytes())
        if wanted is not None and name not in given.differs.split(","):
            wrong += [f"{name}: {each}" for each in differences(found, wanted)]
    if given.duckdb:
        tell("DuckDB reads JSON, no graph", spans, _aside(duckdb_reads, lines, folder))
    return wrong


def _best(measure: Callable[[Path], Cost], folder: Path, rounds: int) -> tuple[Cost, dict[str, Any]]:
    costs = [measure(folder / "out") for _ in range(rounds)]
    fastest = min(costs, key=lambda each: each.wall)
    most = max(each.memory for each in costs)
    return Cost(fastest.wall, fastest.processor, most), json.loads((folder / "out").read_bytes())


def _commlint(files: Sequence[str], given: argparse.Namespace) -> list[str]:
    more = ["--histogram"] if given.histogram else []
    command = [sys.executable, "-m", "commlint", "traces", "stats", "--format", "json", "--quiet"]
    return [*command, "--jobs", str(given.jobs), *more, *files]


def _aside(task: Callable[[Sequence[str]], None], files: Sequence[str], folder: Path) -> Cost:
    """What a function of this file takes in a process of its own."""
    code = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import traces; traces.{task.__name__}"
    return cost([sys.executable, "-c", f"{code}(sys.argv[1:])", *files], folder / "aside")


if __name__ == "__main__":
    multiprocessing.freeze_support()
    main()
