"""Files of recorded traces, as a person names them."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import BinaryIO

from commlint.errors import UsageError
from commlint.model.observations import TraceSource


def trace_sources(named: Iterable[str], root: Path) -> tuple[TraceSource, ...]:
    """
    The files that paths and patterns name, each once, sorted; files below `root` are called from there.

    Raises:
        UsageError: a path or pattern names nothing.
    """
    found: dict[str, Path] = {}
    for name in named:
        paths = [name] if os.path.exists(name) else glob.glob(name, recursive=True)
        if not paths:
            raise UsageError(f"--traces {name}: there is no such file")
        for path in map(Path, paths):
            found.setdefault(_called(path, root), path)
    return tuple(_source(name, found[name]) for name in sorted(found))


def _called(path: Path, root: Path) -> str:
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except (ValueError, OSError):
        return path.as_posix()


def _source(name: str, path: Path) -> TraceSource:
    size = path.stat().st_size if path.is_file() else 0
    return TraceSource(name, partial(_opened, path), size, portable=True, path=str(path))


def _opened(path: Path) -> BinaryIO:
    return path.open("rb")
