"""Parquet in the layout of the table `otel_traces`, as the ClickHouse exporter of the Collector has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from commlint.observe.compression import UnreadableError
from commlint.observe.conventions import WANTED
from commlint.observe.describing import Describer
from commlint.observe.port import ERROR
from commlint.observe.spill import LINK, ROW, Rows

AT_ONCE: Final = 200_000
"""Rows that are taken up at a time."""

MEMORY: Final = "400MB"
NEEDED: Final = ("TraceId", "SpanId", "ParentSpanId", "SpanName", "SpanKind", "ServiceName", "Timestamp", "Duration")
FOREIGN: Final = "is Parquet, but not in the layout of `otel_traces`: it has no column {}"
DAMAGED: Final = "is Parquet, and damaged or of a kind that cannot be read ({})"

_KEYS: Final = tuple(sorted(WANTED))
_KIND_PREFIX: Final = "SPAN_KIND_"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Spans as rows of the spill, their meanings still being codes; and how many had no valid ids."""

    rows: Rows
    links: Rows
    refused: int


def rows_in(path: str) -> int:
    """
    How many rows a file has.

    Raises:
        UnreadableError: it cannot be read.
    """
    (count,) = _asked(_connection(), "SELECT count(*) FROM read_parquet(?)", [path]).fetchone()
    return int(count)


def chunks(path: str, begin: int, end: int, describer: Describer) -> Iterator[Chunk]:
    """
    The spans in a range of rows.

    Raises:
        UnreadableError: the file cannot be read, or holds something else.
    """
    connection = _connection()
    described = _asked(connection, "DESCRIBE SELECT * FROM read_parquet(?)", [path]).fetchall()
    columns = {name: kind for name, kind, *_ in described}
    for name in NEEDED:
        if name not in columns:
            raise UnreadableError(FOREIGN.format(name))
    query = _query(columns)
    for first in range(begin, end, AT_ONCE):
        _asked(connection, query, [path, first, min(first + AT_ONCE, end)])
        yield _chunk(connection, describer)


def _connection() -> Any:
    import duckdb

    connection = duckdb.connect(config={"memory_limit": MEMORY, "threads": 1, "preserve_insertion_order": False})
    # It would stand among the results.
    connection.execute("SET enable_progress_bar = false")
    return connection


def _asked(connection: Any, query: str, values: list[object]) -> Any:
    import duckdb

    try:
        return connection.execute(query, values)
    except duckdb.Error as error:
        raise UnreadableError(DAMAGED.format(str(error).partition("\n")[0])) from error


def _query(columns: dict[str, str]) -> str:
    """Spans with numbers for ids, and a hash of all that gives them their meaning."""
    attributes = columns.get("SpanAttributes", "")
    if attributes.startswith("MAP"):
        wanted = [f"map_extract(SpanAttributes, '{key}')[1]" for key in _KEYS]
    elif attributes:
        wanted = [f"""json_extract_string(SpanAttributes::VARCHAR, '$."{key}"')""" for key in _KEYS]
    else:
        wanted = ["NULL::VARCHAR"] * len(_KEYS)
    failed = "coalesce(StatusCode, '') IN ('Error', 'STATUS_CODE_ERROR')" if "StatusCode" in columns else "false"
    return f"""
        CREATE OR REPLACE TEMP TABLE spans AS
        SELECT *, hash(service, kind, name, attributes) AS meaning FROM (
            SELECT {_number("TraceId", 1, 32)} AS hi, {_number("TraceId", 17, 32)} AS lo,
                {_number("SpanId", 1, 16)} AS id, coalesce({_number("ParentSpanId", 1, 16)}, 0) AS parent,
                ServiceName AS service, replace(SpanKind, '{_KIND_PREFIX}', '') AS kind, SpanName AS name,
                [{", ".join(wanted)}] AS attributes,
                epoch_ns(Timestamp) AS start, epoch_ns(Timestamp) + Duration::BIGINT AS end, {failed} AS failed,
                {_links(columns)}
            FROM read_parquet(?, file_row_number = true) WHERE file_row_number >= ? AND file_row_number < ?
        )"""


def _number(column: str, first: int, length: int) -> str:
    """Sixteen digits of an id as a number, NULL when it is none."""
    digits = f"try_cast('0x' || substr({column}, {first}, 16) AS UBIGINT)"
    return f"CASE WHEN length({column}) = {length} THEN {digits} END"


def _links(columns: dict[str, str]) -> str:
    """Columns with the traces and spans that a span links to, side by side."""
    if "Links.TraceId" in columns and "Links.SpanId" in columns:
        pair = ['"Links.TraceId"', '"Links.SpanId"']
    elif columns.get("Links", "").startswith("STRUCT(") and columns["Links"].endswith("[]"):
        each = "(SELECT list(link.{}) FROM (SELECT unnest(Links) AS link))"
        pair = [each.format("TraceId"), each.format("SpanId")]
    else:
        pair = ["NULL::VARCHAR[]", "NULL::VARCHAR[]"]
    return f"{pair[0]} AS to_traces, {pair[1]} AS to_spans"


def _chunk(connection: Any, describer: Describer) -> Chunk:
    codes: dict[int, int] = {}
    distinct = "SELECT meaning, any_value(service), any_value(kind), any_value(name), any_value(attributes) FROM spans"
    for number, service, kind, name, values in connection.execute(f"{distinct} GROUP BY meaning").fetchall():
        given = {key: value for key, value in zip(_KEYS, values, strict=True) if value is not None}
        codes[number] = describer.code(service or "", (kind or "").capitalize(), name or "", given)
    usable = "hi IS NOT NULL AND lo IS NOT NULL AND id IS NOT NULL AND (hi, lo) <> (0, 0) AND id <> 0"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE good AS SELECT * FROM spans WHERE {usable}")
    (all_of_them,) = connection.execute("SELECT count(*) FROM spans").fetchone()
    table = 'hi, lo, id, parent, greatest(start, 0) AS start, greatest("end", 0) AS "end", meaning, failed'
    columns = connection.execute(f"SELECT {table} FROM good").fetchnumpy()
    rows = np.zeros(len(columns["hi"]), ROW)
    for name in ("hi", "lo", "id", "parent", "start", "end"):
        rows[name] = columns[name]
    known, places = np.unique(columns["meaning"], return_inverse=True)
    coded = np.array([codes[int(each)] for each in known], np.uint32)[places] if len(known) else np.empty(0, np.uint32)
    rows["meaning"], rows["again"] = coded >> np.uint32(1), coded & np.uint32(1)
    rows["flags"] = np.where(np.asarray(columns["failed"]), ERROR, 0)
    return Chunk(rows, _link_rows(connection, codes), all_of_them - len(rows))


def _link_rows(connection: Any, codes: dict[int, int]) -> Rows:
    own = 'hi, lo, id, greatest(start, 0) AS start, greatest("end", 0) AS "end", meaning'
    listed = f"SELECT {own}, unnest(to_traces) AS trace, unnest(to_spans) AS span FROM good WHERE len(to_traces) > 0"
    to = ", ".join((_number("trace", 1, 32), _number("trace", 17, 32), _number("span", 1, 16)))
    found = connection.execute(f'SELECT hi, lo, id, start, "end", meaning, {to} FROM ({listed})').fetchall()
    whole = [(*row[:5], codes[row[5]] >> 1, *row[6:]) for row in found if None not in row]
    return np.array(whole, LINK) if whole else np.empty(0, LINK)
