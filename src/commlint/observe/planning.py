"""How the files are shared out: parts of about the same size, cut where one record ends and the next begins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import BinaryIO, Final

from commlint.model.observations import TraceSource
from commlint.observe.compression import GZIP, ZSTD, UnreadableError
from commlint.observe.decoding import Part, is_table
from commlint.observe.records import FRAME, HEAD, RECORD_LIMIT, is_framed

PART: Final = 24 << 20
"""Bytes of a part."""

TABLE_SMALL: Final = 1 << 20
SMALL: Final = 8 << 20
"""Bytes that are read sooner than other processes have started."""

LARGE: Final = 2 << 30
"""Bytes of which a few buckets are too large; every bucket more is another one to pair messages with."""

SOME: Final = 16
MANY: Final = 64
COMPRESSION: Final = 12
"""What a compressed file is taken to be the multiple of; buckets that turn out too large are split later."""


def buckets_for(sources: Sequence[TraceSource]) -> int:
    """How many buckets these are worth."""
    size = sum(source.size for source in sources)
    return 1 if size < SMALL else SOME if size < LARGE else MANY


def units(sources: Sequence[TraceSource], processes: int) -> list[list[Part]]:
    """Parts in groups, each for one process at a time, the largest first."""
    parts = sorted(((end - begin, part) for part, begin, end in _parts(sources)), key=lambda each: -each[0])
    count = min(len(parts), 4 * processes)
    groups: list[list[Part]] = [[] for _ in range(count)]
    sizes = [0] * count
    for size, part in parts:
        lightest = sizes.index(min(sizes))
        groups[lightest].append(part)
        sizes[lightest] += size or 1
    return groups


def _parts(sources: Iterable[TraceSource]) -> Iterator[tuple[Part, int, int]]:
    for source in sources:
        if tables := _table_parts(source):
            rows = tables[-1][1]
            for begin, end in tables:
                yield Part(source, begin, end), 0, source.size * (end - begin) // rows
            continue
        cuts = _cuts(source) if source.size > 2 * PART and not source.is_table else []
        if not cuts:
            yield Part(source), 0, source.size
        for begin, end in zip([0, *cuts], [*cuts, source.size], strict=True) if cuts else ():
            yield Part(source, begin, end), begin, end


def _table_parts(source: TraceSource) -> list[tuple[int, int]]:
    """Rows of a table that are shared out; none for a file of another kind, and for one that is read at once."""
    from commlint.observe.parquet import stretches

    try:
        return stretches(source.path) if source.path and source.size > TABLE_SMALL and is_table(source) else []
    except (OSError, UnreadableError):
        return []


def _cuts(source: TraceSource) -> list[int]:
    """Where a file may be cut; nowhere when it has to be read from its beginning."""
    try:
        with closing(source.open()) as file:
            head = file.read(HEAD)
            file.seek(0)
            if head.startswith((GZIP, ZSTD)):
                return []
            if head.startswith(b'{"'):
                return _line_cuts(file, source.size)
            return [cut for cut in _frame_cuts(file) if cut < source.size] if is_framed(head) else []
    except OSError:
        return []


def _line_cuts(file: BinaryIO, size: int) -> list[int]:
    first = file.readline(RECORD_LIMIT)
    if not first.rstrip().endswith(b"}"):
        # A printed document, or one without an end.
        return []
    cuts: list[int] = []
    for place in range(PART, size, PART):
        file.seek(place)
        file.readline(RECORD_LIMIT)
        if file.tell() < size and (not cuts or file.tell() > cuts[-1]):
            cuts.append(file.tell())
    return cuts


def _frame_cuts(file: BinaryIO) -> Iterator[int]:
    place = last = 0
    while len(head := file.read(FRAME)) == FRAME:
        length = int.from_bytes(head, "big")
        if not 0 < length <= RECORD_LIMIT:
            return
        place += FRAME + length
        file.seek(place)
        if place - last >= PART:
            yield place
            last = place
