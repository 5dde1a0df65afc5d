"""Batches as tests look at them: one object a span."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from commlint.observe.conventions import Meaning
from commlint.observe.describing import Describer
from commlint.observe.port import ERROR, Reading, TraceReader


@dataclass(frozen=True)
class Seen:
    """A span that was read; ids in hexadecimal, links as trace and span in one."""

    trace: str
    id: str
    parent: str
    start: int
    end: int
    error: bool
    again: bool
    meaning: Meaning
    links: tuple[str, ...]


def reading_of(reader: type[TraceReader], *records: bytes) -> tuple[list[Seen], Reading]:
    """What a new reader makes of some records."""
    describer = Describer()
    reading = reader(describer).read(records)
    meanings = describer.meanings
    found = []
    for row in reading.rows:
        links = reading.links[np.all([reading.links[name] == row[name] for name in ("hi", "lo", "id")], axis=0)]
        found.append(
            Seen(
                f"{row['hi']:016x}{row['lo']:016x}",
                f"{row['id']:016x}",
                f"{row['parent']:016x}" if row["parent"] else "",
                int(row["start"]),
                int(row["end"]),
                bool(row["flags"] & ERROR),
                bool(row["again"]),
                meanings[row["meaning"]],
                tuple(f"{link['to_hi']:016x}{link['to_lo']:016x}{link['to_id']:016x}" for link in links),
            )
        )
    return found, reading


def spans_of(reader: type[TraceReader], *records: bytes) -> list[Seen]:
    return reading_of(reader, *records)[0]
