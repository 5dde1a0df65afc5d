"""Parquet in the layout of the table `otel_traces`, as the ClickHouse exporter of the Collector has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from commlint.observe.compression import UnreadableError
from commlint.observe.describing import MEMORY, Describer
from commlint.observe.parquet_layout import NEEDED, described, has_shapes, links, shapes, spans
from commlint.observe.port import ERROR
from commlint.observe.spill import LINK, ROW, Rows

AT_ONCE: Final = 300_000
"""Rows that are taken up at a time."""

SAMPLE: Final = 4096
"""Rows whose shapes are looked at before all others; of a span with another shape it is found out by itself."""

FETCHED: Final = 5000
"""Spans that are asked for by their rows at a time."""

MEMORY_LIMIT: Final = "300MB"
FOREIGN: Final = "is Parquet, but not in the layout of `otel_traces`: it has no column {}"
DAMAGED: Final = "is Parquet, and damaged or of a kind that cannot be read ({})"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Spans as rows of the spill, their meanings still being codes; and how many had no valid ids."""

    rows: Rows
    links: Rows
    refused: int


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Some rows of a file, and the types of its columns."""

    path: str
    begin: int
    end: int
    columns: Mapping[str, str]

    @property
    def place(self) -> list[object]:
        """What `STRETCH` asks for."""
        return [self.path, self.begin, self.end]


class Parquet:
    """Reads tables; what is learnt of one is known for the next."""

    def __init__(self, describer: Describer, folder: Path) -> None:
        """
        Args:
            folder: for what does not fit into memory.
        """
        self._describer = describer
        self._connection = _connection({"temp_directory": str(folder)})
        self._connection.execute("CREATE TABLE shapes (shape UBIGINT, plain BIGINT[], url BIGINT)")
        self._codes: dict[int, int] = {}

    def chunks(self, path: str, begin: int, end: int) -> Iterator[Chunk]:
        """
        The spans in a range of rows, `end` 0 for all of them.

        Raises:
            UnreadableError: the file cannot be read, or holds something else.
        """
        described = self._asked("DESCRIBE SELECT * FROM read_parquet(?)", [path]).fetchall()
        columns = {name: kind for name, kind, *_ in described}
        for name in NEEDED:
            if name not in columns:
                raise UnreadableError(FOREIGN.format(name))
        for first, last in [(begin, end)] if end else _stretches(self._connection, path):
            yield self._chunk(_Stretch(path, first, last, columns))

    def _asked(self, query: str, values: list[object]) -> Any:
        return _asked(self._connection, query, values)

    def _chunk(self, stretch: _Stretch) -> Chunk:
        columns = self._spans(stretch)
        usable = np.flatnonzero(columns["usable"])
        refused = len(columns["usable"]) - len(usable)
        if refused:
            columns = {name: column[usable] for name, column in columns.items()}
        rows = np.zeros(len(usable), ROW)
        for name in ("hi", "lo", "id", "parent", "start", "end"):
            rows[name] = columns[name]
        codes = self._coded(stretch, columns["meaning"], columns["row"])
        rows["meaning"], rows["again"] = codes >> np.uint32(1), codes & np.uint32(1)
        rows["flags"] = np.where(columns["failed"], ERROR, 0)
        return Chunk(rows, self._links(stretch, rows, columns["row"]), refused)

    def _spans(self, stretch: _Stretch) -> dict[str, NDArray[Any]]:
        """Columns of spans: numbers for ids, and a hash of all that gives them their meaning."""
        if has_shapes(stretch.columns):
            self._asked(f"INSERT INTO shapes {shapes(SAMPLE)}", stretch.place)
        found = self._asked(spans(stretch.columns), stretch.place).fetchnumpy()
        return {name: np.asarray(column) for name, column in found.items()}

    def _coded(self, stretch: _Stretch, meanings: NDArray[np.uint64], rows: NDArray[np.int64]) -> NDArray[np.uint32]:
        """The code of every span."""
        distinct, first, places = np.unique(meanings, return_index=True, return_inverse=True)
        known = self._codes
        if len(known) > MEMORY:
            known.clear()
        new = sorted(
            int(rows[place]) for place, each in zip(first, distinct.tolist(), strict=True) if each not in known
        )
        told = dict(zip(rows[first].tolist(), distinct.tolist(), strict=True))
        for begin in range(0, len(new), FETCHED):
            for row, code in self._described(stretch, new[begin : begin + FETCHED]):
                known[told[row]] = code
        codes: NDArray[np.uint32] = np.array([known[each] for each in distinct.tolist()], np.uint32)[places]
        return codes

    def _described(self, stretch: _Stretch, rows: list[int]) -> Iterator[tuple[int, int]]:
        """The codes of some rows."""
        query = f"{described(stretch.columns)} AND file_row_number IN ({', '.join(map(str, rows))})"
        found = self._asked(query, [stretch.path, rows[0], rows[-1] + 1]).fetchall()
        for row, service, kind, name, given in found:
            attributes = {each["key"]: each["value"] for each in given or () if each["value"] is not None}
            yield row, self._describer.described(service or "", (kind or "").capitalize(), name or "", attributes)

    def _links(self, stretch: _Stretch, rows: Rows, numbers: NDArray[np.int64]) -> Rows:
        query = links(stretch.columns)
        if not query:
            return np.empty(0, LINK)
        found = self._asked(query, stretch.place).fetchnumpy()
        places = np.full(stretch.end - stretch.begin, -1, np.int64)
        places[numbers - stretch.begin] = np.arange(len(numbers))
        owners = places[found["row"] - stretch.begin]
        table = np.empty(len(owners), LINK)
        for name in ("hi", "lo", "id", "start", "end", "meaning"):
            table[name] = rows[name][owners]
        for name in ("hi", "lo", "id"):
            table[f"to_{name}"] = found[name]
        return table.compress(owners >= 0)


def stretches(path: str) -> list[tuple[int, int]]:
    """
    Rows of a file that are worth being read at once; groups that stand together in the file stay together.

    Raises:
        UnreadableError: it cannot be read.
    """
    return _stretches(_connection({}), path)


def _stretches(connection: Any, path: str) -> list[tuple[int, int]]:
    query = "SELECT any_value(row_group_num_rows) FROM parquet_metadata(?) GROUP BY row_group_id ORDER BY row_group_id"
    found: list[tuple[int, int]] = []
    begin = last = end = 0
    for (rows,) in _asked(connection, query, [path]).fetchall():
        last, end = end, end + rows
        if end - begin > AT_ONCE and last > begin:
            found.append((begin, last))
            begin = last
        while end - begin > AT_ONCE:
            found.append((begin, begin + AT_ONCE))
            begin += AT_ONCE
    return [*found, (begin, end)] if end > begin else found


def _connection(more: Mapping[str, str]) -> Any:
    import duckdb

    config: dict[str, Any] = {"memory_limit": MEMORY_LIMIT, "threads": 1, "preserve_insertion_order": False, **more}
    connection = duckdb.connect(config=config)
    # It would stand among the results.
    connection.execute("SET enable_progress_bar = false")
    return connection


def _asked(connection: Any, query: str, values: list[object]) -> Any:
    import duckdb

    try:
        return connection.execute(query, values)
    except duckdb.Error as error:
        raise UnreadableError(DAMAGED.format(str(error).partition("\n")[0])) from error
