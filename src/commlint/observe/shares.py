"""Tables on disk that every bucket writes and every bucket reads its share of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from commlint.observe.spill import Rows, joined

END: Final = np.dtype("<i8")


def leave(folder: Path, name: str, writer: int, rows: Rows, shares: NDArray[Any], count: int) -> None:
    """Write rows down: where each share of them begins and ends, and then the shares."""
    order = np.argsort(shares.astype(np.int16), kind="stable")
    ends = np.searchsorted(shares[order], np.arange(count), side="right")
    with _path(folder, name, writer).open("wb") as file:
        np.append(0, ends).astype(END).tofile(file)
        rows.take(order).tofile(file)


def gathered(folder: Path, names: Sequence[str], kind: np.dtype[Any], share: int, count: int) -> Rows:
    """One share of what all wrote under these names."""
    parts = [np.empty(0, kind)]
    for name in names:
        for writer in range(count):
            path = _path(folder, name, writer)
            if not path.exists():
                # Where not all buckets are done on one machine, shares come from elsewhere.
                continue
            with path.open("rb") as file:
                begin, end = np.fromfile(file, END, 2, offset=share * END.itemsize).tolist()
                file.seek((count + 1) * END.itemsize + begin * kind.itemsize)
                parts.append(np.fromfile(file, kind, end - begin))
    return joined(parts)


def _path(folder: Path, name: str, writer: int) -> Path:
    return folder / f"{name}-{writer}.bin"
