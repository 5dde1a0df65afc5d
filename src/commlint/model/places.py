"""Where something stands: an extent inside one file, and a region that also names the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Extent(NamedTuple):
    """A stretch of one file; lines and columns are 1-based, the end column is exclusive."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True, order=True)
class Region:
    """A stretch of a named file; `path` is POSIX and relative to the analysed root."""

    path: str
    start_line: int = 1
    start_column: int = 1
    end_line: int = 1
    end_column: int = 1

    @classmethod
    def of(cls, path: str, extent: Extent) -> Region:
        return cls(path, *extent)

    def __str__(self) -> str:
        return f"{self.path}:{self.start_line}"
