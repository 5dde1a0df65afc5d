"""Batches as tests look at them: one object a span."""

from __future__ import annotations

from dataclasses import dataclass

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


def reading_of(reader: type[TraceReader], record: bytes) -> tuple[list[Seen], Reading]:
    """What a new reader makes of a record."""
    describer = Describer()
    reading = reader(describer).read(record)
    batch, meanings = reading.batch, describer.meanings
    found = []
    for index in range(len(batch)):
        parent = batch.parents[8 * index : 8 * index + 8]
        found.append(
            Seen(
                batch.traces[16 * index : 16 * index + 16].hex(),
                batch.ids[8 * index : 8 * index + 8].hex(),
                parent.hex() if any(parent) else "",
                batch.starts[index],
                batch.ends[index],
                bool(batch.flags[index] & ERROR),
                bool(batch.codes[index] & 1),
                meanings[batch.codes[index] >> 1],
                tuple(target.hex() for owner, target in batch.links if owner == index),
            )
        )
    return found, reading


def spans_of(reader: type[TraceReader], record: bytes) -> list[Seen]:
    return reading_of(reader, record)[0]
