"""Slices of the table of the Collector's ClickHouse exporter give what the same spans give as files."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from commlint.errors import UsageError
from commlint.model.observations import Observations
from commlint.observing import observed, trace_sources
from commlint.store import clickhouse
from tests.engines.tables import recording, rows

MISSING = [name for name in ("chdb", "clickhouse_connect") if importlib.util.find_spec(name) is None]
needs_engine = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}; see `make engines`")

# The columns of the exporter's table, in both of its forms.
TABLE = """
CREATE TABLE otel.{name} (
    Timestamp DateTime64(9) CODEC(Delta, ZSTD(1)), TraceId String, SpanId String, ParentSpanId String,
    TraceState String, SpanName LowCardinality(String), SpanKind LowCardinality(String),
    ServiceName LowCardinality(String), ResourceAttributes {attributes}, SpanAttributes {attributes},
    Duration UInt64 CODEC(T64, ZSTD(1)), StatusCode LowCardinality(String), StatusMessage String,
    Links Nested (TraceId String, SpanId String, TraceState String, Attributes {attributes})
) ENGINE = MergeTree PARTITION BY toDate(Timestamp)
PRIMARY KEY (ServiceName, SpanName, toDateTime(Timestamp))
ORDER BY (ServiceName, SpanName, toDateTime(Timestamp), Timestamp)
"""
MAP = "Map(LowCardinality(String), String)"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recording(tmp_path_factory.mktemp("recorded"))


@pytest.fixture(scope="module")
def server(recorded: Path) -> Iterator[str]:
    """Where a server listens that has the recording in both forms of the table."""
    folder = recorded.parent / "data"
    lines = recorded.parent / "rows.jsonl"
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows(recorded)), "utf-8")
    filling = f"""
from chdb.session import Session
session = Session({str(folder)!r})
session.query("CREATE DATABASE otel")
for name, attributes in (("otel_traces", {MAP!r}), ("otel_traces_json", "JSON")):
    session.query({TABLE!r}.format(name=name, attributes=attributes))
    session.query(f"INSERT INTO otel.{{name}} SELECT * FROM file('{lines}', JSONEachRow)")
session.query("CREATE TABLE otel.other (TraceId String) ENGINE = Memory")
"""
    subprocess.run([sys.executable, "-c", filling], check=True)
    program = Path(__file__).with_name("clickhouse_server.py")
    process = subprocess.Popen([sys.executable, str(program), str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield f"127.0.0.1:{process.stdout.readline().strip()}/otel"
    finally:
        process.kill()
        process.wait()


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(clickhouse.PASSWORD, "s3cret")


def seen(name: str) -> Observations:
    found = observed(trace_sources([name], Path()), exact=True)
    assert not [notice for notice in found.notices if "slice" in notice.path]
    return found


@needs_engine
@pytest.mark.parametrize("table", ["otel_traces", "otel_traces_json"])
@pytest.mark.parametrize("at_once", [400_000, 30])
def test_slices_give_what_the_files_give(
    server: str, recorded: Path, table: str, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether attributes are a map or JSON, and into however many slices the table is cut."""
    monkeypatch.setattr(clickhouse, "SLICE", at_once)

    assert seen(f"clickhouse://reader@{server}?table={table}") == seen(str(recorded))


@needs_engine
def test_time_can_be_bounded(server: str) -> None:
    """From one moment on, and up to another."""
    early = seen(f"clickhouse://reader@{server}?until=2023-11-15T00:00:00")
    late = seen(f"clickhouse://reader@{server}?since=2023-11-15T00:00:00")

    assert early.totals.records == 137
    assert late.totals.records + early.totals.records == seen(f"clickhouse://reader@{server}").totals.records


@needs_engine
@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("clickhouse://reader@{}?table=missing", "cannot be read"),
        ("clickhouse://reader@{}?table=other", "it has no column SpanId"),
        ("clickhouse://reader:wr0ng@{}", "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_told_without_the_password(server: str, url: str, told: str) -> None:
    """A table that is not there or another one, and a password that is wrong."""
    with pytest.raises(UsageError, match=told) as caught:
        trace_sources([url.format(server)], Path())

    assert "s3cret" not in str(caught.value)
    assert "wr0ng" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("clickhouse://reader:wr0ng@host:9000/otel", "port 9000 is that of the native protocol"),
        ("clickhouse://reader:wr0ng@host/otel?tabel=x", "there is no option tabel, only table, since, until"),
        ("clickhouse:///otel", "it names no host"),
        ("clickhouse://host:none/otel", "Port could not be cast"),
    ],
)
def test_url_that_is_none_is_told_without_the_password(url: str, told: str) -> None:
    """Before anybody is asked."""
    with pytest.raises(UsageError, match=told) as caught:
        trace_sources([url], Path())

    assert "wr0ng" not in str(caught.value)
