"""Spans in a ClickHouse server, in the table of the Collector's exporter: pulled slice by slice, as Parquet."""

from __future__ import annotations

import importlib
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO, Final, cast
from urllib.parse import parse_qs, unquote, urlsplit

from commlint.errors import UsageError
from commlint.model.observations import TraceSource

SCHEMES: Final = ("clickhouse://", "clickhouses://")
PASSWORD: Final = "CLICKHOUSE_PASSWORD"
"""The variable that holds the password where the URL has none."""

SLICE: Final = 400_000
"""Spans that are pulled at a time, about."""

SPAN: Final = 64
"""Bytes of a span, about, that a slice is taken to have."""

NATIVE: Final = (9000, 9440)
COLUMNS: Final = (
    "TraceId", "SpanId", "ParentSpanId", "SpanName", "SpanKind", "ServiceName", "Timestamp", "Duration", "StatusCode",
)  # fmt: skip
ATTRIBUTES: Final = "SpanAttributes"
LINKS: Final = ("Links.TraceId", "Links.SpanId")
OPTIONS: Final = ("table", "since", "until")

NO_EXTRA: Final = "--traces {}: ClickHouse needs an extra: `pip install 'commlint[clickhouse]'`"
NATIVE_PORT: Final = "--traces {}: port {} is that of the native protocol; give the one for HTTP, which is 8123 or 8443"
FOREIGN: Final = "--traces {}: is no table of the Collector's exporter: it has no column {}"


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of a server. `name` is what a person may see of it: no password is in there."""

    name: str
    secure: bool
    host: str
    port: int
    user: str
    password: str
    database: str
    table: str
    since: str
    until: str

    @property
    def rows(self) -> str:
        """What follows FROM, with the time that was asked for."""
        bounds = (("Timestamp >= {}", self.since), ("Timestamp < {}", self.until))
        asked = [bound.format(f"parseDateTime64BestEffort({_text(time)}, 9)") for bound, time in bounds if time]
        return f"{self.place} WHERE {' AND '.join(asked) or 'true'}"

    @property
    def place(self) -> str:
        """The name of the table for the server."""
        return f"{_quoted(self.database)}.{_quoted(self.table)}"

    def told(self, error: Exception) -> str:
        """An error in one line, without the password."""
        line = " ".join(str(error).split()) or type(error).__name__
        return line.replace(self.password, "***") if self.password else line


def is_clickhouse(name: str) -> bool:
    """Whether a name is the URL of a table of ClickHouse."""
    return name.startswith(SCHEMES)


def clickhouse_sources(url: str, attributes: Iterable[str]) -> tuple[TraceSource, ...]:
    """
    The spans of `clickhouse://USER@HOST:PORT/DATABASE?table=TABLE&since=TIME&until=TIME` in slices of whole traces.

    Args:
        attributes: those of a span that are wanted; no other leaves the server.

    Raises:
        UsageError: the URL is none, the server cannot be asked, or the table is another one.
    """
    table = _table(url)
    try:
        with _client(table) as client:
            told = str(client.raw_query(f"DESCRIBE TABLE {table.place}", fmt="TSV"), "utf-8")
            columns = dict(line.split("\t")[:2] for line in told.splitlines())
            spans = int(client.command(f"SELECT count() FROM {table.rows}"))
    except ImportError:
        raise UsageError(NO_EXTRA.format(table.name)) from None
    except Exception as error:
        # The client and what it stands on have errors of their own.
        raise UsageError(f"--traces {table.name}: cannot be read ({table.told(error)})") from None
    missing = [name for name in (*COLUMNS, ATTRIBUTES) if name not in columns]
    if missing:
        raise UsageError(FOREIGN.format(table.name, missing[0]))
    slices = max(1, -(-spans // SLICE))
    selected = f"SELECT {_selected(columns, sorted(attributes))} FROM {table.rows}"
    return tuple(
        TraceSource(
            f"{table.name} slice {number + 1} of {slices}",
            partial(_opened, table, f"{selected} AND cityHash64(TraceId) % {slices} = {number}"),
            SPAN * spans // slices,
            portable=True,
            is_table=True,
        )
        for number in range(slices)
    )


def _table(url: str) -> _Table:
    """
    Raises:
        UsageError: it names no table.
    """
    parts, shown = urlsplit(url), _without_password(url)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    unknown = sorted(options.keys() - set(OPTIONS))
    try:
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise UsageError(f"--traces {shown}: {error}") from None
    if unknown or not host:
        wrong = f"there is no option {unknown[0]}, only {', '.join(OPTIONS)}" if unknown else "it names no host"
        raise UsageError(f"--traces {shown}: {wrong}")
    if port in NATIVE:
        raise UsageError(NATIVE_PORT.format(shown, port))
    secure = parts.scheme == "clickhouses"
    return _Table(
        shown,
        secure,
        host,
        port or (8443 if secure else 8123),
        unquote(parts.username or "default"),
        unquote(parts.password) if parts.password is not None else os.environ.get(PASSWORD, ""),
        unquote(parts.path.strip("/")) or "default",
        options.get("table", "otel_traces"),
        options.get("since", ""),
        options.get("until", ""),
    )


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    account, at, place = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{account.partition(':')[0]}{at}{place}").geturl()


@contextmanager
def _client(table: _Table) -> Iterator[Any]:
    """
    Raises:
        ImportError: the extra is not installed.
    """
    driver = importlib.import_module("clickhouse_connect")
    client = driver.get_client(
        host=table.host,
        port=table.port,
        username=table.user,
        password=table.password,
        secure=table.secure,
        autogenerate_session_id=False,
    )
    try:
        yield client
    finally:
        client.close()


def _opened(table: _Table, query: str) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(_Answer(table, query), 1 << 20))


class _Answer(io.RawIOBase):
    """What a query gives, as it comes; whatever goes wrong on the way is an OSError."""

    def __init__(self, table: _Table, query: str) -> None:
        self._table, self._left = table, ExitStack()
        try:
            client = self._left.enter_context(_client(table))
            self._stream = self._left.enter_context(closing(client.raw_stream(query, fmt="Parquet")))
        except Exception as error:
            self._left.close()
            raise OSError(table.told(error)) from None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        try:
            content = self._stream.read(len(buffer))
        except Exception as error:
            raise OSError(self._table.told(error)) from None
        buffer[: len(content)] = content
        return len(content)

    def close(self) -> None:
        self._left.close()
        super().close()


def _selected(columns: Mapping[str, str], attributes: Sequence[str]) -> str:
    """What is asked for: of the attributes only those that are wanted, whether they are a map or JSON."""
    if columns[ATTRIBUTES].startswith("Map"):
        listed = ", ".join(map(_text, attributes))
        told = f"mapFilter((name, value) -> name IN ({listed}), {ATTRIBUTES})"
    else:
        pairs = (f"{_text(name)}, CAST({ATTRIBUTES}.{_quoted(name)}, 'Nullable(String)')" for name in attributes)
        told = f"mapFilter((name, value) -> value IS NOT NULL, map({', '.join(pairs)}))"
    links = LINKS if all(name in columns for name in LINKS) else ()
    return ", ".join((*(_quoted(name) for name in (*COLUMNS, *links)), f"{told} AS {_quoted(ATTRIBUTES)}"))


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace("`", "\\`")
    return f"`{escaped}`"


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
