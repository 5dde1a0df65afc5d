"""Traces that lie elsewhere: whatever a URL means to fsspec, where the extra is installed."""

from __future__ import annotations

import importlib
from functools import partial
from typing import Any, BinaryIO, Final, cast

from commlint.errors import UsageError
from commlint.model.observations import TraceSource

MARK: Final = "://"
NO_EXTRA: Final = (
    "--traces {}: URLs need an extra: `pip install 'commlint[remote]'`, and for s3:// s3fs, for gs:// gcsfs"
)


def is_remote(name: str) -> bool:
    """Whether a name is a URL."""
    return MARK in name


def remote_sources(url: str) -> tuple[TraceSource, ...]:
    """
    The files that a URL names, which may be a pattern.

    Raises:
        UsageError: there is none, or it cannot be asked for here.
    """
    system, path = _file_system(url)
    try:
        paths = sorted(system.glob(path)) if any(mark in path for mark in "*?[") else [path]
        infos = [system.info(each) for each in paths]
    except Exception as error:
        # Every file system behind fsspec has errors of its own.
        raise UsageError(f"--traces {url}: cannot be read ({error or type(error).__name__})") from error
    if not infos:
        raise UsageError(f"--traces {url}: there is no such file")
    return tuple(_source(system, info) for info in infos if info.get("type") != "directory")


def _file_system(url: str) -> tuple[Any, str]:
    try:
        core = importlib.import_module("fsspec.core")
    except ImportError:
        raise UsageError(NO_EXTRA.format(url)) from None
    try:
        system, path = core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise UsageError(f"--traces {url}: {error}") from error
    return system, path


def _source(system: Any, info: dict[str, Any]) -> TraceSource:
    name = system.unstrip_protocol(info["name"])
    # A file system goes to other processes by what it was made of.
    return TraceSource(name, partial(_opened, system, info["name"]), int(info.get("size") or 0), portable=True)


def _opened(system: Any, path: str) -> BinaryIO:
    try:
        return cast(BinaryIO, system.open(path, "rb"))
    except OSError:
        raise
    except Exception as error:
        raise OSError(str(error) or type(error).__name__) from error
