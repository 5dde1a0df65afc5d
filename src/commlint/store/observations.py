"""Files of observations: what traces said, kept without the traces."""

from __future__ import annotations

import gzip
import json
import zlib
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from commlint.codec import DecodeError, from_json, to_json
from commlint.errors import CommlintError, UsageError
from commlint.model.observations import Observations, TraceSource

KEY: Final = "commlint-observations"
VERSION: Final = 1
_GZIP: Final = b"\x1f\x8b"
_HEAD: Final = f'{{"{KEY}":'.encode()
LIMIT: Final = 1 << 30
"""Bytes of observations once decompressed."""


def holds_observations(source: TraceSource) -> bool:
    """Whether a file holds observations, and no traces; False for one that cannot be read."""
    if source.is_table:
        return False
    try:
        with closing(source.open()) as file:
            head = file.read(len(_HEAD))
            if not head.startswith(_GZIP):
                return head == _HEAD
            file.seek(0)
            return gzip.GzipFile(fileobj=file).read(len(_HEAD)) == _HEAD
    except (OSError, EOFError, ValueError, zlib.error):
        return False


def read_observations(source: TraceSource) -> Observations:
    """
    Raises:
        CommlintError: another version wrote the file, or it is damaged.
    """
    try:
        with closing(source.open()) as file:
            packed = file.read(len(_GZIP)) == _GZIP
            file.seek(0)
            content = (gzip.GzipFile(fileobj=file) if packed else file).read(LIMIT)
        document: dict[str, Any] = json.loads(content[: content.index(b",")] + b"}")
        version = document[KEY]
        if version != VERSION:
            cure = "make it anew with `commlint traces ingest`"
            raise CommlintError(f"{source.name}: observations of version {version}, this is {VERSION}; {cure}")
        begin = content.index(b":", content.index(b",")) + 1
        return from_json(content[begin : content.rindex(b"}")], Observations)
    except (OSError, EOFError, ValueError, KeyError, DecodeError, zlib.error) as error:
        raise CommlintError(f"{source.name}: damaged observations ({error}); make them anew") from error


def write_observations(path: Path, observations: Observations) -> None:
    """
    The same observations give the same bytes.

    Raises:
        UsageError: the file cannot be written.
    """
    content = f'{{"{KEY}":{VERSION},"observations":{to_json(replace(observations, notices=()))}}}'
    try:
        path.write_bytes(gzip.compress(content.encode(), 6, mtime=0))
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror or error})") from error
