"""One unit of work: some files, or parts of them, become rows on disk."""

from __future__ import annotations

import gc
import io
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

from commlint.model.facts import Notice
from commlint.model.observations import TraceSource
from commlint.observe.compression import UnreadableError, inflated, opened
from commlint.observe.conventions import Meaning
from commlint.observe.describing import TOO_MANY, Describer
from commlint.observe.port import NO_IDS, TraceReader
from commlint.observe.records import RECORD_LIMIT, UNKNOWN, Record, Trouble, records
from commlint.observe.spill import Spill
from commlint.plugins import on_shelf

SHELF: Final = "commlint.observe.readers"

PARQUET: Final = b"PAR1"
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
        content = self._file.read(min(len(buffer), self._left))
        self._left -= len(content)
        buffer[: len(content)] = content
        return len(content)


class _Decoding:
    def __init__(self, spill: Spill) -> None:
        self._spill = spill
        self._describer = Describer()
        self._readers = tuple(reader(self._describer) for reader in on_shelf(SHELF, TraceReader))
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
        from commlint.observe.parquet import chunks, rows_in

        path = source.path or str(self._spill.keep(source))
        for chunk in chunks(path, part.begin, part.end or rows_in(path), self._describer):
            self._spill.add_rows(chunk.rows, chunk.links)
            if chunk.refused:
                self._complain(source.name, 0, NO_IDS)

    def _read(self, name: str, stream: io.BufferedReader, begin: int) -> None:
        in_vain = 0
        for each in records(stream):
            if isinstance(each, Record) and self._take(name, each._replace(line=0) if begin else each):
                in_vain = 0
            else:
                in_vain += 1
            if isinstance(each, Trouble):
                self._complain(name, 0 if begin else each.line, each.message)
            if in_vain >= PATIENCE:
                self._complain(name, 0, f"{PATIENCE} records in a row without a span, the rest is left out")
                return

    def _take(self, name: str, record: Record) -> bool:
        """Take in one record; whether it holds spans."""
        try:
            content = inflated(record.content, RECORD_LIMIT)
        except UnreadableError as error:
            self._complain(name, record.line, f"a record {error}")
            return False
        reader = next((each for each in self._readers if each.claims(content)), None)
        if reader is None:
            self._complain(name, record.line, UNKNOWN)
            return False
        reading = reader.read(content)
        for problem in reading.problems:
            self._complain(name, record.line, problem)
        if not len(reading.batch):
            return False
        self._spill.add(reading.batch)
        return True

    def _complain(self, name: str, line: int, message: str) -> None:
        self._first.setdefault((name, message), line)
        self._times[name, message] += 1

    def result(self) -> Decoded:
        self._spill.flush()
        if self._describer.overflowed:
            self._complain("", 0, TOO_MANY)
        notices = []
        for (name, message), line in self._first.items():
            more = self._times[name, message] - 1
            notices.append(Notice(name, line, f"{message} (and {more} more like this)" if more else message))
        return Decoded(self._describer.meanings, self._spill.spans, tuple(notices))
