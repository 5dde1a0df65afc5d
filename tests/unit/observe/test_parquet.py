"""Parquet in the layout of `otel_traces`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from commlint.model.observations import Observations
from commlint.observe.parquet import AT_ONCE
from commlint.store.traces import trace_sources

from .recordings import edges, observed_of, source

SPANS = """
    SELECT make_timestamp_ns(start) AS Timestamp, lpad(trace, 32, '0') AS TraceId, lpad(id, 16, '0') AS SpanId,
        CASE WHEN parent = '' THEN '' ELSE lpad(parent, 16, '0') END AS ParentSpanId, name AS SpanName,
        {kind} AS SpanKind, service AS ServiceName, {attributes} AS SpanAttributes, took AS Duration,
        {status} AS StatusCode, {links}
    FROM (VALUES
        ('a', '1', '', 'GET', 'Server', 'web', '/shop', 'Unset', 5, 40, '', ''),
        ('a', '2', '1', 'GET', 'Client', 'web', '', 'Unset', 6, 30, '', ''),
        ('a', '3', '2', 'GET', 'Server', 'orders', '/a', 'Error', 7, 20, '', ''),
        ('a', '4', '3', 'send', 'Producer', 'orders', '', 'Unset', 8, 5, '', ''),
        ('b', '5', '', 'process', 'Consumer', 'mailer', '', 'Unset', 9, 5, 'a', '4'),
        ('nothing', '6', '', 'GET', 'Server', 'web', '', 'Unset', 5, 5, '', '')
    ) AS spans(trace, id, parent, name, kind, service, route, status, start, took, to_trace, to_span)
"""
MAP = "map(['http.request.method', 'http.route'], ['GET', route])"
JSON = "json_object('http.request.method', 'GET', 'http.route', route)::VARCHAR"
PAIRS = """CASE WHEN to_span = '' THEN [] ELSE [lpad(to_trace, 32, '0')] END AS "Links.TraceId",
    CASE WHEN to_span = '' THEN [] ELSE [lpad(to_span, 16, '0')] END AS "Links.SpanId" """
STRUCTS = """CASE WHEN to_span = '' THEN []
    ELSE [{'TraceId': lpad(to_trace, 32, '0'), 'SpanId': lpad(to_span, 16, '0')}] END AS Links"""
EDGES = [
    ("orders", "GET /a", "messaging", "mailer", "process", 1),
    ("web", "GET /shop", "sync", "orders", "GET /a", 1),
]


def file_of(folder: Path, **more: str) -> Path:
    given = {"kind": "kind", "status": "status", "attributes": MAP, "links": PAIRS} | more
    path = folder / "spans.parquet"
    duckdb.sql(f"COPY ({SPANS.format(**given)}) TO '{path}' (FORMAT parquet)")
    return path


def read(path: Path) -> Observations:
    return observed_of(trace_sources([str(path)], path.parent))


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"attributes": JSON, "links": STRUCTS},
        {"kind": "'SPAN_KIND_' || upper(kind)", "status": "'STATUS_CODE_' || upper(status)"},
    ],
)
def test_spans_are_read_in_all_their_layouts(more: dict[str, str], tmp_path: Path) -> None:
    """Attributes as a map or JSON, links as two lists or one, names of kinds as they were before."""
    found = read(file_of(tmp_path, **more))

    assert edges(found) == EDGES
    assert [edge.errors for edge in found.edges] == [0, 1]
    assert [notice.message for notice in found.notices] == ["spans without valid ids or times, left out"]


def test_shapes_that_come_late_are_understood(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Attributes under keys that the first rows do not have, and others before them."""
    monkeypatch.setattr("commlint.observe.parquet.SAMPLE", 1)
    late = (
        f"CASE WHEN id = '1' THEN {MAP} ELSE map(['x', 'http.request.method', 'http.route'], ['y', 'GET', route]) END"
    )

    assert edges(read(file_of(tmp_path, attributes=late))) == EDGES


def test_hosts_of_urls_tell_who_is_called(tmp_path: Path) -> None:
    """Their paths are different each time and do not matter; neither do URLs in spans of other shapes."""
    path = tmp_path / "urls.parquet"
    duckdb.sql(f"""COPY (
        SELECT make_timestamp_ns(i) AS Timestamp, printf('%032x', i + 1) AS TraceId, printf('%016x', i + 1) AS SpanId,
            '' AS ParentSpanId, 'ask ' || i % 3 AS SpanName, 'Client' AS SpanKind, 'web' AS ServiceName, 5 AS Duration,
            CASE i % 3 WHEN 0 THEN map(['http.url'], [printf('http://bank.example/%d', i)])
                WHEN 1 THEN map(['url.full', 'a'], [printf('http://post.example/%d', i), 'b'])
                ELSE map(['a'], ['http://nobody.example/']) END AS SpanAttributes
        FROM range(9) AS t(i)) TO '{path}' (FORMAT parquet)""")

    found = read(path)

    assert sorted((edge.callee.host, edge.calls) for edge in found.edges) == [
        ("", 3), ("bank.example", 3), ("post.example", 3)
    ]  # fmt: skip


def test_attribute_too_large_for_a_name_is_left_out_and_told(tmp_path: Path) -> None:
    """The spans count without it."""
    large = "map(['http.request.method', 'http.route'], ['GET', repeat('x', 70000)])"

    found = read(file_of(tmp_path, attributes=large))

    assert [edge[1] for edge in edges(found)] == ["GET", "GET"]
    assert "attributes of more than 64 KiB" in found.notices[0].message


def test_stream_that_is_no_file_is_read(tmp_path: Path) -> None:
    """By way of a copy."""
    found = observed_of([source(file_of(tmp_path).read_bytes())])

    assert edges(found) == EDGES


@pytest.mark.parametrize("cut", [10, 500])
def test_damaged_files_are_told(cut: int, tmp_path: Path) -> None:
    """Not raised."""
    path = file_of(tmp_path)
    path.write_bytes(path.read_bytes()[:-cut])

    found = read(path)

    assert found.totals.spans == 0
    assert "damaged" in found.notices[0].message


def test_other_tables_are_told(tmp_path: Path) -> None:
    """With the column that is missing."""
    path = tmp_path / "other.parquet"
    duckdb.sql(f"COPY (SELECT 1 AS TraceId) TO '{path}' (FORMAT parquet)")

    assert [notice.message for notice in read(path).notices] == [
        "is Parquet, but not in the layout of `otel_traces`: it has no column SpanId"
    ]


def test_more_rows_than_are_taken_up_at_once(tmp_path: Path) -> None:
    """Nothing is lost or doubled where one part ends."""
    path = tmp_path / "many.parquet"
    rows: Any = AT_ONCE + 7
    duckdb.sql(f"""COPY (
        SELECT make_timestamp_ns(i) AS Timestamp, printf('%032x', i + 1) AS TraceId, printf('%016x', i + 1) AS SpanId,
            '' AS ParentSpanId, 'work' AS SpanName, 'Server' AS SpanKind, 'web' AS ServiceName, 5 AS Duration
        FROM range({rows}) AS t(i)) TO '{path}' (FORMAT parquet)""")

    assert read(path).totals.spans == rows
