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
from commlint.store.clickhouse import clickhouse_sources, is_clickhouse
from commlint.store.remote import is_remote, remote_sources


def trace_sources(named: Iterable[str], root: Path, attributes: Iterable[str] = ()) -> tuple[TraceSource, ...]:
    """
    The files that paths, patterns and URLs name, each once, sorted; files below `root` are called from there.

    Args:
        attributes: those of a span that are wanted, where a server can be asked for some of them.

    Raises:
        UsageError: a path or pattern names nothing, or a URL what cannot be read here.
    """
    found: dict[str, Path] = {}
    remote: dict[str, TraceSource] = {}
    for name in named:
        if is_clickhouse(name):
            remote.update((source.name, source) for source in clickhouse_sources(name, attributes))
            continue
        if is_remote(name):
            remote.update((source.name, source) for source in remote_sources(name))
            continue
        paths = [name] if os.path.exists(name) else glob.glob(name, recursive=True)
        if not paths:
            raise UsageError(f"--traces {name}: there is no such file")
        for path in map(Path, paths):
            found.setdefault(_called(path, root), path)
    local = {name: _source(name, path) for name, path in found.items()}
    return tuple(source for _, source in sorted({**remote, **local}.items()))


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
