"""Spans on disk, apart by trace: what does not fit into memory at once is taken up again bucket by bucket."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from commlint.model.observations import TraceSource

Rows = NDArray[Any]
"""Structured rows: of ROW, LINK or one of the tables of the kernel."""

KEY: Final = [("hi", "<u8"), ("lo", "<u8"), ("id", "<u8")]
"""What tells a span from all others: both halves of its trace id, and its own."""

ROW: Final = np.dtype(
    [*KEY, ("parent", "<u8"), ("start", "<i8"), ("end", "<i8"), ("meaning", "<u4"), ("again", "?"), ("flags", "u1")]
)
LINK: Final = np.dtype(
    [*KEY, ("start", "<i8"), ("end", "<i8"), ("meaning", "<u4"), ("to_hi", "<u8"), ("to_lo", "<u8"), ("to_id", "<u8")]
)
TABLES: Final = {"rows": ROW, "links": LINK}

AT_ONCE: Final = 150_000
"""Spans that are held before they are written."""


class Spill:
    """Writes the spans of one unit of work into a file for each bucket; a trace is whole in its bucket."""

    def __init__(self, folder: Path, unit: int, buckets: int) -> None:
        self.folder, self._unit, self._buckets = folder, unit, buckets
        self._held: dict[str, list[Rows]] = {name: [] for name in TABLES}
        self._count = 0
        self.spans = 0

    def add(self, rows: Rows, links: Rows) -> None:
        """Take in spans and links."""
        self._held["rows"].append(rows)
        self._held["links"].append(links)
        self._count += len(rows)
        self.spans += len(rows)
        if self._count >= AT_ONCE:
            self.flush()

    def keep(self, source: TraceSource) -> Path:
        """A copy of a source that is no file of this machine."""
        path = self.folder / f"copy-{self._unit}-{self.spans}"
        with closing(source.open()) as file, path.open("wb") as copy:
            shutil.copyfileobj(file, copy, 1 << 20)
        return path

    def flush(self) -> None:
        """Write what is held."""
        for name, held in self._held.items():
            if held:
                self._write(name, joined(held))
                held.clear()
        self._count = 0

    def _write(self, name: str, rows: Rows) -> None:
        buckets = (rows["lo"] % np.uint64(self._buckets)).astype(np.int16)
        order = np.argsort(buckets, kind="stable")
        rows, ends = rows.take(order), np.searchsorted(buckets[order], np.arange(self._buckets), side="right")
        begin = 0
        for bucket, end in enumerate(ends.tolist()):
            if end > begin:
                with _file(self.folder, name, self._unit, bucket).open("ab") as file:
                    rows[begin:end].tofile(file)
            begin = end


def joined(parts: Sequence[Rows]) -> Rows:
    """
    Rows behind each other.

    They are copied as bytes: numpy would do it field by field, as `rows[places]` does and `rows.take(places)` does not.
    """
    kind = parts[0].dtype
    found: Rows = np.concatenate([part.view(np.dtype((np.void, kind.itemsize))) for part in parts]).view(kind)
    return found


def read(folder: Path, name: str, unit: int, bucket: int) -> Rows:
    """The rows of one unit in one bucket, mapped from disk."""
    path = _file(folder, name, unit, bucket)
    return np.memmap(path, TABLES[name], mode="r") if path.exists() else np.empty(0, TABLES[name])


def _file(folder: Path, name: str, unit: int, bucket: int) -> Path:
    return folder / f"{name}-{unit}-{bucket}.bin"
