"""Parquet in the layout of the table `otel_traces`, as the ClickHouse exporter of the Collector has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from commlint.observe.compression import UnreadableError
from commlint.observe.conventions import URLS, WANTED
from commlint.observe.describing import MEMORY, Describer
from commlint.observe.port import ERROR
from commlint.observe.spill import LINK, ROW, Rows

AT_ONCE: Final = 200_000
"""Rows that are taken up at a time."""

FETCHED: Final = 5000
"""Spans that are asked for by their rows at a time."""

MEMORY_LIMIT: Final = "300MB"
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
    query, codes = _query(columns), dict[int, int]()
    for first in range(begin, end, AT_ONCE):
        _asked(connection, query, [path, first, min(first + AT_ONCE, end)])
        yield _chunk(connection, describer, codes)


def _connection() -> Any:
    import duckdb

    connection = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "threads": 1, "preserve_insertion_order": False})
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
    failed = "coalesce(StatusCode, '') IN ('Error', 'STATUS_CODE_ERROR')" if "StatusCode" in columns else "false"
    return f"""
        CREATE OR REPLACE TEMP TABLE spans AS
        SELECT *, hash(service, kind, name, attributes) AS meaning,
            coalesce(hi | lo <> 0 AND id <> 0, false) AS usable FROM (
            SELECT {_number("TraceId", 1, 32)} AS hi, {_number("TraceId", 17, 32)} AS lo,
                {_number("SpanId", 1, 16)} AS id, coalesce({_number("ParentSpanId", 1, 16)}, 0) AS parent,
                ServiceName AS service, replace(SpanKind, '{_KIND_PREFIX}', '') AS kind, SpanName AS name,
                {_attributes(columns.get("SpanAttributes", ""))} AS attributes,
                greatest(epoch_ns(Timestamp), 0) AS start, greatest(epoch_ns(Timestamp) + Duration::BIGINT, 0) AS end,
                {failed} AS failed, {_links(columns)}
            FROM read_parquet(?, file_row_number = true) WHERE file_row_number >= ? AND file_row_number < ?
        )"""


def _attributes(kind: str) -> str:
    """The attributes that matter, as pairs; of URLs only what stands before the path, which is different each time."""
    if kind.startswith("MAP"):
        listed = ", ".join(f"'{key}'" for key in _KEYS)
        pairs = f"list_filter(map_entries(SpanAttributes), lambda each: each.key IN ({listed}))"
    elif kind:
        value = """json_extract_string(SpanAttributes::VARCHAR, '$."{0}"')"""
        given = ", ".join(f"{{key: '{key}', value: {value.format(key)}}}" for key in _KEYS)
        pairs = f"list_filter([{given}], lambda each: each.value IS NOT NULL)"
    else:
        return "NULL::STRUCT(key VARCHAR, value VARCHAR)[]"
    urls = ", ".join(f"'{url}'" for url in URLS)
    host = "'://' || split_part(split_part(each.value, '://', 2), '/', 1)"
    cut = f"CASE WHEN each.key IN ({urls}) THEN {host} ELSE each.value END"
    return f"list_transform({pairs}, lambda each: {{key: each.key, value: {cut}}})"


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


def _chunk(connection: Any, describer: Describer, codes: dict[int, int]) -> Chunk:
    _describe(connection, describer, codes)
    (refused,) = connection.execute("SELECT count(*) FROM spans WHERE NOT usable").fetchone()
    table = 'hi, lo, id, parent, start, "end", meaning, failed'
    columns = connection.execute(f"SELECT {table} FROM spans WHERE usable").fetchnumpy()
    rows = np.zeros(len(columns["hi"]), ROW)
    for name in ("hi", "lo", "id", "parent", "start", "end"):
        rows[name] = columns[name]
    known, places = np.unique(columns["meaning"], return_inverse=True)
    coded = np.array([codes[int(each)] for each in known], np.uint32)[places] if len(known) else np.empty(0, np.uint32)
    rows["meaning"], rows["again"] = coded >> np.uint32(1), coded & np.uint32(1)
    rows["flags"] = np.where(np.asarray(columns["failed"]), ERROR, 0)
    return Chunk(rows, _link_rows(connection, codes), refused)


def _describe(connection: Any, describer: Describer, codes: dict[int, int]) -> None:
    """Give every meaning of the spans its code."""
    if len(codes) > MEMORY:
        codes.clear()
    distinct = connection.execute("SELECT meaning, min(rowid) FROM spans GROUP BY meaning").fetchall()
    new = [row for meaning, row in distinct if meaning not in codes]
    for first in range(0, len(new), FETCHED):
        listed = ", ".join(map(str, new[first : first + FETCHED]))
        query = f"SELECT meaning, service, kind, name, attributes FROM spans WHERE rowid IN ({listed})"
        for meaning, service, kind, name, given in connection.execute(query).fetchall():
            attributes = {each["key"]: each["value"] for each in given or () if each["value"] is not None}
            codes[meaning] = describer.described(service or "", (kind or "").capitalize(), name or "", attributes)


def _link_rows(connection: Any, codes: dict[int, int]) -> Rows:
    own = 'hi, lo, id, start, "end", meaning'
    linking = "FROM spans WHERE usable AND len(to_traces) > 0"
    listed = f"SELECT {own}, unnest(to_traces) AS trace, unnest(to_spans) AS span {linking}"
    to = ", ".join((_number("trace", 1, 32), _number("trace", 17, 32), _number("span", 1, 16)))
    found = connection.execute(f'SELECT hi, lo, id, start, "end", meaning, {to} FROM ({listed})').fetchall()
    whole = [(*row[:5], codes[row[5]] >> 1, *row[6:]) for row in found if None not in row]
    return np.array(whole, LINK) if whole else np.empty(0, LINK)
