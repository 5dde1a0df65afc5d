"""Reading the files of the analysed folder."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from commlint.errors import UsageError

LONGEST_LINE = 2000
"""Characters of a line that are kept for a code frame; the rest of a longer one is nothing to look at."""


def read(root: Path, path: str) -> bytes | None:
    """The content of a file below `root`; None when it cannot be read or is no plain file any more."""
    try:
        descriptor = os.open(f"{root}/{path}", os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
        with open(descriptor, "rb") as file:
            return file.read()
    except OSError:
        return None


def read_text(root: Path, path: str) -> str | None:
    """The text of a file below `root`, line ends as they are; None when it is not there or no UTF-8."""
    source = read(root, path)
    try:
        return source.decode("utf-8") if source is not None else None
    except UnicodeDecodeError:
        return None


def write_text(root: Path, path: str, text: str) -> None:
    """
    Replace the text of a file below `root` in one step; its permissions stay.

    Raises:
        UsageError: the file cannot be written.
    """
    target = root / path
    try:
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with open(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        shutil.copymode(target, name)
        os.replace(name, target)
    except OSError as error:
        raise UsageError(f"{path}: cannot be mended: {error.strerror}; make it writable") from error


def digest_of(source: bytes) -> str:
    """What tells one content from another."""
    return hashlib.blake2b(source, digest_size=16).hexdigest()


def lines_of(root: Path, wanted: Iterable[tuple[str, int]]) -> tuple[tuple[str, int, str], ...]:
    """The wanted lines (path, 1-based number) with their text, sorted; lines that are not there are left out."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for path, number in wanted:
        numbers[path].add(number)
    found: list[tuple[str, int, str]] = []
    for path in sorted(numbers):
        source = read(root, path)
        text = source.decode("utf-8", "replace").split("\n") if source is not None else []
        for number in sorted(numbers[path]):
            if 0 < number <= len(text):
                found.append((path, number, text[number - 1].rstrip("\r")[:LONGEST_LINE]))
    return tuple(found)
