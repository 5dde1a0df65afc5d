"""One unit of work: some files, or parts of them, become rows on disk."""

from __future__ import annotations

import gc
import io
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from commlint.model.facts import Notice
from commlint.model.observations import TraceSource
from commlint.observe.compression import UnreadableError, inflated, opened
from commlint.observe.conventions import Meaning
from commlint.observe.describing import TOO_LONG, TOO_MANY, Describer
from commlint.observe.port import NO_IDS, TraceReader
from commlint.observe.records import HEAD, RECORD_LIMIT, UNKNOWN, Record, Trouble, records
from commlint.observe.spill import Spill
from commlint.plugins import on_shelf

if TYPE_CHECKING:
    from commlint.observe.parquet import Parquet

SHELF: Final = "commlint.observe.readers"

PARQUET: Final = b"PAR1"
TOGETHER: Final = 1000
"""Records that are read at once at most."""

PATIENCE: Final = 10_000
"""Records without any span after which a file is no longer believed to hold traces."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a source that holds whole records; `end` 0 for all of it."""

    source: TraceSource
    begin: int = 0
    end: int = 0


def is_table(source: TraceSource) -> bool:
    """
    Whether a file is Parquet, which is read by its columns.

    Raises:
        OSError: it cannot be read.
    """
    if source.is_table:
        return True
    with closing(source.open()) as file:
        return file.read(len(PARQUET)) == PARQUET


@dataclass(frozen=True, slots=True)
class Decoded:
    """What became of a unit: its meanings by number, and how many spans and of what trouble there were."""

    meanings: tuple[Meaning, ...]
    spans: int
    notices: tuple[Notice, ...]


def decode(parts: Sequence[Part], folder: Path, unit: int, buckets: int) -> Decoded:
    """Read some parts into the spill; total: trouble in a file is a notice."""
    was_on = gc.isenabled()
    # Nothing made here is cyclic, and looking for it would take longer than all the rest.
    gc.disable()
    try:
        decoding = _Decoding(Spill(folder, unit, buckets))
        for part in parts:
            decoding.read(part)
        return decoding.result()
    finally:
        if was_on:
            gc.enable()


class _Stretch(io.RawIOBase):
    """Part of a file."""

    def __init__(self, file: BinaryIO, begin: int, end: int) -> None:
        self._file, self._left = file, end - begin
        file.seek(begin)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        with memoryview(buffer)[: self._left] as room:
            read = self._file.readinto(room)  # type: ignore[attr-defined]
        self._left -= read
        return int(read)


@dataclass(slots=True)
class _Collected:
    """Records that wait for their reader."""

    reader: TraceReader | None = None
    lines: list[int] = field(default_factory=list)
    records: list[bytes] = field(default_factory=list)
    size: int = 0

    @property
    def full(self) -> bool:
        """Whether it is time to read them."""
        return self.reader is None or self.size >= self.reader.at_once or len(self.records) >= TOGETHER

    def add(self, line: int, record: bytes) -> None:
        self.lines.append(line)
        self.records.append(record)
        self.size += len(record)


class _Decoding:
    def __init__(self, spill: Spill) -> None:
        self._spill = spill
        self._describer = Describer()
        self._readers = tuple(reader(self._describer) for reader in on_shelf(SHELF, TraceReader))
        self._tables: Parquet | None = None
        self._first: dict[tuple[str, str], int] = {}
        self._times: Counter[tuple[str, str]] = Counter()

    def read(self, part: Part) -> None:
        source = part.source
        try:
            if is_table(source):
                self._read_table(source, part)
                return
            with closing(source.open()) as file:
                stretch = cast(BinaryIO, _Stretch(file, part.begin, part.end)) if part.end else file
                self._read(source.name, opened(stretch), part.begin)
        except UnreadableError as error:
            self._complain(source.name, 0, str(error))
        except OSError as error:
            self._complain(source.name, 0, f"cannot be read ({error.strerror or error}), left out")

    def _read_table(self, source: TraceSource, part: Part) -> None:
        from commlint.observe.parquet import Parquet

        if self._tables is None:
            self._tables = Parquet(self._describer, self._spill.folder)
        copy = None if source.path else self._spill.keep(source)
        for chunk in self._tables.chunks(source.path or str(copy), part.begin, part.end):
            self._spill.add(chunk.rows, chunk.links)
            if chunk.refused:
                self._complain(source.name, 0, NO_IDS)
        if copy is not None:
            copy.unlink()

    def _read(self, name: str, stream: io.BufferedReader, begin: int) -> None:
        collected, in_vain = _Collected(), 0
        try:
            for each in records(stream):
                line = 0 if begin else each.line
                record, reader = self._understood(name, line, each)
                if record is None or reader is None:
                    in_vain += 1
                else:
                    if collected.reader is not reader or collected.full:
                        in_vain, collected = self._take(name, collected, in_vain), _Collected(reader)
                    collected.add(line, record)
                if in_vain >= PATIENCE:
                    self._complain(name, 0, f"{PATIENCE} records in a row without a span, the rest is left out")
                    collected = _Collected()
                    return
        finally:
            self._take(name, collected)

    def _understood(self, name: str, line: int, each: Record | Trouble) -> tuple[bytes | None, TraceReader | None]:
        """The content of a record and who can read it."""
        if isinstance(each, Trouble):
            self._complain(name, line, each.message)
            return None, None
        try:
            content = inflated(each.content, RECORD_LIMIT)
        except UnreadableError as error:
            self._complain(name, line, f"a record {error}")
            return None, None
        reader = self._reader(content)
        if reader is None:
            self._complain(name, line, UNKNOWN)
        return content, reader

    def _reader(self, record: bytes) -> TraceReader | None:
        """Who can read a record; its beginning is enough for most."""
        looks = (record[:HEAD], record) if len(record) > HEAD else (record,)
        return next((reader for look in looks for reader in self._readers if reader.claims(look)), None)

    def _take(self, name: str, collected: _Collected, in_vain: int = 0) -> int:
        """Take in some records; how many there were since the last span."""
        if collected.reader is None or not collected.records:
            return in_vain
        reading = collected.reader.read(collected.records)
        for number, problem in reading.problems:
            self._complain(name, collected.lines[number], problem)
        self._spill.add(reading.rows, reading.links)
        return 0 if len(reading.rows) else in_vain + len(collected.records)

    def _complain(self, name: str, line: int, message: str) -> None:
        self._first.setdefault((name, message), line)
        self._times[name, message] += 1

    def result(self) -> Decoded:
        self._spill.flush()
        if self._describer.overflowed:
            self._complain("", 0, TOO_MANY)
        if self._describer.overlong:
            self._complain("", 0, TOO_LONG)
        notices = []
        for (name, message), line in self._first.items():
            more = self._times[name, message] - 1
            notices.append(Notice(name, line, f"{message} (and {more} more like this)" if more else message))
        return Decoded(self._describer.meanings, self._spill.spans, tuple(notices))
